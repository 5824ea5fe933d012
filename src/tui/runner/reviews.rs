//! Reviews from and to the disk.

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::process_environment;
use crate::error::Result;
use crate::library::{Asked, Library, Which};
use crate::review::{Said, steps};
use crate::tui::diffing::Chosen;
use crate::tui::reviewing::{Board, Material};

/// Who sits here: what the configuration says, else the account.
pub fn speaker(author: Option<String>) -> String {
    author.or_else(|| process_environment("USER")).unwrap_or_else(|| "unknown".to_owned())
}

/// Everything about the review of this state.
pub fn look(library: &Library, prompt: &str, which: &Which, author: Option<String>) -> Result<Arc<Board>> {
    let snapshot = library.read(prompt, which)?;
    let reviewed = library.reviewed(&snapshot)?;
    let sha256 = library.evidence(&snapshot)?;
    let asked = Asked { approvals: 1, authors: reviewed.review.authors() };
    let facts = library.progress(&snapshot, &reviewed.review, &sha256, &asked)?;
    let newer = reviewed.newer.iter().map(|(kind, count)| format!("{count} of kind `{kind}` need a newer greenroom"));
    let problems = reviewed.problems.iter().map(ToString::to_string).chain(newer).collect();
    let subject = match which {
        Which::Draft => Chosen::Draft,
        Which::Version(version) => Chosen::Version(version.clone()),
    };
    Ok(Arc::new(Board::new(Material {
        prompt: prompt.to_owned(),
        subject,
        text: snapshot.text,
        sha256,
        review: reviewed.review,
        steps: steps(&facts),
        asked,
        me: speaker(author),
        problems,
    })))
}

/// One thing more is said.
pub fn say(
    library: &Library,
    (prompt, which): (&str, &Which),
    said: &Said,
    id: Option<&str>,
    author: Option<String>,
) -> Result<()> {
    let snapshot = library.read(prompt, which)?;
    library.say(&snapshot, said, id, &speaker(author), Timestamp::now()).map(drop)
}
