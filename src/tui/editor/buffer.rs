//! The text of one pane with its cursor and selection, and the one way in which it changes.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ropey::Rope;
use unicode_width::UnicodeWidthChar;

use super::layout::{RowId, line_chars};
use super::scroll::Viewport;
use super::{Uses, graphemes, reader, uses};

/// A text that is being edited. All indexes are chars of the rope; the cursor always stands between two graphemes.
#[derive(Debug, Clone)]
pub struct Buffer {
    pub(super) rope: Rope,
    pub(super) cursor: usize,
    /// The other end of the selection.
    pub(super) anchor: Option<usize>,
    /// The column that up and down try to keep.
    pub(super) goal: Option<usize>,
    pub(super) eol: &'static str,
    revision: u64,
    uses: Arc<Uses>,
    /// Where the last typed characters end, when they have grown together with what follows and the cursor had to go
    /// on: an emoji or a flag comes in several characters, and the rest of it belongs there.
    pub(super) unfinished: Option<usize>,
    pub(super) viewport: Viewport,
    /// The first row that is shown.
    pub(super) top: RowId,
}

/// What an edit did: the chars of `range` in the text as it was have become `inserted`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Char indexes in the text before the edit.
    pub range: Range<usize>,
    /// What stands there now.
    pub inserted: String,
}

/// A text and its cursor at one moment. Taking and keeping one costs nothing worth counting: the text is shared.
#[derive(Debug, Clone)]
pub struct Snapshot {
    rope: Rope,
    cursor: usize,
    anchor: Option<usize>,
    revision: u64,
    uses: Arc<Uses>,
}

impl Snapshot {
    /// The revision of the text it holds.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The text it holds.
    pub fn rope(&self) -> &Rope {
        &self.rope
    }
}

/// What becomes of the selection when the cursor moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// It is dropped.
    Move,
    /// It grows or shrinks; one begins at the cursor where there was none.
    Extend,
}

impl Buffer {
    /// A buffer on `text` with the cursor at its start. `eol` is what [`Buffer::newline`] types and what line endings in
    /// pasted text become: `"\n"` or `"\r\n"`.
    pub fn new(text: &str, eol: &'static str) -> Self {
        let mut uses = Uses::default();
        uses.learn(text);
        Self {
            rope: Rope::from_str(text),
            cursor: 0,
            anchor: None,
            goal: None,
            eol,
            revision: next_revision(),
            uses: Arc::new(uses),
            unfinished: None,
            viewport: Viewport::default(),
            top: RowId::default(),
        }
    }

    /// The whole text; a copy.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The text as it is kept; cloning it is cheap.
    pub fn rope(&self) -> &Rope {
        &self.rope
    }

