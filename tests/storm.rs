//! A storm of keys, pastes, resizes, mouse and undo on the real program. Afterwards the file holds, byte for byte, what a
//! plain model of it says; and after `kill -9` at any moment it holds what the model said within the last second.
//!
//! The same code runs for as long as one likes: docs/TESTING.md has the command.
#![cfg(unix)]

#[path = "storm/model.rs"]
mod model;
#[expect(dead_code, reason = "the tests of the workbench use the rest of it")]
mod pty;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use model::{Model, PIECES};
use pty::{Home, Session};
use rustix::process::Signal;

const FILE: &str = "storm/draft/system_prompt.txt";
/// Sizes in which a short line is one row.
const SIZES: [(u16, u16); 5] = [(80, 24), (120, 40), (160, 45), (70, 20), (100, 30)];
/// A size in which nothing but a sentence is shown.
const TINY: (u16, u16) = (20, 4);

const CTRL_Q: &[u8] = b"\x11";
const CTRL_S: &[u8] = b"\x13";

/// What is asked for by the environment, else this.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Chance that is the same for the same seed.
struct Dice(u64);

impl Dice {
    /// Below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % limit
    }

    fn piece(&mut self) -> &'static str {
        PIECES[self.below(PIECES.len())]
    }
}

/// The program with its model, and what the file may hold after a crash.
struct Storm {
    home: Home,
    session: Session,
    model: Model,
    dice: Dice,
    size: (u16, u16),
    /// What was cut last.
    clipboard: Option<String>,
    /// Every file that there was, as the model says, since when it was on the screen.
    states: Vec<(Instant, String)>,
    /// All files that there ever were.
    ever: HashSet<String>,
    /// When undo last went through states that only the program knows.
    undone: Option<Instant>,
    /// What was done, for who looks for a mistake.
    done: Vec<String>,
    seed: u64,
}

impl Drop for Storm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last = self.done.len().saturating_sub(40);
            eprintln!(
                "seed {}, after {} steps; the last ones: {}",
                self.seed,
                self.done.len(),
                self.done[last..].join(" ")
            );
            eprintln!("the model's file:\n{:?}\nthe file:\n{:?}", self.model.file(), self.home.read(FILE));
        }
    }
}

/// Opens the workbench on the storm's prompt, and goes into the first section; restores what a crash left behind.
fn open(home: &Home, size: (u16, u16)) -> Session {
    let mut session = home.open_with(size, &["storm"], &[]);
    session.wait_until("it opens", |screen| {
        screen.contents().contains(" NAV ") || screen.contents().contains("Enter restores")
    });
    if session.text().contains("Enter restores") {
        session.send(b"\r");
        session.sees("restored");
    }
    session
}

impl Storm {
    fn begin(seed: u64) -> Self {
        let home = Home::new();
        let model = Model::fresh();
        home.write(FILE, &model.file());
        let session = open(&home, SIZES[0]);
        let mut storm = Self {
            home,
            session,
            dice: Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            size: SIZES[0],
            clipboard: None,
            states: Vec::new(),
            ever: HashSet::from([model.file()]),
            undone: None,
            done: Vec::new(),
            model,
            seed,
        };
        storm.go_in();
        storm
    }

    /// Into the first section, to its start.
    fn go_in(&mut self) {
        self.session.send(b"\r");
        self.session.sees(" EDIT ");
        self.keys("start", "\x1b[1;5H");
        self.states = vec![(Instant::now(), self.model.file())];
    }

    fn keys(&mut self, name: &str, keys: &str) {
        self.done.push(name.to_owned());
        self.session.send(keys.as_bytes());
    }

    /// Keys that change what is shown, after the model was changed: waits for the frame.
    fn seen(&mut self, name: &str, keys: &str) {
        let before = self.session.raw.len();
        self.keys(name, keys);
        if self.size != TINY {
            self.session.next_frame(before);
        }
        self.note();
    }

