//! The journal of an open draft: what was typed since the file was written, and the steps that undo goes back by.
//!
//! Pure: it makes bytes of records and a story of bytes. Who writes them, where and when, is the workbench's runner
//! (`tui/runner/journal.rs`). A journal that was cut off anywhere tells the story up to there; no bytes make it fail.
//!
//! | file | what it does |
//! | --- | --- |
//! | `edit` | one change between two texts, done and undone |
//! | `record` | records as bytes, with lengths and checksums |
//! | `story` | what the records tell: the text, the file, undo and redo |

mod edit;
mod record;
mod story;

pub use edit::Edit;
pub use record::{Decoded, MAGIC, Record, decode};
pub use story::{Found, MOST_BYTES, MOST_STEPS, Steps, Story, Unsaved};
