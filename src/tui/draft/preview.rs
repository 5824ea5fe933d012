//! The whole prompt as lines, headings and bodies in the order of the file, without ever putting it together: the
//! preview shows a few dozen lines of a text that may have twenty thousand.

use std::borrow::Cow;

use ropey::Rope;

use crate::prompt::template::{self, Token};
use crate::prompt::wrap;
use crate::tui::canvas::stamp;
use crate::tui::draft::{Draft, ValuesPane, mask, pane_of};
use crate::tui::editor::LineReader;

/// Where the preview starts: a line of a part, and the rows of it that are scrolled away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PreviewAnchor {
    /// Which part, in the order of the file.
    pub part: usize,
    /// Which line of it.
    pub line: usize,
    /// Rows of that line that are scrolled away.
    pub row: usize,
}

/// What a piece of a preview line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PreviewKind {
    /// Text of the prompt.
    Plain,
    /// A value that was filled in.
    Value,
    /// A placeholder without a value.
    Missing,
    /// A mask in place of a value.
    Hidden,
    /// An example that is sent in place of a value.
    Example,
}

/// One line of the prompt, filled: its text (a value may bring line breaks) and what its pieces are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PreviewLine {
    /// The text.
    pub text: String,
    /// Ends of the pieces in bytes, rising, each with its kind.
    pub pieces: Vec<(usize, PreviewKind)>,
}

struct Part<'a> {
    pane: usize,
    head: Fixed<'a>,
    body: Option<&'a Rope>,
    /// Lines of the body.
    lines: usize,
    /// Names the text of the body.
    revision: u64,
    tail: Fixed<'a>,
}

impl Part<'_> {
    fn len(&self) -> usize {
        self.head.len + self.lines + self.tail.len
    }
}

/// A few lines that are not edited: a heading, and what stands between the sections.
struct Fixed<'a> {
    texts: [&'a str; 2],
    /// How many lines they have.
    len: usize,
}

impl<'a> Fixed<'a> {
    fn new(texts: [&'a str; 2]) -> Self {
        Self { texts, len: texts.iter().map(|text| text.lines().count()).sum() }
    }

    fn line(&self, index: usize) -> &'a str {
        let [first, second] = self.texts;
        first.lines().chain(second.lines()).nth(index).unwrap_or_default()
    }
}

/// The lines of the prompt.
pub struct PreviewSource<'a> {
    parts: Vec<Part<'a>>,
    values: &'a ValuesPane,
    history: &'a str,
    raw: bool,
}

impl<'a> PreviewSource<'a> {
    /// The lines of `draft`, filled with its values; `history` is what `{{conversation_history}}` gives.
    pub fn new(draft: &'a Draft, history: &'a str) -> Self {
        let parts = draft.skeleton.parts().iter().map(|part| {
            let pane = pane_of(part.id);
            let rope = draft.panes[pane].rope();
            let body = (rope.len_bytes() > 0).then_some(rope);
            let tail = match body {
                // the first ending of the tail closes the body's last line
                Some(_) => part.tail.split_once('\n').map_or("", |(_, rest)| rest),
                None => part.tail.as_str(),
            };
            let lead = part.lead.strip_prefix('\u{feff}').unwrap_or(&part.lead);
            Part {
                pane,
                head: Fixed::new([&part.heading, lead]),
                body,
                lines: body.map_or(0, Rope::len_lines),
                revision: draft.panes[pane].revision(),
                tail: Fixed::new([tail, ""]),
            }
        });
        let mut known = Vec::with_capacity(draft.skeleton.parts().len());
        known.extend(parts.filter(|part| part.len() > 0));
        Self { parts: known, values: &draft.values, history, raw: draft.raw }
    }

    /// The place of a line of a pane's body; the nearest one when the body is empty.
    pub fn place(&self, pane: usize, line: usize) -> Option<PreviewAnchor> {
        let part = self.parts.iter().position(|part| part.pane == pane)?;
        Some(PreviewAnchor { part, line: (self.parts[part].head.len + line).min(self.parts[part].len() - 1), row: 0 })
    }

    /// The pane of a line of the whole text, from 0, and its line there: what stands in a heading is at the start of its
    /// pane, what stands behind a body at its end.
    pub fn pane_line(&self, line: usize) -> Option<(usize, usize)> {
        let mut above = 0;
        for part in &self.parts {
            if line < above + part.len() {
                let last = part.lines.saturating_sub(1);
                return Some((part.pane, (line - above).saturating_sub(part.head.len).min(last)));
            }
            above += part.len();
        }
        None
    }

    /// The line after `at`, at its first row.
    pub fn after(&self, at: PreviewAnchor) -> Option<PreviewAnchor> {
        let part = self.parts.get(at.part)?;
        if at.line + 1 < part.len() {
            Some(PreviewAnchor { line: at.line + 1, row: 0, ..at })
        } else {
            (at.part + 1 < self.parts.len()).then_some(PreviewAnchor { part: at.part + 1, line: 0, row: 0 })
        }
    }

    /// The line before `at`, at its first row.
    pub fn before(&self, at: PreviewAnchor) -> Option<PreviewAnchor> {
        if at.line > 0 {
            return Some(PreviewAnchor { line: at.line - 1, row: 0, ..at });
        }
        let part = at.part.checked_sub(1)?;
        Some(PreviewAnchor { part, line: self.parts[part].len() - 1, row: 0 })
    }

    /// The last line.
    pub fn last(&self) -> PreviewAnchor {
        let part = self.parts.len().saturating_sub(1);
        PreviewAnchor { part, line: self.parts.get(part).map_or(0, |part| part.len() - 1), row: 0 }
    }

