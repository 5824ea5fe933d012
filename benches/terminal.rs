//! The workbench in a pseudo-terminal, measured from outside: key press to last byte painted, start to first complete
//! screen, resident memory, what it does while nobody types. `vim --clean` on the same text is measured in the same run.
//!
//! `cargo bench --bench terminal [-- KEYS]`. Nothing is asserted here; the figures go into `docs/PERFORMANCE.md`.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// No output for so long means that the frame is complete.
const QUIET: Duration = Duration::from_millis(12);
/// The same for the first screen, which is made of more writes.
const QUIET_START: Duration = Duration::from_millis(150);

/// After its turn a program saves and counts; the next one begins when nothing was painted for so long.
const REST: Duration = Duration::from_millis(1_500);

/// A program in a pseudo-terminal of 160x45.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, usize)>,
    started: Instant,
}

impl Session {
    fn start(program: &str, args: &[&str], home: &Path) -> Self {
        let size = PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || sender.send((Instant::now(), count)).is_err() {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().expect("a writer");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        Self { child, _master: pair.master, writer, output, started }
    }

    /// When the last byte came before it was quiet for so long, and how many bytes came; `None` when none came.
    fn settle(&self, quiet: Duration) -> Option<(Instant, usize)> {
        let mut last = None;
        let mut bytes = 0;
        let mut wait = Duration::from_secs(2).max(quiet);
        loop {
            match self.output.recv_timeout(wait) {
                Ok((at, count)) => {
                    last = Some(at);
                    bytes += count;
                    wait = quiet;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return last.map(|at| (at, bytes)),
            }
        }
    }

    fn send(&mut self, keys: &[u8]) -> Instant {
        let at = Instant::now();
        self.writer.write_all(keys).expect("keys");
        self.writer.flush().expect("keys");
        at
    }

    /// For each of `count` typed characters: milliseconds to the last byte that it painted, and the bytes of the frame.
    fn type_keys(&mut self, count: usize, frames: &mut Frames) {
        let text = b"the quick brown fox jumps over the lazy dog and ";
        for index in 0..count {
            let sent = self.send(&[text[index % text.len()]]);
            if let Some((last, bytes)) = self.settle(QUIET) {
                frames.times.push(last.duration_since(sent).as_secs_f64() * 1000.0);
                frames.sizes.push(bytes as f64);
            }
        }
    }

    /// The sum of a field of `/proc/PID/status`, over all threads for the wake-ups.
    fn status(&self, field: &str) -> u64 {
        let process = PathBuf::from(format!("/proc/{}", self.child.process_id().unwrap_or(0)));
        let places: Vec<PathBuf> = if field == "VmRSS:" {
            vec![process]
        } else {
            fs::read_dir(process.join("task")).into_iter().flatten().flatten().map(|task| task.path()).collect()
        };
        let number = |place: &PathBuf| -> Option<u64> {
            let text = fs::read_to_string(place.join("status")).ok()?;
            text.lines().find(|line| line.starts_with(field))?.split_whitespace().nth(1)?.parse().ok()
        };
        places.iter().filter_map(number).sum()
    }

    fn cpu_ticks(&self) -> u64 {
        let stat = format!("/proc/{}/stat", self.child.process_id().unwrap_or(0));
        let text = fs::read_to_string(stat).unwrap_or_default();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        [11, 12].iter().filter_map(|index| fields.get(*index)?.parse::<u64>().ok()).sum()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was measured of one program's frames.
#[derive(Default)]
struct Frames {
    times: Vec<f64>,
    sizes: Vec<f64>,
}

/// The value below which `part` of the numbers lie.
fn quantile(numbers: &[f64], part: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// A library with one prompt of about so many lines.
fn library(root: &Path, lines: usize) -> String {
    let library = root.join(format!("lines{lines}"));
    let prompt = library.join("prompts/big");
    fs::create_dir_all(prompt.join("draft")).expect("a folder");
    fs::create_dir_all(prompt.join("values")).expect("a folder");
    let titles =
        ["Identity & Role", "Behavioral Guidelines", "Capabilities & Limitations", "Output Format", "Safety Rails"];
    let mut text = String::new();
    for title in titles {
        let _ = write!(text, "# {title}\n\n");
        for line in 0..lines / 5 {
            let _ = writeln!(
                text,
                "- Line {line}: answer {{{{user_name}}}} of {{{{company_name}}}} and lead with the answer."
            );
        }
        text.push('\n');
    }
    fs::write(prompt.join("draft/system_prompt.txt"), text).expect("a prompt");
    fs::write(prompt.join("values/one.json"), "{\"user_name\": \"Ada\", \"company_name\": \"Acme\"}\n")
        .expect("values");
    library.display().to_string()
}

fn main() {
    let keys: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1000);
    let greenroom = env!("CARGO_BIN_EXE_greenroom");
    let root = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-prompts");
    let copied = root.path().join("samples");
    Command::new("cp").arg("-r").arg(&samples).arg(&copied).status().expect("cp");
    let vim_text = root.path().join("vim.txt");
    fs::copy(copied.join("prompts/customer_support/draft/system_prompt.txt"), &vim_text).expect("a copy");
    let (copied, vim_text) = (copied.display().to_string(), vim_text.display().to_string());
    let ours = |library: &str| Session::start(greenroom, &["--library", library], root.path());
    let vims = || Session::start("vim", &["--clean", &vim_text], root.path());

    println!("start to first complete screen, 160x45");
    let mut starts: [Vec<f64>; 2] = <[Vec<f64>; 2]>::default();
    for _ in 0..15 {
        for (index, times) in starts.iter_mut().enumerate() {
            // one after the other: two programs that start at once would share the processors
            let session = if index == 0 { ours(&copied) } else { vims() };
            if let Some((last, _)) = session.settle(QUIET_START) {
                times.push(last.duration_since(session.started).as_secs_f64() * 1000.0);
            }
        }
    }
    for (name, times) in ["greenroom", "vim --clean"].iter().zip(&starts) {
        let [least, median, most] = [0.0, 0.5, 1.0].map(|part| quantile(times, part));
        println!("{name:<28} median {median:6.1} ms  min {least:6.1}  max {most:6.1}");
    }
    println!("ratio {:.2}", quantile(&starts[0], 0.5) / quantile(&starts[1], 0.5));

    println!("\nkey press to last byte painted, 160x45, the preview following, {keys} keys each");
    let names = ["greenroom, samples", "vim --clean, the same text", "greenroom, 200 lines", "greenroom, 20,000 lines"];
    let mut frames: [Frames; 4] = <[Frames; 4]>::default();
    let libraries = [library(root.path(), 200), library(root.path(), 20_000)];
    let mut sessions = [ours(&copied), vims(), ours(&libraries[0]), ours(&libraries[1])];
    for session in &mut sessions {
        session.settle(QUIET_START);
        session.send(b"i");
        session.settle(QUIET_START);
    }
    // in turns, so that the machine's moods meet all of them; what one has still to do is not measured as another's
    for _ in 0..10 {
        for (session, frames) in sessions.iter_mut().zip(&mut frames) {
            session.type_keys(keys.div_ceil(10), frames);
            session.settle(REST);
        }
    }
    drop(sessions);
    for (name, Frames { times, sizes }) in names.iter().zip(&frames) {
        let [median, p90, p99] = [0.5, 0.9, 0.99].map(|part| quantile(times, part));
        let bytes = quantile(sizes, 0.5);
        println!("{name:<28} median {median:6.2} ms  p90 {p90:6.2}  p99 {p99:6.2}  {bytes:5.0} bytes a frame");
    }
    let ratio =
        |one: usize, other: usize, part: f64| quantile(&frames[one].times, part) / quantile(&frames[other].times, part);
    println!(
        "to vim: median {:.2}, p99 {:.2}; 20,000 to 200 lines: median {:.2}",
        ratio(0, 1, 0.5),
        ratio(0, 1, 0.99),
        ratio(3, 2, 0.5)
    );

    println!("\nat rest with the samples");
    let session = ours(&copied);
    session.settle(Duration::from_secs(10));
    let before = (session.status("voluntary_ctxt_switches:"), session.cpu_ticks());
    let bytes = session.settle(Duration::from_secs(5)).map_or(0, |(_, bytes)| bytes);
    let after = (session.status("voluntary_ctxt_switches:"), session.cpu_ticks());
    let resident = session.status("VmRSS:") as f64 / 1024.0;
    println!("resident {resident:.1} MB");
    println!("in 5 s: {} wake-ups, {} CPU ticks, {bytes} bytes written", after.0 - before.0, after.1 - before.1);
}