    /// The model's file is one that may be found.
    fn note(&mut self) {
        let file = self.model.file();
        if self.states.last().is_none_or(|(_, last)| *last != file) {
            self.ever.insert(file.clone());
            self.states.push((Instant::now(), file));
        }
    }

    /// A piece, whose characters the program gets one after the other.
    fn type_piece(&mut self, piece: &str) {
        for (at, _) in piece.char_indices().skip(1) {
            let mut half = self.model.clone();
            half.pane().insert(&piece[..at]);
            self.states.push((Instant::now(), half.file()));
            self.ever.insert(half.file());
        }
        self.model.pane().insert(piece);
        self.seen(piece, piece);
    }

    /// One step of the storm.
    fn step(&mut self) {
        let tiny = self.size == TINY;
        match self.dice.below(if tiny { 40 } else { 100 }) {
            0..30 => {
                for _ in 0..=self.dice.below(5) {
                    let piece = self.dice.piece();
                    self.type_piece(piece);
                }
            }
            30..35 => {
                self.model.pane().enter();
                self.seen("Enter", "\r");
            }
            35..38 if tiny => self.resize(false),
            35..48 => self.backspace(),
            48..53 => {
                for _ in 0..=self.dice.below(3) {
                    self.model.pane().delete();
                    self.keys("Delete", "\x1b[3~");
                    self.note();
                }
            }
            53..61 => self.sideways(),
            61..70 => self.lines(),
            70..72 => {
                self.model.pane().start_of_text();
                self.keys("Ctrl-Home", "\x1b[1;5H");
            }
            72..74 => {
                self.model.pane().end_of_text();
                self.keys("Ctrl-End", "\x1b[1;5F");
            }
            74..78 => self.paste(),
            78..81 => self.undo_and_redo(),
            81..85 => self.select(),
            85..90 => self.other_pane(),
            90..92 => {
                // another screen and back: letters are commands then, until Enter
                self.keys("Play", "\x1b2");
                self.session.sees("[2 Play]");
                self.keys("Draft", "\x1b1");
                self.session.sees("[1 Draft]");
                self.keys("Enter", "\r");
                self.session.sees(" EDIT ");
            }
            92..93 => {
                self.session.escape();
                self.keys("Esc Enter", "\r");
                self.session.sees(" EDIT ");
            }
            93..96 => self.resize(true),
            96..99 => self.mouse(),
            _ => self.keys("Save", "\x13"),
        }
    }

    fn backspace(&mut self) {
        for _ in 0..=self.dice.below(3) {
            self.model.pane().backspace();
            self.keys("Backspace", "\x7f");
            self.note();
        }
    }

    fn sideways(&mut self) {
        let to_the_left = self.dice.below(2) == 0;
        for _ in 0..=self.dice.below(8) {
            let pane = self.model.pane();
            let _ = if to_the_left { pane.left() } else { pane.right() };
            self.keys(if to_the_left { "Left" } else { "Right" }, if to_the_left { "\x1b[D" } else { "\x1b[C" });
        }
    }

    /// Between lines, where Home and End say in which column that ends.
    fn lines(&mut self) {
        let pane = self.model.pane();
        if !pane.is_short() {
            pane.end_of_text();
            self.keys("Ctrl-End", "\x1b[1;5F");
            self.model.pane().enter();
            return self.seen("Enter", "\r");
        }
        for _ in 0..self.dice.below(4) {
            let up = self.dice.below(2) == 0;
            let pane = self.model.pane();
            if up {
                pane.up();
            } else {
                pane.down();
            }
            self.keys(if up { "Up" } else { "Down" }, if up { "\x1b[A" } else { "\x1b[B" });
        }
        // in which column one arrives, End decides
        self.model.pane().end();
        self.keys("End", "\x1b[F");
        for _ in 0..self.dice.below(3) {
            self.model.pane().home();
            self.keys("Home", "\x1b[H");
        }
    }

