//! What every conversation of one call has in common: the library, the settings, who answers, where it is kept.

use std::sync::Arc;

use serde_json::Value;

use super::conversation::{Conversation, Outcome, Told};
use super::interrupt::Interrupt;
use super::keep::{Keep, beyond_cap};
use super::parameters;
use super::voice::Voice;
use super::{Audience, Failure, ModelName, Obstacle, Output, Playtest, Request, Usage, given, model, unsendable};
use crate::cli::args::Play;
use crate::cli::show::resolve;
use crate::config::{Settings, params, state_folder};
use crate::error::{Error, Result};
use crate::library::{Library, Reference, Snapshot};
use crate::model::cassette::{Player, Recorder};
use crate::model::{Model, Models, Offline, Params, Remembered, cost, rules, tokens::counter_for};
use crate::prompt::{TokenCounter, Values};

/// The setting of one call.
pub(super) struct Setting<'a> {
    pub args: &'a Play,
    library: &'a Library,
    settings: &'a Settings,
    output: &'a Output,
    given: Values,
    models: Models,
    remembered: Remembered,
    keep: Keep<'a>,
    recorder: Option<Recorder>,
    player: Option<Arc<Player>>,
    told: Told,
}

/// What is asked: a state of a prompt, with its values, its model and its parameters.
pub(super) struct Subject {
    snapshot: Snapshot,
    pub model: ModelName,
    set: Option<Values>,
    params: Params,
    /// What config.json says the JSON of a reply is to keep to, or why that cannot be read.
    schema: Option<Result<Value>>,
}

impl Subject {
    /// `customer_support@1.2.0`
    pub fn reference(&self) -> String {
        format!("{}@{}", self.snapshot.prompt, self.snapshot.which)
    }

    /// `customer_support@1.2.0 with anthropic:claude-haiku-4-5`
    pub fn label(&self) -> String {
        format!("{} with {}", self.reference(), self.model)
    }
}

impl<'a> Setting<'a> {
    /// Nothing is sent yet, and no key is fetched.
    pub fn new(args: &'a Play, library: &'a Library, settings: &'a Settings, output: &'a Output) -> Result<Self> {
        let paced = output.terminal && !output.json && !args.no_stream && !args.json_lines && args.compare.is_none();
        let player = args.replay.as_deref().map(|file| Player::open(file, paced)).transpose()?;
        player.iter().flat_map(Player::damaged).for_each(|damaged| Output::warn(&damaged.to_string()));
        let models = Models::new(settings, if paced { Offline::paced() } else { Offline::instant() });
        Ok(Self {
            args,
            library,
            settings,
            output,
            given: given::values(&args.filling.set)?,
            models: if args.raw { models.telling_all() } else { models },
            remembered: Remembered::in_state(state_folder()),
            keep: Keep::new(settings, library),
            recorder: args.record.as_deref().map(Recorder::open).transpose()?,
            player: player.map(Arc::new),
            told: Told::default(),
        })
    }

    /// The state of a prompt that a reference names, ready to be asked.
    pub fn subject(&self, reference: &str) -> Result<Subject> {
        let (name, which) = resolve(self.library, &Reference::parse(reference)?)?;
        let snapshot = self.library.read(&name, &which)?;
        let model = model(self.args, reference, &snapshot, self.settings)?;
        if self.player.is_none() {
            self.settings.provider(&model.provider)?;
        }
        if self.args.raw && model == ModelName::offline() {
            return Err(Error::input("the offline stand-in is no server: it has no answer as it came")
                .hint("leave out --raw, or ask another model"));
        }
        let set = self.args.filling.values.as_deref().map(|set| self.library.value_set(&name, set)).transpose()?;
        let mut params = params(&snapshot.config);
        let rules = rules(self.settings, &model);
        let api = self.settings.providers.get(&model.provider).map(|provider| provider.api);
        parameters::apply(&self.args.param, &mut params, rules.as_ref().zip(api))?;
        let schema = self.library.schema(&name, &snapshot.config).transpose();
        Ok(Subject { snapshot, model, set: set.map(|set| set.values), params, schema })
    }

    /// Holds a conversation.
    pub async fn hold(
        &self,
        subject: &Subject,
        messages: &[String],
        voice: Voice,
        interrupt: &mut Option<Interrupt>,
    ) -> Result<Vec<Outcome>> {
        let remote = self.models.is_remote(&subject.model);
        let playtest = Playtest {
            system: &subject.snapshot.text,
            user_template: subject.snapshot.config.user_template(),
            given: &self.given,
            set: subject.set.as_ref(),
            declarations: &subject.snapshot.variables,
            audience: match (remote, self.args.real_values) {
                (false, _) => Audience::ThisMachine,
                (true, false) => Audience::Elsewhere,
                (true, true) => Audience::ElsewhereWithRealValues,
            },
        };
        let request = Request {
            model: subject.model.clone(),
            system: String::new(),
            turns: Vec::new(),
            params: subject.params.clone(),
            stream: !self.args.no_stream,
        };
        let replayed = self.player.is_some();
        let prices =
            |usage: Usage| if replayed { Some(0.0) } else { cost(self.settings, &subject.model, usage, remote) };
        // a cassette asks nobody and costs nothing: that is no run
        let keep = |request: &Request, at, outcome: &Outcome| {
            if !replayed {
                let about = self.keep.about(&subject.snapshot, &playtest, request);
                self.keep.keep(about, request, at, outcome);
            }
        };
        let begin = |request: &Request, at| {
            if replayed {
                return None;
            }
            self.keep.begin(self.keep.about(&subject.snapshot, &playtest, request), request, at)
        };
        let conversation = Conversation {
            answering: &|name| self.answering(name, remote),
            playtest: &playtest,
            unsendable: &|obstacle: &Obstacle| unsendable(obstacle, &subject.snapshot),
            request,
            output: self.output,
            schema: subject.schema.as_ref(),
            voice,
            cost: &prices,
            learn: &|request, billed| self.learn(request, billed),
            begin: &begin,
            keep: &keep,
            told: &self.told,
        };
        conversation.hold(messages, interrupt).await
    }

    /// Who answers for a model, or why nobody does.
    fn answering(&self, name: &ModelName, remote: bool) -> Result<Arc<dyn Model>, Failure> {
        if let Some(player) = &self.player {
            return Ok(Arc::clone(player) as Arc<dyn Model>);
        }
        let beyond = if remote { beyond_cap(self.settings) } else { None };
        let model = beyond.map_or_else(|| self.models.get(name), Err)?;
        Ok(match &self.recorder {
            Some(recorder) => recorder.listen(model, |text| !crate::lint::secrets(text).is_empty()),
            None => model,
        })
    }

    /// What the server has counted makes the next estimate for its model a better one.
    fn learn(&self, request: &Request, billed: u64) {
        let counter = counter_for(&request.model);
        if self.player.is_none() && !counter.exact() && self.remembered.learns(&request.model, billed) {
            let texts = request.turns.iter().map(|turn| turn.text.as_str()).chain([request.system.as_str()]);
            let here: usize = texts.map(|text| counter.vocabulary.count(text)).sum();
            let _ = self.remembered.learn(&request.model, here as u64, billed);
        }
    }

    /// Says why replies could not be written on the cassette, if so.
    pub fn report_recording(&self) {
        if let Some(why) = self.recorder.as_ref().and_then(Recorder::trouble) {
            Output::warn(&format!("not recorded: {why}"));
        }
    }
}
