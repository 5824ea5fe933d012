//! What can be typed behind the commands that read and write a prompt's files.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Filling;
use crate::cli::review::args::ReviewAction;
use crate::cli::usage::words;
use crate::cli::vars::args::VarsAction;

/// `show`
#[derive(Debug, Args)]
pub struct Show {
    /// Which prompt
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Only this section
    #[arg(long, value_name = "ID")]
    pub section: Option<String>,
}

/// `fill`
#[derive(Debug, Args)]
pub struct Fill {
    /// Which prompt
    #[arg(value_name = "REF")]
    pub reference: String,
    /// What the variables hold
    #[command(flatten)]
    pub filling: Filling,
    /// The user's message, for {{message}}
    #[arg(short, long, value_name = "MESSAGE", allow_hyphen_values = true, value_parser = words)]
    pub message: Option<String>,
    /// The filled user message instead of the system prompt
    #[arg(long)]
    pub user: bool,
    /// Leave a placeholder that has no value as it is
    #[arg(long)]
    pub allow_missing: bool,
}

/// `tokens`
#[derive(Debug, Args)]
pub struct Tokens {
    /// Which prompt
    #[arg(value_name = "REF")]
    pub reference: String,
    /// What the variables hold
    #[command(flatten)]
    pub filling: Filling,
    /// PROVIDER:MODEL, or offline
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Calls a month; else what prompt.toml says about its cost
    #[arg(long, value_name = "N")]
    pub calls: Option<u64>,
    /// Tokens of a usual reply; else what prompt.toml says about its cost
    #[arg(long, value_name = "N")]
    pub reply: Option<u64>,
    /// Ask Anthropic's server for the exact count, once for each text
    #[arg(long)]
    pub exact: bool,
}

/// `vars`
#[derive(Debug, Args)]
pub struct Vars {
    /// Which prompt; a REF to list or check
    #[arg(value_name = "NAME")]
    pub name: String,
    /// List with the values of this set
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// What to do; without it, the variables are listed
    #[command(subcommand)]
    pub action: Option<VarsAction>,
}

/// `diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// A prompt and two states (NAME FROM TO), two references (REF REF), or two files; a state is a version, `draft`,
    /// `latest`, an environment, or `git:REV`
    #[arg(value_name = "REF", num_args = 1..=9, required = true)]
    pub refs: Vec<String>,
    /// Two columns, as in the workbench; the default on a terminal
    #[arg(long, conflicts_with = "unified")]
    pub side_by_side: bool,
    /// One column that patch and git apply take; the default in a pipe
    #[arg(long)]
    pub unified: bool,
    /// A page for a browser, in one file that needs no other; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["unified", "side_by_side", "json"])]
    pub html: Option<PathBuf>,
    /// Exit with 1 when there is a difference
    #[arg(long)]
    pub exit_code: bool,
    /// Columns of the side-by-side form; the terminal's when not given
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<u16>,
}

/// `log`
#[derive(Debug, Args)]
pub struct Log {
    /// Which prompt
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Only what changed in this section
    #[arg(long, value_name = "ID")]
    pub section: Option<String>,
    /// Only what became of the lines with these words, back to where they began
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub line: Option<String>,
    /// Every version that holds these words, with the lines
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["section", "line"], allow_hyphen_values = true, value_parser = words)]
    pub search: Option<String>,
}

/// `new`
#[derive(Debug, Args)]
pub struct New {
    /// The new prompt's name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Its text; the five-section outline when not given
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

/// `cut`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("step").args(["major", "minor", "patch", "version"]))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Cut {
    /// Which prompt
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The first number: variables or the output format changed
    #[arg(long)]
    pub major: bool,
    /// The second number: behaviour changed
    #[arg(long)]
    pub minor: bool,
    /// The third number: wording only
    #[arg(long)]
    pub patch: bool,
    /// Exactly this version
    #[arg(long, value_name = "V")]
    pub version: Option<String>,
    /// What changed
    #[arg(short = 'm', long = "message", value_name = "WHAT", required = true, allow_hyphen_values = true, value_parser = words)]
    pub what: String,
    /// Why
    #[arg(long, value_name = "WHY", required = true, allow_hyphen_values = true, value_parser = words)]
    pub why: String,
    /// The day of the version; today when not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Only show what would be written
    #[arg(long)]
    pub dry_run: bool,
}

/// `lint`
#[derive(Debug, Args)]
pub struct Lint {
    /// Which prompts
    #[arg(value_name = "REF", required_unless_present_any = ["explain", "rules"])]
    pub refs: Vec<String>,
    /// One SARIF 2.1.0 document, which code review tools show beside the lines
    #[arg(long, conflicts_with = "json")]
    pub sarif: bool,
    /// Values from this set of the prompt: too long, or too old?
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// The page of one rule: what it finds, why, before and after
    #[arg(long, value_name = "RULE", conflicts_with_all = ["refs", "sarif", "rules", "values"])]
    pub explain: Option<String>,
    /// All rules with their levels
    #[arg(long, conflicts_with_all = ["refs", "sarif", "values"])]
    pub rules: bool,
}

/// `review`
#[derive(Debug, Args)]
pub struct Review {
    /// Which draft or version
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Only what is open
    #[arg(long)]
    pub open: bool,
    /// Write a page for a browser: decisions, what is missing, comments, comparison; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["open", "json"])]
    pub html: Option<PathBuf>,
    /// What to do; without it, the review is shown
    #[command(subcommand)]
    pub action: Option<ReviewAction>,
}

/// `verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Only this prompt
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}
