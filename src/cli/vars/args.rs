//! What can be typed behind `vars NAME`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::usage::words;
use crate::prompt;
use crate::vars::Format;

/// Every action of `vars`.
#[derive(Debug, Subcommand)]
pub enum VarsAction {
    /// What a value set lacks, what is too long, extra or too old; exit code 1 for the first two
    #[command(after_help = "Example:\n  greenroom vars customer_support check angry_customer")]
    Check(Check),
    /// Says in prompt.toml what a variable is; the rest of the file stays
    #[command(
        after_help = "Example:\n  greenroom vars customer_support declare user_name --privacy personal --freshness session\n  greenroom vars customer_support declare user_name --unset max_tokens"
    )]
    Declare(Declare),
    /// Renames a variable everywhere but in frozen versions, or nowhere
    #[command(
        after_help = "Example:\n  greenroom vars customer_support rename user_name customer_name --dry-run\n  greenroom vars customer_support rename user_name customer_name"
    )]
    Rename(Rename),
    /// Takes values from JSON, YAML, CSV, .env or a JSONL log; personal ones masked, no secrets
    #[command(
        after_help = "Example:\n  greenroom vars customer_support import customers.csv --set row_three --row 3\n  greenroom vars customer_support import requests.jsonl --set log --field user_name=/input/name\n  greenroom vars customer_support import .env --set local --dry-run"
    )]
    Import(Import),
    /// Gives one variable of a value set a value, also from a file
    #[command(
        after_help = "Example:\n  greenroom vars customer_support set new account_type \"Team (12 members)\"\n  greenroom vars customer_support set new account_type --from-file account.txt"
    )]
    Set(Set),
}

/// `vars NAME check`
#[derive(Debug, Args)]
pub struct Check {
    /// The value set
    #[arg(value_name = "SET")]
    pub set: String,
}

/// A privacy as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Privacy {
    /// Anyone may see it
    Public,
    /// People of the organisation
    Internal,
    /// About a person: masked on screens
    Personal,
    /// Never shown, never sent, never in a file
    Secret,
}

impl From<Privacy> for prompt::Privacy {
    fn from(typed: Privacy) -> Self {
        match typed {
            Privacy::Public => Self::Public,
            Privacy::Internal => Self::Internal,
            Privacy::Personal => Self::Personal,
            Privacy::Secret => Self::Secret,
        }
    }
}

/// A freshness as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Freshness {
    /// The same for every call
    Static,
    /// Once a day
    Daily,
    /// Once a session
    Session,
    /// With each request
    Request,
}

impl From<Freshness> for prompt::Freshness {
    fn from(typed: Freshness) -> Self {
        match typed {
            Freshness::Static => Self::Static,
            Freshness::Daily => Self::Daily,
            Freshness::Session => Self::Session,
            Freshness::Request => Self::Request,
        }
    }
}

/// A key of a declaration that can be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Key {
    /// What the variable is
    Description,
    /// A made-up value
    Example,
    /// The value when a set gives none
    Default,
    /// Whether a missing value is an error
    Required,
    /// Who may see the value
    Privacy,
    /// How often the value changes
    Freshness,
    /// The most tokens of the value
    MaxTokens,
    /// Whether others write the value
    Untrusted,
    /// Where import finds the value
    ImportFrom,
}

/// `vars NAME declare`
#[derive(Debug, Args)]
pub struct Declare {
    /// The variable
    #[arg(value_name = "VAR")]
    pub variable: String,
    /// Who may see its value
    #[arg(long, value_enum, value_name = "P")]
    pub privacy: Option<Privacy>,
    /// How often its value changes
    #[arg(long, value_enum, value_name = "F")]
    pub freshness: Option<Freshness>,
    /// What it is, in a sentence
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub description: Option<String>,
    /// A made-up value that may be shown and sent anywhere
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub example: Option<String>,
    /// The value when a set gives none
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = words)]
    pub default: Option<String>,
    /// Whether a missing value is an error
    #[arg(long, value_name = "BOOL")]
    pub required: Option<bool>,
    /// The most tokens its value may cost
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: Option<u64>,
    /// Whether end users or third parties write its value
    #[arg(long, value_name = "BOOL")]
    pub untrusted: Option<bool>,
    /// Where import finds its value in a record, as /input/name
    #[arg(long, value_name = "PATH")]
    pub import_from: Option<String>,
    /// Take this key of it out, as `max_tokens`; may be repeated
    #[arg(long, value_enum, value_name = "KEY", hide_possible_values = true)]
    pub unset: Vec<Key>,
}

/// `vars NAME rename`
#[derive(Debug, Args)]
pub struct Rename {
    /// The name there is
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The name there will be
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Show the places and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// A format as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Written {
    /// One object, or a list of objects
    Json,
    /// One object a line
    Jsonl,
    /// A table of names
    Yaml,
    /// A heading and rows, or the columns name and value
    Csv,
    /// NAME=value lines
    Env,
}

impl From<Written> for Format {
    fn from(typed: Written) -> Self {
        match typed {
            Written::Json => Self::Json,
            Written::Jsonl => Self::Jsonl,
            Written::Yaml => Self::Yaml,
            Written::Csv => Self::Csv,
            Written::Env => Self::Env,
        }
    }
}

/// `vars NAME import`
#[derive(Debug, Args)]
pub struct Import {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The value set that takes the values; made when it is not there
    #[arg(long, value_name = "SET")]
    pub set: String,
    /// How the file is written; recognised when not given
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Written>,
    /// Where a value stands in a record, as user=/input/name; remembered in prompt.toml
    #[arg(long = "field", value_name = "VAR=PATH")]
    pub fields: Vec<String>,
    /// Which record, from 1, when the file has several
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub row: Option<u64>,
    /// Take personal values as they are
    #[arg(long)]
    pub real_values: bool,
    /// Also take names that the prompt does not know
    #[arg(long)]
    pub extra: bool,
    /// Leave this variable out; may be given several times
    #[arg(long, value_name = "VAR")]
    pub without: Vec<String>,
    /// Show what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `vars NAME set`
#[derive(Debug, Args)]
pub struct Set {
    /// The value set; made when it is not there
    #[arg(value_name = "SET")]
    pub set: String,
    /// The variable
    #[arg(value_name = "VAR")]
    pub variable: String,
    /// The value; `-` reads standard input
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub value: Option<String>,
    /// The text of this file, byte for byte, is the value
    #[arg(long, value_name = "PATH", conflicts_with = "value")]
    pub from_file: Option<PathBuf>,
    /// Take the value away
    #[arg(long, conflicts_with_all = ["value", "from_file"])]
    pub unset: bool,
}
