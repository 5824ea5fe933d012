//! Before the first text of a prompt that goes to a host that is not this machine: who gets what, what of it is personal,
//! and what it costs. The answer is remembered for the prompt and the host, also for the next start, until it is taken
//! back; only "this time" is forgotten at once.

use std::collections::BTreeSet;

use super::{counting, variables};
use crate::model::bill::{Bill, Volume, dollars, number};
use crate::model::prices::Rate;
use crate::model::{Costing, Usage, cost};
use crate::tui::consent::{Agreement, Choice, Consent, Once, Sharing, Wish};
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::overlay::{Answer, Confirm, Overlay, Pick};

/// Bytes that a token of a message is taken for, before anybody has counted it.
const BYTES_A_TOKEN: usize = 4;

/// What was agreed to for the open prompt and `host`; `None` when nobody was asked.
pub fn given(model: &Model, host: &str) -> Option<Sharing> {
    of_open_prompt(model).find(|agreed| agreed.host == host).map(|agreed| agreed.sharing)
}

/// What was agreed to for the open prompt.
pub fn of_open_prompt(model: &Model) -> impl Iterator<Item = &Agreement> {
    let open = model.draft.as_ref().map(|draft| draft.entry.name.as_str());
    model.play.agreed.iter().filter(move |agreed| Some(agreed.prompt.as_str()) == open)
}

/// Asks before a message: one question for all that it would go to.
pub fn ask(model: &mut Model, wishes: &[Wish]) {
    let (question, mut told) = heading(wishes);
    let mut lines: Vec<String> = wishes.iter().map(|wish| receives(model, wish, wishes.len() > 1)).collect();
    // in an order that does not tell which column is whose
    lines.sort();
    lines.dedup();
    told.append(&mut lines);
    put(model, question, told, wishes, (Answer::Cancel, Answer::Send));
}

/// Asks before the prompt is counted by a server.
pub fn ask_to_count(model: &mut Model, wish: Wish) {
    let (question, mut told) = heading(std::slice::from_ref(&wish));
    let bytes = number(wish.prompt);
    told.push(format!("{} receives the filled prompt, to count its tokens: {bytes} bytes.", wish.model));
    told.push("No reply is asked for.".to_owned());
    put(model, question, told, &[wish], (Answer::CountNothing, Answer::Count));
}

/// What is asked, and a warning where others can read it.
fn heading(wishes: &[Wish]) -> (String, Vec<String>) {
    let hosts: BTreeSet<&str> = wishes.iter().map(|wish| wish.host.as_str()).collect();
    let open: Vec<&str> = hosts.iter().copied().filter(|host| host.contains("://")).collect();
    let question = match (hosts.len(), hosts.first()) {
        (1, Some(host)) => format!("Send this {}to {host}?", if open.is_empty() { "" } else { "unencrypted " }),
        (count, _) => format!("Send this to {count} hosts?"),
    };
    let warning = match open.as_slice() {
        [] => None,
        [_] if hosts.len() == 1 => {
            Some("! The connection is not encrypted: others on the way can read all of it, and the key.".to_owned())
        }
        some => {
            Some(format!("! Not encrypted, others on the way can read all of it and the key: {}.", some.join(", ")))
        }
    };
    (question, warning.into_iter().collect())
}

/// Who gets how much of it, and what that costs.
fn receives(model: &Model, wish: &Wish, is_one_of_many: bool) -> String {
    let bytes = number(wish.prompt + wish.talk);
    if is_one_of_many {
        let cost = roughly(model, wish).unwrap_or_else(|| "No price is known.".to_owned());
        return format!("{}: {} receives {bytes} bytes. {cost}", wish.host, wish.model);
    }
    format!("{} receives the filled prompt and the conversation: {bytes} bytes. {}", wish.model, price(model, wish))
}

