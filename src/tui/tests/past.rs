//! Runs as the history has them, and what it answers.

use std::sync::Arc;

use crate::history::{About, Brief, Private, Run};
use crate::model::{Finish, ModelName, Params, Request, Role, Turn, Usage};
use crate::tui::changes::Changes;
use crate::tui::past::{Against, Entry, Recalled, Whole};

/// A turn of a conversation.
pub fn turn(role: Role, text: &str) -> Turn {
    Turn { role, text: text.to_owned() }
}

/// A run of the samples' prompt, a minute after the one before.
pub fn run(number: i64, message: &str, reply: &str) -> Run {
    let request = Request {
        model: ModelName::offline(),
        system: "You help Ada Lovelace.".into(),
        turns: vec![turn(Role::User, message)],
        params: Params::default(),
        stream: true,
    };
    let about = About {
        library: "/l".into(),
        prompt: "customer_support".into(),
        version: "draft".into(),
        text: "You help {{user_name}}.".into(),
        private: vec![Private { name: "user_name".into(), value: "Ada Lovelace".into(), secret: false }],
    };
    let mut run = Run::begin(about, &request, 1_700_000_000_000 + number * 60_000);
    run.reply = reply.into();
    run.end(Finish::End, None);
    run.usage = Usage { input: Some(900), output: Some(40), ..Usage::default() };
    (run.first_ms, run.total_ms) = (Some(200), 1_200);
    run
}

/// The list that answers the question of this number, always at the same time of day.
pub fn listed(number: u64, goes_on: bool, runs: &[Run]) -> Recalled {
    let entry = |(index, run): (usize, &Run)| Entry {
        when: format!("2026-11-23 12:{index:02}"),
        brief: Brief {
            id: run.id,
            at_ms: run.at_ms,
            prompt: run.prompt.clone(),
            version: run.version.clone(),
            model: run.model.clone(),
            finish: run.finish.clone(),
            cost: run.cost,
            total_ms: run.total_ms,
            rating: run.rating,
            said: run.message().to_owned(),
        },
    };
    let entries = runs.iter().enumerate().map(entry).collect();
    Recalled::Listed { number, goes_on, result: Ok((entries, runs.len() as u64)) }
}

/// This run, read beside a prompt that has become another.
pub fn read(run: Run) -> Recalled {
    let changes = Changes::between("# Identity\nI am Wren.\nStays.\n", "# Identity\nI am Robin.\nStays.\n");
    let against = Against { note: "What made v1.0.0 then into the draft now, with its placeholders:".into(), changes };
    let (id, when) = (run.id, "2026-11-23 12:00".to_owned());
    Recalled::Read { id, result: Ok(Some(Arc::new(Whole { run: run.masked(), when, against }))) }
}
