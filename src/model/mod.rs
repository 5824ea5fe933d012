//! What a model is: a request, the events of its reply, and the adapters that speak to one.
//!
//! An adapter turns a [`Request`] into the bytes one kind of server takes and that server's answer into [`Event`]s. It
//! never reads the library and never draws. A key is held in a `SecretString` and is put into a header, nowhere else.

mod cost;
pub mod discover;
mod endpoint;
mod event;
mod failure;
mod models;
mod offline;
pub mod playtest;
mod produce;
mod request;
pub mod tokens;
mod wire;

pub use cost::cost;
pub use endpoint::Timeouts;
pub use event::{Event, Finish, Model, Reply, Usage};
pub use failure::{Failure, FailureKind};
pub use models::Models;
pub use offline::Offline;
pub use playtest::{Audience, Obstacle, Playtest, Prepared};
pub use request::{ModelName, Params, Request, Role, Turn};