/// Puts the question with the answers that there are: `none` for no, and what each way of saying yes is made into.
fn put(
    model: &mut Model,
    question: String,
    mut told: Vec<String>,
    wishes: &[Wish],
    (none, yes): (Answer, fn(Consent) -> Answer),
) {
    let hosts: BTreeSet<String> = wishes.iter().map(|wish| wish.host.clone()).collect();
    let names = |of: &dyn Fn(&Wish) -> Vec<String>| -> BTreeSet<String> { wishes.iter().flat_map(of).collect() };
    let with = |example: bool| {
        names(&move |wish| {
            let personal = wish.personal.iter().filter(|one| one.example.is_some() == example);
            personal.map(|one| one.name.clone()).collect()
        })
    };
    let (with, without) = (with(true), with(false));
    let (repeated, secret) = (names(&|wish| wish.repeated.clone()), names(&|wish| wish.secret.clone()));
    let about: BTreeSet<String> = [&with, &without, &repeated].into_iter().flatten().cloned().collect();
    let consent = |choice| {
        yes(Consent { hosts: hosts.iter().cloned().collect(), named: about.iter().cloned().collect(), choice })
    };
    let mut answers = vec![("Cancel", none)];
    let list = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let all: BTreeSet<String> = with.union(&without).cloned().collect();
    match (with.len(), without.len()) {
        (0, 0) => {}
        (1, 0) => told.push(format!("Personal: {}; its declared example can go instead.", list(&all))),
        (_, 0) => told.push(format!("Personal: {}; their declared examples can go instead.", list(&all))),
        (0, _) => {
            told.push(format!("Personal: {}, without an example in prompt.toml that could go instead.", list(&all)));
        }
        (_, count) => {
            let (lacking, have) = (list(&without), if count == 1 { "has" } else { "have" });
            told.push(format!("Personal: {}; {lacking} {have} no example in prompt.toml to go instead.", list(&all)));
        }
    }
    if !repeated.is_empty() {
        let new = model.keymap.shown(Action::NewConversation);
        told.push(format!(
            "The conversation so far repeats {}, which was sent or said before; {new} begins a new one.",
            list(&repeated)
        ));
    }
    if !secret.is_empty() {
        told.push(format!("Secret, and always sent as an example: {}.", list(&secret)));
    }
    if about.is_empty() {
        told.push("No personal variable goes along.".to_owned());
        answers.push(("Send", consent(Choice::Examples)));
    } else {
        if wishes.iter().all(Wish::has_examples) {
            answers.push(("Send examples", consent(Choice::Examples)));
        } else if let Some(variable) = without.first() {
            answers.push(("Add an example", Answer::AddExample { variable: variable.clone() }));
        }
        answers.push(("Real this time", consent(Choice::RealOnce)));
        answers.push(("Always real", consent(Choice::RealAlways)));
    }
    let key = model.keymap.shown(Action::Agreements);
    let these = if hosts.len() == 1 { "this host" } else { "these hosts" };
    let but = if about.is_empty() { "" } else { ", except for \"this time\"" };
    if wishes.len() == 1 {
        told.push(String::new());
    }
    told.push(format!("A yes is remembered for this prompt and {these}{but}; {key} in NAV takes it back."));
    model.overlay = Some(Overlay::Confirm(Confirm { question, consequence: told, answers, selected: 0 }));
}

/// What it costs, in a sentence: the prompt as it was counted last with the conversation, and the longest reply that may
/// come.
fn price(model: &Model, wish: &Wish) -> String {
    let talk = wish.talk.div_ceil(BYTES_A_TOKEN);
    let costing = model.draft.as_ref().and_then(|draft| counting::costing(model, draft.assumptions));
    let counted = costing.filter(|costing| wish.is_draft && costing.model.as_ref() == Some(&wish.model));
    let Some(costing) = counted else {
        let tokens = number(wish.prompt.div_ceil(BYTES_A_TOKEN) + talk);
        return roughly(model, wish).unwrap_or_else(|| format!("Roughly {tokens} tokens; no price is known."));
    };
    let tokens = costing.volume.prompt + talk;
    let Some(bill) = bill(&costing, tokens, wish.reply) else {
        return format!("About {} tokens; {}.", number(tokens), costing.source());
    };
    let reply = and_a_reply(wish.reply, || Some(bill.output));
    format!("About {} for {} tokens{reply}; {}.", dollars(bill.input), number(tokens), costing.source())
}

