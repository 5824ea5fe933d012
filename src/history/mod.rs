//! Every run with a model, kept on this machine: found again, shown, exported, rated, deleted for good.
//!
//! One `SQLite` file in the user's state folder, readable only by the user. Values of personal variables are masked before
//! anything is written, unless the user has opted in; secrets never get this far in the clear. A history that is damaged
//! is put aside under another name and a new one begun; what cannot be written is told and stops no run.

mod disk;
mod find;
mod mask;
mod pace;
mod page;
mod recording;
mod run;
mod schema;
mod spend;
mod store;
pub mod unfinished;
mod writer;

pub use find::{Filter, Spent};
pub use mask::{Mask, Private, private};
pub use pace::{Pace, median, spark};
pub use page::{After, Brief, Page};
pub use recording::{Cost, Recording};
pub use run::{About, Rating, Run, Said, fingerprint};
pub use spend::Totals;
pub use store::Store;
pub use writer::{Ended, News, Writer};

use std::path::{Path, PathBuf};

/// The file of the history in the user's state folder.
pub fn file_in(state: &Path) -> PathBuf {
    state.join("history").join("runs.db")
}
