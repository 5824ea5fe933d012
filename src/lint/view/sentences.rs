//! A text as sentences and words, read line by line.

use super::spelled::{BEYOND, BYTES, IN_WORD, MARK, Spelled};
use super::{Hit, Kind, Line, Sentence, Word};
use crate::lint::words::{CAPITALS, FOREIGN, NUMBER, PHRASE, SECOND, known, phrase};

/// What a text says.
pub(super) struct Said {
    pub(super) words: Vec<Word>,
    pub(super) sentences: Vec<Sentence>,
    /// The phrases of each rule, by the rule's index.
    pub(super) hits: Vec<Vec<Hit>>,
}

/// Cuts lines into sentences and words.
pub(super) struct Reading<'v> {
    text: &'v str,
    lines: &'v [Line],
    said: Said,
    /// The first word and the line of the sentence that is open.
    open: Option<(usize, usize)>,
    block: usize,
    /// Whether the next word begins a sentence.
    broken: bool,
}

impl<'v> Reading<'v> {
    /// What the lines of `text` say; `rules` is how many rules there are.
    pub(super) fn of(text: &'v str, lines: &'v [Line], rules: usize) -> Said {
        // more room than prose needs: what is not used costs nothing, and moving what is there does
        let said = Said {
            words: Vec::with_capacity(text.len() / 4),
            sentences: Vec::with_capacity(lines.len()),
            hits: vec![Vec::new(); rules],
        };
        let mut reading = Self { text, lines, said, open: None, block: 0, broken: true };
        let mut before: Option<&Line> = None;
        for (at, line) in lines.iter().enumerate() {
            if !matches!(line.kind, Kind::Text | Kind::Heading) {
                reading.close();
                before = None;
                continue;
            }
            if !before.is_some_and(|before| continues(text, before, line)) {
                reading.close();
                reading.block += 1;
            }
            reading.line(at);
            before = (line.end > line.start).then_some(line);
        }
        reading.close();
        reading.said
    }

    /// Ends the sentence that is open.
    fn close(&mut self) {
        self.broken = true;
        let Some((first, line)) = self.open.take() else { return };
        let words = first..self.said.words.len();
        if words.is_empty() {
            return;
        }
        let mut classes = 0;
        for at in words.clone() {
            let word = &self.said.words[at];
            let behind = self.said.words.get(at + 1).map_or(0, |behind| behind.classes);
            classes |= word.classes;
            if (word.classes & PHRASE) | (behind & SECOND) == 0 || word.phrase == 0 {
                continue;
            }
            let mut next = word.phrase;
            while let Some(phrase) = phrase(next) {
                next = phrase.next;
                let end = at + 1 + phrase.rest().len();
                if end <= words.end
                    && self.said.words[at + 1..end].iter().zip(phrase.rest()).all(|(word, rest)| word.hash == *rest)
                {
                    let hit =
                        Hit { phrase: usize::from(phrase.which), words: at..end, sentence: self.said.sentences.len() };
                    self.said.hits[usize::from(phrase.rule)].push(hit);
                }
            }
        }
        let of = &self.lines[line];
        let prose = of.kind == Kind::Text && !of.example && !of.quote;
        self.said.sentences.push(Sentence { words, classes, line, section: of.section, block: self.block, prose });
    }

    /// Reads the words of a line.
    fn line(&mut self, number: usize) {
        let (mut at, end) = (self.lines[number].content, self.lines[number].end);
        let bytes = self.text.as_bytes();
        let mut literal = Literal::default();
        while at < end {
            let byte = bytes[at];
            let what = BYTES[usize::from(byte)];
            if what & IN_WORD != 0 {
                at = self.word(number, at, end, literal.is_open());
            } else if what & BEYOND == 0 {
                if what & MARK != 0 {
                    literal.see(byte);
                    if matches!(byte, b'.' | b'!' | b'?') {
                        self.maybe_break(bytes.get(at + 1).copied(), at);
                    }
                }
                at += 1;
            } else {
                let Some(c) = self.text[at..].chars().next() else { break };
                if c.is_alphanumeric() {
                    at = self.word(number, at, end, literal.is_open());
                } else {
                    literal.see_char(c);
                    self.broken |= matches!(c, '。' | '！' | '？');
                    at += c.len_utf8();
                }
            }
        }
    }

    /// A full stop ends a sentence when a blank follows, and no single letter comes before it.
    fn maybe_break(&mut self, next: Option<u8>, at: usize) {
        let ends = next.is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b')' | b'*'));
        let abbreviation = self.said.words.last().is_some_and(|word| word.end == at && word.end - word.start == 1);
        self.broken |= ends && !abbreviation;
    }

    /// Reads the word at `start`, and says where it ends.
    fn word(&mut self, line: usize, start: usize, end: usize, literal: bool) -> usize {
        let spelled = Spelled::at(self.text, start, end);
        if self.broken {
            self.close();
            self.open = Some((self.said.words.len(), line));
            self.broken = false;
        }
        let bytes = self.text.as_bytes();
        // a run of underscores is a line to write on, or emphasis
        if bytes[start] == b'_' && bytes[start..spelled.end].iter().all(|&byte| byte == b'_') {
            return spelled.end;
        }
        let (mut classes, phrase) = known(spelled.hash);
        classes |= if spelled.ascii { 0 } else { FOREIGN };
        classes |= if spelled.capitals { CAPITALS } else { 0 };
        classes |= if bytes[start].is_ascii_digit() { NUMBER } else { 0 };
        let word = Word {
            start,
            end: spelled.end,
            hash: spelled.hash,
            classes,
            phrase,
            capitals: spelled.capitals,
            ascii: spelled.ascii,
            literal,
        };
        self.said.words.push(word);
        spelled.end
    }
}

/// Whether a line goes on with the paragraph of the line before it.
fn continues(text: &str, before: &Line, line: &Line) -> bool {
    let same = before.kind == line.kind && before.quote == line.quote && before.section == line.section;
    if !same || line.item || line.kind != Kind::Text {
        return false;
    }
    let wrapped =
        before.end - before.start >= 50 || text[line.content..line.end].starts_with(|first: char| first.is_lowercase());
    wrapped && !text[before.start..before.end].trim_end().ends_with(':')
}

/// Whether what comes next stands between quotation marks or backticks of the same line.
#[derive(Default)]
struct Literal {
    quote: bool,
    code: bool,
}

impl Literal {
    fn is_open(&self) -> bool {
        self.quote || self.code
    }

    fn see(&mut self, byte: u8) {
        match byte {
            b'"' => self.quote = !self.quote,
            b'`' => self.code = !self.code,
            _ => {}
        }
    }

    fn see_char(&mut self, c: char) {
        match c {
            '“' | '„' | '«' => self.quote = true,
            '”' | '»' => self.quote = false,
            _ => {}
        }
    }
}
