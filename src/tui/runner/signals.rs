//! Signals become messages; a process that has to end and cannot is ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::inbox::Sending;
use crate::tui::msg::Msg;
use crate::tui::terminal;

/// How long the loop may take to save and leave.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Another program has the terminal: a key that interrupts is meant for it, although every program there gets the signal.
static ELSEWHERE: AtomicBool = AtomicBool::new(false);

/// Says whether another program has the terminal.
pub fn elsewhere(is_elsewhere: bool) {
    ELSEWHERE.store(is_elsewhere, Ordering::SeqCst);
}

/// Starts listening. Gives where the signal that ends the process will stand; 0 until then.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn start(inbox: Sending) -> std::io::Result<Arc<AtomicI32>> {
    let ended_by = Arc::new(AtomicI32::new(0));
    let told = Arc::clone(&ended_by);
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let listen = move || {
        for signal in &mut signals {
            let msg = match signal {
                SIGWINCH => match crossterm::terminal::size() {
                    Ok((width, height)) => Msg::Resize(width, height),
                    Err(_) => continue,
                },
                SIGINT | SIGQUIT if ELSEWHERE.load(Ordering::SeqCst) => continue,
                SIGTSTP => Msg::Suspend,
                SIGCONT => Msg::Resumed,
                _ => Msg::Terminate,
            };
            let ends = msg == Msg::Terminate;
            if ends {
                told.store(signal, Ordering::SeqCst);
            }
            if !inbox.send(msg) {
                return;
            }
            if ends {
                // the loop may hang in a write to a terminal that takes nothing
                std::thread::sleep(LAST_WORDS);
                terminal::give_back();
                std::process::exit(128 + signal);
            }
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(listen)?;
    Ok(ended_by)
}
