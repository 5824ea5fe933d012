//! Talking to model servers: what goes over the wire, and how the many shapes of what comes back are read.
//!
//! Bytes → [`decode`] (events or JSON) → [`reader`] (a protocol's meaning) → events of a run. Nothing here trusts a
//! status, a content type or a shape, and nothing here is written to a log.

mod anthropic;
mod complaint;
mod context;
mod decode;
mod http;
mod json;
mod ollama;
mod openai;
mod progress;
mod reader;
mod redact;
mod responses;
mod retry;
mod server;
mod split;
mod sse;
mod tap;

pub(super) use http::Clients;
pub(super) use server::{Asking, Server, get, post};
