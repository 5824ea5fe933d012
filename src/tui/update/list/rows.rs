//! The rows of the lists: prompts and versions, value sets, models.

use std::iter::once;

use super::super::trash;
use crate::library::{ValueSet, VersionEntry, Vote};
use crate::tui::diffing::Chosen;
use crate::tui::model::Model;
use crate::tui::overlay::{Pick, PickRow, Picker};
use crate::tui::play::Subject;

/// What stands before a version's row in the library list: `NAME@VERSION`.
pub const AT: char = '@';
/// The row of a model list that asks for a name.
pub const OTHER_MODEL: &str = "another model";

/// A row that stands for what it says.
pub fn plain(label: &str, detail: &str) -> PickRow<String> {
    PickRow { value: label.to_owned(), label: label.to_owned(), detail: detail.to_owned(), disabled: None }
}

/// The prompts with their versions, newest first.
pub fn library(model: &Model) -> Picker<String> {
    let mut rows = Vec::new();
    for entry in &model.prompts {
        let mut detail = match entry.versions.len() {
            0 => "no versions".to_owned(),
            1 => "1 version".to_owned(),
            count => format!("{count} versions"),
        };
        if entry.draft {
            detail.push_str(" + draft");
        }
        let damage = entry.damaged.first().map(|damage| {
            let line = damage.line.map(|line| format!(":{line}")).unwrap_or_default();
            // the row says which prompt it is
            let own = std::path::Path::new("prompts").join(&entry.name);
            let file = damage.file.strip_prefix(own).unwrap_or(&damage.file);
            // of the prompt's folder itself nothing is left to name
            let place = if file.as_os_str().is_empty() { String::new() } else { format!("{}{line}: ", file.display()) };
            format!("! damaged: {place}{}", damage.reason)
        });
        if let Some(damage) = &damage {
            detail.clone_from(damage);
        }
        rows.push(PickRow {
            value: entry.name.clone(),
            label: format!("{}  {}", entry.name, entry.title),
            detail,
            disabled: None,
        });
        for version in entry.versions.iter().rev() {
            let runs = entry.runs_in(&version.version);
            let is_open = model.draft.as_ref().is_some_and(|draft| draft.entry.name == entry.name);
            rows.push(PickRow {
                value: format!("{}{AT}{}", entry.name, version.version),
                label: format!("    v{}  {}", version.version, version.date),
                detail: if runs.is_empty() {
                    if is_open { "compare with the draft".into() } else { String::new() }
                } else {
                    runs
                },
                disabled: None,
            });
        }
    }
    rows.extend(trash::rows(model, Pick::Library));
    let open = model.draft.as_ref().map(|draft| draft.entry.name.clone()).unwrap_or_default();
    Picker::new("Library", rows).at(&open)
}

/// The draft and the versions, for one side of a comparison.
pub fn versions(model: &Model, pick: Pick) -> Picker<String> {
    let (title, now) = match pick {
        Pick::From => ("Left side", &model.diffing.from),
        Pick::Reviewed => ("What is reviewed", &model.reviewing.subject),
        _ => ("Right side", &model.diffing.to),
    };
    let now = match now {
        Some(Chosen::Version(version)) => version.to_string(),
        Some(Chosen::Named(name)) => name.to_string(),
        _ => "draft".to_owned(),
    };
    let mut rows = draft_and_versions(model);
    if pick == Pick::Reviewed {
        // what is said about a state stands beside its files: others have none
        return Picker::new(title, rows).at(&now);
    }
    let open = model.draft.as_ref().map(|draft| &draft.entry);
    for (environment, version) in open.iter().flat_map(|entry| &entry.environments) {
        let name = open.map_or("", |entry| &entry.name);
        rows.push(PickRow {
            value: format!("{name}{AT}{environment}"),
            ..plain(environment, &format!("what runs there: v{version}"))
        });
    }
    rows.push(plain(REVISION, "a commit, a branch or a tag: what was committed"));
    rows.push(plain(SIDE_FILE, "a text that is in no prompt"));
    let others = model.prompts.iter().filter(|entry| open.is_none_or(|open| open.name != entry.name));
    rows.extend(others.map(|entry| plain(&entry.name, "another prompt")));
    Picker::new(title, rows).at(&now)
}

/// The row that asks for a git revision.
pub const REVISION: &str = "git revision";
/// The row that asks for a file.
pub const SIDE_FILE: &str = "file";

