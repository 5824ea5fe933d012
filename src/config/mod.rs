//! Settings: raw (what the files say) → resolved (what the program needs).
//!
//! The user's config and the library's `greenroom.toml` are read here, checked, and merged. A library is other people's
//! data: it may not hold a key, and nothing in it decides where a key of the user goes until the user trusts it.

pub use crate::library::{Folders, folders};
