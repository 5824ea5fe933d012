//! Lists over the screen: library, palette, help, versions, value sets, models, themes; and lines that are asked for.

mod actions;
mod rows;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{diff, draft, keys};
pub use rows::AT;
use rows::{OTHER_MODEL, library, models, plain, sets, versions};

use crate::model::ModelName;
use crate::tui::diffing::Chosen;
use crate::tui::draft::section_of;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Theming, Weight};
use crate::tui::overlay::{Ask, Hand, Overlay, Pick, Picker};
use crate::tui::theme::by_name;

pub use actions::{open_help, open_palette};

/// Opens the list for `pick`.
pub fn open(model: &mut Model, pick: Pick, effects: &mut Vec<Effect>) {
    if matches!(pick, Pick::Library | Pick::Set) {
        effects.push(Effect::ListTrash);
    }
    let picker = match pick {
        Pick::Library => library(model),
        Pick::From | Pick::To | Pick::Reviewed => versions(model, pick),
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
        Pick::KeepTurn => super::evidence::rows(),
        Pick::Cassette => super::tape::rows(model),
        Pick::Vote => rows::votes(),
        Pick::AddColumn | Pick::Subject => rows::subjects(model, pick),
        Pick::Findings => return super::lint::open(model),
        Pick::Agreement => rows::agreements(model),
        // they are opened by their own actions
        Pick::Begin => return super::begin::choose_version(model),
        Pick::Deploy => return super::release::choose_version(model),
        Pick::Releases => return super::release::ask_log(model, effects),
        Pick::Section => {
            let title = |index: usize| section_of(index).map_or("", |section| section.title());
            Picker::new("Move the lines into", (1..6).map(|index| plain(title(index), &index.to_string())).collect())
        }
    };
    model.overlay = Some(Overlay::Pick(pick, picker));
}

/// Something was found while a list of it is open.
pub fn refresh(model: &mut Model) {
    let picker = match &model.overlay {
        Some(Overlay::Pick(Pick::Library, _)) => Some(library(model)),
        Some(Overlay::Pick(Pick::Set, _)) => sets(model),
        Some(Overlay::Pick(Pick::Model, _)) => Some(models(model)),
        Some(Overlay::Pick(Pick::Cassette, _)) => Some(super::tape::rows(model)),
        _ => None,
    };
    let Some(mut picker) = picker else { return };
    if let Some(Overlay::Pick(_, open)) = &mut model.overlay {
        picker.selected = open.selected;
        picker.typing = open.typing;
        picker.filter = std::mem::take(&mut open.filter);
        *open = picker;
    }
}

/// Asks for the name of a set.
pub fn ask_set_name(model: &mut Model) {
    if super::variables::refuses_secrets(model) {
        return;
    }
    let name = model.draft.as_ref().and_then(|draft| draft.values.set.clone()).unwrap_or_default();
    model.overlay = Some(Overlay::Ask(Ask::SetName, Input::chosen(&name)));
}

/// Asks for the name of a prompt.
pub fn ask_prompt_name(model: &mut Model) {
    if !matches!(&model.overlay, None | Some(Overlay::Pick(Pick::Library, _))) {
        return;
    }
    model.overlay = Some(Overlay::Ask(Ask::PromptName, Input::default()));
}