    fn paste(&mut self) {
        let mut text = String::new();
        for _ in 0..self.dice.below(60) {
            text.push_str(if self.dice.below(12) == 0 { "\n" } else { self.dice.piece() });
        }
        let before = self.model.clone();
        self.model.pane().paste(&text);
        self.keys("Paste", &format!("\x1b[200~{text}\x1b[201~"));
        self.note();
        if self.dice.below(3) == 0 && !text.is_empty() {
            // a paste is one step, so that this is what undo goes back to
            self.model = before;
            self.keys("Undo", "\x1a");
            self.note();
        }
    }

    /// So many steps back and the same number forward again.
    fn undo_and_redo(&mut self) {
        // what is typed ends what could be done again
        self.type_piece("x");
        let steps = 1 + self.dice.below(12);
        self.keys(&format!("Undo{steps} Redo{steps}"), &("\x1a".repeat(steps) + &"\x19".repeat(steps)));
        self.type_piece("Z");
        self.undone = Some(Instant::now());
    }

    /// A selection that something else takes the place of.
    fn select(&mut self) {
        let to_the_left = self.dice.below(2) == 0;
        let wanted = 1 + self.dice.below(12);
        let pane = self.model.pane();
        let steps = (0..wanted).take_while(|_| if to_the_left { pane.left() } else { pane.right() }).count();
        if !to_the_left {
            (0..steps).for_each(|_| _ = pane.left());
        }
        self.keys(
            &format!("Select{wanted}{to_the_left}"),
            &(if to_the_left { "\x1b[1;2D" } else { "\x1b[1;2C" }).repeat(wanted),
        );
        if steps == 0 {
            // nothing is selected, and Backspace would take something else away
            return self.type_piece("n");
        }
        let mut cut = String::new();
        let pane = self.model.pane();
        for _ in 0..steps {
            cut.push_str(&pane.delete());
        }
        match self.dice.below(3) {
            0 => self.seen("Backspace", "\x7f"),
            1 => {
                self.seen("Cut", "\x18");
                self.clipboard = Some(cut);
                if self.dice.below(2) == 0 {
                    self.paste_what_was_cut();
                }
            }
            _ => {
                self.model.pane().insert("t");
                self.seen("t", "t");
            }
        }
    }

    fn paste_what_was_cut(&mut self) {
        if let Some(cut) = self.clipboard.clone() {
            self.model.pane().paste(&cut);
            self.keys("Paste again", "\x16");
            self.note();
        }
    }

    fn other_pane(&mut self) {
        if self.dice.below(2) == 0 && self.model.at + 1 < self.model.panes.len() {
            self.model.at += 1;
            self.keys("Tab", "\t");
        } else if self.model.at > 0 {
            self.model.at -= 1;
            self.keys("Shift-Tab", "\x1b[Z");
        }
    }

    fn resize(&mut self, may_be_tiny: bool) {
        let sizes = SIZES.len();
        let chosen = self.dice.below(if may_be_tiny { sizes + 1 } else { sizes });
        self.size = SIZES.get(chosen).copied().unwrap_or(TINY);
        self.done.push(format!("{}x{}", self.size.0, self.size.1));
        self.session.resize(self.size);
        // until the program knows of it, a click or Home would mean another place
        let (columns, last) = (self.size.0, usize::from(self.size.1) - 1);
        let shown = if self.size == TINY { "20x4" } else { " EDIT " };
        self.session.wait_until("the new size", |screen| {
            screen.contents().contains("20x4") && shown == "20x4"
                || screen.rows(0, columns).nth(last).is_some_and(|row| row.contains(shown))
        });
    }

    /// The wheel anywhere, and clicks where there is no text.
    fn mouse(&mut self) {
        let (columns, rows) = self.size;
        let column = u16::try_from(self.dice.below(usize::from(columns))).unwrap_or(0);
        let row = u16::try_from(self.dice.below(usize::from(rows))).unwrap_or(0);
        match self.dice.below(4) {
            0 => {
                self.done.push("Click".to_owned());
                self.session.click(column, rows - 1);
            }
            1 => self.keys("Release", &format!("\x1b[<0;{};{}m", column + 1, row + 1)),
            direction => {
                let code = if direction == 2 { 64 } else { 65 };
                self.keys("Wheel", &format!("\x1b[<{code};{};{}M", column + 1, row + 1));
            }
        }
    }

