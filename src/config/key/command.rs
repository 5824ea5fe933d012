//! The program that prints a key: run without a terminal to ask on, for a limited time, and ended with all it started.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::LONGEST;

/// The first line that the program prints within `limit`, or in words why there is none. The words hold nothing of what
/// it printed.
pub fn run(words: &[String], limit: Duration) -> Result<String, String> {
    let Some((program, arguments)) = words.split_first() else {
        return Err("the command for it is empty".to_owned());
    };
    let mut command = Command::new(program);
    // what it says on standard error may hold the key, or ask for a password: it goes nowhere and gets no answer
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    // what it starts belongs to its group, so that all of it can be ended
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.spawn().map_err(|error| format!("`{program}` cannot be run: {error}"))?;
    #[cfg(unix)]
    let group = rustix::process::Pid::from_child(&child);
    let (sender, done) = channel();
    std::thread::spawn(move || sender.send(finish(child)));
    let (status, printed) = match done.recv_timeout(limit) {
        Ok(Ok(finished)) => finished,
        Ok(Err(error)) => return Err(format!("`{program}` cannot be read: {error}")),
        Err(RecvTimeoutError::Disconnected) => return Err(format!("`{program}` cannot be waited for")),
        Err(RecvTimeoutError::Timeout) => {
            // what cannot be ended is not waited for either: its thread stays behind with it
            #[cfg(unix)]
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            return Err(format!(
                "`{program}` did not answer within {} and was stopped; run it once by hand: it may wait for a password",
                seconds(limit)
            ));
        }
    };
    if !status.success() {
        return Err(format!("`{program}` failed ({status})"));
    }
    let text = String::from_utf8(printed).map_err(|_| format!("`{program}` printed no text"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// What the program printed up to [`LONGEST`], and how it ended.
fn finish(mut child: Child) -> io::Result<(ExitStatus, Vec<u8>)> {
    let mut printed = Vec::new();
    if let Some(mut output) = child.stdout.take() {
        output.by_ref().take(LONGEST).read_to_end(&mut printed)?;
        // a program whose output is not taken would wait for ever
        io::copy(&mut output, &mut io::sink())?;
    }
    Ok((child.wait()?, printed))
}

fn seconds(limit: Duration) -> String {
    if limit.subsec_nanos() == 0 { format!("{} s", limit.as_secs()) } else { format!("{:.2} s", limit.as_secs_f64()) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;

    use super::*;

    fn shell(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    #[test]
    fn the_first_line_is_the_key_whatever_follows() {
        let limit = Duration::from_mins(1);
        assert_eq!(run(&shell("echo key; echo other; head -c 300000 /dev/zero"), limit).unwrap(), "key");
        assert!(run(&shell("echo key; exit 3"), limit).unwrap_err().contains("failed"));
        assert!(run(&["/no/such/program".to_owned()], limit).unwrap_err().contains("cannot be run"));
        assert!(run(&[], limit).unwrap_err().contains("empty"));
    }

    #[test]
    fn a_program_that_does_not_answer_is_stopped_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = format!("exec 3>'{}'; printf x >&3; sleep 600 & sleep 600", pipe.display());
        // on a machine that is busy the program may be stopped before it has begun
        let told = [100, 1_000, 10_000].into_iter().find_map(|limit| {
            let ours = File::options().read(true).write(true).open(&pipe).unwrap();
            let mut all = File::options().read(true).open(&pipe).unwrap();
            let why = run(&shell(&script), Duration::from_millis(limit)).unwrap_err();
            drop(ours);
            // this ends when nobody is left who holds the other end
            let mut said = String::new();
            all.read_to_string(&mut said).unwrap();
            (said == "x").then_some(why)
        });
        let why = told.expect("it has begun");
        assert!(why.contains("did not answer within") && why.contains("`sh`"), "{why}");
    }
}
