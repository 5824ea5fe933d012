//! Columns side by side: one more, one less, another version or model in one, and which one has the focus.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use ratatui::layout::{Position, Rect};
use semver::Version;

use super::super::list;
use crate::error::Error;
use crate::library::{PromptConfig, Snapshot};
use crate::model::Finish;
use crate::model::schema::Verdict;
use crate::tui::effect::Effect;
use crate::tui::layout;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Pick;
use crate::tui::play::{Block, Column, Comparing, Exchange, MOST_COLUMNS, Marks, Schema, Subject, letter};

/// The configuration of what a column runs; `None` while it is not read.
pub fn config_of<'a>(model: &'a Model, subject: &Subject) -> Option<&'a PromptConfig> {
    match subject {
        Subject::Draft => model.draft.as_ref().map(|draft| &draft.config),
        Subject::Version(version) => Some(&model.play.versions.get(version)?.as_ref().ok()?.config),
        Subject::Kept { .. } => None,
    }
}

/// The same with what is changed in a column; `None` while it is not read.
pub fn settings_of(model: &Model, at: usize) -> Option<Cow<'_, PromptConfig>> {
    let column = model.play.columns.get(at)?;
    let config = config_of(model, &column.subject)?;
    Some(if column.changes.0.is_empty() {
        Cow::Borrowed(config)
    } else {
        Cow::Owned(crate::tui::params::changed(config, &column.changes))
    })
}

/// The text of what a column runs, or why there is none.
pub fn text_of<'a>(model: &'a Model, subject: &Subject) -> Result<Cow<'a, str>, String> {
    match subject {
        Subject::Draft => Ok(Cow::Owned(model.draft.as_ref().map(|draft| draft.text().to_text()).unwrap_or_default())),
        Subject::Version(version) => match model.play.versions.get(version) {
            Some(Ok(snapshot)) => Ok(Cow::Borrowed(&snapshot.text)),
            Some(Err(why)) => Err(why.clone()),
            None => Err(format!("v{version} is still being read; send again in a moment")),
        },
        Subject::Kept { run, .. } => Err(format!("this column shows run {run} of the history and answers nothing")),
    }
}

/// Where a column stands on the screen; `None` when it is not in sight.
pub fn place(model: &Model, at: usize) -> Option<Rect> {
    places(model).into_iter().find(|(index, _)| *index == at).map(|(_, area)| area)
}

/// The columns in sight and where they stand.
pub fn places(model: &Model) -> Vec<(usize, Rect)> {
    let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
    let shown = model.play.in_sight(layout::columns_that_fit(model.size, model.zoomed));
    let count = shown.len();
    shown.zip(layout::side_by_side(areas.transcript, count)).collect()
}

/// The column that stands there.
pub fn at(model: &Model, place: Position) -> Option<usize> {
    places(model).into_iter().find(|(_, area)| area.contains(place)).map(|(index, _)| index)
}

/// Whether what comes for a run would be seen.
pub fn sees(model: &Model, run: u64) -> bool {
    let Some(at) = model.play.column_of(run) else { return false };
    place(model, at).is_some()
}

/// Gives a column the focus.
pub fn focus(model: &mut Model, at: usize) {
    model.play.focused = at.min(model.play.columns.len() - 1);
    model.play.remember();
}

/// The column beside the focused one.
pub fn step(model: &mut Model, by: isize) {
    let at = model.play.focused.saturating_add_signed(by);
    focus(model, at);
    if model.play.columns.len() == 1 {
        let key = model.keymap.shown(crate::tui::keymap::Action::AddColumn);
        model.say(Weight::Note, format!("there is one column; {key} puts another one beside it"));
    }
}

/// The next or the previous pane: the columns, then the message.
pub fn step_pane(model: &mut Model, by: isize) {
    let count = model.play.columns.len();
    let at = if model.play.in_message { count } else { model.play.focused };
    let next = (at.cast_signed() + by).rem_euclid(count.cast_signed() + 1).unsigned_abs();
    model.play.in_message = next == count;
    if next < count {
        focus(model, next);
    }
}

/// Asks what one more column is to run.
pub fn ask_to_add(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.columns.len() == MOST_COLUMNS {
        return model.say(Weight::Note, format!("there are {MOST_COLUMNS} columns, and no more fit"));
    }
    list::open(model, Pick::AddColumn, effects);
}

