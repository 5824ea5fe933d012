//! Reviews from and to the disk.

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::ReviewRules;
use crate::error::{Error, Result};
use crate::library::{Asked, FileStamp, Library, Snapshot, Which};
use crate::release;
use crate::review::{Decided, steps};
use crate::tui::committing::{When, Written};
use crate::tui::diffing::Chosen;
use crate::tui::draft::DraftText;
use crate::tui::freezing::Covering;
use crate::tui::margins::{Noted, ToNote};
use crate::tui::reviewing::{Board, Material};
use crate::tui::saying::Unsaid;

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
    let me = release::person(author, library);
    let authors = release::authors(library, rules, &snapshot, &[&reviewed.review], &me);
    let asked = Asked { approvals: rules.required_approvals, authors, people: rules.people() };
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
        me: me.name,
        problems,
    })))
}

/// Which decisions cover the draft as it is typed: the same question as on the Review screen, about the bytes of now.
pub fn covering(
    library: &Library,
    prompt: &str,
    draft: &DraftText,
    author: Option<&str>,
    rules: &ReviewRules,
) -> Result<Covering> {
    let snapshot = Snapshot { text: draft.to_text(), ..library.read(prompt, &Which::Draft)? };
    let review = library.reviewed(&snapshot)?.review;
    let sha256 = library.evidence(&snapshot)?;
    let authors = release::authors(library, rules, &snapshot, &[&review], &release::person(author, library));
    let standing = review.standing(&sha256, &authors);
    let names = |decided: &[&Decided]| decided.iter().map(|decided| decided.by.clone()).collect();
    Ok(Covering {
        by: names(&standing.approvals),
        against: names(&standing.against),
        void: names(&standing.void),
        needed: rules.required_approvals,
    })
}

/// One thing more is said. A decision and a step that is done are asked about at once, so that what led to them goes into
/// git together with them.
pub fn say(
    library: &Library,
    (prompt, which): (&str, &Which),
    said: Unsaid,
    id: Option<&str>,
    author: Option<&str>,
) -> Result<Written> {
    let snapshot = library.read(prompt, which)?;
    let said = said.said().ok_or_else(|| Error::input("the text has no such lines any more: nothing was said"))?;
    let entered = library.say(&snapshot, &said, id, &release::person(author, library), Timestamp::now())?;
    let mut files = entered.files;
    let when = if said.is_a_step() { When::AtOnce } else { When::Gathered };
    if when == When::AtOnce && *which == Which::Draft {
        files.extend(release::handed_over(library, prompt));
    }
    Ok(Written { files, what: said.subject(&format!("{prompt} {which}")), when })
}

/// What was said, beside the lines of a text. The review is read again when its file is not as it was; where it cannot be
/// read nothing stands beside the text, and the Review screen says why.
pub fn note(library: &Library, asked: ToNote) -> Noted {
    let file = library.review_file_of(&asked.prompt, &asked.which);
    let stamp = file.as_ref().map_or(FileStamp::default(), |file| FileStamp::of(file));
    let review = match &asked.known {
        Some((known, review)) if *known == stamp => Arc::clone(review),
        _ => Arc::new(library.reviewed_of(&asked.prompt, &asked.which).unwrap_or_default().review),
    };
    asked.note(stamp, review)
}
