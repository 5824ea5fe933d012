//! What is read and written, on a thread of its own and in the order it was asked for; comparisons on another.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use super::comparing::{compare, compare_whole, reconcile};
use super::inbox::Sending;
use super::kept::Keeper;
use super::opening::{beside, in_words, open};
use super::reviews;
use super::saving::{aside, now_ms, place_of, save};
use super::watch::Watch;
use crate::error::Error;
use crate::library::{Expected, Incident, Library, Saved, Stamp, Stored, Thing, Which};
use crate::model::schema::{Verdict, check};
use crate::release::Stop;
use crate::tui::committing::{When, Written};
use crate::tui::effect::Effect;
use crate::tui::evidence::Evidence;
use crate::tui::msg::{Msg, OnDisk, Other};
use crate::tui::play::render;
use crate::tui::telling;

/// The threads.
pub struct Disk {
    writes: Option<(Sender<Effect>, JoinHandle<()>)>,
    /// The journal waits for no other disk: the library may be on a slow one.
    journal: Option<(Sender<Effect>, JoinHandle<()>)>,
    compares: Option<Sender<Effect>>,
    /// What is typed is looked at beside everything else, so that it never waits for a comparison.
    lints: Option<Sender<Effect>>,
    /// What was said beside what is typed: this waits for no linter.
    notes: Option<Sender<Effect>>,
    /// What is released: a program of the user's may run for minutes.
    releases: Option<(Sender<Effect>, JoinHandle<()>)>,
    library: Library,
    keeper: Keeper,
    inbox: Sending,
    /// Ends the program that runs for a release.
    stop: Stop,
    /// Whether something was to be committed.
    committing: bool,
}

impl Disk {
    /// Threads that are not started yet.
    pub fn new(library: Library, keeper: Keeper, inbox: Sending) -> Self {
        Self {
            writes: None,
            journal: None,
            compares: None,
            lints: None,
            notes: None,
            releases: None,
            library,
            keeper,
            inbox,
            stop: Stop::default(),
            committing: false,
        }
    }

