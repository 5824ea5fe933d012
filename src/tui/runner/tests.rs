//! The real loop: bytes of a keyboard go in through a pipe, frames come out as text, files are on a real disk. Who waits
//! is woken by the next frame.

use std::fs;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::library::write_samples;
use crate::tui::tests::Workbench;

const DRAFT: &str = "prompts/customer_support/draft/system_prompt.txt";
/// How long a test waits at most; a machine that is busy is no failure.
const PATIENCE: Duration = Duration::from_secs(40);

/// A surface that gives each frame to the test as text, and breaks when it is told to.
struct Frames {
    seen: Sender<String>,
    breaks_at: Option<&'static str>,
}

impl Surface for Frames {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        let (width, height) = model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| crate::tui::view::draw(model, frame)).unwrap();
        let shown = terminal.backend().to_string();
        if self.breaks_at.is_some_and(|text| shown.contains(text)) {
            return Err(io::Error::other("the terminal is gone"));
        }
        let _ = self.seen.send(shown);
        Ok(())
    }

    fn ask(&mut self, _question: &str) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    fn mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<Option<(u16, u16)>> {
        Ok(Some((100, 30)))
    }

    fn give_away(&mut self) {
        let _ = self.seen.send("GIVEN AWAY".to_owned());
    }

    fn take_back(&mut self) -> io::Result<Option<(u16, u16)>> {
        let _ = self.seen.send("TAKEN BACK".to_owned());
        Ok(Some((100, 30)))
    }

    fn stop(&mut self) -> io::Result<()> {
        let _ = self.seen.send("STOPPED".to_owned());
        Ok(())
    }
}

/// A loop that runs in a thread of its own.
struct Running {
    keys: Option<UnixStream>,
    sending: Sending,
    frames: Receiver<String>,
    last: String,
    ended: Option<JoinHandle<Result<()>>>,
    folder: tempfile::TempDir,
}

impl Running {
    fn start() -> Self {
        Self::with(None, "true")
    }

    fn that_breaks_at(breaks_at: Option<&'static str>) -> Self {
        Self::with(breaks_at, "true")
    }

    /// With a shell script as the user's editor; it finds its file as `$1` and this test's folder as `$0`.
    fn with_editor(script: &str) -> Self {
        Self::with(None, script)
    }

    fn with(breaks_at: Option<&'static str>, script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("library");
        write_samples(&root).unwrap();
        let library = Library::at(&root).unwrap();
        let keeper = Keeper::new(&root, Some(folder.path().join("state")));
        // without the settings and the terminal of whoever runs the tests
        let mut model = Workbench::empty().model;
        model.demo = true;
        model.size = (100, 30);
        let opened = opening::open(&library, &keeper, "customer_support").map(Box::new);
        let first = vec![Msg::Listed(library.list()), Msg::Opened(opened)];
        let (input, keys) = UnixStream::pair().unwrap();
        let (inbox, sending) = Inbox::new(input.into()).unwrap();
        let (seen, frames) = channel();
        let home = folder.path().display().to_string();
        let editors = outside::Editors::with(&["sh", "-c", script, &home], &folder.path().join("state"));
        let place = Place { library, keeper, offline: Offline::instant(), editors, question: None };
        let both = (inbox, sending.clone());
        let work = move || work(&place, model, first, Frames { seen, breaks_at }, both);
        let ended = Some(std::thread::spawn(work));
        Self { keys: Some(keys), sending, frames, last: String::new(), ended, folder }
    }

    fn type_bytes(&mut self, bytes: &[u8]) {
        self.keys.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Waits for a frame with this text.
    fn sees(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.last.contains(text) {
            match self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(frame) => self.last = frame,
                Err(error) => panic!("{text}: never seen ({error}); the last frame is\n{}", self.last),
            }
        }
    }

    /// Waits for the end of the loop.
    fn ended(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        // the surface is dropped when the loop is over
        while let Ok(frame) = self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.last = frame;
        }
        self.ended.take().unwrap().join().unwrap()
    }

    /// Waits for a file that the editor of the test writes.
    fn has(&self, name: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.folder.path().join(name).exists() {
            assert!(Instant::now() < until, "{name} never appeared");
            std::thread::yield_now();
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("library").join(name)
    }

    fn draft(&self) -> String {
        fs::read_to_string(self.file(DRAFT)).unwrap()
    }
}

