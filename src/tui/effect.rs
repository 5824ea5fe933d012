//! Everything the workbench asks for, as plain data: the runner carries it out and sends messages back.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use semver::Version;

use crate::config::ReviewRules;
use crate::history::About;
use crate::library::{Cut, Deleted, Expected, Judgement, PromptConfig, Shelf, Stamp, Thing, ValueSet, Which};
use crate::lint::Allow;
use crate::model::{ModelName, Request};
use crate::prompt::{Assumptions, SectionId, Values};
use crate::tui::committing::Written;
use crate::tui::consent::Sharing;
use crate::tui::counting::Counting;
use crate::tui::draft::{DraftText, Passed, StateId};
use crate::tui::evidence::Evidence;
use crate::tui::find::Search;
use crate::tui::linting::{Moment, ToLint};
use crate::tui::margins::{ToNote, ToTake};
use crate::tui::msg::{Kept, Side, Timer};
use crate::tui::outside::Outside;
use crate::tui::past::Recall;
use crate::tui::release::Asked;
use crate::tui::saying::Unsaid;
use crate::tui::tape::Insertion;
use crate::tui::variables;
use crate::tui::wire::Layout;

/// One thing to be done outside the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read the list of prompts.
    List,
    /// Plan, make or look at releases.
    Release(Asked),
    /// Declare, rename or import variables.
    Variables(variables::Asked),
    /// End the program that runs for a release; the log stays as it was.
    StopRelease,
    /// Ask git for the branch of the library, and how much is not committed.
    AskGit,
    /// Ask git which files of a prompt are not committed.
    Uncommitted(String),
    /// Commit what was written, one commit for each.
    Commit(Vec<Written>),
    /// Read a prompt and open it.
    Open(String),
    /// Write the draft, unless somebody else has changed the file.
    Save {
        /// Whose draft.
        prompt: String,
        /// Its text.
        text: DraftText,
        /// Which state of it.
        state: StateId,
        /// Which moment of the draft it is, for the journal.
        moment: u64,
        /// What has to stand on disk for it to be written.
        expected: Expected,
    },
    /// Write the draft's text to a new file, where the user wants it.
    SaveCopy {
        /// Its text.
        text: DraftText,
        /// The file, as it was typed.
        file: String,
    },
    /// Write a value set, unless somebody else has changed its file.
    SaveSet {
        /// Whose set.
        prompt: String,
        /// The set.
        set: ValueSet,
        /// What its file has to say for it to be written.
        expected: Expected<Values>,
    },
    /// Keep values and a message for the next start.
    Keep {
        /// Of which prompt.
        prompt: String,
        /// What is kept.
        kept: Kept,
    },
    /// Write into the journal what has happened to the draft.
    Journal {
        /// Whose draft.
        prompt: String,
        /// The steps since the last time.
        passed: Vec<Passed>,
        /// The text now.
        text: DraftText,
        /// Which moment of the draft it is.
        moment: u64,
    },
    /// The text that was found is in the draft: the journal goes on from it.
    Restored(String),
    /// The text that was found goes into a file of its own.
    PutAside(String),
    /// Tell when something happens near the files of this prompt's draft, and of these other states of it.
    Watch(String, Vec<Which>),
    /// Look at the draft's file, and for other greenrooms that have it open.
    Look(String),
    /// Look at what stands beside the draft's text: `prompt.toml` and `config.json`.
    LookBeside(String),
    /// Look what runs where: somebody else may have released, or brought versions. `known` is what was looked at last.
    LookReleases {
        /// The open prompt.
        prompt: String,
        /// Its log and its versions from outside, as they were.
        known: Option<Shelf>,
    },
    /// Find out what differs between ours and theirs, and put them together as far as that goes by itself.
    Reconcile {
        /// Whose draft.
        prompt: String,
        /// What both began with.
        base: DraftText,
        /// Ours.
        mine: DraftText,
        /// Which moment of ours it is.
        moment: u64,
        /// Theirs.
        theirs: Arc<str>,
        /// The stamp of theirs.
        stamp: Stamp,
    },
    /// This prompt is no longer open.
    Close(String),
    /// Something has changed that a count is made of: [`Timer::Count`] is told once the typing rests.
    CountSoon,
    /// Count the tokens of the open prompt; only the last one asked for matters.
    Count(Box<Counting>),
    /// Ask the model's own server how many tokens a text has.
    CountExactly {
        /// The number of the question, which only grows.
        run: u64,
        /// Whose server.
        model: ModelName,
        /// The text, as it is sent.
        system: String,
    },
    /// Stop asking: the socket is closed.
    CancelCount,
    /// Write what is assumed about a prompt's cost.
    SaveAssumptions {
        /// Of which prompt.
        prompt: String,
        /// What is assumed.
        assumptions: Assumptions,
    },
    /// Make a prompt from the outline.
    Create(String),
    /// Begin the draft anew from a version.
    BeginDraft {
        /// Whose draft.
        prompt: String,
        /// Which version.
        version: Version,
        /// Whether somebody has agreed that it replaces what no version has.
        sure: bool,
    },
    /// Freeze the draft, which was saved just before.
    Freeze {
        /// Whose draft.
        prompt: String,
        /// What the version needs to know.
        cut: Cut,
    },
    /// Compare two sides.
    Compare {
        /// Only the result of the last one counts.
        generation: u64,
        /// Whose versions.
        prompt: String,
        /// The left side.
        from: Side,
        /// The right side.
        to: Side,
    },
    /// Tell what became of a line or a section through all versions.
    Tell {
        /// Only the answer to the last question counts.
        asked: u64,
        /// Of which prompt.
        prompt: String,
        /// The draft as it is typed.
        draft: DraftText,
        /// The words of the line; `None` for the section.
        words: Option<String>,
        /// The section.
        section: Option<SectionId>,
    },
    /// Look for a phrase in all versions and the draft.
    SearchVersions {
        /// Only the answer to the last question counts.
        asked: u64,
        /// Of which prompt.
        prompt: String,
        /// The draft as it is typed.
        draft: DraftText,
        /// The phrase.
        phrase: String,
    },
    /// Compare the draft with the last version, for the form that freezes.
    Weigh {
        /// Whose versions.
        prompt: String,
        /// The last version.
        from: Side,
        /// The draft.
        to: Side,
    },
    /// Find out which approvals cover the draft, for the form that freezes.
    Cover {
        /// Of which prompt.
        prompt: String,
        /// The draft as it is typed.
        draft: DraftText,
        /// Who sits here, as the configuration says.
        author: Option<String>,
        /// What the library asks of a review.
        rules: ReviewRules,
    },
    /// Look for what is wrong with the text.
    Lint {
        /// Names the text.
        moment: Moment,
        /// The text, and what is known of it.
        asked: Box<ToLint>,
    },
    /// Add an exception to the prompt's settings.
    Allow {
        /// Whose settings.
        prompt: String,
        /// What is allowed, and why.
        allow: Allow,
    },
    /// What the run with this number is about, for the history; comes before it is sent.
    About {
        /// The run's number.
        run: u64,
        /// What it is about; the runner adds the library.
        about: Box<About>,
    },
    /// Ask a model.
    Send {
        /// The run's number, which only grows.
        run: u64,
        /// What is asked.
        request: Request,
    },
    /// Look whether the JSON of a reply keeps to the schema that the configuration names.
    CheckReply {
        /// Of which prompt.
        prompt: String,
        /// The reply's run.
        run: u64,
        /// What names the schema.
        config: PromptConfig,
        /// The reply.
        reply: String,
    },
    /// Render the Markdown of a long reply.
    RenderReply {
        /// Its run.
        run: u64,
        /// What came.
        reply: String,
    },
    /// Lay a long request out for reading.
    LayOut(Box<Layout>),
    /// Write the draft's configuration, unless somebody else has changed its file.
    SaveConfig {
        /// Whose draft.
        prompt: String,
        /// What it is to say.
        config: PromptConfig,
        /// What it has to say for it to be written.
        expected: PromptConfig,
    },
    /// Make the request that would be sent, without sending it.
    Foresee {
        /// The number of the question: that of no other run.
        run: u64,
        /// What would be asked.
        request: Request,
    },
    /// Write a command to a new file, where the user wants it.
    SaveCurl {
        /// The command.
        command: String,
        /// The file, as it was typed.
        file: String,
    },
    /// Read a version, for a column that runs it.
    ReadVersion {
        /// Of which prompt.
        prompt: String,
        /// Which one.
        version: Version,
    },
    /// Find the words that only one of two replies has.
    CompareReplies {
        /// A run and its reply.
        from: (u64, String),
        /// Another one.
        to: (u64, String),
    },
    /// Draw a seed for a blind comparison.
    Shuffle,
    /// Add a vote to the prompt's file.
    Judge {
        /// About which prompt.
        prompt: String,
        /// The vote.
        judgement: Judgement,
        /// Who votes, as the configuration says; else the system's name for the user.
        by: Option<String>,
    },
    /// Look at the review of a draft or version.
    Review {
        /// The number of the look.
        generation: u64,
        /// Of which prompt.
        prompt: String,
        /// Which state of it.
        which: Which,
        /// Who sits here, as the configuration says.
        author: Option<String>,
        /// What the library asks of a review.
        rules: ReviewRules,
    },
    /// Find what was said beside the lines of a text.
    Note(Box<ToNote>),
    /// Put a suggestion about lines of several sections into the text.
    TakeAcross(Box<ToTake>),
    /// Add something to the review of a draft or version.
    Say {
        /// Of which prompt.
        prompt: String,
        /// Which state of it.
        which: Which,
        /// What is said.
        said: Box<Unsaid>,
        /// The comment that it belongs to.
        id: Option<String>,
        /// Who says it, as the configuration says.
        author: Option<String>,
        /// What to tell when it is done.
        done: &'static str,
    },
    /// Stop a run: its socket is closed.
    Cancel {
        /// Which run.
        run: u64,
    },
    /// Ask the history, or change something in it.
    Recall(Recall),
    /// Look what was spent so far.
    LookAtSpend,
    /// Put a cassette in, or take out what is in.
    Insert {
        /// The number of the question, which only grows.
        number: u64,
        /// The cassette; `None` takes out what is in.
        insertion: Option<Insertion>,
    },
    /// Keep a turn in the library.
    KeepTurn {
        /// Of which prompt.
        prompt: String,
        /// What is written.
        evidence: Box<Evidence>,
    },
    /// Look for cassettes in the library.
    FindCassettes,
    /// Look for models that could be chosen.
    FindModels,
    /// Give the terminal to the user's own editor, with this text.
    EditOutside(Box<Outside>),
    /// Read the file of an editor that came back before anything was saved.
    ReadOutside {
        /// The file.
        file: PathBuf,
        /// What was given to the editor.
        outside: Box<Outside>,
    },
    /// The file of an editor is not needed any more.
    ForgetOutside(PathBuf),
    /// Search the sections.
    Search(Box<Search>),
    /// Replace everything that a search finds, in a copy.
    ReplaceAll {
        /// What is searched for and put in its place.
        search: Box<Search>,
        /// Matches that stay, by pane and first char.
        kept: BTreeSet<(usize, usize)>,
    },
    /// Put text on the system's clipboard (OSC 52).
    Copy(String),
    /// Remember that the page of the first start was seen.
    Welcomed,
    /// Look into the library's trash.
    ListTrash,
    /// Move something into the trash.
    Delete(Thing),
    /// Bring something back from the trash.
    BringBack(Deleted),
    /// Remember that messages of a prompt may go to a host, or that they may not any more.
    Agreed {
        /// The prompt.
        prompt: String,
        /// The host, with its port.
        host: String,
        /// What goes there; `None` when that was taken back.
        sharing: Option<Sharing>,
    },
    /// A message after this time; a timer of the same kind starts over.
    After(Timer, u64),
    /// The mouse to greenroom or to the terminal.
    Mouse(bool),
    /// Stop the process until it is continued.
    Suspend,
    /// Leave.
    Quit,
}
