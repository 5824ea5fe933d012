//! What the loop asks of the terminal. The real one, and in the tests one that keeps its frames.

use std::io;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use crate::tui::model::Model;
use crate::tui::terminal::{self, Screen};

/// Where the workbench is seen.
pub trait Surface {
    /// Shows the state as it is.
    fn draw(&mut self, model: &Model) -> io::Result<()>;

    /// Sends a question to the terminal; its answer comes among the keys.
    fn ask(&mut self, question: &str) -> io::Result<()>;

    /// Puts text on the clipboard of the system the terminal runs on.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// The mouse to greenroom, or back to the terminal.
    fn mouse(&mut self, on: bool) -> io::Result<()>;

    /// Gives the terminal back and stops the process; when the shell continues it, takes the terminal again and gives
    /// its size, where it is known.
    fn suspend(&mut self) -> io::Result<Option<(u16, u16)>>;

    /// Gives the terminal to another program.
    fn give_away(&mut self);

    /// Takes the terminal again; the next frame is drawn whole. Gives its size, where it is known.
    fn take_back(&mut self) -> io::Result<Option<(u16, u16)>>;

    /// Stops the process while another program has the terminal, and that one too.
    fn stop(&mut self) -> io::Result<()>;
}

impl Surface for Screen {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        Self::draw(self, model)
    }

    fn ask(&mut self, question: &str) -> io::Result<()> {
        terminal::ask(question)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        terminal::set_mouse(on)
    }

    fn suspend(&mut self) -> io::Result<Option<(u16, u16)>> {
        terminal::give_back();
        self.stop()?;
        self.take_back()
    }

    fn give_away(&mut self) {
        terminal::give_back();
    }

    fn take_back(&mut self) -> io::Result<Option<(u16, u16)>> {
        self.retake()?;
        Ok(crossterm::terminal::size().ok())
    }

    fn stop(&mut self) -> io::Result<()> {
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
    }
}
