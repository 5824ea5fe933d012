//! What the commands around releases take.

use std::path::PathBuf;

use clap::Args;

use crate::cli::usage::words;

/// `deploy`
#[derive(Debug, Args)]
pub struct Deploy {
    /// Which version: NAME@1.2.0, NAME@latest, or NAME@staging for what runs there
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Where
    #[arg(long = "to", value_name = "ENV", default_value = "production")]
    pub to: String,
    /// Why
    #[arg(long, value_name = "WHY", required_unless_present = "dry_run", allow_hyphen_values = true, value_parser = words)]
    pub why: Option<String>,
    /// Also where a gate refuses; the log says so
    #[arg(long)]
    pub force: bool,
    /// Only show the gates and what changes
    #[arg(long)]
    pub dry_run: bool,
}

/// `rollback`
#[derive(Debug, Args)]
pub struct Rollback {
    /// Which prompt
    #[arg(value_name = "NAME")]
    pub name: String,
    /// To this version; to the one that ran there before when not given
    #[arg(long = "to", value_name = "VERSION")]
    pub to: Option<String>,
    /// Where; production when not given, and for a drill everywhere
    #[arg(long = "in", value_name = "ENV")]
    pub environment: Option<String>,
    /// Why
    #[arg(long, value_name = "WHY", required_unless_present_any = ["drill", "dry_run"], allow_hyphen_values = true, value_parser = words)]
    pub why: Option<String>,
    /// Only show what changes
    #[arg(long, conflicts_with = "drill")]
    pub dry_run: bool,
    /// Try the way back in every environment and record whether it works; nothing is rolled back
    #[arg(long, conflicts_with = "to")]
    pub drill: bool,
}

/// `export`
#[derive(Debug, Args)]
pub struct Export {
    /// Which version, or a draft
    #[arg(value_name = "REF")]
    pub reference: String,
    /// The folder: new, empty, or with an earlier export in it
    #[arg(long = "to", value_name = "DIR")]
    pub to: PathBuf,
}

/// `draft`
#[derive(Debug, Args)]
pub struct BeginDraft {
    /// The version to begin from: NAME@1.1.0, NAME@production
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Also when the draft holds changes that no version has; it moves to the trash
    #[arg(long)]
    pub replace: bool,
}
