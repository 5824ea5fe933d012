//! Before the first message of a prompt to a host that is not this machine: who gets what, and what it costs. A yes is
//! remembered for the prompt and the host, also for the next start.

use super::counting;
use crate::model::bill::{Bill, Volume, dollars, number};
use crate::model::playtest::Prepared;
use crate::model::prices::Rate;
use crate::model::{Costing, Request};
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

/// Asks.
pub fn ask(model: &mut Model, host: String, request: &Request, prepared: &Prepared) {
    let examples = match prepared.replaced.as_slice() {
        [] => "No personal variable goes along.".to_owned(),
        names => format!("Sent as their declared examples, not as their values: {}.", names.join(", ")),
    };
    let talk: usize = request.turns.iter().map(|turn| turn.text.len()).sum();
    let bytes = number(request.system.len() + talk);
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Send this to {host}?"),
        consequence: vec![
            format!("{} receives the filled prompt and the conversation: {bytes} bytes.", request.model),
            examples,
            cost(model, request, talk.div_ceil(BYTES_A_TOKEN)),
            "A yes is remembered for this prompt and this host.".into(),
        ],
        answers: vec![("Cancel", Answer::Cancel), ("Send", Answer::Send { host })],
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
