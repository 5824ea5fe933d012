//! **Pure**: reviews of a draft or a version: what was said about which text, what was decided over which bytes, which
//! step of the way to production comes next.
//!
//! | file | what it is |
//! | --- | --- |
//! | `entry` | a line of `review.jsonl`: reading and writing one |
//! | `state` | all lines together: threads, decisions, who has to look |
//! | `anchor` | what a comment is about, and where that stands in the text of now |
//! | `notes` | the same by lines: what a margin shows beside each |
//! | `evidence` | the bytes that a decision covers, and their digest |
//! | `stage` | the ten steps between PM and engineering, and what each still waits for |
//!
//! Texts, lines and moments are arguments; nothing here reads a file, asks a clock or draws. Nothing is ever taken out of
//! a review: what changes its meaning is one more line.

mod anchor;
mod entry;
mod evidence;
mod notes;
mod person;
mod stage;
mod state;

pub use anchor::{Anchor, Lines, Place, Reading, replaced};
pub use entry::{Decision, Entry, Keys, Said, Unreadable, new_id};
pub use evidence::Evidence;
pub use notes::{Mark, Notes, Sign};
pub use person::{Person, under_all_names};
pub use stage::{Facts, FrozenFacts, Incident, Stage, Step, steps};
pub use state::{Decided, Finding, Outcome, Reply, Review, Standing, Thread};