/// A key that goes into a list's filter; `false` when it does not.
pub fn typed(model: &mut Model, key: KeyEvent) -> bool {
    let Some(overlay) = &mut model.overlay else { return false };
    let (filter, typing, selected) = match overlay {
        Overlay::Help(picker, _) => (&mut picker.filter, &mut picker.typing, &mut picker.selected),
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
    if matches!(model.overlay, Some(Overlay::Past)) {
        return super::past::act(model, action, effects);
    }
    match action {
        A::ListDrill => return super::drill::begin(model, effects),
        A::ListBegin => {
            if let Some(version) = super::begin::chosen(model) {
                model.overlay = None;
                super::begin::from(model, version, false, effects);
            }
            return;
        }
        A::RowClose => {
            model.close_box();
            super::committing::ask_if_quiet(model);
            return;
        }
        A::RowOpen => return choose(model, effects),
        _ => {}
    }
    if matches!(model.overlay, Some(Overlay::Thread(_))) {
        return super::margins::scroll(
            model,
            match action {
                A::ListUp => -1,
                A::ListDown => 1,
                A::ListPageUp => -10,
                A::ListPageDown => 10,
                A::ListTop => isize::MIN / 2,
                A::ListBottom => isize::MAX / 2,
                _ => 0,
            },
        );
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
    let spent = crate::tui::spending::lines(model).len();
    match &mut model.overlay {
        Some(Overlay::Spend(first)) => step(first, spent.saturating_sub(1)),
        Some(Overlay::Drill(open)) => {
            let last = open.lines().len().saturating_sub(1);
            step(&mut open.top, last);
        }
        Some(Overlay::Story(open)) => {
            step(&mut open.top, open.lines.as_ref().map_or(0, |lines| lines.len().saturating_sub(1)));
        }
        Some(Overlay::Help(picker, _)) => {
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
                return chosen(model, pick, &row.value, effects);
            }
            let written = picker.filter.text();
            // whoever knows what their model is called need not find it in a list
            if pick == Pick::Model && ModelName::parse(&written).is_some() {
                return choose_model(model, written.trim());
            }
            if !picker.rows.is_empty() {
                model.overlay = Some(Overlay::Pick(pick, picker));
            }
        }
        Some(help @ Overlay::Help(..)) => model.overlay = help.below(),
        _ => {}
    }
}

fn chosen(model: &mut Model, pick: Pick, value: &str, effects: &mut Vec<Effect>) {
    if super::trash::chosen(model, value, effects) {
        return;
    }
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
                    diff::choose(model, Hand::Left, Chosen::Version(version));
                    diff::choose(model, Hand::Right, Chosen::Draft);
                    keys::show(model, crate::tui::model::ScreenId::Diff);
                }
            }
            Some((name, _)) => draft::open(model, name, effects),
        },
        Pick::From | Pick::To => {
            let hand = if pick == Pick::From { Hand::Left } else { Hand::Right };
            match value {
                rows::REVISION => model.overlay = Some(Overlay::Ask(Ask::Revision(hand), Input::chosen("HEAD"))),
                rows::SIDE_FILE => model.overlay = Some(Overlay::Ask(Ask::SideFile(hand), Input::default())),
                value => diff::choose(model, hand, diff::named(value)),
            }
        }
        Pick::Reviewed => super::reviewing::choose(model, value.parse().map_or(Chosen::Draft, Chosen::Version)),
        Pick::KeepTurn => super::evidence::chosen(model, value),
        Pick::Cassette => super::tape::chosen(model, value, effects),
        Pick::Vote => super::play::blind::chosen(model, value),
        Pick::AddColumn | Pick::Subject => super::play::columns::chosen(model, pick, value, effects),
        Pick::Findings => super::lint::chosen(model, value),
        Pick::Agreement => super::consent::take_back(model, value, effects),
        Pick::Begin => {
            if let Ok(version) = value.parse() {
                super::begin::from(model, version, false, effects);
            }
        }
        Pick::Deploy => super::release::deploy(model, value, effects),
        Pick::Releases => super::release::compare(model, value),
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
                model.theme = theme.with_signs(model.theme.signs());
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
        Some(name) if let Err(unknown) = model.settings.provider(&name.provider) => {
            let text = format!("{name} was not chosen: {unknown}");
            model.say(Weight::Warning, text);
        }
        Some(name) => {
            model.say(Weight::Done, format!("{name} answers"));
            let column = model.play.column_mut();
            column.chosen = Some(name);
            column.touch();
        }
        None => model.say(Weight::Warning, format!("{name:?} is no model: write PROVIDER:MODEL, or offline")),
    }
}
