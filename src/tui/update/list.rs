//! Lists over the screen: library, palette, help, versions, value sets, models, themes; and lines that are asked for.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{diff, draft, keys};
use crate::model::ModelName;
use crate::tui::diffing::Chosen;
use crate::tui::draft::section_of;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::{Action, Context, TABLE};
use crate::tui::model::{Model, Theming, Weight};
use crate::tui::overlay::{Ask, HelpRow, Overlay, Pick, PickRow, Picker};
use crate::tui::theme::by_name;

/// What stands before a version's row in the library list: `NAME@VERSION`.
const AT: char = '@';
/// The row of a model list that asks for a name.
const OTHER_MODEL: &str = "another model…";

/// Help: the keys of where we are first, then the rest.
pub fn open_help(model: &mut Model) {
    let mut order = model.contexts();
    order.extend(Context::ALL.into_iter().filter(|context| !model.contexts().contains(context)));
    let mut rows = Vec::new();
    for context in order {
        let mut group = Vec::new();
        for entry in TABLE {
            let keys: Vec<String> = model.keymap.keys_in(context, entry.action).map(|key| key.to_string()).collect();
            if !keys.is_empty() {
                let label = format!("{:<20} {}", keys.join(" "), entry.label);
                group.push(PickRow { value: HelpRow::Key, label, detail: String::new(), disabled: None });
            }
        }
        if !group.is_empty() {
            let title = context.title().to_owned();
            rows.push(PickRow { value: HelpRow::Heading, label: title, detail: String::new(), disabled: None });
            rows.append(&mut group);
        }
    }
    model.overlay = Some(Overlay::Help(Picker::new("Help: the keys, those of this pane first", rows)));
}

/// Every action by name, with its key, and why when it cannot be done now.
pub fn open_palette(model: &mut Model) {
    let rows = TABLE.iter().filter(|entry| entry.action.in_palette()).map(|entry| PickRow {
        value: entry.action,
        label: entry.label.to_owned(),
        detail: model.keymap.shown(entry.action),
        disabled: disabled(model, entry.action),
    });
    let rows = rows.collect();
    model.overlay = Some(Overlay::Palette(Picker::searching("Actions", rows)));
}

fn disabled(model: &Model, action: Action) -> Option<String> {
    use Action as A;
    let why = match action {
        A::Save
        | A::Send
        | A::Freeze
        | A::Find
        | A::DraftDiff
        | A::ChooseSet
        | A::SaveSet
        | A::ValueEdit
        | A::Clear
            if model.draft.is_none() =>
        {
            "no prompt is open"
        }
        A::FindNext | A::FindPrevious if model.finding.is_none() => "nothing is searched for",
        A::NextChange | A::PreviousChange | A::NextSection | A::PreviousSection if model.diffing.compared.is_none() => {
            "nothing is compared"
        }
        A::MoveToSection if model.draft.as_ref().is_none_or(|draft| draft.panes[0].is_empty()) => "no unsorted text",
        A::Cut | A::Copy if model.buffer().and_then(crate::tui::editor::Buffer::selected_text).is_none() => {
            "nothing is selected"
        }
        A::Cut
        | A::Copy
        | A::Paste
        | A::SelectAll
        | A::DeleteWordBack
        | A::DeleteWordForward
        | A::DeleteLine
        | A::MoveLineUp
        | A::MoveLineDown
        | A::Indent
        | A::Outdent
            if model.buffer().is_none() =>
        {
            "no text has the focus"
        }
        A::ChooseSet if model.draft.as_ref().is_some_and(|draft| draft.values.sets.is_empty()) => "no value sets yet",
        _ => return None,
    };
    Some(why.to_owned())
}

/// Opens the list for `pick`.
pub fn open(model: &mut Model, pick: Pick, effects: &mut Vec<Effect>) {
    let picker = match pick {
        Pick::Library => library(model),
        Pick::From | Pick::To => versions(model, pick),
        Pick::Set => match sets(model) {
            Some(picker) => picker,
            None => return model.say(Weight::Note, "no value sets yet: W in the variables pane saves one"),
        },
        Pick::Model => {
            effects.push(Effect::FindModels);
            models(model)
        }
        Pick::Theme => {
            let rows = model
                .themes
                .iter()
                .map(|(name, own)| plain(name, if own.is_some() { "your own" } else { "" }))
                .collect();
            Picker::new("Theme", rows).at(&model.theme.name().to_owned())
        }
        Pick::Section => {
            let title = |index: usize| section_of(index).map_or("", |section| section.title());
            Picker::new("Move the lines into", (1..6).map(|index| plain(title(index), &index.to_string())).collect())
        }
    };
    model.overlay = Some(Overlay::Pick(pick, picker));
}

