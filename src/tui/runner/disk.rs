//! What is read and written, on a thread of its own and in the order it was asked for; comparisons on another.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use super::inbox::Sending;
use super::kept::Keeper;
use super::local;
use super::reviews;
use super::watch::Watch;
use crate::config::process_environment;
use crate::diff::Conflict;
use crate::error::{Error, Result};
use crate::library::on_equal_terms;
use crate::library::{Expected, Library, PromptConfig, PromptEntry, Saved, Stamp, Stored, Thing, Which};
use crate::library::{Incident, Snapshot};
use crate::model::schema::{Verdict, check};
use crate::tui::changes::Changes;
use crate::tui::compare::Compared;
use crate::tui::effect::Effect;
use crate::tui::evidence::Evidence;
use crate::tui::model::Model;
use crate::tui::msg::{Beside, Left, Msg, OnDisk, Opened, Other, Reconciled, Side, SideSource, Unsaved};
use crate::tui::telling;

/// The four threads.
pub struct Disk {
    writes: Option<(Sender<Effect>, JoinHandle<()>)>,
    /// The journal waits for no other disk: the library may be on a slow one.
    journal: Option<(Sender<Effect>, JoinHandle<()>)>,
    compares: Option<Sender<Effect>>,
    /// What is typed is looked at beside everything else, so that it never waits for a comparison.
    lints: Option<Sender<Effect>>,
    /// What is released: a program of the user's may run for minutes.
    releases: Option<Sender<Effect>>,
    library: Library,
    keeper: Keeper,
    inbox: Sending,
}

impl Disk {
    /// Threads that are not started yet.
    pub fn new(library: Library, keeper: Keeper, inbox: Sending) -> Self {
        Self { writes: None, journal: None, compares: None, lints: None, releases: None, library, keeper, inbox }
    }

    /// Asks for one thing.
    pub fn ask(&mut self, effect: Effect) {
        let begin = |name: &str| start(name, &self.library, &self.keeper, &self.inbox);
        if effect == Effect::List {
            // the list is what one looks at to know where the library stands
            let releases = self.releases.get_or_insert_with(|| begin("releases").0);
            let _ = releases.send(Effect::AskGit);
        }
        let sender = match effect {
            Effect::Compare { .. }
            | Effect::Tell { .. }
            | Effect::CompareReplies { .. }
            | Effect::CheckReply { .. }
            | Effect::Weigh { .. }
            | Effect::Reconcile { .. } => self.compares.get_or_insert_with(|| begin("compare").0),
            Effect::PlanRelease(_) | Effect::Release { .. } | Effect::ReadReleases(_) | Effect::AskGit => {
                self.releases.get_or_insert_with(|| begin("releases").0)
            }
            Effect::Lint { .. } => self.lints.get_or_insert_with(|| begin("lint").0),
            Effect::Journal { .. }
            | Effect::Keep { .. }
            | Effect::SaveCopy { .. }
            | Effect::SaveCurl { .. }
            | Effect::Restored(_)
            | Effect::PutAside(_) => &self.journal.get_or_insert_with(|| begin("journal")).0,
            _ => &self.writes.get_or_insert_with(|| begin("disk")).0,
        };
        let _ = sender.send(effect);
    }

