//! What is searched for in the prompt, over all its sections.

use crate::tui::editor::{Case, Needle};

/// A search.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was written.
    pub text: String,
    /// What is looked for; letter case counts only when the text holds a capital.
    pub needle: Needle,
}

impl Finding {
    /// A search for `text`, unless it is empty.
    pub fn new(text: &str) -> Option<Self> {
        let case = if text.chars().any(char::is_uppercase) { Case::Exact } else { Case::Ignore };
        Some(Self { text: text.to_owned(), needle: Needle::new(text, case)? })
    }
}