fn plain(label: &str, detail: &str) -> PickRow<String> {
    PickRow { value: label.to_owned(), label: label.to_owned(), detail: detail.to_owned(), disabled: None }
}

fn library(model: &Model) -> Picker<String> {
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
            let runs: Vec<&str> = entry
                .environments
                .iter()
                .filter(|(_, running)| *running == version.version)
                .map(|(environment, _)| environment.as_str())
                .collect();
            let is_open = model.draft.as_ref().is_some_and(|draft| draft.entry.name == entry.name);
            rows.push(PickRow {
                value: format!("{}{AT}{}", entry.name, version.version),
                label: format!("    v{}  {}", version.version, version.date),
                detail: if runs.is_empty() {
                    if is_open { "compare with the draft".into() } else { String::new() }
                } else {
                    format!("runs in {}", runs.join(", "))
                },
                disabled: None,
            });
        }
    }
    let open = model.draft.as_ref().map(|draft| draft.entry.name.clone()).unwrap_or_default();
    Picker::new("Library", rows).at(&open)
}

fn versions(model: &Model, pick: Pick) -> Picker<String> {
    let (title, now) = match pick {
        Pick::From => ("Left side", &model.diffing.from),
        _ => ("Right side", &model.diffing.to),
    };
    let mut rows = vec![plain("draft", "as it is typed")];
    if let Some(draft) = &model.draft {
        rows.extend(draft.entry.versions.iter().rev().map(|entry| PickRow {
            value: entry.version.to_string(),
            label: format!("v{}", entry.version),
            detail: entry.date.to_string(),
            disabled: None,
        }));
    }
    let now = match now {
        Some(Chosen::Version(version)) => version.to_string(),
        _ => "draft".to_owned(),
    };
    Picker::new(title, rows).at(&now)
}

fn sets(model: &Model) -> Option<Picker<String>> {
    let values = &model.draft.as_ref()?.values;
    if values.sets.is_empty() {
        return None;
    }
    let rows = values.sets.iter().map(|set| plain(&set.name, &format!("{} values", set.values.0.len()))).collect();
    Some(Picker::new("Value set", rows).at(&values.set.clone().unwrap_or_default()))
}

fn models(model: &Model) -> Picker<String> {
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
    let mut rows: Vec<PickRow<String>> = names.iter().map(|(name, detail)| plain(name, detail)).collect();
    rows.push(plain(OTHER_MODEL, "PROVIDER:MODEL"));
    let now = super::play::model_of(model).map(|name| name.to_string()).unwrap_or_default();
    Picker::new("Model", rows).at(&now)
}

/// Models were found while their list is open.
pub fn refresh_models(model: &mut Model) {
    let mut picker = models(model);
    if let Some(Overlay::Pick(_, open)) = &mut model.overlay {
        picker.selected = open.selected;
        picker.typing = open.typing;
        picker.filter = std::mem::take(&mut open.filter);
        *open = picker;
    }
}

/// Asks for the name of a set.
pub fn ask_set_name(model: &mut Model) {
    let name = model.draft.as_ref().and_then(|draft| draft.values.set.clone()).unwrap_or_default();
    model.overlay = Some(Overlay::Ask(Ask::SetName, Input::chosen(&name)));
}

/// Asks for the name of a prompt.
pub fn ask_prompt_name(model: &mut Model) {
    if matches!(&model.overlay, Some(Overlay::Pick(pick, _)) if *pick != Pick::Library) {
        return;
    }
    model.overlay = Some(Overlay::Ask(Ask::PromptName, Input::default()));
}

/// The search line, with what was searched for last.
pub fn find_input(model: &Model) -> Input {
    Input::chosen(model.finding.as_ref().map_or("", |finding| &finding.text))
}

/// A key that goes into a list's filter; `false` when it does not.
pub fn typed(model: &mut Model, key: KeyEvent) -> bool {
    let Some(overlay) = &mut model.overlay else { return false };
    let (filter, typing, selected) = match overlay {
        Overlay::Help(picker) => (&mut picker.filter, &mut picker.typing, &mut picker.selected),
        Overlay::Palette(picker) => (&mut picker.filter, &mut picker.typing, &mut picker.selected),
        Overlay::Pick(_, picker) => (&mut picker.filter, &mut picker.typing, &mut picker.selected),
        _ => return false,
    };
    if !*typing {
        return false;
    }
    let moves = matches!(key.code, KeyCode::Home | KeyCode::End)
        || matches!(key.code, KeyCode::Char('p' | 'n')) && key.modifiers.contains(KeyModifiers::CONTROL);
    if moves || !filter.key(key) {
        return false;
    }
    *selected = 0;
    true
}

