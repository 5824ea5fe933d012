//! `greenroom --help`, which fits a small screen however many commands there are: two columns, a few words each. The
//! help of a command is clap's own.

use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use crate::cli::args::Cli;

/// A few words on each command, in the order of the help. A command that is missing here shows the beginning of its own
/// description.
const SHORT: &[(&str, &str)] = &[
    ("demo", "on samples: no key needed"),
    ("tutor", "learn it in five minutes"),
    ("list", "prompts and versions"),
    ("show", "the text as stored"),
    ("new", "a new prompt"),
    ("draft", "the draft from a version"),
    ("fill", "the prompt as it is sent"),
    ("vars", "variables and their values"),
    ("lint", "what is wrong with it"),
    ("tokens", "tokens, cost, cache"),
    ("play", "ask a model under it"),
    ("diff", "two versions compared"),
    ("cut", "freeze a version"),
    ("verify", "is it what was frozen?"),
    ("deploy", "let a version run"),
    ("rollback", "go back to a version"),
    ("review", "comments and decisions"),
    ("log", "who changed it, and why"),
    ("history", "runs on this machine"),
    ("eval", "run the eval suite"),
    ("ab", "A/B tests"),
    ("incident", "when it went wrong"),
    ("due", "what is to be looked at"),
    ("models", "who can be asked"),
    ("import", "from other formats"),
    ("export", "what an application needs"),
    ("trust", "let a library run commands"),
    ("config", "the settings in force"),
    ("doctor", "what works on this machine"),
    ("man", "the manual"),
    ("completions", "for bash, zsh, fish"),
];

/// Columns of a screen that shows the help whole.
const WIDTH: usize = 80;

/// The table of arguments with the help that fits.
pub fn program() -> Command {
    let program = Cli::command();
    let help = text(&program);
    program.override_help(help)
}

fn text(program: &Command) -> String {
    let mut text = String::from(
        "greenroom: write, fill, playtest, freeze and compare production prompts\n\n\
         \x20 greenroom [NAME]    the workbench on your library, or on one prompt of it\n\
         \x20 greenroom COMMAND   one of these; `greenroom COMMAND --help` has examples\n\n",
    );
    let commands = in_order(program);
    let rows = commands.len().div_ceil(2);
    let width = WIDTH / 2 - 2;
    for row in 0..rows {
        let cells = [commands.get(row), commands.get(rows + row)]
            .map(|command| command.map_or_else(String::new, |command| cell(command, width)));
        let line = format!("  {:<width$}  {}", cells[0], cells[1]);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push_str(
        "\n--library DIR  --json  --color auto|always|never  --ascii  -q  -v  -h  -V\n\
         A REF is NAME, NAME@draft, NAME@1.2.0, NAME@latest or NAME@production.\n",
    );
    text
}

/// The commands that the program has, as [`SHORT`] orders them, then the others.
fn in_order(program: &Command) -> Vec<&Command> {
    let place =
        |command: &&Command| SHORT.iter().position(|(name, _)| *name == command.get_name()).unwrap_or(SHORT.len());
    let mut commands: Vec<&Command> = program.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    commands.sort_by_key(place);
    commands
}

fn cell(command: &Command, width: usize) -> String {
    let name = command.get_name();
    let words = match SHORT.iter().find(|(known, _)| *known == name) {
        Some((_, words)) => (*words).to_owned(),
        None => command.get_about().map(ToString::to_string).unwrap_or_default(),
    };
    let text = format!("{name:<12}{words}");
    if text.chars().count() <= width { text } else { text.chars().take(width - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_fits_a_screen_of_80x24_and_names_every_command() {
        let program = Cli::command();
        let help = text(&program);
        assert!(help.lines().count() <= 24, "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= WIDTH), "{help}");
        for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(help.contains(&format!("  {:<12}", command.get_name())), "{} is missing", command.get_name());
        }
    }

    #[test]
    fn the_help_still_fits_when_every_planned_command_is_there() {
        let mut program = Cli::command();
        for (name, _) in SHORT {
            if program.find_subcommand(name).is_none() {
                program = program.subcommand(Command::new(*name));
            }
        }
        assert!(text(&program).lines().count() <= 24, "{}", text(&program));
        assert!(!text(&program).contains('…'), "{}", text(&program));
    }
}
