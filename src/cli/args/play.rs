//! What can be typed behind `play`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Filling;

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
    /// What the variables hold
    #[command(flatten)]
    pub filling: Filling,
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
