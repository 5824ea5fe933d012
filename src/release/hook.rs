//! The user's own program for the real deployment: it gets the release as JSON on standard input and runs before the log
//! is written. What it says is told only when it fails.
//!
//! Only the user's config names one. It runs in the library's folder, in a process group of its own, so that all of it ends
//! when the time is over or the user interrupts.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serde_json::Value;

use crate::config::Hook;
use crate::error::{Error, Kind, Result};

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(2);

/// How much of a program's last words is read.
const LAST: u64 = 4096;

/// How many lines of them are told.
const LINES: usize = 5;

enum Ended {
    By(std::io::Result<ExitStatus>),
    #[cfg_attr(not(unix), expect(dead_code, reason = "interrupts are a matter of unix"))]
    Interrupted,
}

/// Runs the program and waits for it.
///
/// # Errors
/// When it cannot be started, fails, takes too long or is interrupted; the error has its exit and its last words.
pub fn run(hook: &Hook, folder: &Path, release: &Value) -> Result<()> {
    let name = hook.words.join(" ");
    let failed = |how: &str| Error::input(format!("on_deploy, `{name}`, {how}")).hint("the log is as it was");
    let io = |error: std::io::Error| failed(&format!("could not be started: {error}"));
    // files and no pipes: a program that reads nothing or leaves others behind holds up nobody
    let mut input = tempfile::tempfile().map_err(io)?;
    input.write_all(format!("{release}\n").as_bytes()).and_then(|()| input.rewind()).map_err(io)?;
    let output = tempfile::tempfile().map_err(io)?;
    let Some((program, arguments)) = hook.words.split_first() else { return Ok(()) };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::from(input))
        .stdout(Stdio::from(output.try_clone().map_err(io)?))
        .stderr(Stdio::from(output.try_clone().map_err(io)?));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let (said, hears) = channel();
    let watching = interrupts(&said);
    let child = command.spawn().map_err(io)?;
    let process = child.id();
    wait(child, said);
    let ended = hears.recv_timeout(hook.limit);
    drop(watching);
    let words = || last_words(&output);
    match ended {
        Ok(Ended::By(Ok(status))) if status.success() => Ok(()),
        Ok(Ended::By(Ok(status))) => Err(failed(&format!("failed: {status}{}", words()))),
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
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let Some(group) = i32::try_from(process).ok().and_then(Pid::from_raw) else { return };
        let _ = kill_process_group(group, Signal::TERM);
        let _ = hears.recv_timeout(GRACE);
        let _ = kill_process_group(group, Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = (process, hears.recv_timeout(GRACE));
}

/// Tells of an interrupting key while what is returned lives.
#[cfg(unix)]
fn interrupts(said: &Sender<Ended>) -> Option<Watching> {
    let mut signals =
        signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM]).ok()?;
    let handle = signals.handle();
    let said = said.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
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

/// The last lines of what was printed, for the end of a sentence.
fn last_words(mut output: &std::fs::File) -> String {
    let mut read = || {
        let length = output.seek(SeekFrom::End(0))?;
        output.seek(SeekFrom::Start(length.saturating_sub(LAST)))?;
        let mut bytes = Vec::new();
        output.take(LAST).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    if last.is_empty() { String::new() } else { format!("; it said: {}", last.join(" / ")) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn hook(script: &str, seconds: u64) -> Hook {
        Hook { words: vec!["sh".into(), "-c".into(), script.into()], limit: Duration::from_secs(seconds) }
    }

    fn run_in(folder: &Path, script: &str) -> Result<()> {
        run(&hook(script, 60), folder, &serde_json::json!({ "version": "1.2.0" }))
    }

    #[test]
    fn it_gets_the_release_and_runs_in_the_library() {
        let folder = tempfile::tempdir().unwrap();
        run_in(folder.path(), "cat > got.json").unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("got.json")).unwrap(), "{\"version\":\"1.2.0\"}\n");
        // one that reads nothing and leaves somebody behind is not waited for
        run_in(folder.path(), "read -r line < /dev/null; (exec tail -f /dev/null) & echo $! > left")
            .unwrap_or_default();
        let left: i32 = std::fs::read_to_string(folder.path().join("left")).unwrap().trim().parse().unwrap();
        let _ =
            rustix::process::kill_process(rustix::process::Pid::from_raw(left).unwrap(), rustix::process::Signal::KILL);
    }

    #[test]
    fn a_failure_has_its_exit_and_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let error = run_in(folder.path(), "seq 10; echo 'no such server' >&2; exit 7").unwrap_err();
        assert!(error.message.contains("exit status: 7; it said: 7 / 8 / 9 / 10 / no such server"), "{error}");
        let missing = Hook { words: vec!["no-such-program".into()], limit: Duration::from_secs(1) };
        let error = run(&missing, folder.path(), &Value::Null).unwrap_err();
        assert!(error.message.contains("`no-such-program`, could not be started"), "{error}");
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let error = run(&hook("tail -f /dev/null & echo waiting; tail -f /dev/null", 1), folder.path(), &Value::Null);
        let error = error.unwrap_err();
        assert!(error.message.contains("took longer than 1 s and was ended; it said: waiting"), "{error}");
    }
}
