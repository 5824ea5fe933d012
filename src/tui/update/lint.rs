//! Findings of the linter: asked for in the background, listed, gone to, fixed, allowed.

use std::sync::Arc;

use crate::error::Error;
use crate::library::LintTable;
use crate::lint::{Allow, Severity, apply};
use crate::tui::draft::{PaneId, section_of};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::linting::{LINT_MS, Mark, Moment, ToLint, sign};
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::{Ask, Overlay, Pick, PickRow, Picker};

/// The text that is shown, with all that the linter is told about it.
fn moment(model: &Model) -> Option<Moment> {
    let draft = model.draft.as_ref()?;
    Some((model.openings, draft.moment, draft.values.revision, model.linting.changes))
}

/// After every message: a text that was not looked at yet will be, as soon as it rests.
pub fn follow(model: &mut Model, effects: &mut Vec<Effect>) {
    let now = moment(model);
    let known = now == model.linting.of || now == model.linting.under_way;
    if now.is_some() && !known && !model.linting.due && model.linting.under_way.is_none() {
        model.linting.due = true;
        // a prompt that was just opened rests already
        let rests = model.linting.of.is_none_or(|of| of.0 != model.openings);
        effects.push(Effect::After(Timer::Lint, if rests { 0 } else { LINT_MS }));
    }
}

/// The time has come.
pub fn due(model: &mut Model, effects: &mut Vec<Effect>) {
    model.linting.due = false;
    let now = moment(model);
    if model.linting.under_way.is_some() || now == model.linting.of {
        return;
    }
    if let (Some(now), Some(draft)) = (now, &model.draft) {
        model.linting.under_way = Some(now);
        effects
            .push(Effect::Lint { moment: now, asked: Box::new(ToLint::of(draft, &model.linting.table, model.today)) });
    }
}

/// What was found. A result for a prompt that is no longer open is dropped; one for an older text is shown until the
/// next one comes.
pub fn linted(model: &mut Model, of: Moment, marks: Arc<Vec<Mark>>) {
    model.linting.under_way = None;
    if of.0 != model.openings {
        return;
    }
    model.linting.of = Some(of);
    // while one types a result comes again and again, and mostly the signs beside the text are the same
    if !model.linting.marks.iter().map(Mark::drawn).eq(marks.iter().map(Mark::drawn)) {
        model.linting.revision += 1;
    }
    model.linting.marks = marks;
    if matches!(model.overlay, Some(Overlay::Pick(Pick::Findings, _))) {
        refresh(model);
    }
}

/// Opens the list.
pub fn open(model: &mut Model) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open");
    }
    if model.linting.marks.is_empty() {
        let looked = model.linting.of.is_some();
        let words = if looked { "lint: nothing to report in this prompt" } else { "the text is being looked at" };
        return model.say(Weight::Done, words);
    }
    if model.level == Level::Edit {
        super::leave_edit(model);
    }
    model.overlay = Some(Overlay::Pick(Pick::Findings, picker(model)));
}

fn picker(model: &Model) -> Picker<String> {
    let rows = model.linting.marks.iter().enumerate().map(|(index, mark)| {
        let finding = &mark.finding;
        let place = match (finding.settings, section_of(mark.pane)) {
            (Some(place), _) => format!("prompt.toml {}", place.line),
            (None, section) => format!("{} {}", section.map_or("Unsorted", |section| section.short()), mark.line + 1),
        };
        let fix = if finding.fix.is_some() { ", f fixes" } else { "" };
        let (sign, word) = (sign(finding.severity), finding.severity.word());
        PickRow {
            value: index.to_string(),
            label: format!("{sign} {word:7} {place:15} {}", finding.message),
            detail: format!("{}{fix}", finding.rule.id),
            disabled: None,
        }
    });
    let rows: Vec<PickRow<String>> = rows.collect();
    let here = model.draft.as_ref().and_then(|draft| model.linting.under_cursor(draft));
    let selected = here.and_then(|here| model.linting.marks.iter().position(|mark| std::ptr::eq(mark, here)));
    Picker { selected: selected.unwrap_or(0), ..Picker::new("Lint", rows) }
}

fn refresh(model: &mut Model) {
    if model.linting.marks.is_empty() {
        model.overlay = None;
        return model.say(Weight::Done, "lint: nothing left to report in this prompt");
    }
    let mut picker = picker(model);
    if let Some(Overlay::Pick(_, open)) = &mut model.overlay {
        picker.filter = std::mem::take(&mut open.filter);
        picker.typing = open.typing;
        picker.selected = open.selected.min(picker.shown().len().saturating_sub(1));
        *open = picker;
    }
}

/// Goes to the finding that a row of the list stands for.
pub fn chosen(model: &mut Model, value: &str) {
    let mark = value.parse::<usize>().ok().and_then(|index| model.linting.marks.get(index)).cloned();
    if let Some(mark) = mark {
        go(model, &mark);
    }
}

