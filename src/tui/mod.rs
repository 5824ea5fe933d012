//! The workbench: one state, one inbox, effects as data, drawn when something changed.
//!
//! [`update`] turns state and message into effects and knows no disk, network or clock; [`view`] draws the state and
//! changes nothing; the runner carries out effects. What both drawing and clicks have to know stands in [`layout`].

pub mod ansi;
pub mod beyond;
pub mod boxes;
pub mod canvas;
pub mod changes;
pub mod committing;
pub mod compare;
pub mod complete;
pub mod consent;
pub mod costs;
pub mod counting;
pub mod decision;
pub mod diffing;
pub mod draft;
pub mod drilling;
pub mod editor;
pub mod effect;
pub mod evidence;
pub mod exactly;
pub mod find;
pub mod freezing;
mod fuzzy;
pub mod input;
pub mod instead;
pub mod jump;
pub mod keymap;
pub mod layout;
pub mod linting;
pub mod longtext;
pub mod margins;
pub mod model;
pub mod msg;
pub mod outside;
pub mod overlay;
pub mod pace;
pub mod params;
pub mod past;
pub mod picker;
pub mod picking;
pub mod play;
pub mod pointer;
pub mod possible;
pub mod release;
pub mod reviewing;
pub mod rowlayout;
mod runner;
pub mod saying;
pub mod spending;
pub mod tabs;
pub mod tape;
pub mod telling;
mod terminal;
pub mod theme;
pub mod threads;
pub mod tour;
pub mod update;
pub mod variables;
pub mod view;
pub mod wire;
pub mod words;
pub mod writing;

use std::path::Path;

use crate::error::{Error, Result};
use crate::library::Library;

/// What the workbench is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// Work on a library.
    Work,
    /// A look around, on a copy of the samples: the offline model answers unless another is chosen, nothing is kept.
    Demo,
    /// The tour, on a copy of the samples as for a demo.
    Tutor,
}

/// How the command line wants it to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Frames and marks in ASCII alone, whatever the settings and the terminal say.
    pub ascii: bool,
}

/// Opens the workbench on the library that is found, on `name` if one is given. Gives the exit code: 128 and its number
/// when a signal ended it, else 0.
///
/// # Errors
/// Exit 2 when standard input or output is no terminal; the message names the command to use instead.
pub fn open(library: Option<&Path>, name: Option<&str>, look: Look) -> Result<u8> {
    terminal::check()?;
    runner::run(&Library::discover(library)?, name, Occasion::Work, look)
}

/// Opens the workbench on the copy of the samples in `root`.
///
/// # Errors
/// As [`open`].
pub fn open_copy(root: &Path, occasion: Occasion, look: Look) -> Result<u8> {
    runner::run(&Library::at(root)?, None, occasion, look)
}

/// Whether standard input and output can show the workbench.
///
/// # Errors
/// Exit 2, with the command to use instead.
pub fn check_terminal() -> Result<()> {
    terminal::check()
}

/// What is wrong with the theme of this name, if anything: there is none, or its file cannot be used.
pub fn theme_problem(name: Option<&str>) -> Option<Error> {
    runner::theme::choose(name, theme::Depth::True).2
}

#[cfg(test)]
mod tests;