/// What an action does in the open list.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    match action {
        A::RowClose => {
            model.overlay = None;
            return;
        }
        A::RowOpen => return choose(model, effects),
        _ => {}
    }
    let step = |selected: &mut usize, last: usize| {
        *selected = match action {
            A::ListUp => selected.saturating_sub(1),
            A::ListDown => (*selected + 1).min(last),
            A::ListPageUp => selected.saturating_sub(10),
            A::ListPageDown => (*selected + 10).min(last),
            A::ListTop => 0,
            A::ListBottom => last,
            _ => *selected,
        };
    };
    match &mut model.overlay {
        Some(Overlay::Help(picker)) => {
            picker.typing |= action == A::ShowFilter;
            let last = picker.shown().len().saturating_sub(1);
            step(&mut picker.selected, last);
        }
        Some(Overlay::Palette(picker)) => {
            let last = picker.shown().len().saturating_sub(1);
            step(&mut picker.selected, last);
        }
        Some(Overlay::Pick(_, picker)) => {
            picker.typing |= action == A::ShowFilter;
            let last = picker.shown().len().saturating_sub(1);
            step(&mut picker.selected, last);
        }
        _ => {}
    }
}

/// The chosen row does what it stands for.
pub fn choose(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.overlay.take() {
        Some(Overlay::Palette(picker)) => match picker.chosen() {
            Some(row) if row.disabled.is_none() => keys::act(model, row.value, effects),
            Some(row) => {
                let why = row.disabled.clone().unwrap_or_default();
                model.say(Weight::Note, format!("{}: {why}", row.label));
            }
            None => {}
        },
        Some(Overlay::Pick(pick, picker)) => {
            if let Some(row) = picker.chosen() {
                chosen(model, pick, &row.value, effects);
            }
        }
        _ => {}
    }
}

fn chosen(model: &mut Model, pick: Pick, value: &str, effects: &mut Vec<Effect>) {
    match pick {
        Pick::Library => match value.split_once(AT) {
            None => {
                keys::show(model, crate::tui::model::ScreenId::Draft);
                if model.draft.as_ref().is_none_or(|draft| draft.entry.name != value) {
                    draft::open(model, value, effects);
                }
            }
            Some((name, version)) if model.draft.as_ref().is_some_and(|draft| draft.entry.name == name) => {
                if let Ok(version) = version.parse() {
                    diff::choose(model, true, Chosen::Version(version));
                    diff::choose(model, false, Chosen::Draft);
                    keys::show(model, crate::tui::model::ScreenId::Diff);
                }
            }
            Some((name, _)) => draft::open(model, name, effects),
        },
        Pick::From | Pick::To => {
            let side = value.parse().map_or(Chosen::Draft, Chosen::Version);
            diff::choose(model, pick == Pick::From, side);
        }
        Pick::Set => {
            if model.draft.as_ref().is_some_and(|draft| draft.values.editing.is_some()) {
                super::leave_edit(model);
            }
            if let Some(draft) = &mut model.draft {
                draft.values.choose(value);
                model.say(Weight::Done, format!("values of {value}"));
            }
        }
        Pick::Model if value == OTHER_MODEL => model.overlay = Some(Overlay::Ask(Ask::Model, Input::default())),
        Pick::Model => choose_model(model, value),
        Pick::Theme => match by_name(&model.themes, value, model.depth) {
            Ok(theme) => {
                model.theme = theme;
                model.theming = Theming::Chosen;
            }
            Err(error) => model.say(Weight::Failed, error.to_string()),
        },
        Pick::Section => {
            if let Some(index) = (1..6).find(|index| section_of(*index).is_some_and(|section| section.title() == value))
            {
                draft::move_to_section(model, index);
            }
        }
    }
}

/// The model that answers from now on.
pub fn choose_model(model: &mut Model, name: &str) {
    match ModelName::parse(name) {
        Some(name) => {
            model.say(Weight::Done, format!("{name} answers"));
            model.play.chosen = Some(name);
        }
        None => model.say(Weight::Warning, format!("{name:?} is no model: write PROVIDER:MODEL, or offline")),
    }
}
