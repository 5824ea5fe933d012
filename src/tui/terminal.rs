//! The terminal: taken with raw mode, alternate screen, mouse and bracketed paste, and always given back.
//!
//! Giving it back happens on drop, in the panic hook and before a forced exit; doing it twice does no harm. Nothing here
//! knows what is drawn.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::error::{Error, Result};

/// Whether the terminal is ours at the moment; read by the panic hook and by a forced exit.
static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);

type Backend = CrosstermBackend<Frames>;

/// Collects the bytes of a frame, however often it is flushed meanwhile: a frame is one write. The backend keeps its
/// writer to itself, so the bytes are shared with the [`Screen`], on the one thread that draws.
#[derive(Debug, Default, Clone)]
struct Frames(Rc<RefCell<Vec<u8>>>);

impl Write for Frames {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Frames {
    fn send(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let mut bytes = self.0.borrow_mut();
        let sent = out.write_all(&bytes).and_then(|()| out.flush());
        bytes.clear();
        sent
    }
}

/// The terminal while the workbench has it.
pub struct Screen {
    terminal: Terminal<Backend>,
    frames: Frames,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it cannot be put into raw mode.
    pub fn take() -> Result<Self> {
        let failed = |error: io::Error| Error::input(format!("cannot take over the terminal: {error}"));
        enter().map_err(failed)?;
        let (width, height) = crossterm::terminal::size().map_err(failed)?;
        // the size comes with a message, not with a question to the system in every frame
        let viewport = Viewport::Fixed(Rect { x: 0, y: 0, width, height });
        let frames = Frames::default();
        let backend = CrosstermBackend::new(frames.clone());
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport }).map_err(failed)?;
        Ok(Self { terminal, frames })
    }

    /// Draws one frame of this size; only what changed since the last one is written, in one write.
    pub fn draw(&mut self, (width, height): (u16, u16), draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let area = Rect { x: 0, y: 0, width, height };
        if self.terminal.get_frame().area() != area {
            self.terminal.resize(area)?;
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.frames.send()
    }

    /// Forgets what is on the screen, so that the next frame is written whole.
    pub fn forget(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal for the cursor's place and wait for an answer that not every terminal gives
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Takes the terminal again after it was given back.
    pub fn retake(&mut self) -> io::Result<()> {
        enter()?;
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Sends a question to the terminal; its answer comes among the keys.
pub fn ask(question: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(question.as_bytes())?;
    out.flush()
}

/// The mouse to greenroom, or back to the terminal.
pub fn set_mouse(on: bool) -> io::Result<()> {
    MOUSE.store(on, Ordering::Relaxed);
    if on { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    MOUSE.store(true, Ordering::Relaxed);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange,
        EnableMouseCapture,
        SetCursorStyle::SteadyBar,
        Hide
    )
}

/// Gives the terminal back as it was. Does nothing when it is not taken.
pub fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    if MOUSE.load(Ordering::Relaxed) {
        let _ = queue!(out, DisableMouseCapture);
    }
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableFocusChange,
        DisableBracketedPaste,
        SetCursorStyle::DefaultUserShape,
        Show,
        LeaveAlternateScreen
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// Gives the terminal back before a panic of the main thread is reported, in words meant for a person.
pub fn install_panic_hook() {
    let main = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() != main {
            // a worker's panic is caught and told on the screen; writing here would only garble it
            return;
        }
        give_back();
        let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        let _ = writeln!(
            io::stderr(),
            "error: greenroom came upon a mistake of its own and had to stop{place}. What was saved is safe; please report this."
        );
    }));
}

/// Whether standard input and output are a terminal that can show the workbench; else why not.
///
/// # Errors
/// Exit 2, with the command to use instead.
pub fn check() -> Result<()> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::input("the workbench needs a terminal on standard input and output")
            .hint("use `greenroom list`, `greenroom show NAME` or `greenroom play NAME -m MESSAGE` in scripts"));
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(Error::input("the workbench needs a terminal that can move the cursor, and TERM is dumb")
            .hint("use `greenroom list`, `greenroom show NAME` or `greenroom play NAME -m MESSAGE`"));
    }
    Ok(())
}
