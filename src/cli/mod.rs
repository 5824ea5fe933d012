//! The commands: one file each, resolve → compute → print. A command holds no logic that a screen needs too.

pub mod args;
mod commits;
mod completions;
mod config;
mod counter;
mod cut;
mod demo;
mod deploy;
mod diff;
mod doctor;
mod draft;
mod export;
mod fill;
mod given;
pub mod help;
pub mod history;
mod lint;
mod list;
mod log;
mod man;
mod models;
mod new;
mod open;
pub mod output;
mod play;
pub mod review;
mod rollback;
mod show;
mod tokens;
mod trust;
mod tutor;
mod usage;
pub mod vars;
mod verify;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::error::{Error, Kind, Result};
use args::{Cli, Command};
use output::Output;

/// Runs what the arguments say and gives the process's exit code.
pub fn main() -> ExitCode {
    let parsed = Cli::try_parse().map_err(|error| match error.kind() {
        // only now is the text of the help needed
        ErrorKind::DisplayHelp => help::program().try_get_matches().err().unwrap_or(error),
        _ => error,
    });
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            if error.use_stderr() {
                let mistake = usage::mistake(&error, std::env::args_os().skip(1));
                Output::error(&mistake);
                return ExitCode::from(mistake.kind.exit_code());
            }
            // help or the version; a closed pipe is success
            return match error.print() {
                Err(failed) if failed.kind() != std::io::ErrorKind::BrokenPipe => {
                    let failed = Error::input(format!("cannot write to standard output: {failed}"));
                    Output::error(&failed);
                    ExitCode::from(failed.kind.exit_code())
                }
                _ => ExitCode::SUCCESS,
            };
        }
    };
    let output = Output::new(&cli.common);
    match dispatch(&cli, &output) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            Output::error(&error);
            ExitCode::from(error.kind.exit_code())
        }
    }
}

/// Does work that talks to servers, on this thread, until it is done.
fn wait_for<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(Kind::Model, format!("no connection can be made on this system: {error}")))?;
    Ok(runtime.block_on(work))
}

/// The exit code of a command that did what was asked, or why it could not.
fn dispatch(cli: &Cli, output: &Output) -> Result<u8> {
    let common = &cli.common;
    if let (Some(_), Some(name)) = (&cli.command, &cli.name) {
        return Err(Error::input(format!("`{name}` before a command has no meaning"))
            .hint("the prompt stands behind the command, as in `greenroom show NAME`"));
    }
    match &cli.command {
        None => open::run(common, cli.name.as_deref()),
        Some(Command::Demo(args)) => demo::run(args, common, output),
        Some(Command::Tutor) => tutor::run(common),
        Some(Command::List) => list::run(common, output),
        Some(Command::Show(args)) => show::run(args, common, output),
        Some(Command::Fill(args)) => fill::run(args, common, output),
        Some(Command::Tokens(args)) => tokens::run(args, common, output),
        Some(Command::Vars(args)) => vars::run(args, common, output),
        Some(Command::Diff(args)) => diff::run(args, common, output),
        Some(Command::Log(args)) => log::run(args, common, output),
        Some(Command::Play(args)) => play::run(args, common, output),
        Some(Command::New(args)) => new::run(args, common, output),
        Some(Command::Cut(args)) => cut::run(args, common, output),
        Some(Command::Draft(args)) => draft::run(args, common, output),
        Some(Command::Deploy(args)) => deploy::run(args, common, output),
        Some(Command::Rollback(args)) => rollback::run(args, common, output),
        Some(Command::Export(args)) => export::run(args, common, output),
        Some(Command::Lint(args)) => lint::run(args, common, output),
        Some(Command::Review(args)) => review::run(args, common, output),
        Some(Command::Verify(args)) => verify::run(args, common, output),
        Some(Command::History(args)) => history::run(args, output),
        Some(Command::Models) => models::run(common, output),
        Some(Command::Trust(args)) => trust::run(args, common, output),
        Some(Command::Config(args)) => config::run(args, common, output),
        Some(Command::Doctor) => doctor::run(common, output),
        Some(Command::Man(args)) => man::run(args, output),
        Some(Command::Completions(args)) => completions::run(args, output),
    }
}
