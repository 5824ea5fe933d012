//! The state machine: state and message in, effects out; nothing waits and nothing is read or written.

mod ascii;
mod compare;
mod complete;
mod counting;
mod draft;
mod every;
mod exactly;
mod find;
mod freeze;
mod journal;
mod keys;
mod lint;
pub(in crate::tui) use lint::look;
mod lists;
mod mouse;
mod outside;
mod picking;
mod play;
mod save;
mod secrets;
mod sending;
mod sequences;
mod theirs;
mod tour;
mod trash;
mod values;
mod variables;