/// What it costs by its length alone; `None` where no price is known.
fn roughly(model: &Model, wish: &Wish) -> Option<String> {
    let of = |input: usize, output: u64| {
        let usage = Usage { input: Some(input as u64), output: Some(output), ..Usage::default() };
        cost(&model.settings, &wish.model, usage, true)
    };
    let tokens = (wish.prompt + wish.talk).div_ceil(BYTES_A_TOKEN);
    let reply = and_a_reply(wish.reply, || of(0, wish.reply?));
    Some(format!("Roughly {} for {} tokens{reply}.", dollars(of(tokens, 0)?), number(tokens)))
}

/// What the longest reply costs, where its length is limited.
fn and_a_reply(most: Option<u64>, costs: impl FnOnce() -> Option<f64>) -> String {
    match most.and_then(|most| Some((most, costs()?))) {
        Some((most, costs)) => {
            let tokens = number(usize::try_from(most).unwrap_or(usize::MAX));
            format!(", and at most {} for a reply of {tokens}", dollars(costs))
        }
        None => ", without the reply".to_owned(),
    }
}

fn bill(costing: &Costing, prompt: usize, reply: Option<u64>) -> Option<Bill> {
    if costing.rate == Rate::Unknown {
        return None;
    }
    Bill::new(&costing.rate, Volume { prompt, prefix: 0, reply, calls: None })
}

/// Asks whether to send although the cap is reached; `reached` says which.
pub fn ask_to_overspend(model: &mut Model, reached: &str) {
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: "Send, although the cap is reached?".into(),
        consequence: vec![format!("{reached}."), "A yes counts for this message.".into()],
        answers: vec![("Cancel", Answer::Cancel), ("Send", Answer::Overspend)],
        selected: 0,
    }));
}

/// What was answered holds from now on: for the next text alone, or for the prompt and the hosts.
pub fn give(model: &mut Model, consent: Consent, effects: &mut Vec<Effect>) {
    let sharing = match consent.choice {
        Choice::Examples => Sharing::Examples,
        Choice::RealAlways => Sharing::RealValues,
        Choice::RealOnce => {
            let once = consent.hosts.into_iter().map(|host| Once { host, named: consent.named.clone() });
            model.play.once.extend(once);
            return;
        }
    };
    for host in consent.hosts {
        remember(model, &host, Some(sharing), effects);
    }
}

fn remember(model: &mut Model, host: &str, sharing: Option<Sharing>, effects: &mut Vec<Effect>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    if given(model, host) == sharing {
        return;
    }
    model.play.agreed.retain(|agreed| agreed.prompt != prompt || agreed.host != host);
    if let Some(sharing) = sharing {
        model.play.agreed.push(Agreement { prompt: prompt.clone(), host: host.to_owned(), sharing });
    }
    effects.push(Effect::Agreed { prompt, host: host.to_owned(), sharing });
}

/// To these hosts it was agreed before, for the open prompt.
pub fn was_given(model: &mut Model, hosts: Vec<(String, Sharing)>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    model.play.agreed.retain(|agreed| agreed.prompt != prompt);
    let agreed = hosts.into_iter().map(|(host, sharing)| Agreement { prompt: prompt.clone(), host, sharing });
    model.play.agreed.extend(agreed);
}

/// Lists what was agreed to for the open prompt.
pub fn open_agreements(model: &mut Model, effects: &mut Vec<Effect>) {
    if of_open_prompt(model).next().is_none() {
        return model.say(Weight::Note, "no host was agreed to for this prompt; it is asked before the first message");
    }
    super::list::open(model, Pick::Agreement, effects);
}

/// Takes back what was agreed to for `host`: it is asked again before the next message.
pub fn take_back(model: &mut Model, host: &str, effects: &mut Vec<Effect>) {
    remember(model, host, None, effects);
    model.say(Weight::Done, format!("taken back: it is asked again before anything goes to {host}"));
}

/// Leads to where an example of `variable` can be declared.
pub fn add_example(model: &mut Model, variable: &str) {
    model.exactly.aside = None;
    super::leave_edit(model);
    model.screen = ScreenId::Draft;
    let Some(draft) = &mut model.draft else { return };
    draft.focus = PaneId::Variables;
    draft.list_variables();
    let Some(at) = draft.rows.iter().position(|row| row.name == variable) else {
        return model.say(Weight::Note, format!("declare an example of {variable} in prompt.toml"));
    };
    draft.values.selected = at;
    variables::open_example(model);
}
