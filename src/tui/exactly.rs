//! The exact count of a prompt by its model's own server: asked for only when the user wants it, because the text
//! leaves this machine for it.

use crate::tui::costs::CostBox;
use crate::tui::draft::StateId;

/// What is known of the exact count that was asked for last.
#[derive(Debug, Default)]
pub struct Exactly {
    /// How often it was asked for: an answer to an older question is dropped.
    pub runs: u64,
    /// The question that is not answered yet.
    pub running: Option<Asking>,
    /// Why there is no answer to the last one.
    pub problem: Option<String>,
    /// The box that was open while it was asked whether the text may leave: what was written in it stays.
    pub aside: Option<Box<CostBox>>,
}

/// A question to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Its number.
    pub run: u64,
    /// Who is asked, for a person: a host, or this machine.
    pub whom: String,
    /// Which opened prompt it is about.
    pub opening: u64,
    /// Which state of its text.
    pub state: StateId,
    /// Variables that were sent as their declared examples.
    pub replaced: Vec<String>,
}