    /// Waits until everything that was asked of the disk is done.
    pub fn finish(&mut self) {
        for (sender, thread) in [self.journal.take(), self.writes.take()].into_iter().flatten() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

fn start(name: &str, library: &Library, keeper: &Keeper, inbox: &Sending) -> (Sender<Effect>, JoinHandle<()>) {
    let (sender, asked) = channel::<Effect>();
    let (library, keeper, inbox) = (library.clone(), keeper.clone(), inbox.clone());
    let behind = matches!(name, "lint" | "compare" | "releases");
    let work = move || {
        if behind {
            super::step_back();
        }
        let mut watch = Watch::default();
        for effect in asked {
            if let Effect::Watch(prompt) = &effect {
                let mut folders = library.draft_folders(prompt);
                folders.extend(keeper.locks());
                inbox.send(Msg::Watching(watch.on(folders, &inbox)));
                continue;
            }
            let done = catch_unwind(AssertUnwindSafe(|| perform(&library, &keeper, effect)));
            let msg = done.unwrap_or_else(|_| {
                Some(Msg::Told(Error::input("greenroom came upon a mistake of its own while reading or writing")))
            });
            if let Some(msg) = msg {
                inbox.send(msg);
            }
        }
    };
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    match thread {
        Ok(thread) => (sender, thread),
        // without threads nothing can be done but to go on without one
        Err(_) => (sender, std::thread::spawn(|| {})),
    }
}

/// Carries out one effect; `None` when it is none of the disk's.
pub fn perform(library: &Library, keeper: &Keeper, effect: Effect) -> Option<Msg> {
    let effect = match super::releases::perform(library, effect) {
        Ok(msg) => return Some(msg),
        Err(effect) => effect,
    };
    Some(match effect {
        Effect::List => Msg::Listed(library.list()),
        Effect::KeepTurn { prompt, evidence } => Msg::TurnKept(match *evidence {
            Evidence::Case(case) => library.add_case(&prompt, &case),
            Evidence::Incident(incident) => {
                let at = jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
                library.begin_incident(&prompt, &Incident { at, ..incident })
            }
        }),
        Effect::FindCassettes => Msg::Cassettes(super::tape::found(library.root())),
        Effect::Open(name) => Msg::Opened(open(library, keeper, &name).map(Box::new)),
        Effect::Save { prompt, text, state, moment, expected } => {
            match save(library, keeper, &prompt, (&text.to_text(), moment), expected) {
                Ok(Saved::Done(stamp)) => Msg::Saved { prompt, state, stamp },
                Ok(Saved::Changed(theirs)) => Msg::SaveConflict { prompt, theirs },
                Err(error) => Msg::SaveFailed { prompt, error },
            }
        }
        Effect::Journal { prompt, passed, text, moment } => {
            let aside = aside(keeper, &prompt);
            let noted = keeper.journals().note(&prompt, &passed, &text, (moment, now_ms()));
            return aside.or_else(|| keeper.told(noted));
        }
        Effect::Restored(prompt) => {
            keeper.journals().restored(&prompt);
            return None;
        }
        Effect::SaveCopy { text, file } => {
            let path = place_of(&file);
            let result = crate::library::write_copy(&path, text.to_text().as_bytes()).map(|()| path);
            Msg::Copied { typed: file, result }
        }
        Effect::CheckReply { prompt, run, config, reply } => {
            let verdict = match library.schema(&prompt, &config) {
                Ok(Some(schema)) => check(&schema, &reply),
                Ok(None) => return None,
                Err(error) => Verdict::NoSchema(error.to_string()),
            };
            Msg::ReplyChecked { run, verdict }
        }
        Effect::SaveConfig { prompt, config, expected } => {
            let stored = library.save_draft_config(&prompt, &config, &Expected::This(expected));
            let result = stored.and_then(|stored| stored.or_error("draft/config.json")).map(|()| config);
            Msg::ConfigSaved { prompt, result }
        }
        Effect::SaveCurl { command, file } => {
            let path = place_of(&file);
            let result = crate::library::write_copy(&path, command.as_bytes()).map(|()| path);
            Msg::CurlSaved { typed: file, result }
        }
        Effect::PutAside(prompt) => return aside(keeper, &prompt),
        Effect::Look(prompt) => {
            let found = match library.draft_bytes(&prompt) {
                Ok(None) => Some(OnDisk::Missing),
                Ok(Some(bytes)) => {
                    let stamp = Stamp::of(&bytes);
                    let text = String::from_utf8(bytes).map(Arc::from);
                    Some(text.map_or(OnDisk::NoText { stamp }, |text| OnDisk::Text { text, stamp }))
                }
                // what cannot be read now is told by the next save
                Err(_) => None,
            };
            let others = keeper.journals().others(&prompt).into_iter();
            let others = others.map(|(process, since)| Other { process, since: in_words(since) }).collect();
            Msg::Looked { prompt, found, others }
        }
        Effect::LookBeside(prompt) => Msg::LookedBeside { found: beside(library, &prompt)?, prompt },
        Effect::Reconcile { prompt, base, mine, moment, theirs, stamp } => {
            let found = Arc::new(reconcile(&base.to_text(), &mine.to_text(), &theirs, (moment, stamp)));
            Msg::Reconciled { prompt, found }
        }
        Effect::Close(prompt) => {
            keeper.journals().close(&prompt);
            return None;
        }
        Effect::SaveSet { prompt, set, expected } => match library.save_value_set(&prompt, &set, &expected) {
            Ok(Stored::Done) => Msg::SetSaved(Ok(set)),
            Ok(Stored::Changed(theirs)) => Msg::SetConflict { prompt, mine: set, theirs },
            Err(error) => Msg::SetSaved(Err(error)),
        },
        Effect::Keep { prompt, kept } => match keeper.store(&prompt, &kept) {
            Ok(()) => return None,
            Err(error) => {
                Msg::Told(Error::input(format!("values and message could not be kept for the next start: {error}")))
            }
        },
        Effect::SaveAssumptions { prompt, assumptions } => {
            let result = library.save_assumptions(&prompt, &assumptions).map(|()| assumptions);
            Msg::AssumptionsSaved { prompt, result }
        }
        Effect::ReadOutside { file, outside } => super::outside::read_again(file, &outside),
        Effect::ForgetOutside(file) => {
            super::outside::forget(&file);
            return None;
        }
        Effect::ListTrash => Msg::Trash(library.trash()),
        Effect::Delete(thing) => Msg::Deleted(library.delete(&thing, jiff::Timestamp::now())),
        Effect::BringBack(deleted) => {
            let result = library.bring_back(&deleted).and_then(|()| match &deleted.thing {
                Thing::Prompt(_) => Ok(None),
                Thing::ValueSet { prompt, set } => library.value_set(prompt, set).map(Some),
            });
            Msg::BroughtBack { deleted, result }
        }
        Effect::Agreed { prompt, host, sharing } => {
            // what cannot be remembered is asked again
            let _ = keeper.agree(&prompt, &host, sharing);
            return None;
        }
        Effect::Welcomed => {
            // where nothing can be remembered the page is shown again: that is no reason for an error
            let _ = keeper.remember_welcome();
            return None;
        }
        Effect::Create(name) => Msg::Created(library.create(&name, &crate::library::outline()).map(|()| name)),
        Effect::Freeze { prompt, cut } => Msg::Frozen(library.cut(&prompt, &cut).map(|frozen| frozen.entry)),
        Effect::Compare { generation, prompt, from, to } => {
            Msg::Compared { generation, result: compare_whole(library, &prompt, from, to) }
        }
        Effect::Tell { asked, prompt, draft, words, section } => {
            let result = library
                .chronicle(&prompt)
                .map(|chronicle| telling::lines(chronicle, &draft.to_text(), words.as_deref(), section));
            Msg::StoryTold { asked, result }
        }
        Effect::CompareReplies { from, to } => {
            let [left, right] = crate::diff::differing(&from.1, &to.1);
            Msg::RepliesCompared([(from.0, left), (to.0, right)])
        }
        Effect::Shuffle => {
            // the standard library's own hashing keys are drawn by the system
            Msg::Shuffled(RandomState::new().build_hasher().finish())
        }
        Effect::Review { generation, prompt, which, author, rules } => {
            Msg::Reviewed { generation, result: reviews::look(library, &prompt, &which, author.as_deref(), &rules) }
        }
        Effect::Say { prompt, which, said, id, author, done } => {
            Msg::Said(reviews::say(library, (&prompt, &which), &said, id.as_deref(), author.as_deref()).map(|()| done))
        }
        Effect::Judge { prompt, judgement, by } => {
            let by = crate::release::author(by.as_deref(), library);
            Msg::Judged(library.judge(&prompt, &judgement, &by, jiff::Timestamp::now()).map(drop))
        }
        Effect::ReadVersion { prompt, version } => {
            let result = library.read(&prompt, &Which::Version(version.clone())).map(Box::new);
            Msg::VersionRead { prompt, version, result }
        }
        Effect::Lint { moment, asked } => Msg::Linted { moment, marks: Arc::new(asked.marks()) },
        Effect::Allow { prompt, allow } => Msg::Allowed { table: library.allow(&prompt, &allow), prompt },
        Effect::Weigh { prompt, from, to } => Msg::Weighed(compare(library, &prompt, from, to)),
        other => return super::variables::perform(library, other),
    })
}

/// The file that a user means: `~/` is the home folder.
pub(super) fn place_of(typed: &str) -> PathBuf {
    let home = process_environment("HOME").map(PathBuf::from);
    let path = match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    };
    std::path::absolute(&path).unwrap_or(path)
}

/// What differs between ours and theirs, and both put together as far as that goes by itself.
pub fn reconcile(base: &str, mine: &str, theirs: &str, (moment, stamp): (u64, Stamp)) -> Reconciled {
    let merge = crate::diff::merge(base, mine, theirs);
    let of = |conflict: &Conflict| {
        let title = conflict.section.map_or("Unsorted", |section| section.title());
        Arc::new(Changes::within(title, &conflict.mine, &conflict.theirs))
    };
    let conflicts = merge.conflicts().map(of).collect();
    Reconciled { moment, stamp, changes: Arc::new(Changes::between(mine, theirs)), merge, conflicts }
}

/// What stands beside the draft's text; `None` when it is the text that cannot be read, which is told elsewhere.
fn beside(library: &Library, prompt: &str) -> Option<Result<Box<Beside>>> {
    match library.read(prompt, &Which::Draft) {
        Ok(Snapshot { variables, assumptions, lint, config, .. }) => {
            Some(Ok(Box::new(Beside { declarations: variables, assumptions, lint, config })))
        }
        Err(error) => {
            let file = error.place.as_ref().and_then(|place| place.file.file_name());
            file.is_some_and(|file| file == "prompt.toml" || file == "config.json").then_some(Err(error))
        }
    }
}

/// Writes the draft. The journal says with what before it is done, and that it was done.
fn save(
    library: &Library,
    keeper: &Keeper,
    prompt: &str,
    (text, moment): (&str, u64),
    expected: Expected,
) -> Result<Saved> {
    // where the journal fails it says so with its next note; the file is written all the same
    let _ = keeper.journals().saving(prompt, text, (moment, now_ms()));
    let saved = library.save_draft_text(prompt, text, expected)?;
    if matches!(saved, Saved::Done(_)) {
        let _ = keeper.journals().saved(prompt);
    }
    Ok(saved)
}

/// A text that was found and nobody has decided about goes into a file of its own.
fn aside(keeper: &Keeper, prompt: &str) -> Option<Msg> {
    let file = keeper.put_aside(prompt)?.map_err(|error| {
        Error::input(format!(
            "the unsaved text of {prompt} could not be put aside: {error}; it is still in the journal"
        ))
    });
    Some(Msg::PutAside { prompt: prompt.to_owned(), file })
}

/// Milliseconds since 1970.
fn now_ms() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0)
}

