//! What the workbench knows. Changed by `update` alone; drawn by `view`, which only reads it.

mod places;

pub use places::{Focus, Level, Noticing, ScreenId, Status, Theming, Weight};

use crate::config::Settings;
use crate::git::Standing;
use crate::history::Totals;
use crate::library::{Cut, Deleted, PromptEntry};
use crate::tui::committing::Committing;
use crate::tui::complete::Completing;
use crate::tui::diffing::Diffing;
use crate::tui::draft::{Draft, PaneId};
use crate::tui::editor::Buffer;
use crate::tui::exactly::Exactly;
use crate::tui::find::Finding;
use crate::tui::instead::in_keys;
use crate::tui::keymap::{Chord, Context, Keymap};
use crate::tui::linting::Linting;
use crate::tui::margins::Margins;
use crate::tui::msg::{Kept, Other, Timer};
use crate::tui::outside::Outside;
use crate::tui::overlay::{FreezeForm, Overlay};
use crate::tui::pace::Paces;
use crate::tui::past::Past;
use crate::tui::play::Play;
use crate::tui::pointer::Pointer;
use crate::tui::release::Releasing;
use crate::tui::reviewing::Reviewing;
use crate::tui::saying::SayBox;
use crate::tui::tape::Deck;
use crate::tui::theme::{Depth, Theme, ThemeList};
use crate::tui::tour::{self, Tour};
use crate::tui::writing::Writing;
use jiff::civil::Date;

/// The state of the workbench.
#[derive(Debug)]
pub struct Model {
    /// Columns and rows of the screens: the terminal's, unless the tour has some of them.
    pub size: (u16, u16),
    /// What was spent, as the history knows it.
    pub spent: Totals,
    /// How fast models were lately, by name.
    pub paces: Paces,
    /// The colours.
    pub theme: Theme,
    /// The themes that can be chosen; a user's own with their text.
    pub themes: ThemeList,
    /// The colours the terminal has.
    pub depth: Depth,
    /// Who decides about the theme.
    pub theming: Theming,
    /// Today, for the date of a version.
    pub today: Date,
    /// The keys.
    pub keymap: Keymap,
    /// What the configuration says.
    pub settings: Settings,
    /// Where the library stands, as it is shown.
    pub library: String,
    /// Whether this is the demo: the offline model answers unless another is chosen.
    pub demo: bool,
    /// The prompts of the library.
    pub prompts: Vec<PromptEntry>,
    /// The branch of the library and how much is not committed; nothing outside of git.
    pub git: Option<Standing>,
    /// What is written and not committed yet.
    pub committing: Committing,
    /// What is being released, while it is: a program of the user's may run for minutes.
    pub releasing: Option<Releasing>,
    /// How often it was asked what a release would mean.
    pub releases_asked: u64,
    /// What was deleted and can be brought back, the last first.
    pub trash: Vec<Deleted>,
    /// The screen that is shown.
    pub screen: ScreenId,
    /// Whether letters are commands or text.
    pub level: Level,
    /// Whether the focused pane fills the screen.
    pub zoomed: bool,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// The message of the status row.
    pub status: Option<Status>,
    /// What keeps failing until it is solved: shown in the status row when there is nothing newer.
    pub trouble: Option<String>,
    /// Why the journal cannot be written.
    pub unjournaled: Option<String>,
    /// How soon a change goes into the journal, in milliseconds.
    pub journal_ms: u64,
    /// The timers of the journal and of looks at the file that are running.
    pub due: Vec<Timer>,
    /// How a change of the draft's file by somebody else is noticed.
    pub noticing: Noticing,
    /// Other greenrooms that have this draft open.
    pub others: Vec<Other>,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// What the mouse is doing.
    pub pointer: Pointer,
    /// What was cut or copied last.
    pub clipboard: String,
    /// How often a prompt was opened: tells one opened prompt from the next.
    pub openings: u64,
    /// Where one is in the tour, while it is on.
    pub tour: Option<Tour>,
    /// The first keys of a sequence, while the next one is waited for.
    pub unfinished: Option<Unfinished>,
    /// The text that the user's own editor has.
    pub outside: Option<Outside>,
    /// What is searched for.
    pub finding: Option<Finding>,
    /// How many searches were made: only the last one counts.
    pub searches: u64,
    /// What the linter says.
    pub linting: Linting,
    /// The box that offers variables.
    pub completing: Completing,
    /// The prompt that is open.
    pub draft: Option<Draft>,
    /// The conversation.
    pub play: Play,
    /// The cassette that is in.
    pub deck: Deck,
    /// The history, as far as it was looked at.
    pub past: Past,
    /// The exact count, while it is asked for.
    pub exactly: Exactly,
    /// The comparison.
    pub diffing: Diffing,
    /// The Review screen.
    pub reviewing: Reviewing,
    /// What was said beside the lines of Draft and Diff.
    pub margins: Margins,
    /// What was begun in a review and not said.
    pub unsaid: Option<Box<SayBox>>,
    /// What is on its way to the review; it is unsaid again when it cannot be written there.
    pub saying: Option<Box<SayBox>>,
    /// What waits for the draft to be saved.
    pub pending: Option<Pending>,
    /// What was kept last for the next start.
    pub kept: Kept,
    /// The form that freezes, while the version is being written: it comes back when that fails.
    pub frozen_form: Option<Box<FreezeForm>>,
}

