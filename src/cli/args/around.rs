//! What can be typed behind the commands around the work: the demo, trust, settings, completions, the manual.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// Where the copy goes; a temporary folder when not given
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
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

/// `completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct Man {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}
