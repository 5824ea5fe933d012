//! A text as sentences and words, read line by line.

use super::{Kind, Sentence, View, Word};
use crate::lint::words::{SEED, step, table};

/// Cuts lines into sentences and words.
pub(super) struct Reading<'v, 'a> {
    pub(super) view: &'v mut View<'a>,
    /// The first word and the line of the sentence that is open.
    open: Option<(usize, usize)>,
    pub(super) block: usize,
    /// Whether the next word begins a sentence.
    broken: bool,
}

impl<'v, 'a> Reading<'v, 'a> {
    pub(super) fn of(view: &'v mut View<'a>) -> Self {
        Self { view, open: None, block: 0, broken: true }
    }

    /// Ends the sentence that is open.
    pub(super) fn close(&mut self) {
        self.broken = true;
        let Some((first, line)) = self.open.take() else { return };
        let words = first..self.view.words.len();
        if !words.is_empty() {
            let of = &self.view.lines[line];
            let prose = of.kind == Kind::Text && !of.example && !of.quote;
            let sentence = Sentence { words, line, section: of.section, block: self.block, prose };
            self.view.sentences.push(sentence);
        }
    }

    /// Reads the words of a line.
    pub(super) fn line(&mut self, number: usize) {
        let (mut at, end) = (self.view.lines[number].content, self.view.lines[number].end);
        let text = self.view.text;
        let bytes = text.as_bytes();
        let mut literal = Literal::default();
        while at < end {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                at = self.word(number, at, end, literal.is_open());
            } else if byte < 0x80 {
                literal.see(byte);
                if matches!(byte, b'.' | b'!' | b'?') {
                    self.maybe_break(bytes.get(at + 1).copied(), at);
                }
                at += 1;
            } else {
                let Some(c) = text[at..].chars().next() else { break };
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
        let abbreviation = self.view.words.last().is_some_and(|word| word.end == at && word.end - word.start == 1);
        self.broken |= ends && !abbreviation;
    }

    fn word(&mut self, line: usize, start: usize, end: usize, literal: bool) -> usize {
        let text = self.view.text;
        let bytes = text.as_bytes();
        let (mut at, mut hash) = (start, SEED);
        let (mut ascii, mut letters, mut small) = (true, 0_usize, false);
        while at < end {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                letters += usize::from(byte.is_ascii_alphabetic());
                small |= byte.is_ascii_lowercase();
                hash = step(hash, byte);
                at += 1;
            } else if byte == b'\'' && bytes[at + 1..end].first().is_some_and(u8::is_ascii_alphabetic) {
                hash = step(hash, byte);
                at += 1;
            } else if byte >= 0x80 {
                let Some(c) = text[at..].chars().next() else { break };
                let apostrophe = c == '’' && bytes[at + 3..end].first().is_some_and(u8::is_ascii_alphabetic);
                if apostrophe {
                    hash = step(hash, b'\'');
                } else if c.is_alphanumeric() {
                    ascii = false;
                    letters += 1;
                    small |= !c.is_uppercase();
                    for byte in &bytes[at..at + c.len_utf8()] {
                        hash = step(hash, *byte);
                    }
                } else {
                    break;
                }
                at += c.len_utf8();
            } else {
                break;
            }
        }
        if self.broken {
            self.close();
            self.open = Some((self.view.words.len(), line));
            self.broken = false;
        }
        // a run of underscores is a line to write on, or emphasis
        if bytes[start..at].iter().all(|&byte| byte == b'_') {
            return at;
        }
        let entry = table().get(&hash);
        self.view.words.push(Word { start, end: at, hash, entry, capitals: letters >= 2 && !small, ascii, literal });
        at
    }
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
