//! What a draft is after some keys, written down with plain strings: five headings with a text each, a cursor in each,
//! and what each key means to them. Shares nothing with the program but the file format.

/// What is typed: each piece is what a reader calls one character, and no two of them ever grow together.
pub const PIECES: [&str; 24] = [
    "a",
    "b",
    "e",
    "n",
    "r",
    "t",
    "x",
    "Z",
    "7",
    ",",
    "!",
    ";",
    "é",
    "ß",
    "ж",
    "漢",
    "字",
    "。",
    "🙂",
    "e\u{301}",
    "👩\u{200d}👩\u{200d}👧",
    "👍🏽",
    " ",
    " ",
];

/// The headings of the file, in its order.
pub const HEADINGS: [&str; 5] = [
    "# Identity & Role",
    "# Behavioral Guidelines",
    "# Capabilities & Limitations",
    "# Output Format",
    "# Safety Rails",
];

/// Columns of a line that is shown in one row by every size that is used, so that Home and End mean the line.
const SHORT: usize = 40;

/// A draft that is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub panes: Vec<Pane>,
    /// The pane that is written in.
    pub at: usize,
}

/// One section: what stands around the text that can be written in, and the text as lines of pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pane {
    before: String,
    lines: Vec<Vec<String>>,
    after: String,
    line: usize,
    column: usize,
}

impl Model {
    /// A file of five short sections.
    pub fn fresh() -> Self {
        Self::read(&HEADINGS.map(|heading| format!("{heading}\nabc\n\n")).concat())
    }

    /// The sections of a file that this model, or the program, has written. Empty lines around a text belong to the
    /// file; of a section without a text the first one stays above what will be typed.
    pub fn read(file: &str) -> Self {
        let starts: Vec<usize> = HEADINGS
            .iter()
            .map(|heading| {
                file.find(&format!("{heading}\n")).unwrap_or_else(|| panic!("{heading} is gone from\n{file}"))
            })
            .collect();
        let panes = HEADINGS.iter().enumerate().map(|(index, heading)| {
            let end = starts.get(index + 1).copied().unwrap_or(file.len());
            let content = &file[starts[index] + heading.len() + 1..end];
            let text = content.trim_matches('\n');
            let lead = match (text.is_empty(), content.is_empty()) {
                (true, false) => 1,
                (true, true) => 0,
                (false, _) => content.len() - content.trim_start_matches('\n').len(),
            };
            let (before, rest) = content.split_at(lead);
            Pane {
                before: format!("{heading}\n{before}"),
                lines: text.split('\n').map(pieces).collect(),
                after: rest[text.len()..].to_owned(),
                line: 0,
                column: 0,
            }
        });
        Self { panes: panes.collect(), at: 0 }
    }

    /// The file as it has to be.
    pub fn file(&self) -> String {
        self.panes.iter().map(|pane| pane.before.clone() + &pane.text() + &pane.after).collect()
    }

    /// The pane that is written in.
    pub fn pane(&mut self) -> &mut Pane {
        &mut self.panes[self.at]
    }
}

/// A text as pieces, the longest first.
pub fn pieces(text: &str) -> Vec<String> {
    let mut all: Vec<&str> = PIECES.to_vec();
    all.extend(["c"]);
    all.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let piece = all.iter().find(|piece| rest.starts_with(**piece)).copied();
        // half of a piece, when the program was killed between its characters
        let length = piece.map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), str::len);
        found.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    found
}

impl Pane {
    fn text(&self) -> String {
        self.lines.iter().map(|line| line.concat()).collect::<Vec<_>>().join("\n")
    }

    /// Whether all lines are shown in one row each.
    pub fn is_short(&self) -> bool {
        let columns = |line: &Vec<String>| line.iter().map(|piece| if piece.len() < 3 { 1 } else { 2 }).sum::<usize>();
        self.lines.iter().all(|line| columns(line) <= SHORT)
    }

    pub fn insert(&mut self, piece: &str) {
        self.lines[self.line].insert(self.column, piece.to_owned());
        self.column += 1;
    }

    /// Enter: the blanks that the line begins with are taken over.
    pub fn enter(&mut self) {
        let line = &mut self.lines[self.line];
        let rest = line.split_off(self.column);
        let blanks = line.iter().take_while(|piece| *piece == " ").count();
        self.lines.insert(self.line + 1, [vec![" ".to_owned(); blanks], rest].concat());
        (self.line, self.column) = (self.line + 1, blanks);
    }

    /// A line end and nothing else, as in a paste.
    fn break_line(&mut self) {
        let rest = self.lines[self.line].split_off(self.column);
        self.lines.insert(self.line + 1, rest);
        (self.line, self.column) = (self.line + 1, 0);
    }

    pub fn paste(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.break_line();
            }
            for piece in pieces(line) {
                self.insert(&piece);
            }
        }
    }

    /// One to the left, over a line's end; `false` at the start of the text.
    pub fn left(&mut self) -> bool {
        match (self.line, self.column) {
            (0, 0) => return false,
            (_, 0) => {
                self.line -= 1;
                self.column = self.lines[self.line].len();
            }
            _ => self.column -= 1,
        }
        true
    }

    /// One to the right; `false` at the end of the text.
    pub fn right(&mut self) -> bool {
        if self.column < self.lines[self.line].len() {
            self.column += 1;
        } else if self.line + 1 < self.lines.len() {
            (self.line, self.column) = (self.line + 1, 0);
        } else {
            return false;
        }
        true
    }

    /// Takes away what is right of the cursor, and gives it.
    pub fn delete(&mut self) -> String {
        if self.column < self.lines[self.line].len() {
            return self.lines[self.line].remove(self.column);
        }
        if self.line + 1 == self.lines.len() {
            return String::new();
        }
        let next = self.lines.remove(self.line + 1);
        self.lines[self.line].extend(next);
        "\n".to_owned()
    }

    pub fn backspace(&mut self) {
        if self.left() {
            self.delete();
        }
    }

    /// To the first letter of the line; from there, to its start.
    pub fn home(&mut self) {
        let blanks = self.lines[self.line].iter().take_while(|piece| *piece == " ").count();
        self.column = if self.column == blanks { 0 } else { blanks };
    }

    pub fn end(&mut self) {
        self.column = self.lines[self.line].len();
    }

    pub fn up(&mut self) {
        self.line = self.line.saturating_sub(1);
    }

    pub fn down(&mut self) {
        self.line = (self.line + 1).min(self.lines.len() - 1);
    }

    pub fn start_of_text(&mut self) {
        (self.line, self.column) = (0, 0);
    }

    pub fn end_of_text(&mut self) {
        self.line = self.lines.len() - 1;
        self.end();
    }
}
