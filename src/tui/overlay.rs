//! What lies over a screen: one enum, never a field a popup.

use std::path::PathBuf;

use crate::library::{Thing, ValueSet};
use crate::tui::consent::Consent;
use crate::tui::costs::CostBox;
use crate::tui::decision::Decision;
use crate::tui::drilling::DrillBox;
use crate::tui::evidence::{Kept, Kind};
use crate::tui::find::SearchForm;
use crate::tui::input::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::params::ParamsForm;
use crate::tui::release::ReleaseForm;
use crate::tui::saying::SayBox;
use crate::tui::telling::StoryBox;
use crate::tui::threads::ThreadBox;
use crate::tui::variables::VariableBox;
use crate::tui::wire::WireBox;

pub use crate::tui::freezing::{FreezeField, FreezeForm};
pub use crate::tui::picker::{PickRow, Picker};

/// The one thing that lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys, searchable; over a box, which comes back when the help is closed.
    Help(Picker<HelpRow>, Option<Box<Overlay>>),
    /// Every action.
    Palette(Picker<Action>),
    /// A list to choose from.
    Pick(Pick, Picker<String>),
    /// A line to write.
    Ask(Ask, Input),
    /// Freezing a version.
    Freeze(Box<FreezeForm>),
    /// What the prompt costs.
    Costs(Box<CostBox>),
    /// Something to agree to.
    Confirm(Confirm),
    /// Letters on everything one can go to.
    Jump,
    /// The page of the very first start.
    Welcome,
    /// A box over the variables.
    Variable(VariableBox),
    /// A question about two texts.
    Decide(Box<Decision>),
    /// Finding and replacing.
    Search(Box<SearchForm>),
    /// The history; what it shows is kept while it is closed.
    Past,
    /// The exact request and the raw answer.
    Wire(Box<WireBox>),
    /// What was spent, from this row on.
    Spend(usize),
    /// The parameters of a column.
    Params(Box<ParamsForm>),
    /// Deploying, or going back.
    Release(Box<ReleaseForm>),
    /// The way back is tried.
    Drill(Box<DrillBox>),
    /// What became of a line or a section.
    Story(StoryBox),
    /// Something is said in a review.
    Say(Box<SayBox>),
    /// What was said about a line.
    Thread(ThreadBox),
}

impl Overlay {
    /// Takes pasted text into the line that is written.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Help(picker, _) if picker.typing => picker.filter.paste(text),
            Self::Palette(picker) => picker.filter.paste(text),
            Self::Pick(_, picker) if picker.typing => picker.filter.paste(text),
            Self::Ask(_, input) => input.paste(text),
            Self::Variable(open) => open.paste(text),
            Self::Freeze(form) => {
                if let Some(words) = form.words_mut() {
                    words.paste(text);
                }
            }
            Self::Costs(open) => open.line_mut().paste(text),
            Self::Wire(open) if open.find.typing => open.find.line.paste(text),
            Self::Params(form) => {
                if let Some(line) = form.line_mut() {
                    line.paste(text);
                }
            }
            Self::Release(form) => form.why.paste(text),
            Self::Help(..)
            | Self::Pick(..)
            | Self::Confirm(_)
            | Self::Decide(_)
            | Self::Jump
            | Self::Welcome
            | Self::Past
            | Self::Wire(_)
            | Self::Spend(_)
            | Self::Story(_)
            | Self::Thread(_)
            // a text like others: it is pasted into where texts are changed
            | Self::Say(_)
            | Self::Drill(_)
            | Self::Search(_) => {}
        }
    }

    /// What comes into sight when it is closed: the box that the help lies over.
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Help(_, below) => below.map(|below| *below),
            _ => None,
        }
    }

    /// Where keys are looked up while it is open.
    pub fn context(&self) -> Context {
        match self {
            Self::Help(..) | Self::Palette(_) | Self::Pick(..) | Self::Spend(_) | Self::Story(_) | Self::Drill(_) => {
                Context::List
            }
            Self::Ask(..)
            | Self::Variable(_)
            | Self::Freeze(_)
            | Self::Confirm(_)
            | Self::Decide(_)
            | Self::Jump
            | Self::Params(_)
            | Self::Release(_)
            | Self::Welcome => Context::Form,
            Self::Search(_) => Context::Search,
            Self::Costs(_) => Context::Costs,
            Self::Past => Context::Past,
            Self::Wire(_) => Context::Wire,
            Self::Say(_) => Context::Say,
            Self::Thread(_) => Context::Margin,
        }
    }
}