    /// Asks for one thing.
    pub fn ask(&mut self, effect: Effect) {
        if effect == Effect::StopRelease {
            return self.stop.now();
        }
        let begin = |name: &str| start(name, &self.library, &self.keeper, (&self.inbox, &self.stop));
        if effect == Effect::List {
            // the list is what one looks at to know where the library stands
            let (releases, _) = self.releases.get_or_insert_with(|| begin("releases"));
            let _ = releases.send(Effect::AskGit);
        }
        let sender = match effect {
            Effect::Compare { .. }
            | Effect::Tell { .. }
            | Effect::SearchVersions { .. }
            | Effect::CompareReplies { .. }
            | Effect::CheckReply { .. }
            | Effect::RenderReply { .. }
            | Effect::LayOut(_)
            | Effect::Weigh { .. }
            | Effect::Cover { .. }
            | Effect::Reconcile { .. } => self.compares.get_or_insert_with(|| begin("compare").0),
            Effect::Release(_) | Effect::AskGit | Effect::Uncommitted(_) | Effect::Commit(_) => {
                self.committing |= matches!(effect, Effect::Commit(_));
                &self.releases.get_or_insert_with(|| begin("releases")).0
            }
            Effect::Note(_) | Effect::TakeAcross(_) => self.notes.get_or_insert_with(|| begin("notes").0),
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
        // nobody would write what came of the user's program into the log, nor end a commit that is half made
        if (self.stop.is_needed() || self.committing)
            && let Some((sender, thread)) = self.releases.take()
        {
            self.stop.now();
            drop(sender);
            let _ = thread.join();
        }
    }
}

fn start(
    name: &str,
    library: &Library,
    keeper: &Keeper,
    (inbox, stop): (&Sending, &Stop),
) -> (Sender<Effect>, JoinHandle<()>) {
    let (sender, asked) = channel::<Effect>();
    let behind = matches!(name, "lint" | "compare" | "notes" | "releases");
    let (library, keeper, inbox, stop) = (library.clone(), keeper.clone(), inbox.clone(), stop.clone());
    let work = move || {
        if behind {
            super::step_back();
        }
        let mut watch = Watch::default();
        for effect in asked {
            if let Effect::Watch(prompt, besides) = &effect {
                let mut folders = library.draft_folders(prompt);
                let reviews = besides.iter().filter_map(|which| library.review_file_of(prompt, which).ok());
                folders.extend(reviews.filter_map(|file| file.parent().map(std::path::Path::to_owned)));
                folders.extend(keeper.locks());
                inbox.send(Msg::Watching(watch.on(folders, &inbox)));
                continue;
            }
            let done = catch_unwind(AssertUnwindSafe(|| perform(&library, &keeper, effect, &stop)));
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

/// The message that files were written, when they were.
pub fn wrote(done: bool, written: Written, msg: Msg) -> Msg {
    if done { Msg::Wrote(written, Box::new(msg)) } else { msg }
}

/// The message that files were written that nobody is asked about at once; where there are none, nothing was.
pub fn gathered(files: Vec<PathBuf>, what: String, msg: Msg) -> Msg {
    wrote(!files.is_empty(), Written { files, what, when: When::Gathered }, msg)
}

/// Carries out one effect; `None` when it is none of the disk's.
pub fn perform(library: &Library, keeper: &Keeper, effect: Effect, stop: &Stop) -> Option<Msg> {
    let effect = match super::releases::perform(library, effect, stop) {
        Ok(msg) => return Some(msg),
        Err(effect) => effect,
    };
    Some(match effect {
        Effect::List => Msg::Listed(library.list()),
        Effect::KeepTurn { prompt, evidence } => {
            let (result, what) = match *evidence {
                Evidence::Case(case) => (library.add_case(&prompt, &case), "a case for the evals"),
                Evidence::Incident(incident) => {
                    let at = jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
                    (library.begin_incident(&prompt, &Incident { at, ..incident }), "an incident")
                }
            };
            let files = result.iter().cloned().collect();
            gathered(files, format!("{prompt}: {what}"), Msg::TurnKept(result))
        }
        Effect::FindCassettes => Msg::Cassettes(super::tape::found(library.root())),
        Effect::Open(name) => Msg::Opened(open(library, keeper, &name).map(Box::new)),
        Effect::Save { prompt, text, state, moment, expected } => {
            match save(library, keeper, &prompt, (&text.to_text(), moment), expected) {
                Ok(Saved::Done(stamp)) => {
                    let file = library.draft_file(&prompt, "system_prompt.txt").ok();
                    Msg::Saved { prompt, state, stamp, file }
                }
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
        Effect::RenderReply { run, reply } => Msg::ReplyRendered { run, blocks: render(&reply) },
        Effect::LayOut(layout) => Msg::LaidOut { number: layout.number, shown: layout.shown() },
        Effect::SaveConfig { prompt, config, expected } => {
            let stored = library.save_draft_config(&prompt, &config, &Expected::This(expected));
            let result = stored.and_then(|stored| stored.or_error("draft/config.json")).map(|()| config);
            let file = library.draft_file(&prompt, "config.json").ok().filter(|_| result.is_ok());
            let written = file.map(|file| Written::draft(&prompt, file));
            let msg = Msg::ConfigSaved { prompt, result };
            match written {
                Some(written) => wrote(true, written, msg),
                None => msg,
            }
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
        Effect::LookReleases { prompt, known } => {
            // a prompt that is gone is told by its draft
            let shelf = library.shelf(&prompt).ok().filter(|shelf| known != Some(*shelf))?;
            let result = super::releases::on_shelf(library, &prompt).map(Box::new);
            Msg::LookedAtReleases { prompt, shelf, result }
        }
        Effect::Reconcile { prompt, base, mine, moment, theirs, stamp } => {
            let found = Arc::new(reconcile(&base.to_text(), &mine.to_text(), &theirs, (moment, stamp)));
            Msg::Reconciled { prompt, found }
        }
        Effect::Close(prompt) => {
            keeper.journals().close(&prompt);
            return None;
        }
        Effect::SaveSet { prompt, set, expected } => match library.save_value_set(&prompt, &set, &expected) {
            Ok(Stored::Done) => {
                let files = library.set_file(&prompt, &set.name).into_iter().collect();
                gathered(files, format!("{prompt}: values"), Msg::SetSaved(Ok(set)))
            }
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
            let files = result.as_ref().ok().and_then(|_| library.about_file(&prompt).ok());
            let what = format!("{prompt}: what it may cost");
            gathered(files.into_iter().collect(), what, Msg::AssumptionsSaved { prompt, result })
        }
        Effect::ReadOutside { file, outside } => super::outside::read_again(file, &outside),
        Effect::ForgetOutside(file) => {
            super::outside::forget(&file);
            return None;
        }
        Effect::ListTrash => Msg::Trash(library.trash()),
        Effect::Delete(thing) => {
            let (files, what) = (vec![library.root().join(thing.path())], format!("{}: deleted", thing.words()));
            let result = library.delete(&thing, jiff::Timestamp::now());
            wrote(result.is_ok(), Written { files, what, when: When::Gathered }, Msg::Deleted(result))
        }
        Effect::BringBack(deleted) => {
            let result = library.bring_back(&deleted).and_then(|()| match &deleted.thing {
                Thing::Prompt(_) => Ok(None),
                Thing::ValueSet { prompt, set } => library.value_set(prompt, set).map(Some),
            });
            let files = vec![library.root().join(deleted.thing.path())];
            let what = format!("{}: brought back", deleted.thing.words());
            wrote(result.is_ok(), Written { files, what, when: When::Gathered }, Msg::BroughtBack { deleted, result })
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
        Effect::Create(name) => {
            let result = library.create(&name, &crate::library::outline());
            let files = vec![library.root().join("prompts").join(&name).join("draft/system_prompt.txt")];
            let what = format!("{name}: a new prompt");
            wrote(result.is_ok(), Written { files, what, when: When::AtOnce }, Msg::Created(result.map(|()| name)))
        }
        Effect::BeginDraft { prompt, version, sure } => {
            let done = super::beginning::begin(library, &prompt, &version, sure);
            let (result, files) = match done {
                Ok((began, files)) => (Ok(Box::new(began)), files),
                Err(error) => (Err(error), Vec::new()),
            };
            let what = format!("draft of {prompt} from {version}");
            wrote(
                !files.is_empty(),
                Written { files, what, when: When::AtOnce },
                Msg::DraftBegun { prompt, version, result },
            )
        }
        Effect::Freeze { prompt, cut } => match library.cut(&prompt, &cut) {
            Ok(frozen) => {
                let what = format!("{prompt} {}: {}", frozen.entry.version, cut.what);
                let mut files = frozen.written;
                files.extend(crate::release::handed_over(library, &prompt));
                wrote(true, Written { files, what, when: When::AtOnce }, Msg::Frozen(Ok(frozen.entry)))
            }
            Err(error) => Msg::Frozen(Err(error)),
        },
        Effect::Compare { generation, prompt, from, to } => {
            Msg::Compared { generation, result: compare_whole(library, &prompt, from, to) }
        }
        Effect::Tell { asked, prompt, draft, words, section } => {
            let result = library
                .chronicle(&prompt)
                .map(|chronicle| telling::lines(chronicle, &draft.to_text(), words.as_deref(), section));
            Msg::StoryTold { asked, result }
        }
        Effect::SearchVersions { asked, prompt, draft, phrase } => {
            let found = library.chronicle(&prompt);
            let result = found.map(|chronicle| telling::holding_phrase(chronicle, &draft.to_text(), &phrase));
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
            match reviews::say(library, (&prompt, &which), *said, id.as_deref(), author.as_deref()) {
                Ok(written) => wrote(true, written, Msg::Said(Ok(done))),
                Err(error) => Msg::Said(Err(error)),
            }
        }
        Effect::TakeAcross(asked) => Msg::TakenAcross(Box::new(asked.taken())),
        Effect::Note(asked) => Msg::Noted(Box::new(reviews::note(library, *asked))),
        Effect::Judge { prompt, judgement, by } => {
            let by = crate::release::author(by.as_deref(), library);
            let result = library.judge(&prompt, &judgement, &by, jiff::Timestamp::now());
            let files = result.iter().flatten().cloned().collect();
            gathered(files, format!("{prompt}: votes"), Msg::Judged(result.map(drop)))
        }
        Effect::ReadVersion { prompt, version } => {
            let result = library.read(&prompt, &Which::Version(version.clone())).map(Box::new);
            Msg::VersionRead { prompt, version, result }
        }
        Effect::Lint { moment, asked } => Msg::Linted { moment, marks: Arc::new(asked.marks()) },
        Effect::Allow { prompt, allow } => {
            let table = library.allow(&prompt, &allow);
            let files = table.as_ref().ok().and_then(|_| library.about_file(&prompt).ok());
            let what = format!("{prompt}: exceptions for lint");
            gathered(files.into_iter().collect(), what, Msg::Allowed { table, prompt })
        }
        Effect::Cover { prompt, draft, author, rules } => {
            let covering = reviews::covering(library, &prompt, &draft, author.as_deref(), &rules).ok();
            Msg::Covered { prompt, covering }
        }
        Effect::Weigh { prompt, from, to } => Msg::Weighed(compare(library, &prompt, from, to)),
        Effect::Variables(asked) => super::variables::perform(library, asked),
        _ => return None,
    })
}
