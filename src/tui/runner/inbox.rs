//! The one inbox: keys from the terminal and messages from the threads, in the order they come.
//!
//! The loop itself waits for the terminal, in `poll`, so that a key press crosses no thread on its way to the screen. A
//! thread that sends a message also writes one byte to a pipe, which ends the wait. Nothing is polled while nothing
//! happens.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::input::Keyboard;
use crate::tui::msg::Msg;

/// The end of the inbox that threads send to.
#[derive(Debug, Clone)]
pub struct Sending {
    messages: Sender<Msg>,
    wake: Arc<OwnedFd>,
}

impl Sending {
    /// Puts a message into the inbox; `false` when nobody reads it any more.
    pub fn send(&self, msg: Msg) -> bool {
        let sent = self.messages.send(msg).is_ok();
        // a full pipe wakes the loop as well as one more byte would
        let _ = rustix::io::write(&*self.wake, &[1]);
        sent
    }
}

/// The inbox.
#[derive(Debug)]
pub struct Inbox {
    messages: Receiver<Msg>,
    woken: OwnedFd,
    input: OwnedFd,
    typed: VecDeque<Msg>,
    keyboard: Keyboard,
    /// Somebody else reads the terminal.
    deaf: bool,
}

/// How a wait ended.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one is alive at a time, and a key must not wait for an allocation")]
pub enum Next {
    /// With a message.
    Msg(Msg),
    /// The time is over.
    Timeout,
}

impl Inbox {
    /// An inbox that reads what is typed from `input`, and the end to send to.
    ///
    /// # Errors
    /// When there are no more pipes.
    pub fn new(input: OwnedFd) -> std::io::Result<(Self, Sending)> {
        let (woken, wake) = rustix::pipe::pipe()?;
        for end in [&woken, &wake] {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        let (sender, messages) = channel();
        let inbox = Self { messages, woken, input, typed: VecDeque::new(), keyboard: Keyboard::default(), deaf: false };
        Ok((inbox, Sending { messages: sender, wake: Arc::new(wake) }))
    }

    /// Reads what is typed, or leaves it to the program that has the terminal at the moment.
    pub fn listen(&mut self, listens: bool) {
        self.deaf = !listens;
    }

    /// The next message; waits for it until `until`, or for ever.
    pub fn next(&mut self, until: Option<Instant>) -> Next {
        loop {
            if let Some(msg) = self.typed.pop_front() {
                return Next::Msg(msg);
            }
            // keys come first: nobody waits for a key while a reply streams in
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let waiting = self.messages.try_recv();
            let wait = if waiting.is_ok() { Some(Duration::ZERO) } else { left };
            let ended = self.wait(wait);
            if let Ok(msg) = waiting {
                self.typed.push_back(msg);
            } else if ended == Ended::Timeout {
                return Next::Timeout;
            }
        }
    }

    /// A message of a thread that is there already; nothing is waited for and no key is taken.
    pub fn left_over(&mut self) -> Option<Msg> {
        self.typed.pop_front().or_else(|| self.messages.try_recv().ok())
    }

    /// Waits for the terminal or a thread, and takes in what was typed.
    fn wait(&mut self, wait: Option<Duration>) -> Ended {
        let mut waiting = [PollFd::new(&self.woken, PollFlags::IN), PollFd::new(&self.input, PollFlags::IN)];
        let waiting = if self.deaf || self.keyboard.is_gone() { &mut waiting[..1] } else { &mut waiting[..] };
        // a sequence that was cut off is given a moment to go on
        let wait = match (wait, self.keyboard.patience()) {
            (Some(wait), Some(patience)) => Some(wait.min(patience)),
            (wait, patience) => wait.or(patience),
        };
        let limit = wait.and_then(|wait| Timespec::try_from(wait).ok());
        let found = match poll(waiting, limit.as_ref()) {
            Ok(found) => found,
            Err(Errno::INTR) => return Ended::Something,
            Err(_) => {
                self.typed.push_back(Msg::Terminate);
                return Ended::Something;
            }
        };
        let woken = waiting[0].revents().contains(PollFlags::IN);
        let typed = waiting.get(1).map_or(PollFlags::empty(), PollFd::revents);
        if woken {
            while rustix::io::read(&self.woken, &mut [0_u8; 256]).is_ok_and(|count| count == 256) {}
        }
        if typed.contains(PollFlags::IN) {
            self.keyboard.read(&self.input, &mut self.typed);
        } else if typed.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            self.keyboard.gone(&mut self.typed);
        } else if found == 0 && self.keyboard.patience().is_some() {
            self.keyboard.give_up_waiting(&mut self.typed);
            return Ended::Something;
        }
        if found == 0 { Ended::Timeout } else { Ended::Something }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Something,
    Timeout,
}