/// A moment as a person says it: the time of today, else the day too.
fn in_words(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let Some(at) = at.map(local::at) else { return "some time ago".to_owned() };
    if at.date() == local::today() {
        at.strftime("today at %H:%M").to_string()
    } else {
        at.strftime("%Y-%m-%d at %H:%M").to_string()
    }
}

/// What the journal says about the text that is shown.
fn left(keeper: &Keeper, name: &str, shown: &str) -> std::io::Result<Left> {
    let found = keeper.journals().open(name, shown, now_ms())?;
    let unsaved = found.unsaved.map(|unsaved| Unsaved {
        when: in_words(unsaved.at_ms),
        changes: Arc::new(Changes::between(shown, &unsaved.text)),
        text: unsaved.text,
        base: unsaved.base,
    });
    Ok(Left { steps: found.steps, unsaved, dropped: found.dropped })
}

/// Everything the workbench shows of a prompt.
pub fn open(library: &Library, keeper: &Keeper, name: &str) -> Result<Opened> {
    open_entry(library, keeper, library.entry(name)?)
}

/// The same for one that was just looked at.
pub fn open_entry(library: &Library, keeper: &Keeper, entry: PromptEntry) -> Result<Opened> {
    let name = entry.name.clone();
    let name = name.as_str();
    let mut problems = Vec::new();
    let which = match (entry.draft, entry.versions.last()) {
        (false, Some(last)) => Which::Version(last.version.clone()),
        (true, _) | (false, None) => Which::Draft,
    };
    let snapshot = library.read(name, &which)?;
    let stamp = if which == Which::Draft { library.draft_stamp(name)? } else { None };
    let mut sets = Vec::new();
    let mut written = std::collections::BTreeMap::new();
    for set in &entry.value_sets {
        if let Some(at) = library.value_set_written(name, set).and_then(|at| jiff::Timestamp::try_from(at).ok()) {
            written.insert(set.clone(), local::at(at).date());
        }
        match library.value_set(name, set) {
            Ok(set) => sets.push(set),
            Err(error) => problems.push(error),
        }
    }
    let left = left(keeper, name, &snapshot.text).unwrap_or_else(|error| {
        problems.push(Error::input(format!("there is no journal: {error}; what is typed is safe once it is saved")));
        Left::default()
    });
    Ok(Opened {
        entry,
        snapshot,
        stamp,
        sets,
        written,
        kept: keeper.load(name),
        agreed: keeper.agreed(name).into_iter().collect(),
        left,
        problems,
    })
}

