//! The Draft screen as it is laid out at the moment: asked by drawing, clicks and movement alike.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use crate::prompt::template;
use crate::tui::canvas::stamp;
use crate::tui::draft::values::weigh;
use crate::tui::draft::{Draft, PaneId};
use crate::tui::layout::{self, DraftAreas, DraftShape};
use crate::tui::model::Model;

/// From so many columns on, the variables are a table with columns.
const COLUMNS: u16 = 76;

/// Places of everything on the Draft screen.
#[derive(Debug)]
pub struct DraftView {
    /// The panes.
    pub panes: Vec<(PaneId, Rect)>,
    /// What the prompt costs, where there is room.
    pub cost: Option<Rect>,
    /// Where the names of the columns stand, where the rows have room for columns.
    pub head: Option<Rect>,
    /// Where the rows stand.
    pub list: Option<Rect>,
    /// Where the selected variable is explained, or its value is written.
    pub value: Option<Rect>,
}

/// How often the prompt uses each name, its headings and the user's message included.
pub fn used(draft: &Draft) -> BTreeMap<String, usize> {
    let mut used = BTreeMap::new();
    let mut count = |name: &str, times: usize| *used.entry(name.to_owned()).or_insert(0) += times;
    for pane in &draft.panes {
        for (name, times) in pane.variables().iter() {
            count(name, times);
        }
    }
    for part in draft.skeleton.parts() {
        for (_, name) in template::placeholders(&part.heading) {
            count(name, 1);
        }
    }
    if let Some(text) = draft.config.0.get("user_template").and_then(serde_json::Value::as_str) {
        for (_, name) in template::placeholders(text) {
            count(name, 1);
        }
    }
    used
}

/// Changes when [`used`] does, for a fraction of what that takes.
fn stamp_of_uses(draft: &Draft) -> u64 {
    let panes = draft.panes.each_ref().map(|pane| stamp(pane.variables()));
    let headings: Vec<&str> = draft.skeleton.parts().iter().map(|part| part.heading.as_str()).collect();
    stamp((panes, headings, draft.config.0.get("user_template").and_then(serde_json::Value::as_str)))
}

impl Draft {
    /// Makes the list of the variables what the text and the values are now.
    pub fn list_variables(&mut self) {
        let template = self.panes.iter().map(|pane| pane.rope().len_bytes()).sum();
        let made_of = (self.values.revision, stamp_of_uses(self));
        if self.rows_of == Some(made_of) {
            weigh(&mut self.rows, template);
        } else {
            self.rows = self.values.rows(&used(self), template);
            self.rows_of = Some(made_of);
        }
    }
}

impl DraftView {
    /// The layout of the open prompt; `None` when there is none.
    pub fn of(model: &Model) -> Option<Self> {
        let draft = model.draft.as_ref()?;
        let rows = &draft.rows;
        let texts = draft.shown().map(|index| {
            let rope = draft.panes[index].rope();
            // a bound of the rows is enough for the layout, and costs nothing for a text of any size
            let lines = rope.len_lines();
            (PaneId::Text(index), lines + rope.len_chars() / 60)
        });
        let shape = DraftShape {
            size: model.size,
            focus: model.pointer.room.unwrap_or(draft.focus),
            zoomed: model.zoomed,
            texts: texts.collect(),
            variables: rows.len() + 8,
        };
        let DraftAreas { panes, cost } = layout::draft(&shape);
        let area = panes.iter().find(|(pane, _)| *pane == PaneId::Variables).map(|(_, area)| layout::text(*area));
        let editing = draft.values.editing.is_some();
        let split = area.map(|area| {
            let full = draft.values.editing.as_ref().is_some_and(|editing| editing.full.is_some());
            let value = match (editing, usize::from(area.height).checked_sub(rows.len())) {
                _ if full => area.height,
                (true, _) => (area.height / 2).clamp(2, 8).min(area.height),
                // the explanation gives way to the rows when there is little room
                (false, Some(spare)) if spare >= 4 => 4.max(u16::try_from(spare).unwrap_or(4).min(8)),
                (false, _) if draft.focus == PaneId::Variables && area.height >= 8 => 4,
                (false, _) => 0,
            };
            let list = Rect { height: area.height - value, ..area };
            (list, Rect { y: list.bottom(), height: value, ..area })
        });
        let head = split.map(|(list, _)| Rect { height: 1, ..list }).filter(|head| head.width >= COLUMNS);
        let below = |list: Rect| match head {
            Some(_) => Rect { y: list.y + 1.min(list.height), height: list.height.saturating_sub(1), ..list },
            None => list,
        };
        let list = split.map(|(list, _)| below(list));
        Some(Self {
            panes,
            cost,
            head: head.filter(|_| list.is_some_and(|list| list.height > 0)),
            list,
            value: split.map(|(_, value)| value),
        })
    }

    /// Where a pane stands, if it is shown.
    pub fn area(&self, wanted: PaneId) -> Option<Rect> {
        self.panes.iter().find(|(pane, _)| *pane == wanted).map(|(_, area)| *area)
    }

    /// The first shown row of the list, so that the selected one is in sight.
    pub fn first_row(&self, selected: usize) -> usize {
        let height = self.list.map_or(0, |list| usize::from(list.height));
        (selected + 1).saturating_sub(height.max(1))
    }
}
