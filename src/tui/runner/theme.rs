//! Which theme the workbench begins with: the one that is set, else a dark one until the terminal has said that its
//! background is light.
//!
//! The terminal is asked after the first screen is drawn, and its answer comes among the keys: nothing waits for it, and
//! a terminal that never answers delays nothing and swallows no key.

use crate::config::{folders, process_environment};
use crate::error::Error;
use crate::tui::theme::{Background, Depth, Theme, ThemeList, by_name};

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
    let background = background();
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

/// What the environment says about the background.
fn background() -> Option<Background> {
    let colours = process_environment("COLORFGBG")?;
    let last = colours.rsplit(';').next()?.parse::<u8>().ok()?;
    Some(if matches!(last, 7 | 15) { Background::Light } else { Background::Dark })
}

/// The question to the terminal, when its answer matters: no theme is set and the environment says nothing.
pub fn question(setting: Option<&str>, depth: Depth) -> Option<&'static str> {
    let open = setting.is_none_or(|name| name == "auto") && depth != Depth::Monochrome && background().is_none();
    let term = process_environment("TERM").unwrap_or_default();
    // the console of Linux would print the question
    (open && term != "linux").then_some("\x1b]11;?\x07")
}
