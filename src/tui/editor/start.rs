//! What a line begins with that the next one takes over: quote marks, indentation, a bullet or a number, a box to tick.

use std::ops::Range;

/// The start of a line. All of it is ASCII, so that its lengths are bytes and characters alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Start {
    /// Quote marks with their blank; 0 where nothing is quoted.
    pub(super) quote: usize,
    /// Quote marks and indentation.
    pub(super) margin: usize,
    /// Everything up to the text: also the bullet, its blanks and the box.
    pub(super) len: usize,
    /// What the next line begins with.
    pub(super) next: String,
}

impl Start {
    /// The start of a line, as far as it is there.
    pub(super) fn of(line: &str) -> Self {
        let quote = quote(line);
        let margin = quote + blanks(&line[quote..]);
        let plain = Self { quote, margin, len: margin, next: line[..margin].to_owned() };
        item(&line[margin..]).map_or(plain, |(len, next)| Self {
            quote,
            margin,
            len: margin + len,
            next: format!("{}{next}", &line[..margin]),
        })
    }

    /// Whether it is indentation and nothing else.
    pub(super) fn is_plain(&self) -> bool {
        self.quote == 0 && self.len == self.margin
    }

    /// What is left of the line when the item or the quote that it begins is ended.
    pub(super) fn ended(&self) -> usize {
        if self.len > self.margin { self.quote } else { 0 }
    }
}

/// The number that an item of a list begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Its digits.
    pub(super) place: Range<usize>,
    /// What it is; the next one can be written too.
    pub(super) value: u32,
    /// What stands behind it: a full stop or a parenthesis.
    pub(super) point: char,
}

/// The number of the item that a line is. One that is written with zeros before it is none: the next one would lose them.
pub(super) fn number(line: &str) -> Option<Number> {
    let start = Start::of(line);
    let text = &line[start.margin..start.len];
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let point = text[digits..].chars().next()?;
    let value: u32 = text[..digits].parse().ok()?;
    let plain = value.to_string().len() == digits;
    plain.then_some(Number { place: start.margin..start.margin + digits, value, point })
}

/// Quote marks: a blank has to follow the last one, because `>>>` alone is a fence that prompts are written with.
fn quote(line: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    loop {
        let mark = at + blanks(&line[at..]);
        if !line[mark..].starts_with('>') {
            return end;
        }
        at = mark + 1;
        if line[at..].starts_with(' ') {
            at += 1;
            end = at;
        }
    }
}

/// The bullet or number that a text begins with, its blank and its box: their length, and those of the next item.
fn item(text: &str) -> Option<(usize, String)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (bullet, next) = if digits > 0 {
        let number: u32 = text[..digits].parse().ok()?;
        let point = text[digits..].chars().next().filter(|c| matches!(c, '.' | ')'))?;
        (digits + 1, format!("{}{point}", number.checked_add(1)?))
    } else {
        let bullet = text.chars().next().filter(|c| matches!(c, '-' | '*' | '+'))?;
        (1, bullet.to_string())
    };
    let gap = text[bullet..].bytes().take_while(|&byte| byte == b' ').count();
    if gap == 0 {
        return None;
    }
    let after = bullet + gap;
    let blank = &text[bullet..after];
    let ticked = ["[ ] ", "[x] ", "[X] "].iter().any(|mark| text[after..].starts_with(mark));
    Some(if ticked { (after + 4, format!("{next}{blank}[ ] ")) } else { (after, format!("{next}{blank}")) })
}

fn blanks(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}