/// Keys that are the beginning of something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unfinished {
    /// What was pressed so far.
    pub pressed: Vec<Chord>,
    /// Whether a box shows what may follow: whoever knows the keys never sees it.
    pub shown: bool,
}

/// What is done as soon as the draft is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// The workbench is left.
    Leave,
    /// Another prompt is opened.
    Open(String),
    /// A version is frozen.
    Freeze(Cut),
    /// The draft is begun anew from a version; whether somebody has agreed that it replaces what no version has.
    Begin(semver::Version, bool),
}

/// What the state begins with.
#[derive(Debug)]
pub struct Start {
    /// The colours.
    pub theme: Theme,
    /// The themes that can be chosen; a user's own with their text.
    pub themes: ThemeList,
    /// The colours the terminal has.
    pub depth: Depth,
    /// The keys.
    pub keymap: Keymap,
    /// What the configuration says.
    pub settings: Settings,
    /// Where the library stands, as it is shown.
    pub library: String,
    /// Whether this is the demo.
    pub demo: bool,
    /// Today.
    pub today: Date,
}

impl Model {
    /// With no prompt open yet.
    pub fn new(start: Start) -> Self {
        let Start { theme, themes, depth, keymap, settings, library, demo, today } = start;
        Self {
            size: (80, 24),
            spent: Totals::default(),
            paces: Paces::default(),
            theme,
            themes,
            depth,
            theming: Theming::Chosen,
            today,
            keymap,
            settings,
            library,
            demo,
            prompts: Vec::new(),
            git: None,
            committing: Committing::default(),
            releasing: None,
            releases_asked: 0,
            trash: Vec::new(),
            screen: ScreenId::Draft,
            level: Level::Nav,
            zoomed: false,
            overlay: None,
            status: None,
            trouble: None,
            unjournaled: None,
            journal_ms: crate::tui::update::JOURNAL_MS,
            due: Vec::new(),
            noticing: Noticing::Told,
            others: Vec::new(),
            mouse: true,
            pointer: Pointer::default(),
            clipboard: String::new(),
            openings: 0,
            tour: None,
            unfinished: None,
            outside: None,
            finding: None,
            searches: 0,
            linting: Linting::default(),
            completing: Completing::default(),
            draft: None,
            play: Play::default(),
            deck: Deck::default(),
            past: Past::default(),
            exactly: Exactly::default(),
            diffing: Diffing::default(),
            reviewing: Reviewing::default(),
            margins: Margins::default(),
            unsaid: None,
            saying: None,
            pending: None,
            kept: Kept::default(),
            frozen_form: None,
        }
    }

    /// The contexts in which a key is looked up, the most specific first.
    pub fn contexts(&self) -> Vec<Context> {
        match (&self.overlay, self.level) {
            (Some(overlay @ (Overlay::Search(_) | Overlay::Costs(_))), _) => {
                vec![overlay.context(), Context::Form, Context::Everywhere]
            }
            (Some(Overlay::Spend(_) | Overlay::Story(_) | Overlay::Drill(_)), _) => {
                vec![Context::List, Context::Everywhere]
            }
            (Some(Overlay::Past), _) => vec![Context::Past, Context::List, Context::Everywhere],
            (Some(Overlay::Thread(_)), _) => vec![Context::Margin, Context::List, Context::Everywhere],
            (Some(Overlay::Say(_)), _) => vec![Context::Say, Context::Edit, Context::Everywhere],
            (Some(overlay), _) => vec![overlay.context(), Context::Everywhere],
            (None, Level::Edit) => match self.focus() {
                Focus::Message => vec![Context::Message, Context::Edit, Context::Everywhere],
                // over the whole screen Enter begins a line, as in any text
                Focus::Draft(PaneId::Variables) if !self.writes_in_full() => {
                    vec![Context::Value, Context::Edit, Context::Everywhere]
                }
                _ if self.completing.shown().is_some() => {
                    vec![Context::Completion, Context::Edit, Context::Everywhere]
                }
                _ => vec![Context::Edit, Context::Everywhere],
            },
            (None, Level::Nav) => {
                let mut contexts = Vec::with_capacity(4);
                if self.focus() == Focus::Draft(PaneId::Variables) {
                    contexts.push(Context::Variables);
                }
                contexts.push(match self.screen {
                    ScreenId::Draft => Context::Draft,
                    ScreenId::Play => Context::Play,
                    ScreenId::Diff => Context::Diff,
                    ScreenId::Review => Context::Review,
                });
                contexts.extend([Context::Nav, Context::Everywhere]);
                contexts
            }
        }
    }

