//! The focused turn is kept in the library. Personal values go into a file only after a question; secrets and keys never.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{list, sets};
use crate::error::Error;
use crate::history::{Mask, Private, private};
use crate::library::{Incident, ValueSet, check_name};
use crate::model::playtest::history;
use crate::prompt::{Privacy, Resolver, Values};
use crate::tui::effect::Effect;
use crate::tui::evidence::{Evidence, Kept, Kind};
use crate::tui::input::Input;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Ask, Confirm, Overlay, Pick, PickRow, Picker};
use crate::tui::play::{Exchange, turns};
use crate::vars::Case;

/// Characters of a message that become the name of a case or an incident.
const NAME: usize = 60;

/// The list of what a turn can be kept as.
pub fn rows() -> Picker<String> {
    let row = |kind: Kind| PickRow {
        value: kind.label().to_owned(),
        label: kind.label().to_owned(),
        detail: kind.place().to_owned(),
        disabled: None,
    };
    Picker::new("Keep this turn as", Kind::ALL.into_iter().map(row).collect())
}

/// Why the focused turn cannot be kept; `None` when it can.
pub fn why_not(model: &Model) -> Option<&'static str> {
    match turn(model) {
        None => Some("nothing was said yet"),
        Some((_, exchange)) if exchange.finish.is_none() => Some("the reply is still coming in"),
        Some(_) => None,
    }
}

/// Opens the list.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    match why_not(model) {
        Some(why) => model.say(Weight::Note, why),
        None => list::open(model, Pick::KeepTurn, effects),
    }
}

/// A longer text of a prompt is not read for the words that name nobody.
const LONG: usize = 256 << 10;

/// The focused turn, and those before it.
fn turn(model: &Model) -> Option<(Vec<&Exchange>, &Exchange)> {
    let column = model.play.column();
    let at = column.turn()?;
    Some((column.talk.shown().take(at).collect(), column.talk.at(at)?))
}

/// What it is kept as was chosen: a name is asked for.
pub fn chosen(model: &mut Model, value: &str) {
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.label() == value) else { return };
    let said = turn(model).map(|(_, exchange)| exchange.message.clone()).unwrap_or_default();
    let name: String = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
    let input = if kind == Kind::Set { Input::default() } else { Input::chosen(&Mask::default().over(&name)) };
    model.overlay = Some(Overlay::Ask(Ask::KeepTurn(kind), input));
}

/// The name was written: where something personal would go into a file it is asked what of it.
pub fn named(model: &mut Model, kind: Kind, written: &str, effects: &mut Vec<Effect>) {
    let name = written.trim().to_owned();
    let problem = match kind {
        Kind::Set => check_name("value set", &name).err().map(|error| error.to_string()),
        _ => name.is_empty().then(|| "a few words are needed, so that it is found again".to_owned()),
    };
    if let Some(problem) = problem {
        model.say(Weight::Warning, problem);
        model.overlay = Some(Overlay::Ask(Ask::KeepTurn(kind), Input::with(&name)));
        return;
    }
    let kept = |real: bool| Answer::KeepTurn(Kept { kind, name: name.clone(), real });
    let personal: BTreeSet<String> = hidden(model).into_iter().filter(|one| !one.secret).map(|one| one.name).collect();
    if personal.is_empty() {
        return keep(model, Kept { kind, name, real: false }, effects);
    }
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Personal values: {}", personal.into_iter().collect::<Vec<_>>().join(", ")),
        consequence: vec![
            format!("What is kept goes into {} of the library, which others may read.", kind.place()),
            "Examples: the declared ones, or a mask such as [user_name], stand in their place, also in what was said."
                .into(),
        ],
        answers: vec![("Cancel", Answer::Cancel), ("Examples", kept(false)), ("Real values", kept(true))],
        selected: 1,
    }));
}

