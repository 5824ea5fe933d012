//! The real program in a pseudo-terminal: keys go in, a terminal emulator keeps the screen, and a test waits for what
//! it wants to see. Nothing sleeps: whoever waits is woken by the next bytes of the program.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use vt100::{MouseProtocolMode, Parser, Screen};

/// How long a test waits at most; a machine that is busy is no failure.
const PATIENCE: Duration = Duration::from_secs(40);

/// A home of its own and a place for a library.
pub struct Home {
    dir: tempfile::TempDir,
}

/// The program in its terminal.
pub struct Session {
    parser: Parser,
    /// Every byte that the program has written.
    pub raw: Vec<u8>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    ended: Receiver<ExitStatus>,
    let_go: Arc<AtomicBool>,
    pid: Pid,
    /// How the terminal was set before the program began.
    modes: String,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    /// With a copy of the samples as its library.
    pub fn with_samples() -> Self {
        let home = Self::new();
        greenroom::library::write_samples(&home.library()).expect("the samples");
        home
    }

    pub fn library(&self) -> PathBuf {
        self.dir.path().join("library")
    }

    /// A file of the library's prompts.
    pub fn prompt(&self, file: &str) -> PathBuf {
        self.library().join("prompts").join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.prompt(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.prompt(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Opens the workbench on the library.
    pub fn open(&self, size: (u16, u16)) -> Session {
        self.open_with(size, &[], &[])
    }

    /// The same with more arguments and more of an environment.
    pub fn open_with(&self, size: (u16, u16), args: &[&str], environment: &[(&str, &str)]) -> Session {
        let library = self.library().display().to_string();
        let args: Vec<&str> = ["--library", &library].into_iter().chain(args.iter().copied()).collect();
        self.start(size, &args, environment)
    }

    /// Starts the program with these arguments and nothing of the machine's environment.
    pub fn start(&self, size: (u16, u16), args: &[&str], environment: &[(&str, &str)]) -> Session {
        self.start_under(size, &[], args, environment)
    }

    /// The same under another program, whose words stand before it.
    pub fn start_under(
        &self,
        size: (u16, u16),
        before: &[&str],
        args: &[&str],
        environment: &[(&str, &str)],
    ) -> Session {
        let words: Vec<&str> = before.iter().copied().chain([env!("CARGO_BIN_EXE_greenroom")]).collect();
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.args(args);
        command.env_clear();
        command.env("HOME", self.dir.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(self.dir.path());
        Session::start(size, command)
    }

    /// Opens the workbench on the library in a shell that lets no file grow beyond so many blocks, as a full disk would.
    pub fn open_with_room(&self, size: (u16, u16), blocks: usize) -> Session {
        let mut command = CommandBuilder::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_greenroom"), "--library"]);
        command.arg(self.library());
        command.env_clear();
        for (name, value) in [("HOME", self.dir.path().as_os_str()), ("TERM", "xterm-256color".as_ref())] {
            command.env(name, value);
        }
        command.env("PATH", "/usr/bin:/bin");
        command.env("LANG", "C.UTF-8");
        command.cwd(self.dir.path());
        Session::start(size, command)
    }

    /// Runs a command of the program without a terminal.
    pub fn run(&self, args: &[&str]) -> std::process::Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path()).current_dir(self.dir.path());
        command.args(args).stdin(std::process::Stdio::null()).output().expect("the program starts")
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("the settings of the terminal"))
}

impl Session {
    fn start(size: (u16, u16), command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).expect("a pseudo-terminal");
        let modes = modes(&*pair.master);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let let_go = Arc::new(AtomicBool::new(false));
        let (sender, output) = channel();
        let stop = let_go.clone();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || stop.load(Ordering::SeqCst) || sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("a process");
        let (tell, ended) = channel();
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = tell.send(status);
            }
        });
        let (cols, rows) = size;
        let parser = Parser::new(rows.try_into().expect("rows"), cols.try_into().expect("columns"), 0);
        let writer = Some(pair.master.take_writer().expect("a writer"));
        Self { parser, raw: Vec::new(), master: Some(pair.master), writer, output, ended, let_go, pid, modes }
    }

    /// The screen as it is.
    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// The text of the screen.
    pub fn text(&self) -> String {
        self.screen().contents()
    }

    /// Waits until the screen is as `wanted` says; `what` is told when it never is.
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&Screen) -> bool) {
        let until = Instant::now() + PATIENCE;
        while self.inside_a_frame() || !wanted(self.parser.screen()) {
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("{what}: never seen ({error}); the screen is\n{}", self.text()),
            }
        }
    }

    /// Waits for the end of a frame that came after so many bytes.
    pub fn next_frame(&mut self, before: usize) {
        let until = Instant::now() + PATIENCE;
        while self.raw.len() <= before || self.inside_a_frame() {
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("no frame ({error}); the screen is\n{}", self.text()),
            }
        }
    }

    /// Waits until this text is on the screen.
    pub fn sees(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Waits until this text is no longer on the screen.
    pub fn loses(&mut self, text: &str) {
        self.wait_until(&format!("without {text}"), |screen| !screen.contents().contains(text));
    }

    /// Whether the program has begun a frame and not ended it: half a frame shows what never is.
    fn inside_a_frame(&self) -> bool {
        self.last(b"\x1b[?2026l") < self.last(b"\x1b[?2026h")
    }

    /// Where the program wrote this last.
    fn last(&self, wanted: &[u8]) -> Option<usize> {
        self.raw.windows(wanted.len()).rposition(|bytes| bytes == wanted)
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }

    /// Bytes as the terminal would send them.
    pub fn send(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is there");
        writer.write_all(bytes).and_then(|()| writer.flush()).expect("the program reads its keys");
    }

    /// Text that is typed.
    pub fn type_text(&mut self, text: &str) {
        self.send(text.as_bytes());
    }

    /// Out of EDIT or out of a box. A terminal tells Esc from Alt only by what does not follow it, so it is waited for.
    pub fn escape(&mut self) {
        self.send(b"\x1b");
        self.sees(" NAV ");
    }

    /// Writes in the pane that has the focus.
    pub fn edits(&mut self) {
        self.send(b"\r");
        self.sees(" EDIT ");
    }

    /// Waits until the mark of a changed draft is gone.
    pub fn is_saved(&mut self) {
        self.wait_until("it is saved", |screen| {
            let width = u16::MAX;
            !screen.rows(0, width).next().unwrap_or_default().contains('●')
        });
    }

    /// Leaves with ctrl-q, when nothing is asked.
    pub fn quit(&mut self) -> ExitStatus {
        self.send(b"\x11");
        self.ended()
    }

    /// The left button is pressed and let go on this cell, counted from 0.
    pub fn click(&mut self, column: u16, row: u16) {
        let (column, row) = (column + 1, row + 1);
        self.send(format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m").as_bytes());
    }

    /// Where this text stands on the screen: column and row of its first character.
    pub fn place(&self, text: &str) -> (u16, u16) {
        let (_, columns) = self.screen().size();
        let rows: Vec<String> = self.screen().rows(0, columns.get()).collect();
        let found = rows.iter().enumerate().find_map(|(row, line)| Some((line.find(text)?, row, line)));
        let (at, row, line) = found.unwrap_or_else(|| panic!("{text} is not on the screen\n{}", self.text()));
        (u16::try_from(line[..at].chars().count()).expect("a column"), u16::try_from(row).expect("a row"))
    }

    /// The terminal gets another size.
    pub fn resize(&mut self, size: (u16, u16)) {
        let (cols, rows) = size;
        self.parser.set_size(rows.try_into().expect("rows"), cols.try_into().expect("columns"));
        self.master.as_ref().expect("the terminal is there").resize(pty_size(size)).expect("another size");
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program is running");
    }

    /// Waits until the program was stopped by a signal.
    pub fn is_stopped(&mut self) {
        let (tell, stopped) = channel();
        let pid = self.pid;
        std::thread::spawn(move || {
            let _ = tell.send(waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED).is_ok());
        });
        assert_eq!(stopped.recv_timeout(PATIENCE), Ok(true), "the program was not stopped");
        // what it wrote before it stopped ends with leaving the alternate screen
        self.wait_until("the terminal is given back", |screen| !screen.alternate_screen());
    }

    /// Waits until the program has ended, and takes in what it wrote until then.
    pub fn ended(&mut self) -> ExitStatus {
        let status = self.ended.recv_timeout(PATIENCE);
        let status = status.unwrap_or_else(|error| panic!("it does not end ({error}); the screen is\n{}", self.text()));
        // after the end of the program its terminal gives what is left, then an error
        let until = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => return status,
                Err(RecvTimeoutError::Timeout) => panic!("the terminal never closes"),
            }
        }
    }

    /// The terminal goes away, as when its window is closed; then waits until the program has ended.
    pub fn terminal_goes_away(&mut self) -> ExitStatus {
        // the thread that reads has to let go of the terminal too: the next bytes wake it up
        self.let_go.store(true, Ordering::SeqCst);
        self.send(b"\x1bOP");
        let until = Instant::now() + PATIENCE;
        while self.output.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok() {}
        self.writer = None;
        self.master = None;
        self.ended.recv_timeout(PATIENCE).expect("it ends without a terminal")
    }

    /// The terminal is as it was before the program began.
    pub fn is_as_it_was(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is the terminal's");
        for (on, off) in [("\x1b[?1004h", "\x1b[?1004l"), ("\x1b[6 q", "\x1b[0 q"), ("\x1b[?2026h", "\x1b[?2026l")] {
            let (on_at, off_at) = (self.last(on.as_bytes()), self.last(off.as_bytes()));
            assert!(on_at < off_at || on_at.is_none(), "{off:?} follows {on:?}");
        }
        let now = modes(&**self.master.as_ref().expect("the terminal is there"));
        assert_eq!(now, self.modes, "the modes of the terminal");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.ended.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}
