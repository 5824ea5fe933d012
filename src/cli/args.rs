//! What can be typed: every command, its options, an example of each. Help, completions and the command reference are
//! made from this.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::history::args::History;
use crate::cli::vars::args::VarsAction;

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

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The workbench on a copy of the samples, with no key and no network
    #[command(after_help = "Example:\n  greenroom demo\n  greenroom demo ~/try-greenroom")]
    Demo(Demo),
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
    Show(Show),
    /// The filled system prompt, byte for byte what a model receives
    #[command(
        after_help = "Example:\n  greenroom fill customer_support --values new_free_user\n  greenroom fill recipe_ideas --set servings=4 --allow-missing"
    )]
    Fill(Fill),
    /// Tokens by section and variable, what can be cached, what it costs
    #[command(
        after_help = "Example:\n  greenroom tokens customer_support --values new_free_user\n  greenroom tokens customer_support --model openai:gpt-4o --calls 100000 --reply 180"
    )]
    Tokens(Tokens),
    /// The variables of a prompt: list, check, declare, rename, import
    #[command(
        after_help = "Example:\n  greenroom vars customer_support --values angry_customer\n  greenroom vars customer_support check angry_customer\n  greenroom vars customer_support rename user_name customer_name --dry-run",
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        disable_help_subcommand = true
    )]
    Vars(Vars),
    /// What differs between two versions, prompts or drafts
    #[command(
        after_help = "Example:\n  greenroom diff customer_support 1.1.0 1.2.0\n  greenroom diff customer_support@latest customer_support@draft --unified"
    )]
    Diff(Diff),
    /// Sends messages to a model under a prompt and streams the reply
    #[command(
        after_help = "Example:\n  greenroom play customer_support -m \"How do I export a board?\" --values new_free_user\n  echo \"Hi\" | greenroom play recipe_ideas -m - --model offline"
    )]
    Play(Play),
    /// A new prompt, from the five-section outline or from a file
    #[command(after_help = "Example:\n  greenroom new release_notes\n  greenroom new legal_faq --from legal_faq.txt")]
    New(New),
    /// Freezes the draft as a version; the draft stays
    #[command(
        after_help = "Example:\n  greenroom cut customer_support --minor -m \"Warmer tone\" --why \"CSAT fell in February\""
    )]
    Cut(Cut),
    /// What is wrong with a prompt's text, by rule, section and line
    #[command(
        after_help = "Example:\n  greenroom lint customer_support\n  greenroom lint customer_support recipe_ideas@latest --sarif > lint.sarif\n  greenroom lint --explain vague-words"
    )]
    Lint(Lint),
    /// Checks every SHA256SUMS of the library, or of one prompt
    #[command(after_help = "Example:\n  greenroom verify\n  greenroom verify customer_support")]
    Verify(Verify),
    /// The runs with models on this machine: list, search, show, export, rate, delete
    #[command(
        after_help = "Example:\n  greenroom history\n  greenroom history search refund --prompt customer_support\n  greenroom history export > runs.jsonl",
        subcommand_value_name = "ACTION",
        subcommand_help_heading = "Actions",
        disable_help_subcommand = true
    )]
    History(History),
    /// Providers that are set up or running on this machine, and their models
    #[command(after_help = "Example:\n  greenroom models\n  greenroom models --json")]
    Models,
    /// Lets a library say where your keys go and what is run for one
    #[command(after_help = "Example:\n  greenroom trust\n  greenroom trust ~/work/prompts\n  greenroom trust --revoke")]
    Trust(TrustArgs),
    /// The settings: where they are, what is in force, what is wrong
    #[command(after_help = "Example:\n  greenroom config show\n  greenroom config check\n  greenroom config path")]
    Config(Config),
    /// What works on this machine: terminal, files, keys, servers
    #[command(after_help = "Example:\n  greenroom doctor\n  greenroom doctor --json")]
    Doctor,
    /// The manual page
    #[command(after_help = "Example:\n  greenroom man\n  greenroom man --to ~/.local/share/man/man1")]
    Man(Man),
    /// A completion script for a shell
    #[command(
        after_help = "Example:\n  greenroom completions bash > ~/.local/share/bash-completion/completions/greenroom"
    )]
    Completions(Completions),
}

/// `demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Where the copy goes; a temporary folder when not given
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

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
    /// Values from this set of the prompt
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// One value; wins over the set
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The user's message, for {{message}}
    #[arg(short, long, value_name = "MESSAGE")]
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
    /// Values from this set of the prompt
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// One value; wins over the set
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
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
    /// A prompt and two versions (NAME FROM TO), or two references (REF REF)
    #[arg(value_name = "REF", num_args = 2..=3, required = true)]
    pub refs: Vec<String>,
    /// Two columns, as in the workbench; the default on a terminal
    #[arg(long, conflicts_with = "unified")]
    pub side_by_side: bool,
    /// One column that patch and git apply take; the default in a pipe
    #[arg(long)]
    pub unified: bool,
    /// Exit with 1 when there is a difference
    #[arg(long)]
    pub exit_code: bool,
    /// Columns of the side-by-side form; the terminal's when not given
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<u16>,
}

/// `play`
#[derive(Debug, Args)]
pub struct Play {
    /// Which prompt
    #[arg(value_name = "REF")]
    pub reference: String,
    /// A message; several are turns of one conversation; `-` reads standard input
    #[arg(short, long, value_name = "MESSAGE", required = true)]
    pub message: Vec<String>,
    /// PROVIDER:MODEL, or offline
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Values from this set of the prompt
    #[arg(long, value_name = "SET")]
    pub values: Option<String>,
    /// One value; wins over the set
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Print the reply when it is complete
    #[arg(long)]
    pub no_stream: bool,
    /// Send personal values to a host that is not this machine
    #[arg(long)]
    pub real_values: bool,
    /// Write the replies down on this cassette, for --replay
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Answer from this cassette alone: no key, no network
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
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
    #[arg(short = 'm', long = "message", value_name = "WHAT", required = true)]
    pub what: String,
    /// Why
    #[arg(long, value_name = "WHY", required = true)]
    pub why: String,
    /// The day of the version; today when not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
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

/// `verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Only this prompt
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// `trust`
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// The library; the one that is found from here when not given
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Take it back
    #[arg(long)]
    pub revoke: bool,
}

/// `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `config`
#[derive(Debug, Args)]
#[command(arg_required_else_help = false)]
pub struct Config {
    /// What about the settings
    #[command(subcommand)]
    pub what: ConfigCommand,
}

/// The commands of `config`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigCommand {
    /// Where your config is, also when it is not there yet
    #[command(after_help = "Example:\n  greenroom config path")]
    Path,
    /// What is in force, and where each setting comes from
    #[command(after_help = "Example:\n  greenroom config show\n  greenroom config show --json")]
    Show,
    /// Everything that is wrong with the settings, with its place
    #[command(after_help = "Example:\n  greenroom config check\n  greenroom config check --json")]
    Check,
}

/// `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}
