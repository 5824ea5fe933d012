//! A prompt's text: its sections, its placeholders, what filling them gives, what it costs in tokens.
//!
//! Pure: no terminal, network, file system, clock or random source. Nothing here fails on any input; what is odd about a
//! text is part of the value that is returned.

pub mod section;
pub mod variables;

pub use section::{SectionId, Style};
pub use variables::{Declaration, Declarations, Freshness, Privacy, Values};
