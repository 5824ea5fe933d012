//! Variables as part of the work: declaring them, renaming them everywhere, taking their values from other people's
//! files, holding a set of values against what a prompt asks for.
//!
//! Pure: texts in, texts and findings out. What stands in which file, and whether it may be written, the library knows;
//! nothing here opens a file, draws, or shows a value that must stay hidden.
//!
//! | file | what it does |
//! | --- | --- |
//! | `declare` | one variable's table in `prompt.toml`, every other byte kept |
//! | `rename` | where a name stands in each kind of file, and the text with another name there |
//! | `import` | JSON, YAML, CSV, `.env` and logs of requests → records of named values |
//! | `review` | what a record would change in a value set, personal values masked |
//! | `check` | what a set lacks, and what of it is extra, too long or too old |
//! | `cases` | a case at the end of an eval suite, every byte before it kept |
//! | `survey` | every variable of a prompt: its value's state, its uses, its tokens |

mod cases;
pub mod check;
pub mod declare;
pub mod import;
pub mod rename;
pub mod review;
pub mod survey;

pub use cases::{Case, STUB, appended};
pub use check::{Concern, Finding};
pub use declare::Property;
pub use import::{Format, Record};
pub use rename::{Edit, What};
pub use review::{Change, Masking, Review};
pub use survey::{State, Surveyed, Use};
