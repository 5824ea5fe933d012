//! Who counts the tokens of a prompt for a command: the model's vocabulary, measured by what servers have said, and the
//! exact count where one is known or asked for.

use super::play::unsendable;
use super::wait_for;
use crate::cli::output::Output;
use crate::config::{Settings, state_folder};
use crate::error::{Error, Result};
use crate::library::Snapshot;
use crate::model::tokens::{ModelTokens, counter_for};
use crate::model::{
    Audience, ModelName, Models, Obstacle, Offline, Playtest, Prepared, Remembered, can_count, count_exactly,
};
use crate::prompt::{TokenCounter, Values};

/// A prompt that is to be counted, with its values.
#[derive(Clone, Copy)]
pub struct Counted<'a> {
    /// The prompt.
    pub snapshot: &'a Snapshot,
    /// Values that were given for this call; they win.
    pub given: &'a Values,
    /// The value set.
    pub set: Option<&'a Values>,
    /// Who would answer; `None` when no model is named.
    pub model: Option<&'a ModelName>,
}

/// Who counts it.
pub struct Counter {
    /// Counts any text of it.
    pub tokens: ModelTokens,
    /// What the model's own server has counted for the filled prompt as it would be sent.
    pub told: Option<usize>,
    /// Whether the model runs on another machine.
    pub remote: bool,
}

impl Counter {
    /// Who counts `counted`, with what is remembered; nobody is asked.
    pub fn of(subject: Counted<'_>, settings: &Settings) -> Self {
        let (mut counter, remembered, _) = Self::alone(subject, settings);
        if let (Some(model), Ok(prepared)) = (subject.asked(settings), subject.prepared(counter.remote)) {
            let known = remembered.exact(model, &prepared.system);
            counter.take(known, &prepared.system);
        }
        counter
    }

    /// The same with an exact count: the model's server is asked for it, unless it was before.
    pub fn exactly(subject: Counted<'_>, settings: &Settings, output: &Output) -> Result<Self> {
        let (mut counter, remembered, models) = Self::alone(subject, settings);
        let Some(model) = subject.model else { return Err(nobody_counts("no model is named")) };
        if counter.tokens.exact() {
            output.note(&format!("{model} is counted exactly on this machine"));
            return Ok(counter);
        }
        if subject.asked(settings).is_none() {
            return Err(nobody_counts(&format!("the server of {model} does not count tokens")));
        }
        let prepared = subject.prepared(counter.remote);
        let prepared = prepared.map_err(|obstacle| unsendable(&obstacle, subject.snapshot))?;
        let mut known = remembered.exact(model, &prepared.system);
        if known.is_none() {
            if !prepared.replaced.is_empty() {
                Output::warn(&format!(
                    "made-up examples are counted for {}: the values stay on this machine",
                    prepared.replaced.join(", ")
                ));
            }
            let tokens = wait_for(count_exactly(&models, &remembered, model, &prepared.system))??;
            let here = counter.tokens.vocabulary.count(&prepared.system);
            // an estimate of the next text is better for it; that it cannot be kept harms nobody
            let _ = remembered.learn(model, here as u64, tokens);
            known = Some(tokens);
        }
        counter.take(known, &prepared.system);
        Ok(counter)
    }

    fn alone(counted: Counted<'_>, settings: &Settings) -> (Self, Remembered, Models) {
        let models = Models::new(settings, Offline::instant());
        let remembered = Remembered::in_state(state_folder());
        let ratio = counted.model.and_then(|model| remembered.ratio(model));
        let tokens = counted.model.map_or(ModelTokens::UNKNOWN, counter_for).measured(ratio);
        let remote = counted.model.is_some_and(|model| models.is_remote(model));
        (Self { tokens, told: None, remote }, remembered, models)
    }

    /// What the server has said, and what follows from it for other texts.
    fn take(&mut self, told: Option<u64>, sent: &str) {
        let Some(told) = told else { return };
        let here = self.tokens.vocabulary.count(sent);
        self.tokens = self.tokens.measured((here > 0).then(|| told as f64 / here as f64));
        self.told = usize::try_from(told).ok();
    }

    /// What counted the whole prompt, for a person and for documents.
    pub fn label(&self) -> String {
        if self.told.is_some() { "count_tokens of the provider".to_owned() } else { self.tokens.label() }
    }

    /// Whether the count of the whole prompt is exact, when its own counting says `exact`.
    pub fn is_exact(&self, exact: bool) -> bool {
        exact || self.told.is_some()
    }
}

impl<'a> Counted<'a> {
    /// The model whose server counts what is not counted exactly here.
    fn asked(&self, settings: &Settings) -> Option<&'a ModelName> {
        self.model.filter(|model| !counter_for(model).exact() && can_count(settings, model))
    }

    /// The filled prompt as it would be sent.
    fn prepared(&self, remote: bool) -> Result<Prepared, Obstacle> {
        let playtest = Playtest {
            system: &self.snapshot.text,
            user_template: None,
            given: self.given,
            set: self.set,
            declarations: &self.snapshot.variables,
            audience: if remote { Audience::Elsewhere } else { Audience::ThisMachine },
        };
        playtest.turn(&[], "")
    }
}

fn nobody_counts(why: &str) -> Error {
    Error::input(why)
        .hint("--exact asks Anthropic's counting endpoint: --model anthropic:MODEL; others are counted here")
}
