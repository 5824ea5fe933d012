//! What a program prints, however much it is: all of it is read, so that the program never waits, and the last of it is
//! kept, so that neither disk nor memory fills.
//!
//! Nobody waits for the end of it: a program may leave others behind that hold its output open.

use std::io::{PipeReader, PipeWriter, Read, Result};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::sanitize::one_line;

/// How much of a program's last words is kept, in bytes.
const LAST: usize = 4096;

/// How many lines of them are told.
const LINES: usize = 5;

/// How long it is waited for what is still in the pipe when the program has ended.
const REST: Duration = Duration::from_millis(200);

/// The end of what a program prints.
#[derive(Debug)]
pub struct Output {
    last: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Output {
    /// Reads from now on, on a thread of its own; the program gets what is returned beside it.
    ///
    /// # Errors
    /// When the system gives no more pipes or threads.
    pub fn listen() -> Result<(Self, PipeWriter)> {
        let (reader, writer) = std::io::pipe()?;
        let last = Arc::<Mutex<Vec<u8>>>::default();
        let (said, ended) = channel();
        let kept = Arc::clone(&last);
        let work = move || {
            drain(reader, &kept);
            let _ = said.send(());
        };
        std::thread::Builder::new().name("on_deploy".into()).spawn(work)?;
        Ok((Self { last, ended }, writer))
    }

    /// The last lines of what was printed, for the end of a sentence.
    pub fn last_words(&self) -> String {
        let _ = self.ended.recv_timeout(REST);
        let bytes = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = &lines[lines.len().saturating_sub(LINES)..];
        if last.is_empty() { String::new() } else { format!("; it said: {}", one_line(&last.join(" / "))) }
    }
}

fn drain(mut reader: PipeReader, kept: &Mutex<Vec<u8>>) {
    let mut bytes = [0; 16 * 1024];
    loop {
        let read = match reader.read(&mut bytes) {
            Ok(0) => return,
            Ok(read) => &bytes[..read],
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => return,
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let read = &read[read.len().saturating_sub(LAST)..];
        let too_many = (kept.len() + read.len()).saturating_sub(LAST);
        kept.drain(..too_many);
        kept.extend_from_slice(read);
    }
}
