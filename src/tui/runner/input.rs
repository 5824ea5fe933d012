//! What comes from outside: keys, mouse, paste, signals. Each becomes a message in the one inbox.
//!
//! The reader waits in `poll` on standard input itself, so that it costs nothing while nobody types and notices at once
//! when the terminal is gone: crossterm's own wait spins in that case.

use std::os::fd::OwnedFd;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crossterm::event::{self, Event, KeyEventKind};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use crate::tui::msg::Msg;

/// Stops the reader while another program has the terminal.
#[derive(Debug, Clone)]
pub struct Gate {
    paused: Arc<(Mutex<bool>, Condvar)>,
    wake: Arc<OwnedFd>,
}

impl Gate {
    /// The reader lets go of standard input.
    pub fn close(&self) {
        *self.paused.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let _ = rustix::io::write(&*self.wake, &[1]);
    }

    /// The reader takes standard input again.
    pub fn open(&self) {
        *self.paused.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.paused.1.notify_all();
    }

    fn wait(&self) {
        let mut paused = self.paused.0.lock().unwrap_or_else(PoisonError::into_inner);
        while *paused {
            paused = self.paused.1.wait(paused).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Starts the reader and the listener for signals.
///
/// # Errors
/// When the pipe or the signal handlers cannot be made.
pub fn start(inbox: &Sender<Msg>) -> std::io::Result<Gate> {
    let (wake_read, wake_write) = rustix::pipe::pipe()?;
    let gate = Gate { paused: Arc::new((Mutex::new(false), Condvar::new())), wake: Arc::new(wake_write) };
    let (reader_gate, reader_inbox) = (gate.clone(), inbox.clone());
    std::thread::Builder::new().name("input".into()).spawn(move || read(&reader_gate, &wake_read, &reader_inbox))?;

    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let inbox = inbox.clone();
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in &mut signals {
            let msg = match signal {
                SIGWINCH => match crossterm::terminal::size() {
                    Ok((width, height)) => Msg::Resize(width, height),
                    Err(_) => continue,
                },
                SIGTSTP => Msg::Suspend,
                SIGCONT => Msg::Resumed,
                _ => Msg::Terminate,
            };
            let ends = msg == Msg::Terminate;
            if inbox.send(msg).is_err() {
                return;
            }
            if ends {
                // the main thread may hang in a write to a terminal that takes nothing; the text is saved by then
                std::thread::sleep(Duration::from_secs(5));
                super::super::terminal::give_back();
                std::process::exit(129);
            }
        }
    })?;
    Ok(gate)
}

fn read(gate: &Gate, wake: &OwnedFd, inbox: &Sender<Msg>) {
    let stdin = rustix::stdio::stdin();
    loop {
        gate.wait();
        let mut waiting = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(wake, PollFlags::IN)];
        match poll(&mut waiting, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => break,
            Ok(_) => {}
        }
        let (input, woken) = (waiting[0].revents(), waiting[1].revents());
        if woken.contains(PollFlags::IN) {
            let _ = rustix::io::read(wake, &mut [0_u8; 64]);
            continue;
        }
        if input.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            break;
        }
        // one read takes in what is there; what it found beyond the first event waits in crossterm's own queue
        loop {
            let Ok(event) = event::read() else { return gone(inbox) };
            if let Some(msg) = translate(event)
                && inbox.send(msg).is_err()
            {
                return;
            }
            match event::poll(Duration::from_millis(1)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return gone(inbox),
            }
        }
    }
    gone(inbox);
}

fn gone(inbox: &Sender<Msg>) {
    let _ = inbox.send(Msg::Terminate);
}

fn translate(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(key)),
        Event::Key(_) | Event::FocusLost => None,
        Event::Mouse(mouse) => Some(Msg::Mouse(mouse)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::FocusGained => Some(Msg::FocusGained),
    }
}