/// Everything private that may stand in the focused turn or in what was said before it: what was private when it was
/// sent, and what is now.
fn hidden(model: &Model) -> Vec<Private> {
    let (Some(draft), Some((before, exchange))) = (&model.draft, turn(model)) else { return Vec::new() };
    let none = Values::default();
    let resolver = Resolver {
        given: &none,
        set: Some(&draft.values.values),
        message: None,
        conversation_history: None,
        declarations: &draft.values.declarations,
    };
    let mut hidden = private(&resolver, &draft.values.declarations);
    for filling in before.into_iter().chain([exchange]).filter_map(|one| one.filling.as_ref()) {
        for then in filling.private(&draft.values.declarations) {
            if !hidden.contains(&then) {
                hidden.push(then);
            }
        }
    }
    hidden
}

/// Writes it.
pub fn keep(model: &mut Model, kept: Kept, effects: &mut Vec<Effect>) {
    let Some((before, exchange)) = turn(model) else { return };
    let Some(draft) = &model.draft else { return };
    let declarations = &draft.values.declarations;
    let withheld: Vec<Private> = hidden(model).into_iter().filter(|one| one.secret || !kept.real).collect();
    // words of the prompt's own text name nobody; a very long text is not read for them while a key waits
    let text = draft.text();
    let written = if text.bytes() <= LONG { text.to_text() } else { String::new() };
    let mask = Mask::beside(&withheld, &written);
    // a run that comes out of the history has its messages alone: today's values may be others
    let filling = exchange.filling.clone().unwrap_or_default();
    let mut vars = BTreeMap::new();
    for (name, value) in &filling.values {
        let declared = declarations.get(name).and_then(|declared| declared.example.clone());
        let value = match filling.privacy(name, declarations) {
            Privacy::Secret => declared,
            Privacy::Personal if !kept.real => Some(declared.unwrap_or_else(|| format!("[{name}]"))),
            _ => Some(mask.over(value)),
        };
        vars.extend(value.map(|value| (name.clone(), value)));
    }
    let earlier = turns(before.iter().copied());
    let talk = (!earlier.is_empty()).then(|| history(&earlier));
    for (name, said) in [("message", Some(exchange.message.clone())), ("conversation_history", talk)] {
        let Some(said) = said else { continue };
        // what is said may be declared personal as a whole: then masks inside it are not enough
        let withheld = match filling.declared(name, declarations) {
            Privacy::Secret => true,
            Privacy::Personal => !kept.real,
            _ => false,
        };
        if withheld {
            vars.entry(name.to_owned()).or_insert_with(|| format!("[{name}]"));
        } else {
            vars.insert(name.to_owned(), mask.over(&said));
        }
    }
    // the column may run something else by now
    let version = match &exchange.filling {
        Some(filling) => filling.subject.clone(),
        None => model.play.column().subject.to_string(),
    };
    let who = exchange.model.to_string();
    let evidence = match kept.kind {
        Kind::Set => {
            let set = ValueSet { name: kept.name, values: Values(vars) };
            model.play.keeping = Some(set.name.clone());
            return sets::store(model, set, effects);
        }
        Kind::Case => Evidence::Case(Case {
            description: mask.over(&kept.name),
            vars: vars.into_iter().collect(),
            origin: format!("from a playtest of {version} with {who}"),
        }),
        Kind::Incident => {
            let mut said = Vec::new();
            for one in before.iter().copied().chain([exchange]) {
                said.push(("user".to_owned(), mask.over(&one.message)));
                said.push(("assistant".to_owned(), mask.over(&one.reply)));
            }
            let title = mask.over(&kept.name);
            Evidence::Incident(Incident { title, version, model: who, at: String::new(), said })
        }
    };
    effects.push(Effect::KeepTurn { prompt: draft.entry.name.clone(), evidence: Box::new(evidence) });
}

/// It was written, or why not.
pub fn written(model: &mut Model, result: Result<PathBuf, Error>) {
    match result {
        Ok(file) if file.ends_with("cases.yaml") => {
            let text = format!("added to {}; say there what a good reply has", file.display());
            model.say(Weight::Done, text);
        }
        Ok(file) => model.say(Weight::Done, format!("begun as {}", file.display())),
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}
