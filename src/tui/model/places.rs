//! Where one is in the workbench, and the words for how it stands: screens, levels, the pane with the focus, how much a
//! message matters.

use crate::tui::draft::PaneId;

/// A screen of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenId {
    /// The five sections, the variables, the preview.
    Draft,
    /// The conversation with a model.
    Play,
    /// Two versions side by side.
    Diff,
    /// What was said and decided about a draft or version.
    Review,
}

impl ScreenId {
    /// The screens that are built, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Play, Self::Diff, Self::Review];

    /// What the tab says.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Play => "Play",
            Self::Diff => "Diff",
            Self::Review => "Review",
        }
    }

    /// The number of its tab and its key.
    pub fn number(self) -> u8 {
        match self {
            Self::Draft => 1,
            Self::Play => 2,
            Self::Diff => 3,
            Self::Review => 6,
        }
    }
}

/// Whether letters are commands or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Letters are commands.
    Nav,
    /// Letters are text.
    Edit,
}

/// Who decides about the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theming {
    /// The terminal's background, as soon as it is known.
    Background,
    /// The user, or nobody is asked.
    Chosen,
}

/// How a change of the draft's file by somebody else is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noticing {
    /// The system tells.
    Told,
    /// The file is looked at, some time after a key.
    Looked,
}

/// How much a message matters; decides symbol, word and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something to look at.
    Warning,
    /// Something failed.
    Failed,
}

/// The one message of the status row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How much it matters.
    pub weight: Weight,
    /// What it says.
    pub text: String,
}

/// The pane that has the focus, over all screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Focus {
    /// A pane of the Draft screen.
    Draft(PaneId),
    /// The conversation of the Play screen.
    Transcript,
    /// The message of the Play screen.
    Message,
    /// The rows of the Diff screen.
    Rows,
    /// The rows of the Review screen.
    Comments,
    /// What is written in the box of a review.
    Said,
}
