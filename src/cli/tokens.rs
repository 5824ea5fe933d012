//! `greenroom tokens`: tokens by section and by variable, the cacheable prefix, the cost.

mod document;
mod table;

use crate::cli::args::{Common, Tokens};
use crate::cli::counter::{Counted, Counter};
use crate::cli::given;
use crate::cli::output::Output;
use crate::cli::play::chosen_model;
use crate::cli::show::snapshot;
use crate::config::Settings;
use crate::error::Result;
use crate::library::{Library, Snapshot, Which};
use crate::model::Costing;
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
    let given = given::values(&args.filling.set)?;
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    let snapshot = snapshot(&library, &args.reference)?;
    let set = args.filling.values.as_deref().map(|set| library.value_set(&snapshot.prompt, set)).transpose()?;
    let model = chosen_model(args.model.as_deref(), &snapshot, &settings)?;
    let set = set.as_ref().map(|set| &set.values);
    let subject = Counted { snapshot: &snapshot, given: &given, set, model: model.as_ref() };
    let counter =
        if args.exact { Counter::exactly(subject, &settings, output)? } else { Counter::of(subject, &settings) };
    let resolver = Resolver {
        given: &given,
        set,
        message: Some(""),
        conversation_history: Some(""),
        declarations: &snapshot.variables,
    };
    let sections = Document::parse(&snapshot.text);
    let mut counts = count(&sections, &resolver, &counter.tokens);
    counts.total = counter.told.unwrap_or(counts.total);
    counts.exact = counter.is_exact(counts.exact);
    if !counts.missing.is_empty() {
        let names: Vec<String> = counts.missing.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        output.note(&format!("no value for {}: counted as it stands in the text", names.join(", ")));
    }
    let base = base(&library, &snapshot).map(|base| {
        let resolver = Resolver { declarations: &base.variables, ..resolver };
        (base.which.to_string(), counter.tokens.count(&resolver.fill(&base.text).text))
    });
    let assumptions = Assumptions {
        calls_per_month: args.calls.or(snapshot.assumptions.calls_per_month),
        reply_tokens: args.reply.or(snapshot.assumptions.reply_tokens),
        ..snapshot.assumptions
    };
    let costing = Costing::new(&settings, (model.as_ref(), counter.remote), assumptions, &counts, base);
    let advice = advise(&sections, &resolver, &counter.tokens);
    let report = Report { snapshot: &snapshot, tokenizer: counter.label(), counts, costing, advice };
    if output.json {
        output.document(&document::of(&report))?;
    } else {
        output.content(&table::of(&report))?;
    }
    Ok(0)
}

/// The version that the change is told against: the one before, for a draft the last one.
fn base(library: &Library, snapshot: &Snapshot) -> Option<Snapshot> {
    let entry = library.glance(&snapshot.prompt);
    let before = entry.below(&snapshot.which)?;
    // a version that cannot be read is told by `list`; the count does without it
    library.read(&snapshot.prompt, &Which::Version(before.version.clone())).ok()
}
