//! The two lists of actions: help and palette.

use crate::tui::instead::in_keys;
use crate::tui::keymap::{Context, TABLE};
use crate::tui::model::Model;
use crate::tui::overlay::{HelpRow, Overlay, PickRow, Picker};
use crate::tui::possible::why_not;

/// Help: the keys of where we are first, then the rest.
pub fn open_help(model: &mut Model) {
    let mut order = model.contexts();
    order.extend(Context::ALL.into_iter().filter(|context| !model.contexts().contains(context)));
    let mut rows = Vec::new();
    for context in order {
        let mut group = Vec::new();
        for entry in TABLE {
            let keys: Vec<String> = model.keymap.keys_in(context, entry.action).map(ToString::to_string).collect();
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
    let below = model.overlay.take().map(Box::new);
    let title = if below.is_some() {
        "Help: the keys, those of this box first"
    } else {
        "Help: the keys, those of this pane first"
    };
    model.overlay = Some(Overlay::Help(Picker::new(title, rows), below));
}

/// Every action by name, with its key, and why when it cannot be done now.
pub fn open_palette(model: &mut Model) {
    let rows = TABLE.iter().filter(|entry| entry.action.in_palette()).map(|entry| PickRow {
        value: entry.action,
        label: entry.label.to_owned(),
        detail: model.keymap.shown(entry.action),
        disabled: why_not(model, entry.action).map(|why| in_keys(&why, &model.keymap)),
    });
    let rows = rows.collect();
    model.overlay = Some(Overlay::Palette(Picker::searching("Actions", rows)));
}
