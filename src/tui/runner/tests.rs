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
        Self::that_breaks_at(None)
    }

    fn that_breaks_at(breaks_at: Option<&'static str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("library");
        write_samples(&root).unwrap();
        let library = Library::at(&root).unwrap();
        let keeper = Keeper::new(&root, Some(folder.path().join("state")));
        // without the settings and the terminal of whoever runs the tests
        let mut model = Workbench::empty().model;
        model.demo = true;
        model.size = (100, 30);
        let opened = disk::open(&library, &keeper, "customer_support").map(Box::new);
        let first = vec![Msg::Listed(library.list()), Msg::Opened(opened)];
        let (input, keys) = UnixStream::pair().unwrap();
        let (inbox, sending) = Inbox::new(input.into()).unwrap();
        let (seen, frames) = channel();
        let place = Place { library, keeper, offline: Offline::instant(), question: None };
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
fn two_versions_are_compared_on_their_own_thread() {
    let mut running = Running::start();
    running.type_bytes(b"3");
    running.sees("change 1/");
}
