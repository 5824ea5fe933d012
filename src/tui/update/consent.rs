//! Before the first text of a prompt that goes to a host that is not this machine: who gets what, and what it costs. A yes is
//! remembered for the prompt and the host, also for the next start.

use super::counting;
use crate::model::bill::{Bill, Volume, dollars, number};
use crate::model::playtest::Prepared;
use crate::model::prices::Rate;
use crate::model::{Costing, ModelName, Request};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::overlay::{Answer, Confirm, Overlay};

/// Bytes that a token of a message is taken for, before anybody has counted it.
const BYTES_A_TOKEN: usize = 4;

/// Whether sending to `host` was agreed to for the open prompt.
pub fn is_given(model: &Model, host: &str) -> bool {
    let Some(draft) = &model.draft else { return false };
    model.play.agreed.iter().any(|(prompt, to)| *prompt == draft.entry.name && to == host)
}

/// Asks before a message.
pub fn ask(model: &mut Model, host: &str, request: &Request, prepared: &Prepared) {
    let talk: usize = request.turns.iter().map(|turn| turn.text.len()).sum();
    let bytes = number(request.system.len() + talk);
    let what = format!("{} receives the filled prompt and the conversation: {bytes} bytes.", request.model);
    let cost = cost(model, request, talk.div_ceil(BYTES_A_TOKEN));
    let answers = vec![("Cancel", Answer::Cancel), ("Send", Answer::Send { host: host.to_owned() })];
    question(model, host, [what, examples(prepared), cost], answers);
}

/// Asks before the prompt is counted by the server of `name`.
pub fn ask_to_count(model: &mut Model, name: &ModelName, host: &str, prepared: &Prepared) {
    let bytes = number(prepared.system.len());
    let what = format!("{name} receives the filled prompt, to count its tokens: {bytes} bytes.");
    let answers = vec![("Cancel", Answer::CountNothing), ("Send", Answer::Count { host: host.to_owned() })];
    question(model, host, [what, examples(prepared), "No reply is asked for.".to_owned()], answers);
}

fn examples(prepared: &Prepared) -> String {
    match prepared.replaced.as_slice() {
        [] => "No personal variable goes along.".to_owned(),
        names => format!("Sent as their declared examples, not as their values: {}.", names.join(", ")),
    }
}

/// Puts the question. A `host` that is a whole address, `http://…`, is one to which nothing goes encrypted.
fn question(model: &mut Model, host: &str, told: [String; 3], answers: Vec<(&'static str, Answer)>) {
    let remembered = "A yes is remembered for this prompt and this host.".to_owned();
    let in_the_open = host.contains("://");
    let warning = "! The connection is not encrypted: others on the way can read all of it, and the key.";
    let warning = in_the_open.then(|| warning.to_owned());
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Send this {}to {host}?", if in_the_open { "unencrypted " } else { "" }),
        consequence: warning.into_iter().chain(told).chain([remembered]).collect(),
        answers,
        selected: 0,
    }));
}

/// What it costs, in a sentence: the prompt as it was counted last, with `talk` tokens of conversation, and the longest
/// reply that may come.
fn cost(model: &Model, request: &Request, talk: usize) -> String {
    let costing = model.draft.as_ref().and_then(|draft| counting::costing(model, draft.assumptions));
    let Some(costing) = costing.filter(|costing| costing.model.as_ref() == Some(&request.model)) else {
        return "What it costs is not known yet: the prompt is still being counted.".to_owned();
    };
    let tokens = costing.volume.prompt + talk;
    let Some(bill) = bill(&costing, tokens, request.params.max_tokens) else {
        return format!("What about {} tokens cost is not known: {}.", number(tokens), costing.source());
    };
    let reply = match request.params.max_tokens {
        Some(most) => {
            let most = number(usize::try_from(most).unwrap_or(usize::MAX));
            format!(", and at most {} for a reply of {most}", dollars(bill.output))
        }
        None => ", without the reply".to_owned(),
    };
    format!("About {} for {} tokens{reply}; {}.", dollars(bill.input), number(tokens), costing.source())
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

/// The user agreed to send to `host`.
pub fn give(model: &mut Model, host: String, effects: &mut Vec<Effect>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    if !is_given(model, &host) {
        effects.push(Effect::Agreed { prompt: prompt.clone(), host: host.clone() });
        model.play.agreed.push((prompt, host));
    }
}

/// To these hosts it was agreed before, for the open prompt.
pub fn was_given(model: &mut Model, hosts: Vec<String>) {
    for host in hosts {
        if !is_given(model, &host)
            && let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone())
        {
            model.play.agreed.push((prompt, host));
        }
    }
}
