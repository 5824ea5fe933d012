//! Which theme the workbench begins with: the one that is set, else one for the terminal's background.
//!
//! The background is only asked of terminals that are known to answer: waiting for an answer that never comes would
//! delay the first screen, and keys that are typed meanwhile would be lost.

use std::time::Duration;

use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use crate::config::{folders, process_environment};
use crate::error::Error;
use crate::tui::theme::{Background, Depth, Theme, ThemeList, by_name};

/// How long the terminal may take to say what its background is.
const PATIENCE: Duration = Duration::from_millis(60);

/// The theme, all that can be chosen (a user's own with their text), and what was wrong with the one that was set.
pub fn choose(setting: Option<&str>, depth: Depth) -> (Theme, ThemeList, Option<Error>) {
    let mut themes: ThemeList = Theme::names().map(|name| (name.to_owned(), None)).collect();
    let own = folders().map(|folders| folders.config.join("themes"));
    for entry in own.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten()).flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "toml")
            && let (Some(name), Ok(text)) =
                (path.file_stem().and_then(|name| name.to_str()), std::fs::read_to_string(&path))
        {
            themes.push((name.to_owned(), Some(text)));
        }
    }
    let setting = setting.filter(|name| *name != "auto");
    let background = if setting.is_none() && depth != Depth::Monochrome { background() } else { None };
    let named = setting.map(|name| by_name(&themes, name, depth));
    match named {
        Some(Ok(theme)) if depth != Depth::Monochrome => (theme, themes, None),
        Some(Err(error)) => (fallback(background, depth), themes, Some(error)),
        _ => (fallback(background, depth), themes, None),
    }
}

fn fallback(background: Option<Background>, depth: Depth) -> Theme {
    Theme::pick(None, background, depth).unwrap_or_default()
}

fn background() -> Option<Background> {
    if let Some(colours) = process_environment("COLORFGBG") {
        let last = colours.rsplit(';').next()?.parse::<u8>().ok()?;
        return Some(if matches!(last, 7 | 15) { Background::Light } else { Background::Dark });
    }
    if !answers() {
        return None;
    }
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    theme_mode(options).ok().map(|mode| match mode {
        ThemeMode::Light => Background::Light,
        ThemeMode::Dark => Background::Dark,
    })
}

/// Whether this terminal is known to answer the question at once.
fn answers() -> bool {
    let set = |name: &str| process_environment(name).is_some();
    let term = process_environment("TERM").unwrap_or_default();
    let program = process_environment("TERM_PROGRAM").unwrap_or_default();
    let known = ["iTerm.app", "WezTerm", "ghostty", "vscode", "tmux", "rio", "WarpTerminal"];
    known.contains(&program.as_str())
        || ["KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION"]
            .into_iter()
            .any(set)
        || ["kitty", "ghostty", "foot", "alacritty", "wezterm"].iter().any(|name| term.contains(name))
}
