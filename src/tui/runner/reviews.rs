//! Reviews from and to the disk.

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::ReviewRules;
use crate::error::Result;
use crate::library::{Asked, Library, Which};
use crate::release;
use crate::review::{Said, steps};
use crate::tui::diffing::Chosen;
use crate::tui::reviewing::{Board, Material};

/// Everything about the review of this state.
pub fn look(
    library: &Library,
    prompt: &str,
    which: &Which,
    author: Option<&str>,
    rules: &ReviewRules,
) -> Result<Arc<Board>> {
    let snapshot = library.read(prompt, which)?;
    let reviewed = library.reviewed(&snapshot)?;
    let sha256 = library.evidence(&snapshot)?;
    let authors = release::authors(library, rules, &snapshot, &reviewed.review);
    let asked = Asked { approvals: rules.required_approvals, authors };
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
        me: release::author(author, library),
        problems,
    })))
}

/// One thing more is said.
pub fn say(
    library: &Library,
    (prompt, which): (&str, &Which),
    said: &Said,
    id: Option<&str>,
    author: Option<&str>,
) -> Result<()> {
    let snapshot = library.read(prompt, which)?;
    library.say(&snapshot, said, id, &release::author(author, library), Timestamp::now()).map(drop)
}
