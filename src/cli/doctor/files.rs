//! The files that greenroom lives on: settings, library, state.

use std::fs;
use std::path::Path;

use super::{Line, Lines, State};
use crate::config::{Report, state_folder};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::tui;

/// The lines about settings, library and state.
pub fn lines(library: &Result<Option<Library>>, report: &Report) -> Vec<Line> {
    let mut lines = Lines::of("files");
    config(&mut lines, report);
    match library {
        Ok(Some(library)) => about_library(&mut lines, library),
        Ok(None) => {
            lines.note("library", "there is none yet: the first start of `greenroom` makes yours, with samples");
        }
        Err(error) => broken(&mut lines, "library", error),
    }
    if let Some(folder) = state_folder() {
        state(&mut lines, &folder);
    } else {
        let help = "set $HOME or $XDG_STATE_HOME".to_owned();
        lines.add("state", State::Broken, "there is no folder for what is not saved yet", Some(help));
    }
    lines.lines
}

fn broken(lines: &mut Lines, what: &str, error: &Error) {
    let place = error.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    lines.add(what, State::Broken, format!("{place}{}", error.message), error.hint.clone());
}

fn config(lines: &mut Lines, report: &Report) {
    for error in &report.errors {
        broken(lines, "config", error);
    }
    let odd = report.settings.warnings.len()
        + tui::keymap::Keymap::with(&report.settings.keys).1.len()
        + usize::from(tui::theme_problem(report.settings.theme.as_deref()).is_some());
    let file = report.files.user.as_deref();
    match (report.errors.is_empty(), odd, file) {
        (false, ..) => {}
        (true, 0, Some(file)) if file.is_file() => lines.ok("config", file.display().to_string()),
        (true, 0, _) => lines.ok("config", "none, and none is needed"),
        (true, 1, _) => lines.warn("config", "1 thing in it is odd", "greenroom config check"),
        (true, odd, _) => lines.warn("config", format!("{odd} things in it are odd"), "greenroom config check"),
    }
}

fn about_library(lines: &mut Lines, library: &Library) {
    let root = library.root();
    match library.list() {
        Ok(prompts) => {
            let damaged = prompts.iter().filter(|prompt| !prompt.is_sound()).count();
            let count = if prompts.len() == 1 { "1 prompt".to_owned() } else { format!("{} prompts", prompts.len()) };
            let said = format!("{}: {count}", root.display());
            match damaged {
                0 => lines.ok("library", said),
                _ => lines.warn("library", format!("{said}, {damaged} damaged"), "greenroom list"),
            }
        }
        Err(error) => return broken(lines, "library", &error),
    }
    let prompts = root.join("prompts");
    let written = if prompts.is_dir() { prompts.as_path() } else { root };
    if may_write(written) {
        lines.ok("writing", "drafts can be saved");
    } else {
        lines.warn(
            "writing",
            format!("{} cannot be written: drafts cannot be saved", written.display()),
            "change its owner or its mode, or work on a copy",
        );
    }
}

/// What is kept there was typed by the user and is for nobody else.
fn state(lines: &mut Lines, folder: &Path) {
    let Ok(found) = fs::metadata(folder) else {
        let nearest = folder.ancestors().find(|ancestor| ancestor.exists());
        return if nearest.is_some_and(may_write) {
            lines.ok("state", format!("{} is made when it is needed", folder.display()));
        } else {
            let help = format!("make it: mkdir -p {}", folder.display());
            lines.add("state", State::Broken, format!("{} cannot be made", folder.display()), Some(help));
        };
    };
    if !found.is_dir() {
        let help = "move it away".to_owned();
        return lines.add("state", State::Broken, format!("{} is no folder", folder.display()), Some(help));
    }
    if !may_write(folder) {
        let help = format!("chmod u+rwx {}", folder.display());
        return lines.add("state", State::Broken, format!("{} cannot be written", folder.display()), Some(help));
    }
    match open_to_others(&found) {
        Some(mode) => {
            let help = format!("chmod 700 {}", folder.display());
            lines.warn("state", format!("others may look into {} (mode {mode:o})", folder.display()), &help);
        }
        None => lines.ok("state", folder.display().to_string()),
    }
}

/// The mode of a file or folder, when others than its owner may do anything with it.
#[cfg(unix)]
pub fn open_to_others(found: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = found.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
pub fn open_to_others(_found: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn may_write(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| !found.permissions().readonly())
}
