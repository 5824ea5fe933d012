//! Where a key means something.

/// Where a key means something. The order in the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// In every pane, in NAV and in EDIT.
    Everywhere,
    /// In NAV, in every pane.
    Nav,
    /// The Draft screen, in NAV.
    Draft,
    /// The variables pane, in NAV.
    Variables,
    /// The Play screen, in NAV.
    Play,
    /// The Diff screen, in NAV.
    Diff,
    /// Wherever text is written.
    Edit,
    /// The message to a model while it is written.
    Message,
    /// The value of a variable while it is written.
    Value,
    /// The box that offers variables.
    Completion,
    /// A list that is open over the screen.
    List,
    /// A form that is open over the screen.
    Form,
    /// The box of a search.
    Search,
    /// The box with what the prompt costs.
    Costs,
    /// The box with the history.
    Past,
    /// The box with the exact request and the raw answer.
    Wire,
    /// The Review screen, in NAV.
    Review,
    /// The box with what was said about a line.
    Margin,
    /// What is said in a review, while it is written.
    Say,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 19] = [
        Self::Everywhere,
        Self::Nav,
        Self::Draft,
        Self::Variables,
        Self::Play,
        Self::Diff,
        Self::Review,
        Self::Margin,
        Self::Say,
        Self::Edit,
        Self::Message,
        Self::Value,
        Self::Completion,
        Self::List,
        Self::Form,
        Self::Search,
        Self::Costs,
        Self::Past,
        Self::Wire,
    ];

    /// The context that a key is given in, as in `nav x`.
    pub fn by_word(word: &str) -> Option<Self> {
        let words = [
            "everywhere",
            "nav",
            "draft",
            "variables",
            "play",
            "diff",
            "review",
            "margin",
            "say",
            "edit",
            "message",
            "value",
            "completion",
            "list",
            "form",
            "search",
            "costs",
            "history",
            "wire",
        ];
        Self::ALL.into_iter().zip(words).find(|(_, own)| *own == word).map(|(context, _)| context)
    }

    /// What the help calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Nav => "NAV, in every pane",
            Self::Draft => "Draft (NAV)",
            Self::Variables => "Variables (NAV)",
            Self::Play => "Play (NAV)",
            Self::Diff => "Diff (NAV)",
            Self::Review => "Review (NAV)",
            Self::Margin => "What was said about a line",
            Self::Say => "Saying something in a review (EDIT)",
            Self::Edit => "EDIT, wherever text is written",
            Self::Message => "Message (EDIT)",
            Self::Value => "Value of a variable (EDIT)",
            Self::Completion => "Box of variables, after {{ (EDIT)",
            Self::List => "Lists",
            Self::Form => "Forms",
            Self::Search => "Find and replace",
            Self::Costs => "What it costs",
            Self::Past => "History",
            Self::Wire => "The exact request and the raw answer",
        }
    }
}
