//! What can be typed behind `history`.

use clap::{Args, Subcommand, ValueEnum};

/// `history`
#[derive(Debug, Args)]
pub struct History {
    /// Which runs, for the list
    #[command(flatten)]
    pub which: Which,
    /// What to do; without it, the runs are listed
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default, Args)]
pub struct Which {
    /// Only of this prompt
    #[arg(long, value_name = "NAME")]
    pub prompt: Option<String>,
    /// Only by this model
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<String>,
    /// At most so many, the newest; 0 is all of them
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Show personal values, where they were kept
    #[arg(long)]
    pub real_values: bool,
}

/// Every action of `history`.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// The runs, newest first
    #[command(after_help = "Example:\n  greenroom history list --prompt customer_support --limit 10")]
    List(List),
    /// The runs that have all these words, by their beginning
    #[command(after_help = "Example:\n  greenroom history search refund\n  greenroom history search \"export board\"")]
    Search(Search),
    /// One run in whole
    #[command(after_help = "Example:\n  greenroom history show 12\n  greenroom history show 12 --json")]
    Show(Show),
    /// All runs, one JSON object a line, oldest first
    #[command(after_help = "Example:\n  greenroom history export > runs.jsonl")]
    Export(Which),
    /// What was spent today and this month, by prompt and model
    #[command(after_help = "Example:\n  greenroom history spend")]
    Spend,
    /// Says what you think of a reply
    #[command(after_help = "Example:\n  greenroom history rate 12 good")]
    Rate(Rate),
    /// Deletes runs for good
    #[command(after_help = "Example:\n  greenroom history delete 12 --yes")]
    Delete(Delete),
}

/// `history list`
#[derive(Debug, Args)]
pub struct List {
    /// Which runs
    #[command(flatten)]
    pub which: Which,
}

/// `history search`
#[derive(Debug, Args)]
pub struct Search {
    /// Words of the message, the reply or a name; `prompt:WORD` is one of the prompt's text
    #[arg(value_name = "Q", required = true)]
    pub words: Vec<String>,
    /// Which runs
    #[command(flatten)]
    pub which: Which,
}

/// `history show`
#[derive(Debug, Args)]
pub struct Show {
    /// Its number in the list
    #[arg(value_name = "ID")]
    pub id: i64,
    /// Show personal values, where they were kept
    #[arg(long)]
    pub real_values: bool,
}

/// `history rate`
#[derive(Debug, Args)]
pub struct Rate {
    /// Its number in the list
    #[arg(value_name = "ID")]
    pub id: i64,
    /// What you think of it
    #[arg(value_enum, value_name = "RATING")]
    pub rating: Opinion,
}

/// What can be thought of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Opinion {
    /// As it should be
    Good,
    /// Not as it should be
    Bad,
    /// Take the rating back
    None,
}

/// `history delete`
#[derive(Debug, Args)]
pub struct Delete {
    /// Their numbers in the list
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<i64>,
    /// Do it: there is no way back
    #[arg(long)]
    pub yes: bool,
}
