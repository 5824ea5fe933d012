//! What the terminal can do, as far as its environment says. It is not asked: this works in a pipe too.

use std::io::{self, IsTerminal};

use super::{Line, Lines, first_line, program};
use crate::config::Environment;
use crate::tui::theme::{Depth, Signs};

/// The lines about the terminal, the programs around it and the time.
pub fn lines(environment: Environment<'_>) -> Vec<Line> {
    let get = |name: &str| environment(name).unwrap_or_default();
    let term = get("TERM");
    let mut lines = Lines::of("terminal");
    match (io::stdin().is_terminal() && io::stdout().is_terminal(), term.as_str()) {
        (_, "dumb") => {
            lines.warn("TERM", "dumb", "the workbench needs a terminal that moves the cursor; commands work");
        }
        (false, _) => lines.note("TERM", "standard input or output is no terminal: this looks at the environment"),
        (true, "") => lines.warn("TERM", "not set", "set it, as in TERM=xterm-256color"),
        (true, name) => lines.ok("TERM", name),
    }
    size(&mut lines);
    colours(&mut lines, environment);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().map(get).find(|locale| !locale.is_empty());
    match (Signs::detect(None, environment), &locale) {
        (Signs::Unicode, Some(locale)) => lines.ok("text", format!("{locale}: frames are drawn with lines")),
        (Signs::Unicode, None) => lines.note("text", "no locale is set; frames are drawn with lines all the same"),
        (Signs::Ascii, _) => {
            lines.note("text", "frames are drawn in ASCII, as with --ascii (TERM or the locale ask for it)");
        }
    }
    let (tmux, screen) = (!get("TMUX").is_empty(), !get("STY").is_empty());
    clipboard(&mut lines, environment, tmux, screen);
    match term.as_str() {
        "linux" => {
            lines.note("paste", "the console has no bracketed paste: a paste arrives as typing");
            lines.note("mouse", "the console has no mouse; everything works without one");
        }
        "dumb" | "" => {}
        _ => {
            lines.ok("paste", "bracketed paste is asked for");
            lines.ok("mouse", "asked for; F12 gives it back to the terminal");
        }
    }
    let around: Vec<&str> = [
        (tmux, "tmux"),
        (screen, "screen"),
        (!get("ZELLIJ").is_empty(), "zellij"),
        (!get("SSH_CONNECTION").is_empty(), "ssh"),
    ]
    .into_iter()
    .filter_map(|(is, name)| is.then_some(name))
    .collect();
    if !around.is_empty() {
        lines.note("around it", around.join(", "));
    }
    let mut all = lines.lines;
    all.extend(tools(environment));
    all
}

fn size(lines: &mut Lines) {
    let Ok((width, height)) = crossterm::terminal::size() else { return };
    let (least_width, least_height) = crate::tui::layout::SMALLEST;
    if (width, height) == (0, 0) {
        return;
    }
    if width < least_width || height < least_height {
        let help = format!("make it at least {least_width}x{least_height}");
        lines.warn("size", format!("{width}x{height}"), &help);
    } else {
        lines.ok("size", format!("{width}x{height}"));
    }
}

fn colours(lines: &mut Lines, environment: Environment<'_>) {
    let said = match Depth::detect(environment) {
        Depth::Monochrome if environment("NO_COLOR").is_some() => "none: NO_COLOR is set",
        Depth::Monochrome => "none",
        Depth::Sixteen => "16",
        Depth::Indexed => "256",
        Depth::True => "24 bit",
    };
    lines.ok("colours", said);
}

/// Copying goes through OSC 52, which some terminals ignore and some programs in between do not pass on.
fn clipboard(lines: &mut Lines, environment: Environment<'_>, tmux: bool, screen: bool) {
    let get = |name: &str| environment(name).unwrap_or_default();
    let within = "what is copied stays inside greenroom; paste it there, or select with the mouse after F12";
    if tmux {
        return match first_line("tmux", &["show-options", "-sv", "set-clipboard"]).as_deref() {
            Some("on") => lines.ok("clipboard", "tmux passes copied text on (set-clipboard on)"),
            Some(other) => {
                let said = format!("tmux keeps copied text to itself (set-clipboard {other})");
                lines.warn("clipboard", said, "in ~/.tmux.conf: set -s set-clipboard on");
            }
            None => lines.note("clipboard", "tmux passes copied text on only with set-clipboard on"),
        };
    }
    if screen {
        return lines.warn("clipboard", "screen does not pass copied text on", within);
    }
    let (term, program) = (get("TERM"), get("TERM_PROGRAM"));
    let takes = ["kitty", "ghostty", "alacritty", "foot", "wezterm"].iter().any(|name| term.contains(name))
        || ["iTerm.app", "WezTerm", "ghostty", "vscode"].contains(&program.as_str())
        || !get("WT_SESSION").is_empty();
    if term == "linux" || term == "dumb" || program == "Apple_Terminal" {
        lines.warn("clipboard", "this terminal takes no copied text (OSC 52)", within);
    } else if takes {
        lines.ok("clipboard", "this terminal takes copied text (OSC 52)");
    } else {
        lines.note("clipboard", "copied text is sent as OSC 52; whether this terminal takes it is not known");
    }
}

fn tools(environment: Environment<'_>) -> Vec<Line> {
    let mut lines = Lines::of("tools");
    match program("git").and_then(|_| first_line("git", &["--version"])) {
        Some(version) => lines.ok("git", version),
        None => lines.warn("git", "not found", "prompts can be used without it; who changed what is then not known"),
    }
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| Some((name, environment(name)?)));
    match editor {
        None => match ["nano", "vi"].into_iter().find(|name| program(name).is_some()) {
            Some(found) => lines.ok("editor", format!("{found}; neither $VISUAL nor $EDITOR is set")),
            None => lines.warn("editor", "none is found", "name yours, as in EDITOR=nano"),
        },
        Some((name, words)) => {
            let first = words.split_whitespace().next().unwrap_or_default();
            match program(first) {
                Some(_) => lines.ok("editor", format!("${name} is {words}")),
                None => lines.warn(
                    "editor",
                    format!("${name} is {words}, which is not found"),
                    "name a program that is there",
                ),
            }
        }
    }
    match jiff::tz::TimeZone::try_system() {
        Ok(zone) => {
            let today = jiff::Zoned::now().with_time_zone(zone.clone()).date();
            let name = zone.iana_name().unwrap_or("without a name").to_owned();
            lines.ok("time zone", format!("{name}; today is {today}"));
        }
        Err(_) => {
            lines.warn("time zone", "not known: dates of versions are those of UTC", "set $TZ, as in TZ=Europe/Berlin");
        }
    }
    lines.lines
}
