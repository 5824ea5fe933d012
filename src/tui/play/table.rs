//! A table of a rendered reply, laid out as text for the columns of the screen that it gets. Pure.

use crate::prompt::wrap;

/// A column of a table is not made narrower than this to fit.
const NARROWEST: usize = 6;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its rows, the heading first.
    pub rows: Vec<Vec<String>>,
    /// To which side each column leans.
    pub leans: Vec<Lean>,
}

/// To which side a column leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// To the left.
    Left,
    /// To the right.
    Right,
}

impl Table {
    /// Its lines when there are so many columns of the screen.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let widths = self.widths(width);
        let mut lines = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            let cells: Vec<Vec<&str>> = widths
                .iter()
                .enumerate()
                .map(|(at, wide)| {
                    let cell = row.get(at).map_or("", String::as_str);
                    wrap::rows(cell, *wide).into_iter().map(|part| cell[part].trim_end()).collect()
                })
                .collect();
            for part in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                let padded = cells.iter().zip(&widths).enumerate().map(|(at, (cell, wide))| {
                    let text = cell.get(part).copied().unwrap_or_default();
                    let room = " ".repeat(wide.saturating_sub(wrap::width(text)));
                    match self.leans.get(at) {
                        Some(Lean::Right) => room + text,
                        _ => text.to_owned() + &room,
                    }
                });
                lines.push(padded.collect::<Vec<_>>().join(" | ").trim_end().to_owned());
            }
            if index == 0 {
                lines.push(widths.iter().map(|wide| "-".repeat(*wide)).collect::<Vec<_>>().join("-+-"));
            }
        }
        lines
    }

    /// The columns each of its columns gets: as many as it needs, or the widest ones less.
    fn widths(&self, width: usize) -> Vec<usize> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let room = width.saturating_sub(count.saturating_sub(1) * 3);
        let needs = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| wrap::width(cell)).max();
        let mut widths: Vec<usize> = (0..count).map(|at| needs(at).unwrap_or(0).clamp(1, room.max(1))).collect();
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) else { break };
            *widest -= 1;
        }
        widths
    }
}