    /// `at`, or the nearest place that there is: the text may have become shorter.
    pub fn nearest(&self, at: PreviewAnchor) -> PreviewAnchor {
        match self.parts.get(at.part) {
            None => self.last(),
            Some(part) if at.line >= part.len() => PreviewAnchor { line: part.len() - 1, row: 0, ..at },
            Some(_) => at,
        }
    }

    /// Whether the line is a heading.
    pub fn is_heading(&self, at: PreviewAnchor) -> bool {
        self.parts.get(at.part).is_some_and(|part| at.line < part.head.len && !part.head.line(at.line).is_empty())
    }

    /// The line, filled.
    pub fn line(&self, at: PreviewAnchor) -> PreviewLine {
        self.fill(&self.stored(at))
    }

    /// The line as it is stored, without its ending.
    pub fn stored(&self, at: PreviewAnchor) -> Cow<'a, str> {
        self.read(at, &mut None)
    }

    /// The same, for lines that are asked for one after the other.
    pub fn read(&self, at: PreviewAnchor, reader: &mut Option<(usize, LineReader<'a>)>) -> Cow<'a, str> {
        let Some(part) = self.parts.get(at.part) else { return Cow::Borrowed("") };
        if at.line < part.head.len {
            return Cow::Borrowed(part.head.line(at.line));
        }
        let line = at.line - part.head.len;
        let Some(body) = part.body.filter(|_| line < part.lines) else {
            return Cow::Borrowed(part.tail.line(line - part.lines));
        };
        if reader.as_ref().is_none_or(|(of, _)| *of != at.part) {
            *reader = Some((at.part, LineReader::new(body)));
        }
        let line = reader.as_mut().map(|(_, reader)| reader.line(line)).unwrap_or_default();
        match line {
            Cow::Borrowed(line) => Cow::Borrowed(line.trim_end_matches(['\n', '\r'])),
            Cow::Owned(line) => Cow::Owned(line.trim_end_matches(['\n', '\r']).to_owned()),
        }
    }

    /// A number that stays while the line does: lines of one number are the same as they are stored. The text of a body
    /// is not asked for it.
    pub fn revision(&self, at: PreviewAnchor) -> u64 {
        match self.parts.get(at.part) {
            Some(part) if (part.head.len..part.head.len + part.lines).contains(&at.line) => {
                stamp((part.revision, at.line - part.head.len))
            }
            _ => stamp(self.stored(at)),
        }
    }

    /// How many rows a line takes at this width.
    pub fn rows(&self, at: PreviewAnchor, width: usize) -> usize {
        let line = self.line(at);
        line.text.split('\n').map(|piece| wrap::rows(piece, width).len().max(1)).sum()
    }

    /// `anchor` moved so that `wanted` is among the `height` rows from it on; as little as possible.
    pub fn follow(&self, anchor: PreviewAnchor, wanted: PreviewAnchor, width: usize, height: usize) -> PreviewAnchor {
        let anchor = self.nearest(anchor);
        if wanted >= anchor {
            let mut at = anchor;
            let mut rows = 0;
            while rows < height {
                if at.part == wanted.part && at.line == wanted.line {
                    let taken = rows + self.rows(at, width) - at.row;
                    if taken <= height || rows == 0 {
                        return anchor;
                    }
                    break;
                }
                rows += self.rows(at, width).saturating_sub(at.row);
                match self.after(at) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
        self.scrolled(wanted, -isize::try_from(height / 3).unwrap_or(0), width)
    }

    /// `anchor` moved by so many rows.
    pub fn scrolled(&self, anchor: PreviewAnchor, by: isize, width: usize) -> PreviewAnchor {
        let mut at = self.nearest(anchor);
        for _ in 0..by.unsigned_abs() {
            let next = if by > 0 {
                if at.row + 1 < self.rows(at, width) {
                    Some(PreviewAnchor { row: at.row + 1, ..at })
                } else {
                    self.after(at)
                }
            } else if at.row > 0 {
                Some(PreviewAnchor { row: at.row - 1, ..at })
            } else {
                self.before(at).map(|line| PreviewAnchor { row: self.rows(line, width).saturating_sub(1), ..line })
            };
            let Some(next) = next else { break };
            at = next;
        }
        at
    }

    fn fill(&self, line: &str) -> PreviewLine {
        let mut out = PreviewLine::default();
        if self.raw {
            out.push(line, PreviewKind::Plain);
            return out;
        }
        for token in template::tokens(line) {
            match token {
                Token::Literal(range) => out.push(&line[range], PreviewKind::Plain),
                Token::Escape(_) => out.push("{{", PreviewKind::Plain),
                Token::Placeholder { range, name } => {
                    let name = &line[name];
                    let value = match self.values.state(name) {
                        super::RowState::Playtest if name == "conversation_history" => Some(self.history),
                        _ => self.values.value(name),
                    };
                    match value {
                        None => out.push(&line[range], PreviewKind::Missing),
                        Some("") => {}
                        Some(_) if let Some(example) = self.values.stand_in(name) => {
                            out.push(example, PreviewKind::Example);
                        }
                        Some(value) if self.values.hidden(name) => {
                            let privacy = self.values.declarations.privacy(name);
                            out.push(&mask(name, value, privacy), PreviewKind::Hidden);
                        }
                        Some(value) => out.push(value, PreviewKind::Value),
                    }
                }
            }
        }
        out
    }
}

impl PreviewLine {
    fn push(&mut self, text: &str, kind: PreviewKind) {
        self.text.push_str(text);
        self.pieces.push((self.text.len(), kind));
    }
}
