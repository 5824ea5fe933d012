//! What a model is: a request, the events of its reply, and the adapters that speak to one.
//!
//! An adapter turns a [`Request`] into the bytes one kind of server takes and that server's answer into [`Event`]s. It
//! never reads the library and never draws. A key is held in a `SecretString` and is put into a header, nowhere else.

pub mod bill;
pub mod cassette;
mod cost;
pub mod costing;
pub mod discover;
mod endpoint;
pub mod envelope;
mod event;
mod exactly;
mod failure;
pub mod memo;
mod models;
mod offline;
pub mod playtest;
pub mod prices;
mod produce;
mod remembered;
mod request;
pub mod rules;
pub mod schema;
pub mod tokens;
mod wire;

pub use bill::{Bill, Cache, Volume, dollars};
pub use cost::cost;
pub use costing::{Change, Costing};
pub use endpoint::Timeouts;
pub use envelope::{Envelope, Header, Wire};
pub use event::{Context, Event, Finish, Model, Reply, ToolCall, Usage};
pub use exactly::{can_count, count_exactly};
pub use failure::{Failure, FailureKind};
pub use models::Models;
pub use offline::Offline;
pub use playtest::{Audience, Obstacle, Personal, Playtest, Prepared};
pub use prices::{Rate, rate};
pub use remembered::{ExactCounts, Remembered};
pub use request::{ModelName, Params, Request, Role, Turn};
pub use rules::{Rules, Unsent, rules};