    /// Closes what lies over the screen; a box that the help lies over comes back. `false` when nothing was open.
    pub fn close_box(&mut self) -> bool {
        let open = self.overlay.take();
        let was_open = open.is_some();
        self.overlay = open.and_then(Overlay::below);
        was_open
    }

    /// Whether a value is written over the whole screen.
    fn writes_in_full(&self) -> bool {
        let editing = self.draft.as_ref().and_then(|draft| draft.values.editing.as_ref());
        editing.is_some_and(|editing| editing.full.is_some())
    }

    /// The pane that has the focus.
    pub fn focus(&self) -> Focus {
        if let Some(Overlay::Say(_)) = &self.overlay {
            return Focus::Said;
        }
        match self.screen {
            ScreenId::Draft => Focus::Draft(self.draft.as_ref().map_or(PaneId::Preview, |draft| draft.focus)),
            ScreenId::Play if self.play.in_message => Focus::Message,
            ScreenId::Play => Focus::Transcript,
            ScreenId::Diff => Focus::Rows,
            ScreenId::Review => Focus::Comments,
        }
    }

    /// The text that EDIT would change, if the focused pane has one.
    pub fn buffer(&self) -> Option<&Buffer> {
        match self.focus() {
            Focus::Draft(PaneId::Text(index)) => self.draft.as_ref().map(|draft| &draft.panes[index]),
            Focus::Draft(PaneId::Variables) => {
                self.draft.as_ref()?.values.editing.as_ref().map(|editing| &editing.writing.buffer)
            }
            Focus::Message => Some(&self.play.message.buffer),
            Focus::Said => self.said().map(|writing| &writing.buffer),
            _ => None,
        }
    }

    /// What is written in the box of a review.
    fn said(&self) -> Option<&Writing> {
        match &self.overlay {
            Some(Overlay::Say(open)) => Some(&open.writing),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn said_mut(&mut self) -> Option<&mut Writing> {
        match &mut self.overlay {
            Some(Overlay::Say(open)) => Some(&mut open.writing),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn buffer_mut(&mut self) -> Option<&mut Buffer> {
        match self.focus() {
            Focus::Draft(PaneId::Text(index)) => self.draft.as_mut().map(|draft| &mut draft.panes[index]),
            Focus::Draft(PaneId::Variables) => {
                self.draft.as_mut()?.values.editing.as_mut().map(|editing| &mut editing.writing.buffer)
            }
            Focus::Message => Some(&mut self.play.message.buffer),
            Focus::Said => self.said_mut().map(|writing| &mut writing.buffer),
            _ => None,
        }
    }

    /// Who else has the draft open, in words; `None` when nobody has.
    pub fn meeting(&self) -> Option<String> {
        let Other { process, since } = self.others.first()?;
        Some(match self.others.len() {
            1 => format!("another greenroom is on this draft (process {process}, {since})"),
            more => format!("{more} other greenrooms are on this draft (process {process}, {since})"),
        })
    }

    /// The terminal has this size; what the tour's strip needs of it is not the screens'.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height.saturating_sub(self.strip_rows()));
    }

    /// Columns and rows of everything that is drawn: the screens, and the strip of the tour below them.
    pub fn drawn_size(&self) -> (u16, u16) {
        (self.size.0, self.size.1 + self.strip_rows())
    }

    fn strip_rows(&self) -> u16 {
        if self.tour.is_some() { tour::ROWS } else { 0 }
    }

    /// Says something in the status row.
    pub fn say(&mut self, weight: Weight, text: impl Into<String>) {
        let text = in_keys(&text.into(), &self.keymap);
        self.status = Some(Status { weight, text });
    }
}
