//! The prompt editor: text in a rope, a cursor that moves by what a reader calls a character, soft wrap, selection.
//!
//! One [`Buffer`] holds one text, [`EditorView`] draws it. The cost of a key and of a frame depends on what is visible,
//! not on the size of the text: lines are wrapped when they are shown ([`RowId`]), variables are recounted around the
//! edit ([`Uses`]), and a [`Snapshot`] shares the text it was taken of.
//!
//! It edits and draws, nothing else: no key binding, no undo history, no file, no clipboard. It never changes a byte
//! that was not edited; line endings of all kinds stay what they are.

mod buffer;
mod edit;
mod fence;
mod find;
mod graphemes;
mod layout;
mod lines;
mod motion;
mod numbers;
mod placeholder;
mod pointer;
mod reader;
mod scroll;
mod start;
mod uses;
mod view;

#[cfg(test)]
mod tests;

pub use buffer::{Buffer, Change, Select, Snapshot};
pub use find::{Case, Match, Needle, Reading, matches_in_line};
pub use layout::RowId;
pub use motion::Motion;
pub use pointer::Grain;
pub use reader::LineReader;
pub use uses::Uses;
pub use view::{Beside, Drawn, EditorView, Focus, draw_row};
