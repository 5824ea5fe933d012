//! One version's whole life with the real program: a PM drafts it, an engineer reviews it, it is approved, released, and
//! taken back after an incident. Once through commands, once through the screen, once in two clones that are merged.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[path = "story/clones.rs"]
mod clones;
#[path = "story/commands.rs"]
mod commands;
#[path = "story/people.rs"]
mod people;
#[cfg(unix)]
#[expect(dead_code, reason = "the tests of the workbench use the rest of it")]
mod pty;
#[cfg(unix)]
#[path = "story/screen.rs"]
mod screen;
