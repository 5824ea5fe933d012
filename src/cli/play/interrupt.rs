//! What ends a run from outside: Ctrl-C, the signals by which a system or a terminal asks a program to go, and a reader
//! that has gone.
//!
//! None of them ends the program while a reply is coming in: what came is printed and kept in the history first.

use std::future::poll_fn;
use std::io::IsTerminal;
use std::task::Poll;

use futures::FutureExt;
use futures::future::Fuse;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::stdio::stdout;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use crate::error::{Error, Kind, Result};

/// Why a run is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// A signal asks for it.
    Signal,
    /// Whoever read standard output has gone, so that a reply would be paid for and seen by nobody.
    NobodyReads,
}

/// Listens from its making on, so that nothing that comes between two turns is missed.
#[derive(Debug)]
pub(super) struct Interrupt {
    signals: Vec<Signal>,
    gone: Fuse<oneshot::Receiver<()>>,
}

impl Interrupt {
    /// Begins to listen.
    pub fn new() -> Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let signals = kinds.into_iter().map(signal).collect::<Result<Vec<_>, _>>();
        let signals =
            signals.map_err(|error| Error::new(Kind::Model, format!("signals cannot be listened to: {error}")))?;
        Ok(Self { signals, gone: reader_goes() })
    }

    /// Waits for any of them.
    pub async fn came(&mut self) -> Cause {
        poll_fn(|context| {
            if self.signals.iter_mut().any(|signal| matches!(signal.poll_recv(context), Poll::Ready(Some(())))) {
                return Poll::Ready(Cause::Signal);
            }
            match self.gone.poll_unpin(context) {
                Poll::Ready(Ok(())) => Poll::Ready(Cause::NobodyReads),
                Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// Tells when whoever reads standard output goes away. A thread of its own waits for it, because a model that is slow
/// writes nothing by which it could be noticed; the thread ends with the process. A terminal that goes sends a signal.
fn reader_goes() -> Fuse<oneshot::Receiver<()>> {
    if std::io::stdout().is_terminal() {
        return Fuse::terminated();
    }
    let (tell, gone) = oneshot::channel();
    let watch = move || {
        // nothing is asked for, so that only what cannot be asked for ends it: an error, or the end
        let wait = || poll(&mut [PollFd::new(&stdout(), PollFlags::empty())], None);
        if retry_on_intr(wait).is_ok() {
            let _ = tell.send(());
        }
    };
    // where there is no thread to be had it is noticed with the next word that is written
    let _ = std::thread::Builder::new().name("reader".into()).spawn(watch);
    gone.fuse()
}
