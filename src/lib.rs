//! greenroom: a terminal workbench for production prompts.
//!
//! The map, in reading order. Dependencies point down the list's reverse: the screens and the commands know everything,
//! the pure middle knows nothing but itself.
//!
//! | module | what it is | what it must never do |
//! | --- | --- | --- |
//! | [`prompt`] | a prompt's text: sections, placeholders, filling, variables, tokens | touch a terminal, the network, a file, the clock, chance |
//! | [`diff`] | two texts → rows with word spans, drawn alike by every surface | the same |
//! | [`vars`] | variables declared, renamed, imported, checked: texts in, texts and findings out | the same |
//! | [`stats`] | exact statistics of small counts | the same |
//! | [`gates`] | what has to hold before a release, and whether it does: facts in, sentences out | the same |
//! | [`library`] | prompts on disk: names, layout, versions, atomic writes | talk to a model, draw |
//! | [`config`] | what the user's and the library's settings say → what the program needs | act on it |
//! | [`model`] | what a model is, and the adapters that speak to one | touch the library, draw |
//! | [`history`] | every run with a model, kept on this machine | draw, stop a run |
//! | [`release`] | to an environment and back: gates, the user's hook, the log, drills | change a frozen byte |
//! | [`git`] | who the user is, which branch, a commit of exactly what was written | commit what others staged |
//! | [`cli`] | one file a command: resolve → compute → print | hold logic that a screen needs too |
//! | [`tui`] | the workbench: one state, one inbox, effects as data | block a key press on disk or network |
//! | [`error`] | the one error type at the edge: kind, hint, exit code | |
//! | [`sanitize`] | makes untrusted text safe to draw | |
//! | [`source`] | files as people write them: UTF-8, JSON, TOML, every mistake with its place | write, know what a file is for |

pub mod cli;
pub mod config;
pub mod diff;
pub mod error;
pub mod gates;
pub mod git;
pub mod history;
pub mod library;
pub mod lint;
pub mod model;
pub mod prompt;
pub mod release;
pub mod review;
pub mod sanitize;
pub mod source;
pub mod stats;
pub mod tui;
pub mod vars;