#[test]
fn what_is_typed_is_seen_and_saved_by_quitting() {
    let mut running = Running::start();
    running.sees(" NAV ");
    running.type_bytes(b"\rQuick words. ");
    running.sees("Quick words. You are Wren");
    running.type_bytes(b"\x11");
    running.ended().unwrap();
    assert!(running.draft().contains("Quick words. You are Wren"));
}

#[test]
fn a_pause_saves_by_itself() {
    let mut running = Running::start();
    running.type_bytes(b"\rQuick words. ");
    running.sees("●");
    let until = Instant::now() + PATIENCE;
    while running.last.contains('●') {
        running.last = running.frames.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap();
    }
    assert!(running.draft().contains("Quick words. You are Wren"));
}

#[test]
fn a_message_is_answered_and_the_draft_is_as_it_was() {
    let mut running = Running::start();
    let before = running.draft();
    running.type_bytes(b"2iMy export stops at 50,000 rows.\r");
    running.sees("ok, done");
    running.type_bytes(b"\x11");
    running.ended().unwrap();
    assert_eq!(running.draft(), before);
}

#[test]
fn keys_that_wait_are_all_taken_in() {
    let mut running = Running::start();
    let typed = "words ".repeat(500);
    running.type_bytes(format!("\r{typed}\x11").as_bytes());
    running.ended().unwrap();
    assert!(running.draft().contains(&format!("{typed}You are Wren")));
}

#[test]
fn a_terminal_that_goes_away_ends_the_loop_with_the_text_on_disk() {
    let mut running = Running::start();
    running.type_bytes(b"\rQuick words. ");
    running.sees("Quick words. ");
    running.keys = None;
    running.ended().unwrap();
    assert!(running.draft().contains("Quick words. You are Wren"));
}

#[test]
fn a_frame_that_cannot_be_drawn_ends_the_loop_with_the_text_on_disk() {
    let mut running = Running::that_breaks_at(Some("words. "));
    running.type_bytes(b"\rQuick words. ");
    let error = running.ended().unwrap_err();
    assert!(error.to_string().contains("the terminal is gone"), "{error}");
    assert!(running.draft().contains("Quick words. You are Wren"));
}

#[test]
fn being_ended_while_a_save_is_under_way_loses_nothing() {
    let mut running = Running::start();
    running.type_bytes(b"\rQuick words. \x13and more. ");
    running.sees("and more. ");
    running.sending.send(Msg::Terminate);
    running.ended().unwrap();
    assert!(running.draft().contains("Quick words. and more. You are Wren"));
}

#[test]
fn coming_back_after_a_stop_draws_everything_again() {
    let mut running = Running::start();
    running.type_bytes(b"\rQuick words. ");
    running.sees("Quick words. ");
    running.sending.send(Msg::Suspend);
    running.sees("back again");
    assert!(running.last.contains("Quick words. "));
}

#[test]
fn what_is_typed_is_counted_on_a_thread_of_its_own() {
    /// The tokens of the first section as they are shown, when the frame shows a count that is up to date.
    fn counted(frame: &str) -> Option<&str> {
        let (before, _) = frame.split_once(" tok ")?;
        before.rsplit(' ').next()
    }
    let mut running = Running::start();
    running.sees(" tok ");
    let before = counted(&running.last).map(str::to_owned).unwrap();
    assert!(before.starts_with('~'), "nothing was written yet, so that an estimate does: {before}");
    running.type_bytes(b"iseveral more words ");
    let until = Instant::now() + PATIENCE;
    // the offline model counts with a vocabulary, which is unpacked now
    while counted(&running.last).is_none_or(|now| now == before || now.starts_with('~'))
        || !running.last.contains("more words")
    {
        running.last = running.frames.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap();
    }
    assert!(running.last.contains("several more words"), "{}", running.last);
}

#[test]
fn two_versions_are_compared_on_their_own_thread() {
    let mut running = Running::start();
    running.type_bytes(b"3");
    running.sees("change 1/");
}