/// The page of the first start; keys by the ids of their actions.
pub const WELCOME: [&str; 5] = [
    "This is your own library, with two samples in it: change what you like.",
    "<nav.edit> writes, <back> comes out, <pane.next> goes to the next pane.",
    "2 is a playtest that needs no key and no network, 3 compares versions.",
    "<help.open> shows the keys of where you are, <palette.open> every action.",
    "To be shown around for five minutes: <quit>, then `greenroom tutor`.",
];

/// What a row of the help is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpRow {
    /// Where the keys below it apply.
    Heading,
    /// An action with its keys.
    Key,
}

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Prompts and versions.
    Library,
    /// The left side of the comparison.
    From,
    /// The right side of the comparison.
    To,
    /// What one more column runs.
    AddColumn,
    /// What the focused column runs.
    Subject,
    /// Which of two replies is better.
    Vote,
    /// A value set.
    Set,
    /// A model.
    Model,
    /// What a turn is kept as.
    KeepTurn,
    /// A cassette, or what is done with one.
    Cassette,
    /// A theme.
    Theme,
    /// The section that unsorted lines go to.
    Section,
    /// What is reviewed.
    Reviewed,
    /// Findings of the linter.
    Findings,
    /// Hosts that were agreed to.
    Agreement,
    /// The version to deploy.
    Deploy,
    /// The version that the draft begins from.
    Begin,
    /// What was released.
    Releases,
}

/// What a written line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// The name of a value set.
    SetName,
    /// The name of a prompt.
    PromptName,
    /// A model by name.
    Model,
    /// What replies begin with.
    Prefill,
    /// Why a vote is as it is.
    VoteNote,
    /// Why a finding is all right.
    AllowReason,
    /// Where a copy of the draft goes.
    CopyTo,
    /// The name under which a turn is kept.
    KeepTurn(Kind),
    /// The file that a conversation is recorded to.
    RecordTo,
    /// The cassette that answers.
    ReplayFrom,
    /// Where runs of the history are exported to.
    ExportRuns,
    /// Where a request goes as a command.
    CurlTo,
    /// A git revision, for a side of a comparison.
    Revision(Hand),
    /// A file, for a side of a comparison.
    SideFile(Hand),
    /// What is looked for in both texts of a comparison.
    DiffFind,
    /// What is looked for in the text and the comments of a review.
    ReviewFind,
    /// What is looked for in all versions.
    VersionsFind,
}

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// What it was.
    Left,
    /// What it is.
    Right,
}

/// Something that needs a yes. Cancel is chosen at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    /// What is asked.
    pub question: String,
    /// What follows.
    pub consequence: Vec<String>,
    /// The answers; the first is Cancel.
    pub answers: Vec<(&'static str, Answer)>,
    /// The chosen answer.
    pub selected: usize,
}

/// What an answer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Cancel,
    /// Nothing: it was told, and there is nothing to decide.
    Close,
    /// Sends the message, as it was agreed to.
    Send(Consent),
    /// Sends the message although the cap on what is spent is reached.
    Overspend,
    /// Sends the prompt to be counted, as it was agreed to.
    Count(Consent),
    /// Sends nothing: leads to where an example of the variable can be declared.
    AddExample {
        /// The variable.
        variable: String,
    },
    /// Counts nothing: back to the box with what the prompt costs.
    CountNothing,
    /// Leaves although the draft could not be saved: what was typed is put into a file of its own.
    LeaveAside,
    /// Reads the file of an editor that is still open.
    ReadOutside {
        /// The file.
        file: PathBuf,
    },
    /// Forgets that file.
    ForgetOutside {
        /// The file.
        file: PathBuf,
    },
    /// Begins the draft anew from this version, whatever it holds.
    BeginDraft(semver::Version),
    /// Ends the program that runs for a release, and leaves.
    StopAndLeave,
    /// Commits what was written.
    Commit,
    /// Leaves it as it is, for later.
    LeaveUncommitted,
    /// Moves it into the trash.
    Delete(Thing),
    /// Back to the history, of which nothing is deleted.
    KeepRun,
    /// Sends the opened run again with the masks that stand in its messages.
    SendMasked,
    /// Keeps the turn.
    KeepTurn(Kept),
    /// Deletes this run of the history for good.
    DeleteRun(i64),
    /// Takes the set as it stands on disk.
    TakeTheirSet(ValueSet),
    /// Writes the values over another set.
    WriteOverSet(ValueSet),
    /// Takes the values of secrets out of the sets.
    TakeSecretsOut,
    /// Leaves them there.
    LeaveSecrets,
    /// Writes our set over what stands on disk.
    KeepMySet(ValueSet),
}