/// What was chosen of the list of versions.
pub fn chosen(model: &mut Model, pick: Pick, value: &str, effects: &mut Vec<Effect>) {
    let subject = value.parse().map_or(Subject::Draft, Subject::Version);
    read(model, &subject, effects);
    if pick == Pick::AddColumn && model.play.columns.len() < MOST_COLUMNS {
        let column =
            Column { subject: subject.clone(), chosen: model.play.column().chosen.clone(), ..Column::default() };
        let at = model.play.focused + 1;
        model.play.columns.insert(at, column);
        focus(model, at);
        let key = model.keymap.shown(crate::tui::keymap::Action::Regenerate);
        model.say(Weight::Done, format!("column {} runs {subject}; {key} asks it the last message", letter(at)));
    } else {
        let column = model.play.column_mut();
        column.subject = subject.clone();
        // they were changes of another configuration
        column.changes = PromptConfig::default();
        column.touch();
        let at = model.play.focused;
        model.say(Weight::Done, format!("column {} runs {subject} from the next message on", letter(at)));
    }
}

/// The prompt is open again: its columns' versions are read, and those that are gone have no column.
pub fn reopened(model: &mut Model, effects: &mut Vec<Effect>) {
    let there: Vec<Version> =
        model.draft.iter().flat_map(|draft| &draft.entry.versions).map(|entry| entry.version.clone()).collect();
    let columns = &mut model.play.columns;
    columns.retain(|column| match &column.subject {
        Subject::Version(version) => there.contains(version),
        Subject::Draft | Subject::Kept { .. } => true,
    });
    if columns.is_empty() {
        columns.push(Column::default());
    }
    super::blind::ended(model);
    let columns = &model.play.columns;
    let subjects: Vec<Subject> = columns.iter().map(|column| column.subject.clone()).collect();
    for subject in subjects {
        read(model, &subject, effects);
    }
}

/// Has a version read, unless it is known.
fn read(model: &Model, subject: &Subject, effects: &mut Vec<Effect>) {
    if let (Subject::Version(version), Some(draft)) = (subject, &model.draft)
        && !matches!(model.play.versions.get(version), Some(Ok(_)))
    {
        effects.push(Effect::ReadVersion { prompt: draft.entry.name.clone(), version: version.clone() });
    }
}

/// A version was read.
pub fn was_read(model: &mut Model, version: Version, result: Result<Box<Snapshot>, Error>) {
    let result = result.map(Arc::from).map_err(|error| error.to_string());
    if let Err(why) = &result {
        let blind = model.play.blind.is_some();
        let hidden = || "a version that is compared cannot be read; b ends the comparison and shows which".to_owned();
        model.say(Weight::Failed, if blind { hidden() } else { why.clone() });
    }
    model.play.versions.insert(version, result);
}

/// Takes the focused column away, with its conversation; what runs in it is stopped.
pub fn close(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.columns.len() == 1 {
        return model.say(Weight::Note, "this is the only column; it stays");
    }
    let column = model.play.columns.remove(model.play.focused);
    effects.extend(column.talk.running().map(|run| Effect::Cancel { run }));
    focus(model, model.play.focused);
    model.say(Weight::Done, format!("the column of {} is closed", column.subject));
}

/// The turn before or after the one that letters are for.
pub fn step_turn(model: &mut Model, by: isize) {
    let column = model.play.column_mut();
    let Some(turn) = column.turn() else { return model.say(Weight::Note, "nothing was said yet") };
    let last = column.talk.shown().count() - 1;
    let next = turn.saturating_add_signed(by).min(last);
    column.turn = (next < last).then_some(next);
    column.touch();
    show_turn(model);
    model.say(Weight::Note, format!("turn {} of {}", next + 1, last + 1));
}

/// Scrolls the focused column so that its turn begins at the top, where it is not the last one.
fn show_turn(model: &mut Model) {
    let Some(area) = place(model, model.play.focused) else { return };
    let blind = model.play.blind.is_some();
    let with = super::Drawing {
        width: layout::text(area).width,
        spin: model.play.spin,
        blind,
        held: model.play.held(),
        reading: model.play.reading,
    };
    let height = usize::from(layout::inside(area).height);
    let column = model.play.column_mut();
    let Some(turn) = column.turn else {
        column.scrolled = 0;
        return;
    };
    let below = super::transcript::rows_of(column, turn, with);
    column.scrolled = below.saturating_sub(height);
}

/// The next or the previous branch of the turn.
pub fn switch(model: &mut Model, by: isize) {
    let column = model.play.column_mut();
    let Some(turn) = column.turn() else { return model.say(Weight::Note, "nothing was said yet") };
    if column.talk.switch(turn, by) {
        (column.turn, column.scrolled) = (Some(turn), 0);
        column.touch();
        let (at, count) = column.talk.branch(turn).unwrap_or_default();
        model.play.remember();
        model.say(Weight::Note, format!("branch {} of {count} of turn {}", at + 1, turn + 1));
    } else {
        let what = if column.talk.branch(turn).is_some_and(|(_, count)| count > 1) { "no further" } else { "no other" };
        model.say(Weight::Note, format!("turn {} has {what} branch", turn + 1));
    }
}

