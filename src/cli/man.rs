//! `greenroom man`: the manual, made from the table of arguments and the table of actions, so that it cannot be behind.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::{Command as Process, Stdio};

use clap::{Command, CommandFactory};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use crate::cli::args::{Cli, Man};
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::tui::keymap::{Context, Keymap, TABLE};

const SOURCE: &str = concat!("greenroom ", env!("CARGO_PKG_VERSION"));

/// Runs the command: the page of `greenroom` itself, or one page a command into a folder.
pub fn run(args: &Man, output: &Output) -> Result<u8> {
    match &args.to {
        Some(folder) => write(folder, output)?,
        None => show(&main_page()?)?,
    }
    Ok(0)
}

/// On a terminal the page is for reading, if there is a `man` that can; everywhere else it is the source.
fn show(page: &str) -> Result<()> {
    if io::stdout().is_terminal() && read(page).unwrap_or(false) {
        return Ok(());
    }
    Output::raw(page)
}

/// Lets `man` show the page; whether it did.
fn read(page: &str) -> io::Result<bool> {
    let mut man = Process::new("man").args(["-l", "-"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    if let Some(mut input) = man.stdin.take() {
        // who leaves the reader early closes the pipe: that is no failure
        let _ = input.write_all(page.as_bytes());
    }
    Ok(man.wait()?.success())
}

fn write(folder: &Path, output: &Output) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| {
        Error::io("make the folder for the pages", folder, &error).hint("name a folder of yours with --to DIR")
    })?;
    let mut pages = vec![("greenroom.1".to_owned(), main_page()?)];
    pages.extend(command_pages()?);
    for (name, page) in &pages {
        let file = folder.join(name);
        fs::write(&file, page).map_err(|error| Error::io("write the page", &file, &error))?;
    }
    output.note(&format!("{} pages in {}", pages.len(), folder.display()));
    Ok(())
}

/// The pages of the commands, and of the commands of commands, each with the name of its file.
fn command_pages() -> Result<Vec<(String, String)>> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    let mut waiting: Vec<(String, &Command)> = vec![("greenroom".to_owned(), &program)];
    while let Some((name, command)) = waiting.pop() {
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            let name = format!("{name}-{}", inner.get_name());
            let page = Page::new(inner.clone()).source(SOURCE).manual("greenroom");
            let page = rendered(|bytes| page.render(bytes))?.replace(".SH EXTRA\nExample:\n", ".SH EXAMPLES\n");
            pages.push((format!("{name}.1"), page));
            waiting.push((name, inner));
        }
    }
    pages.sort();
    Ok(pages)
}

fn main_page() -> Result<String> {
    let page = Page::new(Cli::command()).source(SOURCE).manual("greenroom");
    let head = rendered(|bytes| {
        page.render_title(bytes)?;
        page.render_name_section(bytes)?;
        page.render_synopsis_section(bytes)?;
        page.render_description_section(bytes)?;
        page.render_options_section(bytes)?;
        page.render_subcommands_section(bytes)
    })?;
    Ok(head + &keys() + &around())
}

fn rendered(render: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<String> {
    let mut bytes = Vec::new();
    let unusual = || Error::input("the manual cannot be made on this system");
    render(&mut bytes).map_err(|_| unusual())?;
    String::from_utf8(bytes).map_err(|_| unusual())
}

/// Every key, by the place where it means something.
fn keys() -> String {
    let keymap = Keymap::default();
    let mut page = Roff::new();
    page.control("SH", ["KEYS"]);
    page.text([roman(
        "In NAV, single letters are commands; in EDIT, every printable key is text. Enter goes in, Esc comes out. A key \
         is changed by its action's name, in the config under [keys].",
    )]);
    for context in Context::ALL {
        page.control("SS", [context.title()]);
        for entry in TABLE {
            let keys: Vec<String> = keymap.keys_in(context, entry.action).map(ToString::to_string).collect();
            if keys.is_empty() {
                continue;
            }
            let mut title: Vec<Inline> = Vec::new();
            for key in keys {
                title.extend((!title.is_empty()).then(|| roman(", ")));
                title.push(bold(key));
            }
            page.control("TP", []).text(title).text([roman(format!("{} ({})", entry.label, entry.id))]);
        }
    }
    page.to_roff()
}

/// The sections that no table holds.
fn around() -> String {
    let mut page = Roff::new();
    page.control("SH", ["REFERENCES"]);
    page.text([roman(
        "NAME is a prompt's draft, or its latest version where it has none; NAME@draft, NAME@1.2.0, NAME@latest and \
         NAME@production name one state of it.",
    )]);
    let lists: [(&str, &[(&str, &str)]); 3] = [
        (
            "FILES",
            &[
                ("~/.config/greenroom/config.toml", "Your settings; `greenroom config path` says where they are."),
                ("~/.config/greenroom/themes/*.toml", "Themes of your own."),
                ("~/.local/share/greenroom/library", "Your own library, which the first start fills with samples."),
                ("~/.local/state/greenroom", "What is not saved yet; only you can read it."),
                ("LIBRARY/greenroom.toml", "The settings of a library."),
            ],
        ),
        (
            "ENVIRONMENT",
            &[
                ("GREENROOM_LIBRARY", "The library, unless --library names one."),
                ("ANTHROPIC_API_KEY, OPENAI_API_KEY", "Keys of the two providers that are built in."),
                ("ANTHROPIC_BASE_URL, OPENAI_BASE_URL", "Other addresses for them."),
                ("VISUAL, EDITOR", "The editor that a text is given to."),
                ("NO_COLOR", "When it is not empty, no colour is used."),
                ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME", "Move the folders above."),
            ],
        ),
        (
            "EXIT STATUS",
            &[
                ("0", "Done; also for differences and warnings."),
                ("1", "A check found something."),
                ("2", "Bad usage, a bad file, or a file that cannot be read or written."),
                ("3", "The model or the network failed, or there is no key."),
                ("130", "Interrupted."),
            ],
        ),
    ];
    for (title, entries) in lists {
        page.control("SH", [title]);
        for (term, said) in entries {
            page.control("TP", []).text([bold(*term)]).text([roman(*said)]);
        }
    }
    page.to_roff()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_holds_every_command_and_every_action_that_has_a_key() {
        let page = main_page().unwrap().replace('\\', "");
        for command in Cli::command().get_subcommands() {
            assert!(
                page.contains(&format!("greenroom-{}(1)", command.get_name())),
                "{} is missing",
                command.get_name()
            );
        }
        for entry in TABLE.iter().filter(|entry| !entry.keys.is_empty()) {
            assert!(page.contains(&format!("({})", entry.id)), "{} is missing", entry.id);
        }
        for title in ["NAME", "SYNOPSIS", "KEYS", "FILES", "ENVIRONMENT"] {
            assert!(page.contains(&format!(".SH {title}\n")), "{title} is missing");
        }
    }

    #[test]
    fn there_is_a_page_for_each_command_also_for_those_within_another() {
        let pages = command_pages().unwrap();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert!(names.contains(&"greenroom-fill.1") && names.contains(&"greenroom-config-check.1"), "{names:?}");
        for (name, page) in &pages {
            assert!(page.contains(".SH EXAMPLES"), "{name} has no example");
        }
    }
}