/// What can be said of two replies.
pub fn votes() -> Picker<String> {
    let row = |vote: Vote| {
        let label = match vote {
            Vote::Left => "left is better",
            Vote::Right => "right is better",
            Vote::Tie => "they are as good",
            Vote::BothBad => "both are bad",
        };
        PickRow { value: vote.id().to_owned(), ..plain(label, "") }
    };
    Picker::new("Which reply is better?", Vote::ALL.into_iter().map(row).collect())
}

/// The hosts that were agreed to for the open prompt.
pub fn agreements(model: &Model) -> Picker<String> {
    let agreed = super::super::consent::of_open_prompt(model);
    let rows = agreed.map(|agreed| plain(&agreed.host, agreed.sharing.words())).collect();
    Picker::new("Goes to these hosts without a question; Enter takes it back", rows)
}

/// The draft and the versions, for a column.
pub fn subjects(model: &Model, pick: Pick) -> Picker<String> {
    let title = if pick == Pick::AddColumn { "One more column, which runs" } else { "The column runs" };
    let now = match &model.play.column().subject {
        Subject::Draft | Subject::Kept { .. } => "draft".to_owned(),
        Subject::Version(version) => version.to_string(),
    };
    let rows = draft_and_versions(model);
    // what is not beside it yet is what one wants to see: the last version first
    let word = |subject: &Subject| match subject {
        Subject::Draft | Subject::Kept { .. } => "draft".to_owned(),
        Subject::Version(version) => version.to_string(),
    };
    let shown: Vec<String> = model.play.columns.iter().map(|column| word(&column.subject)).collect();
    let mut others = rows.iter().skip(1).chain(rows.first()).map(|row| &row.value);
    let other = others.find(|value| !shown.contains(value)).filter(|_| pick == Pick::AddColumn).cloned();
    Picker::new(title, rows).at(&other.unwrap_or(now))
}

/// A row for the draft, and one for each version, the last first.
fn draft_and_versions(model: &Model) -> Vec<PickRow<String>> {
    let versions = model.draft.iter().flat_map(|draft| draft.entry.versions.iter().rev());
    let row = |entry: &VersionEntry| PickRow {
        value: entry.version.to_string(),
        label: format!("v{}", entry.version),
        detail: match super::super::release::runs_in(model, &entry.version) {
            runs if runs.is_empty() => entry.date.to_string(),
            runs => format!("{runs}, {}", entry.date),
        },
        disabled: None,
    };
    once(plain("draft", "as it is typed")).chain(versions.map(row)).collect()
}

/// The value sets; `None` when there are none.
pub fn sets(model: &Model) -> Option<Picker<String>> {
    let values = &model.draft.as_ref()?.values;
    let set = |set: &ValueSet| plain(&set.name, &format!("{} values", set.values.0.len()));
    let rows: Vec<PickRow<String>> = values.sets.iter().map(set).chain(trash::rows(model, Pick::Set)).collect();
    if rows.is_empty() {
        return None;
    }
    Some(Picker::new("Value set", rows).at(&values.set.clone().unwrap_or_default()))
}

/// The models that are known, and a row that asks for another one.
pub fn models(model: &Model) -> Picker<String> {
    let mut names: Vec<(String, &str)> = vec![("offline".into(), "built in; says that it is no model")];
    let mut add = |name: String, detail: &'static str| {
        if !name.is_empty() && !names.iter().any(|(known, _)| *known == name) {
            names.push((name, detail));
        }
    };
    if let Some(configured) = model.draft.as_ref().and_then(|draft| draft.config.model()) {
        add(configured.to_owned(), "of this draft");
    }
    add(model.settings.default_model.as_ref().map(ToString::to_string).unwrap_or_default(), "your default");
    for found in &model.play.found {
        add(found.clone(), "found");
    }
    for asked in model.paces.names() {
        add(asked.to_owned(), "asked before");
    }
    let row = |(name, detail): &(String, &str)| match model.paces.of(name) {
        Some(pace) => plain(name, &format!("{}  {detail}", pace.line(model.theme.signs()))),
        None => plain(name, detail),
    };
    let mut rows: Vec<PickRow<String>> = names.iter().map(row).collect();
    rows.push(plain(OTHER_MODEL, "PROVIDER:MODEL"));
    let now = super::super::play::model_of(model).map(|name| name.to_string()).unwrap_or_default();
    Picker::new("Model", rows).at(&now)
}