/// Marks the words by which the last replies of two columns differ, or no longer.
pub fn toggle_comparing(model: &mut Model) {
    if model.play.comparing.take().is_some() {
        for column in &mut model.play.columns {
            column.marks = None;
            column.touch();
        }
        let how = if model.play.reading.raw { "" } else { "; Markdown is rendered again" };
        return model.say(Weight::Note, format!("words are no longer compared{how}"));
    }
    let Some(other) = model.play.other() else {
        let key = model.keymap.shown(crate::tui::keymap::Action::AddColumn);
        return model.say(Weight::Note, format!("there is one column; {key} puts another one beside it"));
    };
    model.play.comparing = Some(Comparing::default());
    let (here, there) = (letter(model.play.focused), letter(other));
    let text = format!("words that only one of {there} and {here} has are marked, in replies as they came");
    model.say(Weight::Note, text);
}

/// Asks for the comparison when two replies are whole and it is not known how they differ.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    for column in &mut model.play.columns {
        let long = column.talk.settle().into_iter();
        effects.extend(long.map(|(run, reply)| Effect::RenderReply { run, reply }));
    }
    ask_for_checks(model, effects);
    let Some(other) = model.play.other() else {
        model.play.comparing = None;
        return;
    };
    let (from, to) = (other.min(model.play.focused), other.max(model.play.focused));
    let reply = |at: usize| {
        let whole = model.play.columns[at].talk.last().filter(|exchange| exchange.finish.is_some())?;
        Some((whole.run, whole.reply.clone()))
    };
    let Some(asked) = model.play.comparing.and_then(|comparing| comparing.runs.or(Some((0, 0)))) else { return };
    let run = |at: usize| model.play.columns[at].talk.last().map_or(0, |exchange| exchange.run);
    if asked == (run(from), run(to)) {
        return;
    }
    let (Some(from), Some(to)) = (reply(from), reply(to)) else { return };
    model.play.comparing = Some(Comparing { runs: Some((from.0, to.0)) });
    effects.push(Effect::CompareReplies { from, to });
}

/// Has the replies that are whole checked, where the configuration of their column names a schema.
fn ask_for_checks(model: &mut Model, effects: &mut Vec<Effect>) {
    for at in 0..model.play.columns.len() {
        // most configurations name none, and a reply may be long
        if settings_of(model, at).is_none_or(|config| !config.0.contains_key("schema")) {
            continue;
        }
        let whole = |exchange: &&Exchange| {
            exchange.schema == Schema::Unasked
                && matches!(exchange.finish, Some(Finish::End | Finish::Stop | Finish::Length))
        };
        let last = model.play.columns[at].talk.last().filter(whole);
        let Some((run, reply)) = last.map(|exchange| (exchange.run, exchange.reply.clone())) else { continue };
        let (Some(config), Some(draft)) = (settings_of(model, at).map(Cow::into_owned), &model.draft) else { continue };
        effects.push(Effect::CheckReply { prompt: draft.entry.name.clone(), run, config, reply });
        if let Some(exchange) = model.play.columns[at].talk.of_run_mut(run) {
            exchange.schema = Schema::Asked;
        }
    }
}

/// A long reply was rendered.
pub fn rendered(model: &mut Model, run: u64, blocks: Vec<Block>) {
    let Some(at) = model.play.column_of(run) else { return };
    let column = &mut model.play.columns[at];
    // one that is still coming in is shown as it comes
    if let Some(exchange) = column.talk.of_run_mut(run).filter(|exchange| exchange.finish.is_some()) {
        exchange.rendered = Some(blocks);
        column.touch();
    }
}

/// A reply was checked against its schema.
pub fn checked(model: &mut Model, run: u64, verdict: Verdict) {
    let Some(at) = model.play.column_of(run) else { return };
    let column = &mut model.play.columns[at];
    if let Some(exchange) = column.talk.of_run_mut(run) {
        exchange.schema = Schema::Told(verdict);
        column.touch();
    }
}

/// Two replies were compared.
pub fn compared(model: &mut Model, marks: [(u64, Vec<Range<usize>>); 2]) {
    let runs = (marks[0].0, marks[1].0);
    if model.play.comparing != Some(Comparing { runs: Some(runs) }) {
        return;
    }
    for column in &mut model.play.columns {
        column.marks = None;
        column.touch();
    }
    for (run, words) in marks {
        if let Some(at) = model.play.column_of(run) {
            model.play.columns[at].marks = Some(Marks { run, words });
        }
    }
}