    /// Saves now and then: after every step where `GREENROOM_STORM_SAVE_EVERY` is 1, which shows where a mistake begins.
    fn save_after(&mut self, step: u64) {
        let every = number("GREENROOM_STORM_SAVE_EVERY", 100);
        if step.is_multiple_of(every) && self.size != TINY {
            self.save();
        }
    }

    /// The file is saved, and holds what the model says.
    fn save(&mut self) {
        self.done.push("Save".to_owned());
        self.session.send(CTRL_S);
        let wanted = self.model.file();
        let home = &self.home;
        self.session.wait_until("the file is what the model says", |_| home.read(FILE) == wanted);
    }

    fn leave(&mut self) {
        self.session.send(CTRL_Q);
        assert!(self.session.ended().success());
        assert_eq!(self.home.read(FILE), self.model.file());
    }

    /// The program is killed; what the next start restores is taken for the model.
    fn kill(&mut self) {
        self.done.push("Kill".to_owned());
        self.session.signal(Signal::KILL);
        let killed = Instant::now();
        self.session.ended();
        assert!(self.ever.contains(&self.home.read(FILE)), "what lies in the file never was");
        self.size = SIZES[0];
        self.session = open(&self.home, self.size);
        self.session.send(CTRL_Q);
        assert!(self.session.ended().success());
        let found = self.home.read(FILE);
        let age = self.age(&found, killed);
        println!("restored what was shown {age:?} before the kill");
        assert!(age <= number_of_seconds(), "what was restored is {age:?} old");
        self.model = Model::read(&found);
        assert_eq!(self.model.file(), found);
    }

    /// How long before the kill this was what was shown.
    fn age(&self, found: &str, killed: Instant) -> Duration {
        let newest = self.states.iter().rposition(|(_, state)| state == found);
        let age = newest.map(|at| {
            // it was shown until the next one was
            self.states.get(at + 1).map_or(Duration::ZERO, |(next, _)| killed.saturating_duration_since(*next))
        });
        let undone = self.undone.map(|undone| killed.saturating_duration_since(undone));
        match (age, undone.filter(|_| self.ever.contains(found))) {
            (Some(age), Some(undone)) => age.min(undone),
            (Some(age), None) | (None, Some(age)) => age,
            (None, None) => panic!("what was restored never was: {found:?}"),
        }
    }
}

/// How old what is restored may be. A second is what is promised and what the long run asks for; a machine that tests many
/// things at once may hold a write up for longer.
fn number_of_seconds() -> Duration {
    Duration::from_secs(number("GREENROOM_STORM_SECONDS", 3))
}

#[test]
fn after_a_storm_the_file_holds_what_was_typed() {
    let seeds = number("GREENROOM_STORM_SEEDS", 1);
    for seed in (0..seeds).map(|more| number("GREENROOM_STORM_SEED", 1) + more) {
        let mut storm = Storm::begin(seed);
        for step in 1..=number("GREENROOM_STORM_KEYS", 300) {
            storm.step();
            storm.save_after(step);
        }
        storm.leave();
    }
}

#[test]
fn after_a_kill_in_a_storm_at_most_a_second_of_it_is_missing() {
    let mut storm = Storm::begin(number("GREENROOM_STORM_SEED", 1) + 1_000_000);
    for _ in 0..number("GREENROOM_STORM_KILLS", 5) {
        for step in 1..20 + storm.dice.below(120) as u64 {
            storm.step();
            storm.save_after(step);
        }
        storm.kill();
        storm.session = open(&storm.home, storm.size);
        storm.undone = None;
        storm.go_in();
    }
    storm.leave();
}
