//! A prompt's text: its sections, its placeholders, what filling them gives, what it costs in tokens.
//!
//! Pure: no terminal, network, file system, clock or random source. Nothing here fails on any input; what is odd about a
//! text is part of the value that is returned.

pub mod caching;
pub mod counts;
pub mod document;
pub mod fill;
pub mod heading;
pub mod lines;
pub mod pieces;
pub mod section;
pub mod template;
pub mod tokens;
pub mod variables;
pub mod wrap;

pub use caching::{Advice, Destination, Prefix, Remedy, advise, worth_saying};
pub use counts::{Counts, count};
pub use document::{Document, InvalidUtf8, Part, decode};
pub use fill::{Filled, Origin, Resolver, fill};
pub use heading::is_structural;
pub use lines::Eol;
pub use section::{SectionId, Style};
pub use tokens::{Estimate, TokenCounter};
pub use variables::{Assumptions, Declaration, Declarations, Freshness, Privacy, Values};
