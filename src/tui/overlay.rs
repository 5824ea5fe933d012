//! What lies over a screen: one enum, never a field a popup.

use std::path::PathBuf;
use std::sync::Arc;

use crate::diff::Bump;
use crate::library::{Step, Thing, ValueSet};
use crate::tui::compare::Compared;
use crate::tui::consent::Consent;
use crate::tui::costs::CostBox;
use crate::tui::decision::Decision;
use crate::tui::evidence::{Kept, Kind};
use crate::tui::find::SearchForm;
use crate::tui::input::Input;
use crate::tui::keymap::{Action, Context};
use crate::tui::params::ParamsForm;
use crate::tui::release::ReleaseForm;
use crate::tui::telling::StoryBox;
use crate::tui::variables::VariableBox;
use crate::tui::wire::WireBox;
use crate::tui::words::Words;

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
    /// What became of a line or a section.
    Story(StoryBox),
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
            Self::Help(..) | Self::Palette(_) | Self::Pick(..) | Self::Spend(_) | Self::Story(_) => Context::List,
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
    /// A comment.
    Comment,
    /// Other words for a line.
    Suggestion,
    /// An answer to a comment.
    Reply,
    /// A word to an approval.
    Approval,
    /// What has to change.
    Changes,
}

/// A side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// What it was.
    Left,
    /// What it is.
    Right,
}

/// A list with a filter.
#[derive(Debug)]
pub struct Picker<T> {
    /// What it is called.
    pub title: &'static str,
    /// All rows.
    pub rows: Vec<PickRow<T>>,
    /// What the rows are filtered by.
    pub filter: Input,
    /// Whether letters go into the filter.
    pub typing: bool,
    /// The selected one of the shown rows.
    pub selected: usize,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickRow<T> {
    /// What it stands for.
    pub value: T,
    /// What it says.
    pub label: String,
    /// What stands at its right: a key, a date, a state.
    pub detail: String,
    /// Why it cannot be chosen; `None` when it can.
    pub disabled: Option<String>,
}

impl<T> Picker<T> {
    /// A list; letters are commands until `/`.
    pub fn new(title: &'static str, rows: Vec<PickRow<T>>) -> Self {
        Self { title, rows, filter: Input::default(), typing: false, selected: 0 }
    }

    /// A list whose filter takes letters at once.
    pub fn searching(title: &'static str, rows: Vec<PickRow<T>>) -> Self {
        Self { typing: true, ..Self::new(title, rows) }
    }

    /// With the row that stands for `value` selected.
    #[must_use]
    pub fn at(mut self, value: &T) -> Self
    where
        T: PartialEq,
    {
        self.selected = self.rows.iter().position(|row| row.value == *value).unwrap_or(0);
        self
    }

    /// The rows the filter lets through, best first.
    pub fn shown(&self) -> Vec<&PickRow<T>> {
        let wanted = self.filter.text();
        if wanted.is_empty() {
            return self.rows.iter().collect();
        }
        crate::tui::fuzzy::rank(&wanted, &self.rows, |row| format!("{} {}", row.label, row.detail))
    }

    /// The selected row.
    pub fn chosen(&self) -> Option<&PickRow<T>> {
        self.shown().get(self.selected).copied()
    }

    /// Moves the selection, and stays in the list.
    pub fn step(&mut self, by: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }
}

/// The form that freezes a version.
#[derive(Debug)]
pub struct FreezeForm {
    /// The version there is; `None` for the first.
    pub last: Option<semver::Version>,
    /// What the changes suggest, once they are compared.
    pub suggested: Option<Bump>,
    /// The chosen step.
    pub step: Step,
    /// Whether the user chose the step, so that a proposal no longer changes it.
    pub stepped: bool,
    /// What changed.
    pub what: Words,
    /// Why.
    pub why: Words,
    /// The focused field.
    pub field: FreezeField,
    /// What is missing, when it was tried.
    pub problem: Option<String>,
    /// The comparison with the last version, for the changelog's preview.
    pub compared: Option<Arc<Compared>>,
    /// Rows of the changelog's preview that are above its first shown one.
    pub scrolled: usize,
}

impl FreezeForm {
    /// The words of the focused field, when it has some.
    pub fn words_mut(&mut self) -> Option<&mut Words> {
        match self.field {
            FreezeField::What => Some(&mut self.what),
            FreezeField::Why => Some(&mut self.why),
            FreezeField::Step | FreezeField::Accept => None,
        }
    }
}

/// The fields of the form, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreezeField {
    /// Major, minor or patch.
    Step,
    /// What changed.
    What,
    /// Why.
    Why,
    /// Freeze it.
    Accept,
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
