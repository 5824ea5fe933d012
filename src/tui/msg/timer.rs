//! The timers of the workbench: what an effect asks for, and what is due then.

/// A timer of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The text that is typed is looked at.
    Lint,
    /// What the prompt costs is counted.
    Count,
    /// The comments beside the text that is typed are looked for.
    Margin,
    /// The draft is saved on its own.
    Autosave,
    /// What was typed goes into the journal.
    Journal,
    /// The draft's file is looked at.
    Look,
    /// A save that failed is tried again.
    Retry,
    /// The passing message goes.
    Status,
    /// The next click is no longer the second of two.
    Clicks,
    /// The pointer is still held beside the text that it selects.
    Held,
    /// The spinner of a run that has not answered yet moves.
    Spinner,
    /// A sequence of keys was begun a while ago: what may follow is shown.
    Followers,
}
