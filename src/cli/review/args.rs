//! What can be typed behind `review REF`.

use clap::{Args, Subcommand};

use crate::cli::usage::words;

/// Every action of `review`.
#[derive(Debug, Subcommand)]
pub enum ReviewAction {
    /// Says something about the whole, a section, a variable or some lines
    #[command(
        after_help = "Example:\n  greenroom review customer_support comment -m \"Who decides?\" --line 42\n  greenroom review customer_support comment -m \"Long\" --section output_format"
    )]
    Comment(Comment),
    /// Answers a comment
    #[command(after_help = "Example:\n  greenroom review customer_support reply 3fa2 -m \"Billing does\"")]
    Reply(Reply),
    /// Settles a comment
    #[command(after_help = "Example:\n  greenroom review customer_support resolve 3fa2")]
    Resolve(Named),
    /// Opens a comment again
    #[command(after_help = "Example:\n  greenroom review customer_support reopen 3fa2")]
    Reopen(Named),
    /// Proposes other words for some lines, which the author takes with `take`
    #[command(after_help = "Example:\n  greenroom review customer_support suggest --line 42 -m \"Billing decides.\"")]
    Suggest(Suggest),
    /// Puts a suggestion into the draft and settles it
    #[command(after_help = "Example:\n  greenroom review customer_support take 3fa2")]
    Take(Named),
    /// Approves exactly these bytes: any later change voids it
    #[command(after_help = "Example:\n  greenroom review customer_support approve -m \"Read twice\"")]
    Approve(Approve),
    /// Asks for changes before it goes out
    #[command(after_help = "Example:\n  greenroom review recipe_ideas request-changes -m \"See comments\"")]
    RequestChanges(RequestChanges),
    /// Says that a step is done which no file can show
    #[command(
        after_help = "Example:\n  greenroom review customer_support done draft\n  greenroom review customer_support done pipeline -m \"CI job 81\""
    )]
    Done(Done),
}

/// `review REF comment`
#[derive(Debug, Args)]
pub struct Comment {
    /// The words; `-` reads standard input
    #[arg(short = 'm', long = "message", value_name = "TEXT", required = true, allow_hyphen_values = true, value_parser = words)]
    pub text: String,
    /// About this section
    #[arg(long, value_name = "ID", conflicts_with = "variable")]
    pub section: Option<String>,
    /// About this line of the file, or these: N or N-M
    #[arg(long, value_name = "N")]
    pub line: Option<String>,
    /// About this variable
    #[arg(long, value_name = "NAME", conflicts_with = "line")]
    pub variable: Option<String>,
}

/// `review REF reply`
#[derive(Debug, Args)]
pub struct Reply {
    /// The comment, by its name or the beginning of it
    #[arg(value_name = "ID")]
    pub id: String,
    /// The words; `-` reads standard input
    #[arg(short = 'm', long = "message", value_name = "TEXT", required = true, allow_hyphen_values = true, value_parser = words)]
    pub text: String,
}

/// An action on one comment.
#[derive(Debug, Args)]
pub struct Named {
    /// The comment, by its name or the beginning of it
    #[arg(value_name = "ID")]
    pub id: String,
}

/// `review REF suggest`
#[derive(Debug, Args)]
pub struct Suggest {
    /// The line of the file to replace, or the lines: N or N-M
    #[arg(long, value_name = "N", required = true)]
    pub line: String,
    /// What is to stand there; `-` reads standard input, nothing takes the lines out
    #[arg(short = 'm', long = "message", value_name = "TEXT", required = true, allow_hyphen_values = true, value_parser = words)]
    pub replacement: String,
    /// Why
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub why: Option<String>,
}

/// `review REF approve`
#[derive(Debug, Args)]
pub struct Approve {
    /// A word about it
    #[arg(short = 'm', long = "message", value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub text: Option<String>,
}

/// `review REF request-changes`
#[derive(Debug, Args)]
pub struct RequestChanges {
    /// What has to change; `-` reads standard input
    #[arg(short = 'm', long = "message", value_name = "TEXT", required = true, allow_hyphen_values = true, value_parser = words)]
    pub text: String,
}

/// `review REF done`
#[derive(Debug, Args)]
pub struct Done {
    /// requirements, draft, pipeline, …: a step of the way to production
    #[arg(value_name = "STAGE")]
    pub stage: String,
    /// A word about it
    #[arg(short = 'm', long = "message", value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub text: Option<String>,
}
