//! What effects ask for, and what stands for their results.

use crossterm::event::KeyEvent;
use semver::Version;

use crate::tui::counting::{Counting, Tally};
use crate::tui::effect::Effect;
use crate::tui::keymap::Chord;

/// What is to be counted; the last one, when there are several.
pub fn to_count(effects: &[Effect]) -> Option<Counting> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Count(counting) => Some((**counting).clone()),
        _ => None,
    })
}

/// A count by an estimate. The version before has ten tokens.
pub fn tally_of(asked: &Counting) -> Tally {
    let (values, declarations) = &*asked.known;
    let resolver = crate::prompt::Resolver {
        given: values,
        set: None,
        message: Some(""),
        conversation_history: Some(""),
        declarations,
    };
    let (document, counter) = (asked.text.to_document(), crate::prompt::Estimate);
    Tally {
        basis: asked.basis.clone(),
        counts: crate::prompt::count(&document, &resolver, &counter),
        tokenizer: "estimate".into(),
        counter: None,
        exact: None,
        base: asked.basis.base.as_ref().map(|_| 10),
        advice: asked.basis.advises.then(|| crate::prompt::advise(&document, &resolver, &counter)),
    }
}

/// One key as the config writes it.
pub fn key(name: &str) -> KeyEvent {
    let chord = Chord::parse(name).unwrap_or_else(|| panic!("{name:?} is no key"));
    KeyEvent::new(chord.code, chord.modifiers)
}

/// The request that is sent, and its run.
pub fn sent(effects: &[Effect]) -> Option<(u64, crate::model::Request)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Send { run, request } => Some((*run, request.clone())),
        _ => None,
    })
}

/// What is to be written to the draft's file.
pub fn to_save(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Save { text, .. } => Some(text.to_text()),
        _ => None,
    })
}

/// A version by its number.
pub fn version(text: &str) -> Version {
    text.parse().unwrap()
}