fn compare(library: &Library, prompt: &str, from: Side, to: Side) -> Result<Arc<Compared>> {
    let read = |side: Side| -> Result<(String, String, PromptConfig)> {
        Ok(match side.source {
            SideSource::Draft { text, config } => (side.label, text.to_text(), config),
            SideSource::Version(version) => {
                let snapshot = library.read(prompt, &Which::Version(version))?;
                (side.label, snapshot.text, snapshot.config)
            }
            SideSource::Named(name) => {
                let snapshot = library.side(&name)?.snapshot;
                (side.label, snapshot.text, snapshot.config)
            }
        })
    };
    Ok(Arc::new(Compared::new(read(from)?, read(to)?)))
}

/// The same with what differs beside the texts. What is not on disk as it should be takes away no comparison.
fn compare_whole(library: &Library, prompt: &str, from: Side, to: Side) -> Result<Arc<Compared>> {
    let read = |side: &Side| -> Result<crate::library::Side> {
        match &side.source {
            SideSource::Draft { text, config } => {
                let snapshot = library.read(prompt, &Which::Draft)?;
                library.side_of(Snapshot { text: text.to_text(), config: config.clone(), ..snapshot })
            }
            SideSource::Version(version) => library.side_of(library.read(prompt, &Which::Version(version.clone()))?),
            SideSource::Named(name) => library.side(name),
        }
    };
    match (read(&from), read(&to)) {
        (Ok(mut old), Ok(mut new)) => {
            on_equal_terms(&mut old, &mut new);
            Ok(Arc::new(Compared::whole([from.label, to.label], [old, new])))
        }
        _ => compare(library, prompt, from, to),
    }
}

/// When the workbench is left and the draft still differs from what was saved: it goes to the draft, else into a file
/// of its own; says which.
pub fn rescue(library: &Library, keeper: &Keeper, model: &Model) -> Option<Error> {
    let draft = model.draft.as_ref().filter(|draft| draft.changed())?;
    let name = &draft.entry.name;
    let Ok(text) = catch_unwind(AssertUnwindSafe(|| draft.text().to_text())) else {
        return Some(Error::input("what was typed since the last save could not be read any more"));
    };
    let why = match save(library, keeper, name, (&text, draft.moment), draft.expected()) {
        Ok(Saved::Done(_)) => return None,
        Ok(Saved::Changed(_)) => "somebody else has changed the file".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(match keeper.rescue(name, &text) {
        Ok(file) => Error::input(format!("the draft of {name} could not be saved: {why}"))
            .hint(format!("what you typed is in {}", file.display())),
        Err(error) => {
            Error::input(format!("the draft of {name} could not be saved: {why}; nor anywhere else: {error}"))
        }
    })
}
