//! What can be typed: every command, its options, an example of each. Help, completions and the command reference are
//! made from this.

mod around;
mod deferred;
mod play;
mod release;
mod text;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::history::args::History;

pub use around::{Completions, Config, ConfigCommand, Demo, Man, TrustArgs};
pub use deferred::Deferred;
pub use play::{Message, Messages, Play};
pub use release::{BeginDraft, Deploy, Export, Rollback};
pub use text::{Cut, Diff, Fill, Lint, Log, New, Review, Show, Tokens, Vars, Verify};

/// A terminal workbench for production prompts.
#[derive(Debug, Parser)]
#[command(
    name = "greenroom",
    version,
    about = "A terminal workbench for production prompts: write, fill, playtest, freeze a version, compare.",
    override_usage = "greenroom [OPTIONS] [NAME]\n       greenroom [OPTIONS] COMMAND",
    disable_help_subcommand = true,
    disable_help_flag = true,
    max_term_width = 100
)]
pub struct Cli {
    /// The command; without one, the workbench opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The prompt to open in the workbench.
    #[arg(value_name = "NAME", hide = true)]
    pub name: Option<String>,
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Common {
    /// The library: a folder with `prompts/` in it
    #[arg(long, global = true, value_name = "DIR", help_heading = "Common options")]
    pub library: Option<PathBuf>,
    /// One JSON document on standard output and nothing else
    #[arg(long, global = true, help_heading = "Common options")]
    pub json: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = "Common options")]
    pub color: Color,
    /// Frames and marks in ASCII alone, for terminals and readers that need it
    #[arg(long, global = true, help_heading = "Common options")]
    pub ascii: bool,
    /// Say less
    #[arg(short, long, global = true, help_heading = "Common options")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, help_heading = "Common options")]
    pub verbose: bool,
    /// Print help
    #[arg(short, long, global = true, action = clap::ArgAction::HelpShort, help_heading = "Common options")]
    pub help: Option<bool>,
}

