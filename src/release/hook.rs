//! The user's own program for the real deployment: it gets the release as JSON on standard input and runs before the log
//! is written. What it says is told only when it fails.
//!
//! Only the user's config names one. It runs in the library's folder, in a process group of its own, so that all of it ends
//! when the time is over, the user interrupts, or it fails. What a program that has done its work leaves running is its own
//! business; nobody listens to it any more when greenroom ends.

mod output;

use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use output::Output;
use serde_json::Value;

use crate::config::Hook;
use crate::error::{Error, Kind, Result};

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(2);

/// Ends the program that runs for a release, from another thread. Clones end the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Mutex<Option<Sender<Ended>>>>);

impl Stop {
    /// Ends the program, if one runs: the release then fails as an interrupted one.
    pub fn now(&self) {
        if let Some(running) = self.running().as_ref() {
            let _ = running.send(Ended::Interrupted);
        }
    }

    /// Whether a program runs.
    pub fn is_needed(&self) -> bool {
        self.running().is_some()
    }

    fn running(&self) -> MutexGuard<'_, Option<Sender<Ended>>> {
        // what a thread that panicked left there is as good as before
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here until what is returned is dropped a program runs.
    fn begin(&self, said: &Sender<Ended>) -> Begun<'_> {
        *self.running() = Some(said.clone());
        Begun(self)
    }
}

struct Begun<'s>(&'s Stop);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        *self.0.running() = None;
    }
}

#[derive(Debug)]
enum Ended {
    By(std::io::Result<ExitStatus>),
    Interrupted,
}

/// Runs the program and waits for it.
///
/// # Errors
/// When it cannot be started, fails, takes too long or is interrupted; the error has its exit and its last words.
pub fn run(hook: &Hook, folder: &Path, release: &Value, stop: &Stop) -> Result<()> {
    let name = hook.words.join(" ");
    let failed = |how: &str| Error::input(format!("on_deploy, `{name}`, {how}")).hint("the log is as it was");
    let io = |error: std::io::Error| failed(&format!("could not be started: {error}"));
    // a file and no pipe: a program that reads nothing holds up nobody
    let mut input = tempfile::tempfile().map_err(io)?;
    input.write_all(format!("{release}\n").as_bytes()).and_then(|()| input.rewind()).map_err(io)?;
    let (output, printed) = Output::listen().map_err(io)?;
    let Some((program, arguments)) = hook.words.split_first() else { return Ok(()) };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::from(input))
        .stdout(Stdio::from(printed.try_clone().map_err(io)?))
        .stderr(Stdio::from(printed));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let (said, hears) = channel();
    let watching = interrupts(&said);
    let child = command.spawn().map_err(io)?;
    // it holds an end of the pipe, which would never end
    drop(command);
    let process = child.id();
    let running = stop.begin(&said);
    wait(child, said);
    let ended = hears.recv_timeout(hook.limit);
    drop(watching);
    drop(running);
    let words = || output.last_words();
    match ended {
        Ok(Ended::By(Ok(status))) if status.success() => Ok(()),
        Ok(Ended::By(Ok(status))) => {
            // what it started must not go on deploying what the log does not have
            end_group(process);
            Err(failed(&format!("failed: {status}{}", words())))
        }
        Ok(Ended::By(Err(error))) => Err(failed(&format!("failed: {error}"))),
        Ok(Ended::Interrupted) => {
            end(process, &hears);
            Err(Error { kind: Kind::Interrupted, ..failed("was interrupted") })
        }
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            end(process, &hears);
            let seconds = hook.limit.as_secs_f64();
            let error = failed(&format!("took longer than {seconds} s and was ended{}", words()));
            Err(error.hint("the log is as it was; on_deploy_timeout_s allows more"))
        }
    }
}

/// Waits for the program on a thread, so that waiting can have an end.
fn wait(mut child: Child, said: Sender<Ended>) {
    std::thread::spawn(move || {
        let _ = said.send(Ended::By(child.wait()));
    });
}

/// Ends the program and what it started: it is asked, and after a moment it is not asked any more.
fn end(process: u32, hears: &Receiver<Ended>) {
    #[cfg(unix)]
    signal(process, rustix::process::Signal::TERM);
    let until = Instant::now() + GRACE;
    // a second interrupt is no end of it
    while let Ok(Ended::Interrupted) = hears.recv_timeout(until.saturating_duration_since(Instant::now())) {}
    end_group(process);
}

/// Ends what is left of the program and of what it started.
fn end_group(process: u32) {
    #[cfg(unix)]
    signal(process, rustix::process::Signal::KILL);
    #[cfg(not(unix))]
    let _ = process;
}

#[cfg(unix)]
fn signal(process: u32, signal: rustix::process::Signal) {
    if let Some(group) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

/// Tells of an interrupting key, of an end that is asked for, and of a terminal that goes away, while what is returned
/// lives.
#[cfg(unix)]
fn interrupts(said: &Sender<Ended>) -> Option<Watching> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]).ok()?;
    let handle = signals.handle();
    let said = said.clone();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            let _ = said.send(Ended::Interrupted);
        }
    });
    Some(Watching(handle))
}

#[cfg(not(unix))]
fn interrupts(_said: &Sender<Ended>) {}

#[cfg(unix)]
struct Watching(signal_hook::iterator::Handle);

#[cfg(unix)]
impl Drop for Watching {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