#[test]
fn the_users_own_editor_has_the_terminal_and_its_text_comes_back() {
    let mut running =
        Running::with_editor(r#"{ printf 'Written elsewhere. '; cat "$1"; } > "$0/new"; cp "$0/new" "$1""#);
    running.sees(" NAV ");
    running.type_bytes(b"\x05");
    running.sees("GIVEN AWAY");
    running.sees("TAKEN BACK");
    running.sees("Written elsewhere. You are Wren");
    running.type_bytes(b"\x11");
    running.ended().unwrap();
    assert!(running.draft().contains("Written elsewhere. You are Wren"));
}

#[test]
fn nothing_is_drawn_while_the_editor_has_the_terminal() {
    let mut running = Running::with_editor(r#"mkfifo "$0/pipe"; : > "$0/ready"; cat "$0/pipe" > "$1""#);
    running.sees(" NAV ");
    running.type_bytes(b"\x05");
    running.sees("GIVEN AWAY");
    running.sending.send(Msg::Told(Error::input("this is told meanwhile")));
    running.sending.send(Msg::Suspend);
    running.sees("STOPPED");
    // opening the pipe waits for its other end
    let pipe = running.folder.path().join("pipe");
    running.has("ready");
    fs::write(pipe, "Only this.\n").unwrap();
    let next = running.frames.recv_timeout(PATIENCE).unwrap();
    assert_eq!(next, "TAKEN BACK", "nothing comes between");
    running.sees("Only this.");
}

#[test]
fn being_ended_while_an_editor_has_the_terminal_ends_both_with_the_text_on_disk() {
    let mut running = Running::with_editor(r#"echo $$ > "$0/number"; : > "$0/ready"; exec tail -f /dev/null"#);
    running.type_bytes(b"\rQuick words. ");
    running.sees("Quick words. ");
    running.type_bytes(b"\x05");
    running.sees("GIVEN AWAY");
    running.has("ready");
    running.sending.send(Msg::Terminate);
    running.ended().unwrap();
    assert!(running.draft().contains("Quick words. You are Wren"));
    let number: i32 = fs::read_to_string(running.folder.path().join("number")).unwrap().trim().parse().unwrap();
    let process = rustix::process::Pid::from_raw(number).unwrap();
    let until = Instant::now() + PATIENCE;
    while rustix::process::test_kill_process(process).is_ok() {
        assert!(Instant::now() < until, "the editor was not ended");
        std::thread::yield_now();
    }
}

#[test]
fn an_editor_that_fails_leaves_everything_as_it_was() {
    let mut running = Running::with_editor("exit 7");
    running.type_bytes(b"\x05");
    running.sees("exit code 7: nothing was changed");
    running.type_bytes(b"\x11");
    running.ended().unwrap();
}

#[test]
fn the_sample_cassette_is_two_keys_away_and_answers_what_was_recorded_and_nothing_else() {
    let mut running = Running::start();
    running.type_bytes(b"2C");
    running.sees("replay offline.jsonl");
    running.type_bytes(b"\r");
    running.sees("REPLAY offline.jsonl");
    running.sees("How do I export a board?");
    running.type_bytes(b"\x12");
    running.sees("replayed from a cassette");
    running.sees("Can I do that on the Free plan?");
    running.type_bytes(b"\x12");
    running.sees("2 turns");
    running.sees("2502 in");
    running.type_bytes(b"iSomething else\r");
    running.sees("this request is not on the cassette");
    running.type_bytes(b"\x1b");
    running.sees(" NAV ");
    running.type_bytes(b"C");
    running.sees("stop replaying");
    running.type_bytes(b"\r");
    running.sees("the cassette is out");
    assert!(!running.last.contains("REPLAY"), "{}", running.last);
    // a replay is no run
    assert!(!running.folder.path().join("state/history/runs.db").exists());
    running.type_bytes(b"\x11");
    running.ended().unwrap();
}

#[test]
fn a_conversation_is_recorded_and_replayed_in_the_next_start() {
    let mut running = Running::start();
    let file = running.folder.path().join("cassettes/mine.jsonl");
    running.type_bytes(b"2C");
    running.sees("record the conversation");
    running.type_bytes(b"G\r");
    running.sees("Record the conversation to");
    running.type_bytes(format!("\x15{}\r", file.display()).as_bytes());
    running.sees("REC mine.jsonl");
    running.type_bytes(b"iHello\r");
    running.sees("ok, done");
    running.type_bytes(b"\x11");
    running.ended().unwrap();
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written.lines().count(), 1);
    assert!(written.contains("\"Hello\""), "{written}");
}
