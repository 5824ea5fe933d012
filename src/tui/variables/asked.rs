//! What the variables pane asks of the disk, as plain data: declaring, reading values from elsewhere, renaming.

use std::sync::Arc;

use super::{Planned, Source};
use crate::library::Seen;
use crate::tui::draft::DraftText;
use crate::vars::Property;
use crate::vars::import::Pick;

/// One thing to be done with the variables of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Say in `prompt.toml` what a variable is.
    Declare {
        /// Of which prompt.
        prompt: String,
        /// The variable.
        variable: String,
        /// What changes.
        properties: Vec<Property>,
        /// What was declared when the change was made up.
        seen: Seen,
    },
    /// Read values from a text or a file.
    ReadValues {
        /// For which prompt.
        prompt: String,
        /// What is read.
        source: Source,
        /// Where the variables stand in a log; `None` for what `prompt.toml` remembers.
        picks: Option<Vec<Pick>>,
    },
    /// Remember in `prompt.toml` where the variables stand in a log.
    RememberFields {
        /// Of which prompt.
        prompt: String,
        /// Where they stand.
        picks: Vec<Pick>,
    },
    /// Look where a variable's name stands.
    PlanRename {
        /// Of which prompt.
        prompt: String,
        /// The name there is.
        old: String,
        /// The name there would be.
        new: String,
        /// The text as it is typed.
        text: DraftText,
    },
    /// Rename a variable in the files because undo or redo has renamed it in the text.
    FollowRename {
        /// Of which prompt.
        prompt: String,
        /// The name in the files.
        old: String,
        /// The name in the text.
        new: String,
        /// The text as it is now.
        text: DraftText,
    },
    /// Take the values of secret variables out of this prompt's sets.
    TakeSecretsOut(String),
    /// Rename a variable in the files, as it was planned.
    Rename {
        /// Of which prompt.
        prompt: String,
        /// The plan.
        plan: Arc<Planned>,
    },
}