/// Where the values of the variables come from.
#[derive(Debug, Clone, Args)]
pub struct Filling {
    /// Values from this set of the prompt
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// One value; wins over the set
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The workbench on a copy of the samples, with no key and no network
    #[command(after_help = "Example:\n  greenroom demo\n  greenroom demo ~/try-greenroom")]
    Demo(Deferred<Demo>),
    /// Shows you around in five minutes, on a copy of the samples that goes away
    #[command(after_help = "Example:\n  greenroom tutor")]
    Tutor,
    /// Prompts, their versions, what runs where, what is damaged
    #[command(after_help = "Example:\n  greenroom list\n  greenroom list --json")]
    List,
    /// The text of a prompt as it is stored
    #[command(
        after_help = "Example:\n  greenroom show customer_support@latest\n  greenroom show customer_support --section safety_rails"
    )]
    Show(Deferred<Show>),
    /// The filled system prompt, byte for byte what a model receives
    #[command(
        after_help = "Example:\n  greenroom fill customer_support --values new_free_user\n  greenroom fill recipe_ideas --set servings=4 --allow-missing"
    )]
    Fill(Deferred<Fill>),
    /// Tokens by section and variable, what can be cached, what it costs
    #[command(
        after_help = "Example:\n  greenroom tokens customer_support --values new_free_user\n  greenroom tokens customer_support --model openai:gpt-4o --calls 100000 --reply 180"
    )]
    Tokens(Deferred<Tokens>),
    /// The variables of a prompt: list, check, declare, rename, import
    #[command(
        after_help = "Example:\n  greenroom vars customer_support --values angry_customer\n  greenroom vars customer_support check angry_customer\n  greenroom vars customer_support rename user_name customer_name --dry-run",
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        disable_help_subcommand = true
    )]
    Vars(Deferred<Vars>),
    /// What differs between two versions, prompts or drafts
    #[command(
        after_help = "Example:\n  greenroom diff customer_support 1.1.0 1.2.0\n  greenroom diff customer_support@latest customer_support@draft --unified"
    )]
    Diff(Deferred<Diff>),
    /// Who changed a prompt, a section or a line, when, and why
    #[command(
        after_help = "Example:\n  greenroom log customer_support --section safety_rails\n  greenroom log customer_support --line \"refund\"\n  greenroom log customer_support --search \"14 days\""
    )]
    Log(Deferred<Log>),
    /// Sends messages to a model under a prompt and streams the reply
    #[command(
        after_help = "Example:\n  greenroom play customer_support -m \"How do I export a board?\" --values new_free_user\n  echo \"Hi\" | greenroom play recipe_ideas -m - --model offline\n  greenroom play customer_support --n 5 -m \"Hi\" --model offline"
    )]
    Play(Deferred<Play>),
    /// A new prompt, from the five-section outline or from a file
    #[command(after_help = "Example:\n  greenroom new release_notes\n  greenroom new legal_faq --from legal_faq.txt")]
    New(Deferred<New>),
    /// Freezes the draft as a version; the draft stays
    #[command(
        after_help = "Example:\n  greenroom cut customer_support --minor -m \"Warmer tone\" --why \"CSAT fell in February\""
    )]
    Cut(Deferred<Cut>),
    /// The draft anew, from any frozen version
    #[command(after_help = "Example:\n  greenroom draft customer_support@1.1.0")]
    Draft(Deferred<BeginDraft>),
    /// Makes a version run in an environment, if its gates are met
    #[command(
        after_help = "Example:\n  greenroom deploy customer_support@1.2.0 --to staging --why \"Warmer tone\"\n  greenroom deploy customer_support@staging --why \"Held for a week\""
    )]
    Deploy(Deferred<Deploy>),
    /// Goes back to what ran before, or tries the way back
    #[command(
        after_help = "Example:\n  greenroom rollback customer_support --why \"Replies too long\"\n  greenroom rollback customer_support --drill"
    )]
    Rollback(Deferred<Rollback>),
    /// What an application needs of a version, in a folder: text, config, variables, sums
    #[command(after_help = "Example:\n  greenroom export customer_support@production --to service/prompt")]
    Export(Deferred<Export>),
    /// What is wrong with a prompt's text, by rule, section and line
    #[command(
        after_help = "Example:\n  greenroom lint customer_support\n  greenroom lint customer_support recipe_ideas@latest --sarif > lint.sarif\n  greenroom lint --explain vague-words"
    )]
    Lint(Deferred<Lint>),
    /// Checks every SHA256SUMS of the library, or of one prompt
    #[command(after_help = "Example:\n  greenroom verify\n  greenroom verify customer_support")]
    Verify(Deferred<Verify>),
    /// The review of a draft or version: comments, suggestions, decisions
    #[command(
        after_help = "Example:\n  greenroom review customer_support\n  greenroom review customer_support comment -m \"Who decides?\" --line 42\n  greenroom review customer_support approve",
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        disable_help_subcommand = true
    )]
    Review(Deferred<Review>),
    /// The runs with models on this machine: list, search, show, export, rate, delete
    #[command(
        after_help = "Example:\n  greenroom history\n  greenroom history search refund --prompt customer_support\n  greenroom history export > runs.jsonl",
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        disable_help_subcommand = true
    )]
    History(Deferred<History>),
    /// Providers that are set up or running on this machine, and their models
    #[command(after_help = "Example:\n  greenroom models\n  greenroom models --json")]
    Models,
    /// Lets a library say where your keys go and what is run for one
    #[command(after_help = "Example:\n  greenroom trust\n  greenroom trust ~/team-prompts\n  greenroom trust --revoke")]
    Trust(Deferred<TrustArgs>),
    /// The settings: where they are, what is in force, what is wrong
    #[command(after_help = "Example:\n  greenroom config show\n  greenroom config check\n  greenroom config path")]
    Config(Deferred<Config>),
    /// What works on this machine: terminal, files, keys, servers
    #[command(after_help = "Example:\n  greenroom doctor\n  greenroom doctor --json")]
    Doctor,
    /// The manual page
    #[command(after_help = "Example:\n  greenroom man\n  greenroom man --to ~/.local/share/man/man1")]
    Man(Deferred<Man>),
    /// A completion script for a shell
    #[command(
        after_help = "Example:\n  greenroom completions bash > ~/.local/share/bash-completion/completions/greenroom"
    )]
    Completions(Deferred<Completions>),
}
