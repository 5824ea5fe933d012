//! Everything that can happen to the workbench. One inbox, one total order: there are no races to think about.

mod carried;
mod timer;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::error::Error;
use crate::git::Standing;
use crate::history::{Pace, Totals};
use crate::library::{Deleted, LintTable, PromptConfig, PromptEntry, Shelf, Snapshot, Stamp, ValueSet, VersionEntry};
use crate::model;
use crate::prompt::{Assumptions, Declarations, Values};
use crate::tui::committing::Written;
use crate::tui::compare::Compared;
use crate::tui::counting::Tally;
use crate::tui::draft::StateId;
use crate::tui::find::{Edit, Found};
use crate::tui::freezing::Covering;
use crate::tui::linting::{Mark, Moment};
use crate::tui::margins::{Across, Noted};
use crate::tui::outside::Came;
use crate::tui::past::Recalled;
use crate::tui::play::Block;
use crate::tui::release::Told;
use crate::tui::reviewing::Board;
use crate::tui::tape::Tape;
use crate::tui::telling::StoryLine;
use crate::tui::theme::Background;
use crate::tui::variables::{Planned, Source, Taken};

pub use carried::{
    Began, Beside, Kept, Left, OnDisk, OnShelf, Opened, Other, Reconciled, Refreshed, Side, SideSource, Unsaved,
};
pub use timer::Timer;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse moved, clicked or scrolled.
    Mouse(MouseEvent),
    /// The terminal has a new size.
    Resize(u16, u16),
    /// The terminal's window has the focus again.
    FocusGained,
    /// The process is to stop for a while (SIGTSTP).
    Suspend,
    /// The process goes on (SIGCONT).
    Resumed,
    /// The process is to end (SIGTERM, SIGHUP, terminal gone).
    Terminate,
    /// A timer that an effect asked for is due.
    Timer(Timer),
    /// The list of prompts was read.
    Listed(Result<Vec<PromptEntry>, Error>),
    /// What came of something about releases.
    Release(Told),
    /// The branch of the library and how much is not committed; nothing outside of git.
    Git(Option<Standing>),
    /// Files were written that may be committed, and what came of it otherwise.
    Wrote(Written, Box<Msg>),
    /// The files of a prompt that are not committed.
    Uncommitted {
        /// Whose.
        prompt: String,
        /// The prompt's folder.
        folder: PathBuf,
        /// The files, as paths that can be opened.
        files: Vec<PathBuf>,
    },
    /// Git has committed: the commits in short, or why not.
    Committed(Result<Vec<String>, Error>),
    /// A prompt was read.
    Opened(Result<Box<Opened>, Error>),
    /// The draft was written.
    Saved {
        /// Whose draft.
        prompt: String,
        /// Which state of it.
        state: StateId,
        /// What stands on disk now.
        stamp: Stamp,
        /// The file, as a path that can be opened; nothing where the prompt is gone meanwhile.
        file: Option<PathBuf>,
    },
    /// The draft could not be written.
    SaveFailed {
        /// Whose draft.
        prompt: String,
        /// Why.
        error: Error,
    },
    /// Somebody else has written the draft since it was read.
    SaveConflict {
        /// Whose draft.
        prompt: String,
        /// What stands on disk.
        theirs: Vec<u8>,
    },
    /// A value set was written.
    SetSaved(Result<ValueSet, Error>),
    /// Somebody else has written the set since it was read.
    SetConflict {
        /// The prompt whose set it is.
        prompt: String,
        /// What was to be written.
        mine: ValueSet,
        /// What the file says.
        theirs: Values,
    },
    /// The values of secrets were taken out of sets.
    SecretsOut {
        /// Of which prompt.
        prompt: String,
        /// The sets that were changed, as they are now.
        result: Result<Vec<ValueSet>, Error>,
    },
    /// Tokens were counted.
    Counted(Arc<Tally>),
    /// A model's server has counted, or not.
    CountedExactly {
        /// The number of the question.
        run: u64,
        /// The tokens, or why there are none.
        result: Result<u64, model::Failure>,
    },
    /// What is assumed about a prompt's cost was written.
    AssumptionsSaved {
        /// Of which prompt.
        prompt: String,
        /// What was written, or why not.
        result: Result<Assumptions, Error>,
    },
    /// `prompt.toml` says what a variable is, or why not.
    Declared {
        /// Of which prompt.
        prompt: String,
        /// The variable.
        variable: String,
        /// All declarations as they are now.
        result: Result<Declarations, Error>,
    },
    /// Values were read from a text or a file.
    ValuesRead {
        /// What was read.
        source: Source,
        /// What it holds.
        result: Result<Arc<Taken>, Error>,
    },
    /// `prompt.toml` says where the variables stand in a log, or why not.
    FieldsRemembered {
        /// Of which prompt.
        prompt: String,
        /// All declarations as they are now.
        result: Result<Declarations, Error>,
    },
    /// It was looked where a variable's name stands.
    RenamePlanned {
        /// The name there is.
        old: String,
        /// The name there would be.
        new: String,
        /// What would change.
        result: Result<Arc<Planned>, Error>,
    },
    /// A variable was renamed in the files.
    Renamed {
        /// Of which prompt.
        prompt: String,
        /// The name before.
        old: String,
        /// The name now.
        new: String,
        /// The files as they are now.
        result: Result<Refreshed, Error>,
    },
    /// A variable was renamed in the files because undo or redo had renamed it in the text.
    RenameFollowed {
        /// Of which prompt.
        prompt: String,
        /// The name before.
        old: String,
        /// The name now.
        new: String,
        /// The files as they are now.
        result: Result<Refreshed, Error>,
    },
    /// A prompt was made.
    Created(Result<String, Error>),
    /// What is in the library's trash, the last first.
    Trash(Vec<Deleted>),
    /// Something was moved into the trash.
    Deleted(Result<Deleted, Error>),
    /// Something was brought back from the trash.
    BroughtBack {
        /// What.
        deleted: Deleted,
        /// The value set, if it is one.
        result: Result<Option<ValueSet>, Error>,
    },
    /// The draft was begun anew from a version, or not.
    DraftBegun {
        /// Whose draft.
        prompt: String,
        /// Which version.
        version: semver::Version,
        /// What came of it.
        result: Result<Box<Began>, Error>,
    },
    /// A version was frozen.
    Frozen(Result<VersionEntry, Error>),
    /// A comparison is done.
    Compared {
        /// Which one was asked for.
        generation: u64,
        /// What came out.
        result: Result<Arc<Compared>, Error>,
    },
    /// What became of a line or a section, as it is shown.
    StoryTold {
        /// Which question.
        asked: u64,
        /// The lines.
        result: Result<Vec<StoryLine>, Error>,
    },
    /// The draft was compared with the last version, for the form that freezes.
    Weighed(Result<Arc<Compared>, Error>),
    /// Which approvals cover the draft as it would be frozen; `None` where that cannot be found out.
    Covered {
        /// Of which prompt.
        prompt: String,
        /// What was found.
        covering: Option<Covering>,
    },
    /// The user's own editor came back, or could not be started.
    CameBack(Result<Came, Error>),
    /// A search has ended.
    Found {
        /// Which one.
        search: u64,
        /// What it found, or what is wrong with what is searched for.
        result: Result<Box<Found>, String>,
    },
    /// Everything that was searched for is replaced, in a copy.
    Replaced {
        /// By which search.
        search: u64,
        /// The revisions of the texts that were copied.
        of: [u64; 6],
        /// What becomes of them.
        edits: Vec<Edit>,
    },
    /// The text was looked at.
    Linted {
        /// Which text.
        moment: Moment,
        /// What was found.
        marks: Arc<Vec<Mark>>,
    },
    /// An exception was added to the settings.
    Allowed {
        /// Whose settings.
        prompt: String,
        /// What they say to the linter now.
        table: Result<LintTable, Error>,
    },
    /// A run of a model goes on.
    Run {
        /// Which run.
        run: u64,
        /// Milliseconds since it was sent.
        at_ms: u64,
        /// What happened.
        event: model::Event,
    },
    /// A reply was checked against its schema, or why it was not.
    ReplyChecked {
        /// The reply's run.
        run: u64,
        /// What came of it.
        verdict: model::schema::Verdict,
    },
    /// A long reply was rendered.
    ReplyRendered {
        /// Its run.
        run: u64,
        /// What is shown of it.
        blocks: Vec<Block>,
    },
    /// A long request was laid out for reading.
    LaidOut {
        /// The number it was asked for with.
        number: u64,
        /// What is shown, and whether something in it is masked.
        shown: (String, bool),
    },
    /// The draft's configuration was written, or not.
    ConfigSaved {
        /// Whose draft.
        prompt: String,
        /// What it says now.
        result: Result<PromptConfig, Error>,
    },
    /// It is known what would be sent, or why nothing would be.
    Foreseen {
        /// The number of the question.
        run: u64,
        /// The request.
        result: Result<Arc<model::Envelope>, model::Failure>,
    },
    /// A command was written to the file that was typed, or why not.
    CurlSaved {
        /// What was typed.
        typed: String,
        /// Where it is.
        result: Result<PathBuf, Error>,
    },
    /// A version was read, for a column that runs it.
    VersionRead {
        /// Of which prompt.
        prompt: String,
        /// Which one.
        version: semver::Version,
        /// What it is.
        result: Result<Box<Snapshot>, Error>,
    },
    /// Two replies were compared: each run with the words, in bytes of its reply, that the other does not have.
    RepliesCompared([(u64, Vec<Range<usize>>); 2]),
    /// A seed was drawn for a blind comparison.
    Shuffled(u64),
    /// The review was looked at.
    Reviewed {
        /// The number of the look.
        generation: u64,
        /// What there is.
        result: Result<Arc<Board>, Error>,
    },
    /// What was said beside the lines of a text.
    Noted(Box<Noted>),
    /// A suggestion about lines of several sections is in the text.
    TakenAcross(Box<Across>),
    /// Something was added to a review; what to tell of it.
    Said(Result<&'static str, Error>),
    /// A vote was added to its file, or not.
    Judged(Result<(), Error>),
    /// The history answers.
    Recalled(Recalled),
    /// Models that could be chosen were found.
    Models(Vec<String>),
    /// So much is spent, as the history knows it.
    Spent(Totals),
    /// A cassette is in or out, or why not.
    Inserted {
        /// The number of the question.
        number: u64,
        /// The cassette that is in.
        result: Result<Option<Tape>, Error>,
    },
    /// A turn was kept in this file, or not.
    TurnKept(Result<PathBuf, Error>),
    /// Cassettes that stand in the library.
    Cassettes(Vec<PathBuf>),
    /// So fast these models were lately.
    Paces(Vec<Pace>),
    /// The terminal has said what its background is.
    Background(Background),
    /// The demo begins.
    Welcome,
    /// A copy of the draft was written to the file that was typed, or why not.
    Copied {
        /// What was typed.
        typed: String,
        /// Where the copy is.
        result: Result<PathBuf, Error>,
    },
    /// What runs where was looked at, because the log or the versions are not what they were.
    LookedAtReleases {
        /// The prompt.
        prompt: String,
        /// Its log and its versions from outside, as they are.
        shelf: Shelf,
        /// What there is now, or why that cannot be told.
        result: Result<Box<OnShelf>, Error>,
    },
    /// Something has happened near the draft's file.
    Touched,
    /// Whether it is told when something happens near the draft's file.
    Watching(bool),
    /// The draft's file was looked at.
    Looked {
        /// Whose draft.
        prompt: String,
        /// What stands there; `None` when it cannot be read.
        found: Option<OnDisk>,
        /// The other greenrooms that have it open.
        others: Vec<Other>,
    },
    /// What stands beside the draft's text was looked at.
    LookedBeside {
        /// Whose draft.
        prompt: String,
        /// What it says, or what is wrong with it.
        found: Result<Box<Beside>, Error>,
    },
    /// It is known what differs between ours and theirs.
    Reconciled {
        /// Whose draft.
        prompt: String,
        /// What differs.
        found: Arc<Reconciled>,
    },
    /// The tour begins.
    Tour,
    /// It is the very first start, on the user's own library.
    FirstStart,
    /// The journal could not be written, or can be again.
    Journaled(Result<(), Error>),
    /// The text that was found was put into a file of its own.
    PutAside {
        /// Whose text.
        prompt: String,
        /// Which file.
        file: Result<PathBuf, Error>,
    },
    /// Something to tell at the next chance.
    Told(Error),
}
