//! The terminal: taken with raw mode, alternate screen, mouse and bracketed paste, and always given back.
//!
//! Giving it back happens on drop, in the panic hook and before a forced exit; doing it twice does no harm. Nothing here
//! knows what is drawn.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::layout::Position;

use crate::error::{Error, Result};
use crate::tui::ansi;
use crate::tui::canvas::Canvas;
use crate::tui::model::Model;
use crate::tui::view;

/// Whether the terminal is ours at the moment; read by the panic hook and by a forced exit.
static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal while the workbench has it.
pub struct Screen {
    /// The bytes of a frame: a frame is one write.
    frame: Vec<u8>,
    canvas: Canvas,
    cursor: Option<Position>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it cannot be put into raw mode.
    pub fn take() -> Result<Self> {
        enter().map_err(|error| Error::input(format!("cannot take over the terminal: {error}")))?;
        Ok(Self { frame: Vec::new(), canvas: Canvas::new(0, 0), cursor: None })
    }

    /// Shows the state; only what changed since the last frame is drawn, compared and written, in one write.
    pub fn draw(&mut self, model: &Model) -> io::Result<()> {
        let (width, height) = model.drawn_size();
        let anew = self.canvas.size() != (width, height);
        if anew {
            self.canvas = Canvas::new(width, height);
            self.cursor = None;
        }
        let cursor = view::draw_on(model, &mut self.canvas);
        let changes = self.canvas.take_changes();
        if !anew && changes.is_empty() && cursor == self.cursor {
            return Ok(());
        }
        let frame = &mut self.frame;
        frame.extend_from_slice(ansi::BEGIN_FRAME);
        if anew {
            queue!(frame, Hide, Clear(ClearType::All))?;
        } else if !changes.is_empty() && self.cursor.is_some() {
            // the cursor must not be seen running over the screen where frames are not shown at once
            frame.extend_from_slice(ansi::HIDE_CURSOR);
        }
        let cells = &self.canvas.cells;
        ansi::write_cells(frame, changes.iter().map(|&(x, y)| (x, y, &cells[(x, y)])));
        match cursor {
            Some(at) => {
                ansi::move_to(frame, at.x, at.y);
                frame.extend_from_slice(ansi::SHOW_CURSOR);
            }
            None if self.cursor.is_some() => frame.extend_from_slice(ansi::HIDE_CURSOR),
            None => {}
        }
        self.cursor = cursor;
        frame.extend_from_slice(ansi::END_FRAME);
        let mut out = io::stdout().lock();
        let sent = out.write_all(&self.frame).and_then(|()| out.flush());
        self.frame.clear();
        sent
    }

    /// Takes the terminal again after it was given back; the next frame is written whole.
    pub fn retake(&mut self) -> io::Result<()> {
        self.canvas = Canvas::new(0, 0);
        self.cursor = None;
        enter()
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