fn go(model: &mut Model, mark: &Mark) {
    model.screen = ScreenId::Draft;
    let finding = &mark.finding;
    let help = format!("{} [{}]: {}", finding.message, finding.rule.id, finding.help);
    let weight = match finding.severity {
        Severity::Error => Weight::Failed,
        Severity::Warning => Weight::Warning,
        Severity::Note => Weight::Note,
    };
    if finding.settings.is_none()
        && let Some(draft) = &mut model.draft
    {
        draft.focus = PaneId::Text(mark.pane);
        let buffer = &mut draft.panes[mark.pane];
        let end = buffer.rope().len_chars();
        let (start, stop) = (mark.chars.0.min(end), mark.chars.1.min(end));
        buffer.select(start..stop);
        if start == stop {
            buffer.deselect();
        }
    }
    model.say(weight, help);
}

/// The finding after or before the cursor, over all panes, and round.
pub fn step(model: &mut Model, action: Action) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    let marks = Arc::clone(&model.linting.marks);
    let here = match draft.focus {
        PaneId::Text(pane) => {
            let at = draft.panes[pane].selection().map_or(draft.panes[pane].cursor(), |chosen| chosen.start);
            (pane, at)
        }
        _ => (0, 0),
    };
    let place = |mark: &&Mark| (mark.pane, mark.chars.0);
    let in_text = || marks.iter().filter(|mark| mark.finding.settings.is_none());
    let found = if action == Action::NextFinding {
        in_text().find(|mark| place(mark) > here).or_else(|| in_text().next())
    } else {
        in_text().rfind(|mark| place(mark) < here).or_else(|| in_text().next_back())
    };
    match found {
        Some(mark) => go(model, mark),
        None => model.say(Weight::Done, "lint: nothing to report in this prompt"),
    }
}

/// The finding that is meant: the chosen row of the list, else the one under the cursor.
fn meant(model: &Model) -> Option<&Mark> {
    if let Some(Overlay::Pick(pick, picker)) = &model.overlay {
        let index = picker.chosen().filter(|_| *pick == Pick::Findings)?.value.parse::<usize>().ok()?;
        return model.linting.marks.get(index);
    }
    model.linting.under_cursor(model.draft.as_ref()?)
}

/// Why the finding that is meant cannot be fixed; `None` when it can, or when none is meant.
pub fn why_no_fix(model: &Model) -> Option<&'static str> {
    match meant(model) {
        None => Some("no finding is chosen"),
        Some(mark) if mark.finding.fix.is_none() => Some("this finding has no safe fix"),
        Some(_) => None,
    }
}

/// Fixes the finding that is meant, as one undo step.
pub fn fix(model: &mut Model) {
    if let Some(why) = why_no_fix(model) {
        return model.say(Weight::Note, why);
    }
    let Some((label, edits)) = meant(model).and_then(|mark| mark.finding.fix.clone()).map(|fix| (fix.label, fix.edits))
    else {
        return;
    };
    if moment(model) != model.linting.of {
        return model.say(Weight::Note, "the text has changed since; once more in a moment");
    }
    let key = model.keymap.shown(Action::Undo);
    let Some(draft) = &mut model.draft else { return };
    let text = draft.text().to_text();
    draft.history.end_group();
    draft.replace_text(&apply(&text, &edits));
    model.say(Weight::Done, format!("done: {label}; {key} takes it back"));
}

/// Asks why the finding that is meant is all right.
pub fn allow(model: &mut Model) {
    const NEVER_WRITTEN: [&str; 4] = ["secret", "card-number", "email-address", "phone-number"];
    let Some(mark) = meant(model).cloned() else { return model.say(Weight::Note, "no finding is chosen") };
    let id = mark.finding.rule.id;
    let is_private = |near: &Mark| NEVER_WRITTEN.contains(&near.finding.rule.id);
    if is_private(&mark) || model.linting.in_line(mark.pane, mark.line).any(is_private) {
        // the line would go into prompt.toml with what is private in it
        let words = "the line holds something private, which would go into prompt.toml: write [[lint.allow]] there with a text \
                     that gives nothing away";
        return model.say(Weight::Note, words);
    }
    if mark.said.is_empty() || mark.finding.settings.is_some() {
        return model.say(Weight::Note, format!("[lint] {id} = \"off\" in prompt.toml switches the rule off"));
    }
    model.linting.allowing = Some(mark);
    model.overlay = Some(Overlay::Ask(Ask::AllowReason, Input::default()));
}

/// The reason is written.
pub fn allowed_because(model: &mut Model, reason: &str, effects: &mut Vec<Effect>) {
    let Some(mark) = model.linting.allowing.take() else { return };
    if reason.trim().is_empty() {
        model.linting.allowing = Some(mark);
        model.overlay = Some(Overlay::Ask(Ask::AllowReason, Input::default()));
        return model.say(Weight::Warning, "say why it is all right: the next reader has to know");
    }
    let Some(draft) = &model.draft else { return };
    let rule = mark.finding.rule.id.to_owned();
    let allow = Allow { rule, text: mark.said, reason: reason.trim().to_owned() };
    effects.push(Effect::Allow { prompt: draft.entry.name.clone(), allow });
}

/// The exception stands in `prompt.toml`, or why not.
pub fn allowed(model: &mut Model, prompt: &str, result: Result<LintTable, Error>) {
    match result {
        Ok(table) => {
            if model.draft.as_ref().is_some_and(|draft| draft.entry.name == prompt) {
                model.linting.table = table;
                model.linting.changes += 1;
            }
            model.say(Weight::Done, "allowed; the reason stands in prompt.toml");
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}