    /// The line ending that is typed.
    pub fn eol(&self) -> &'static str {
        self.eol
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.rope.len_chars() == 0
    }

    /// Names the text: two buffers or moments of the same revision have the same text. Undoing an edit brings the old
    /// revision back.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The variables used in the text.
    pub fn variables(&self) -> &Uses {
        &self.uses
    }

    /// Where the cursor is, as a char index.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The cursor's line and its character in that line, both from 1.
    pub fn line_and_column(&self) -> (usize, usize) {
        let line = self.rope.char_to_line(self.cursor);
        (line + 1, self.cursor - self.rope.line_to_char(line) + 1)
    }

    /// The selected chars; `None` when there are none.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let range = anchor.min(self.cursor)..anchor.max(self.cursor);
        (!range.is_empty()).then_some(range)
    }

    /// The selected text.
    pub fn selected_text(&self) -> Option<String> {
        self.selection().map(|range| self.rope.slice(range).to_string())
    }

    /// The text and cursor as they are now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            rope: self.rope.clone(),
            cursor: self.cursor,
            anchor: self.anchor,
            revision: self.revision,
            uses: Arc::clone(&self.uses),
        }
    }

    /// Text, cursor and selection as they were; the scroll position changes only where the cursor would be out of sight.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.rope = snapshot.rope.clone();
        self.cursor = snapshot.cursor;
        self.anchor = snapshot.anchor;
        self.revision = snapshot.revision;
        self.uses = Arc::clone(&snapshot.uses);
        self.goal = None;
        self.unfinished = None;
        self.reveal();
    }

    /// Selects a range, the cursor at its end, and scrolls to it. What is out of the text or within a grapheme is
    /// moved to the nearest place.
    pub fn select(&mut self, range: Range<usize>) {
        let start = graphemes::floor(&self.rope, range.start);
        self.anchor = Some(start);
        self.put_cursor(graphemes::ceil(&self.rope, range.end.max(start)));
    }

    /// Selects the whole text.
    pub fn select_all(&mut self) {
        self.select(0..self.rope.len_chars());
    }

    /// Drops the selection; the cursor stays.
    pub fn deselect(&mut self) {
        self.anchor = None;
    }

    /// Replaces the chars of `range` (as far as they exist) and puts the cursor after the new text.
    /// `None` when there was nothing to do.
    pub fn replace(&mut self, range: Range<usize>, text: &str) -> Option<Change> {
        self.replace_up_to(range, text, text.chars().count())
    }

    /// Like [`Buffer::replace`], with the cursor behind so many characters of the new text.
    pub(super) fn replace_up_to(&mut self, range: Range<usize>, text: &str, written: usize) -> Option<Change> {
        let end = range.end.min(self.rope.len_chars());
        let range = range.start.min(end)..end;
        if range.is_empty() && text.is_empty() {
            return None;
        }
        self.change(range.clone(), text);
        self.anchor = None;
        let end = range.start + written;
        let cursor = graphemes::ceil(&self.rope, end);
        self.put_cursor(cursor);
        // an accent that was there before takes the typed letter as its own; anything else was grown into by what was typed
        let grown = cursor != end && self.rope.get_char(end).is_some_and(|after| after.width() != Some(0));
        self.unfinished = grown.then_some(end);
        Some(Change { range, inserted: text.to_owned() })
    }

    /// Puts the cursor somewhere that is known to be a boundary, and scrolls there.
    pub(super) fn put_cursor(&mut self, at: usize) {
        self.cursor = at;
        self.goal = None;
        self.unfinished = None;
        self.reveal();
    }

    /// The lines that the selection touches, or the cursor's; a selection that ends at the start of a line leaves that
    /// line out.
    pub(super) fn touched_lines(&self) -> Range<usize> {
        let Some(selection) = self.selection() else {
            let line = self.rope.char_to_line(self.cursor);
            return line..line + 1;
        };
        let first = self.rope.char_to_line(selection.start);
        let last = self.rope.char_to_line(selection.end);
        let last = if last > first && self.rope.line_to_char(last) == selection.end { last - 1 } else { last };
        first..last + 1
    }

    /// The chars of a line without its ending.
    pub(super) fn line_chars(&self, line: usize) -> Range<usize> {
        line_chars(&self.rope, line)
    }

    /// The text of some chars.
    pub(super) fn slice(&self, chars: Range<usize>) -> String {
        reader::text(&self.rope, chars).into_owned()
    }

    /// Every edit goes through here: the text, its revision and its variables change together.
    fn change(&mut self, range: Range<usize>, text: &str) {
        let reach = uses::reach(&self.rope, &range);
        let uses = Arc::make_mut(&mut self.uses);
        uses.forget(&reader::text(&self.rope, reach.clone()));
        let end = reach.end - range.len() + text.chars().count();
        if !range.is_empty() {
            self.rope.remove(range.clone());
        }
        self.rope.insert(range.start, text);
        uses.learn(&reader::text(&self.rope, reach.start..end));
        self.revision = next_revision();
    }
}

/// Counted for the whole process, so that texts of different buffers never share a number by chance.
fn next_revision() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}
