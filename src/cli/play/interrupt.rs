//! What ends a run from outside: Ctrl-C, and the signals by which a system or a terminal asks a program to go.
//!
//! None of them ends the program while a reply is coming in: what came is printed and kept in the history first.

use std::future::poll_fn;
use std::task::Poll;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::{Error, Kind, Result};

/// Listens from its making on, so that nothing that comes between two turns is missed.
#[derive(Debug)]
pub(super) struct Interrupt(Vec<Signal>);

impl Interrupt {
    /// Begins to listen.
    pub fn new() -> Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let signals = kinds.into_iter().map(signal).collect::<Result<Vec<_>, _>>();
        signals.map(Self).map_err(|error| Error::new(Kind::Model, format!("signals cannot be listened to: {error}")))
    }

    /// Waits for any of them.
    pub async fn came(&mut self) {
        poll_fn(|context| {
            let any = self.0.iter_mut().any(|signal| matches!(signal.poll_recv(context), Poll::Ready(Some(()))));
            if any { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
