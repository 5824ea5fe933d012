//! `greenroom tokens`: tokens by section and by variable, the cacheable prefix, the cost.

mod document;
mod table;

use crate::cli::args::{Common, Tokens};
use crate::cli::output::Output;
use crate::cli::play::{chosen_model, unsendable};
use crate::cli::show::snapshot;
use crate::cli::{given, wait_for};
use crate::config::{Settings, state_folder};
use crate::error::{Error, Result};
use crate::library::{Library, Snapshot, Which};
use crate::model::tokens::{ModelTokens, counter_for};
use crate::model::{Audience, Costing, ModelName, Models, Offline, Playtest, Remembered, can_count, count_exactly};
use crate::prompt::{Advice, Assumptions, Counts, Document, Resolver, TokenCounter, advise, count};

/// Everything that is said about a prompt's tokens.
struct Report<'a> {
    snapshot: &'a Snapshot,
    /// What counted.
    tokenizer: String,
    counts: Counts,
    costing: Costing,
    advice: Vec<Advice>,
}

/// Runs the command.
pub fn run(args: &Tokens, common: &Common, output: &Output) -> Result<u8> {
    let given = given::values(&args.set)?;
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    let snapshot = snapshot(&library, &args.reference)?;
    let set = args.values.as_deref().map(|set| library.value_set(&snapshot.prompt, set)).transpose()?;
    let model = chosen_model(args.model.as_deref(), &snapshot, &settings)?;
    let models = Models::new(&settings, Offline::instant());
    let remote = model.as_ref().is_some_and(|model| models.is_remote(model));
    let remembered = Remembered::in_state(state_folder());
    let ratio = model.as_ref().and_then(|model| remembered.ratio(model));
    let mut counter = model.as_ref().map_or(ModelTokens::UNKNOWN, counter_for).measured(ratio);
    let set = set.as_ref().map(|set| &set.values);
    let resolver = Resolver {
        given: &given,
        set,
        message: Some(""),
        conversation_history: Some(""),
        declarations: &snapshot.variables,
    };
    let playtest = Playtest {
        system: &snapshot.text,
        user_template: None,
        given: &given,
        set,
        declarations: &snapshot.variables,
        audience: if remote { Audience::Elsewhere } else { Audience::ThisMachine },
    };
    let exact = exact_count(args, &settings, (&models, &remembered), model.as_ref(), (&playtest, &snapshot), output)?;
    if let Some((tokens, sent)) = &exact {
        let here = counter.vocabulary.count(sent);
        counter = counter.measured((here > 0).then(|| *tokens as f64 / here as f64));
    }
    let sections = Document::parse(&snapshot.text);
    let mut counts = count(&sections, &resolver, &counter);
    let mut tokenizer = counter.label();
    if let Some((tokens, _)) = exact {
        counts.total = usize::try_from(tokens).unwrap_or(usize::MAX);
        counts.exact = true;
        "count_tokens of the provider".clone_into(&mut tokenizer);
    }
    if !counts.missing.is_empty() {
        let names: Vec<String> = counts.missing.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        output.note(&format!("no value for {}: counted as it stands in the text", names.join(", ")));
    }
    let base = base(&library, &snapshot)?.map(|base| {
        let resolver = Resolver { declarations: &base.variables, ..resolver };
        (base.which.to_string(), counter.count(&resolver.fill(&base.text).text))
    });
    let assumptions = Assumptions {
        calls_per_month: args.calls.or(snapshot.assumptions.calls_per_month),
        reply_tokens: args.reply.or(snapshot.assumptions.reply_tokens),
        ..snapshot.assumptions
    };
    let costing = Costing::new(&settings, (model.as_ref(), remote), assumptions, &counts, base);
    let advice = advise(&sections, &resolver, &counter);
    let report = Report { snapshot: &snapshot, tokenizer, counts, costing, advice };
    if output.json {
        output.document(&document::of(&report))?;
    } else {
        output.content(&table::of(&report))?;
    }
    Ok(0)
}

/// The version that the change is told against: the one before, for a draft the last one.
fn base(library: &Library, snapshot: &Snapshot) -> Result<Option<Snapshot>> {
    let versions = library.entry(&snapshot.prompt)?.versions;
    let before = match &snapshot.which {
        Which::Draft => versions.last(),
        Which::Version(version) => versions.iter().rev().find(|entry| entry.version < *version),
    };
    let Some(before) = before else { return Ok(None) };
    // a version that cannot be read is told by `list`; the count does without it
    Ok(library.read(&snapshot.prompt, &Which::Version(before.version.clone())).ok())
}

/// The exact count by the model's server, with the text that was sent for it: asked for with `--exact`, else only when
/// it is remembered.
fn exact_count(
    args: &Tokens,
    settings: &Settings,
    (models, remembered): (&Models, &Remembered),
    model: Option<&ModelName>,
    (playtest, snapshot): (&Playtest<'_>, &Snapshot),
    output: &Output,
) -> Result<Option<(u64, String)>> {
    let Some(model) = model else {
        return if args.exact { Err(nobody_counts("no model is named")) } else { Ok(None) };
    };
    if counter_for(model).exact() {
        if args.exact {
            output.note(&format!("{model} is counted exactly on this machine"));
        }
        return Ok(None);
    }
    if !can_count(settings, model) {
        let why = format!("the server of {model} does not count tokens");
        return if args.exact { Err(nobody_counts(&why)) } else { Ok(None) };
    }
    let prepared = match playtest.turn(&[], "") {
        Ok(prepared) => prepared,
        Err(obstacle) if args.exact => return Err(unsendable(&obstacle, snapshot)),
        Err(_) => return Ok(None),
    };
    let known = remembered.exact(model, &prepared.system);
    if let (None, true) = (known, args.exact) {
        if !prepared.replaced.is_empty() {
            Output::warn(&format!(
                "made-up examples are counted for {}: the values stay on this machine",
                prepared.replaced.join(", ")
            ));
        }
        let counted = wait_for(count_exactly(models, remembered, model, &prepared.system))??;
        let here = counter_for(model).vocabulary.count(&prepared.system);
        // an estimate of the next text is better for it; that it cannot be kept harms nobody
        let _ = remembered.learn(model, here as u64, counted);
        return Ok(Some((counted, prepared.system)));
    }
    Ok(known.map(|tokens| (tokens, prepared.system)))
}

fn nobody_counts(why: &str) -> Error {
    Error::input(why)
        .hint("--exact asks Anthropic's counting endpoint: --model anthropic:MODEL; others are counted here")
}
