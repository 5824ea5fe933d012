//! What marks a section in a text: headings in three styles, and the code fences inside which nothing is a heading.

use crate::prompt::lines::{lines, without_ending};
use crate::prompt::{Eol, SectionId, Style};

/// How one heading is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// That many `#`, 1 to 6.
    Markdown(usize),
    /// `<tag>`
    Tag,
    /// `Title:`
    Colon,
    /// The title, and a line of this character below it.
    Underline(char),
}

impl Form {
    /// The style a file with such headings has.
    pub fn style(self) -> Style {
        match self {
            Self::Markdown(_) => Style::Markdown,
            Self::Tag => Style::Xml,
            Self::Colon | Self::Underline(_) => Style::Title,
        }
    }
}

/// One heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The section it opens.
    pub id: SectionId,
    /// How it is written.
    pub form: Form,
    /// Its first byte.
    pub start: usize,
    /// The byte after it: after its line's ending, or after its underline's.
    pub end: usize,
    /// Its line, 1-based.
    pub line: usize,
}

/// Where the sections of a text begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The style of the file.
    pub style: Style,
    /// The line ending it uses most.
    pub eol: Eol,
    /// The first heading of each section in that style, in the order of the file.
    pub headings: Vec<Heading>,
}

/// The byte order mark, which some editors put before the first line.
pub(crate) const BOM: &str = "\u{feff}";

/// Finds the sections of `text`.
pub fn outline(text: &str) -> Outline {
    let mut found: Vec<Heading> = Vec::new();
    let mut fence: Option<Fence> = None;
    let mut endings = [0_usize; 3];
    let mut ranges = lines(text).peekable();
    let mut number = 0;
    while let Some(range) = ranges.next() {
        number += 1;
        let line = &text[range.clone()];
        if let Some(eol) = Eol::of(line) {
            endings[eol as usize] += 1;
        }
        let start = if range.start == 0 && line.starts_with(BOM) { BOM.len() } else { range.start };
        let line = &text[start..range.end];
        if let Some(open) = fence {
            if open.closes(line) {
                fence = None;
            }
            continue;
        }
        fence = Fence::opens(line);
        let next = ranges.peek().map(|next| &text[next.clone()]);
        if let Some((id, form)) = heading(line, next) {
            let underline = ranges.peek().filter(|_| matches!(form, Form::Underline(_)));
            let end = underline.map_or(range.end, |underline| underline.end);
            found.push(Heading { id, form, start, end, line: number });
        }
    }
    let style = style_of(&found);
    let mut seen = [false; 5];
    found.retain(|heading| heading.form.style() == style && !std::mem::replace(&mut seen[heading.id.index()], true));
    Outline { style, eol: most_used(endings), headings: found }
}

/// The style with the most different sections; the first to occur on a tie.
fn style_of(found: &[Heading]) -> Style {
    let mut seen: Vec<(Style, [bool; 5])> = Vec::new();
    for heading in found {
        let style = heading.form.style();
        let at = seen.iter().position(|(known, _)| *known == style).unwrap_or_else(|| {
            seen.push((style, [false; 5]));
            seen.len() - 1
        });
        seen[at].1[heading.id.index()] = true;
    }
    let different = |sections: [bool; 5]| sections.into_iter().filter(|&seen| seen).count();
    let mut best = (Style::Plain, 0);
    for (style, sections) in seen {
        if different(sections) > best.1 {
            best = (style, different(sections));
        }
    }
    best.0
}

fn most_used(endings: [usize; 3]) -> Eol {
    let mut best = Eol::Lf;
    for eol in [Eol::CrLf, Eol::Cr] {
        if endings[eol as usize] > endings[best as usize] {
            best = eol;
        }
    }
    best
}

/// The longest name, a level-six mark, and some trailing blanks: no heading is longer.
const LONGEST: usize = 96;

/// The heading that `line` is, in any style; `next` is the line below it, which may underline it.
pub fn heading(line: &str, next: Option<&str>) -> Option<(SectionId, Form)> {
    let first = *line.as_bytes().first()?;
    match first {
        b'#' => markdown(line),
        b'<' => tag(line).filter(|tag| !tag.closes).map(|tag| (tag.id, Form::Tag)),
        first if first.is_ascii_alphabetic() => title(line, next),
        _ => None,
    }
}

fn markdown(line: &str) -> Option<(SectionId, Form)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let name = text.trim_start_matches([' ', '\t']);
    if level > 6 || name.len() == text.len() || name.len() > LONGEST {
        return None;
    }
    let id = SectionId::from_name(trim_end(name))?;
    Some((id, Form::Markdown(level)))
}

fn title(line: &str, next: Option<&str>) -> Option<(SectionId, Form)> {
    if line.len() > LONGEST {
        return None;
    }
    let name = trim_end(line);
    if let Some(name) = name.strip_suffix(':') {
        return SectionId::from_name(name).map(|id| (id, Form::Colon));
    }
    let mark = underline(next?)?;
    SectionId::from_name(name).map(|id| (id, Form::Underline(mark)))
}

/// A line that is a section's tag alone.
pub(crate) struct Tag<'a> {
    pub(crate) id: SectionId,
    pub(crate) name: &'a str,
    pub(crate) closes: bool,
}

pub(crate) fn tag(line: &str) -> Option<Tag<'_>> {
    let inner = trim_end(line).strip_prefix('<')?.strip_suffix('>')?;
    let (name, closes) = inner.strip_prefix('/').map_or((inner, false), |name| (name, true));
    (name.len() <= LONGEST).then_some(())?;
    SectionId::from_tag(name).map(|id| Tag { id, name, closes })
}

/// The character of a line of `===` or `---`, at least three of them.
fn underline(line: &str) -> Option<char> {
    let marks = trim_end(line);
    let mark = marks.chars().next().filter(|mark| matches!(mark, '=' | '-'))?;
    (marks.len() >= 3 && marks.bytes().all(|byte| byte == mark as u8)).then_some(mark)
}

fn trim_end(line: &str) -> &str {
    without_ending(line).trim_end_matches([' ', '\t'])
}

/// A code fence that is open: what must come to close it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    /// The fence that `line` opens: at most three blanks, then at least three backticks or tildes.
    pub(crate) fn opens(line: &str) -> Option<Self> {
        let (mark, length, rest) = Self::marks(line)?;
        // a backtick in what follows makes it code within a line
        (mark == '~' || !rest.contains('`')).then_some(Self { mark, length })
    }

    /// Whether `line` closes this fence: the same character, at least as many, nothing else.
    pub(crate) fn closes(self, line: &str) -> bool {
        Self::marks(line)
            .is_some_and(|(mark, length, rest)| mark == self.mark && length >= self.length && trim_end(rest).is_empty())
    }

    /// The fence that `text` opens and does not close.
    pub(crate) fn left_open(text: &str) -> Option<Self> {
        lines(text).fold(None, |open: Option<Self>, range| {
            let line = &text[range];
            open.map_or_else(|| Self::opens(line), |open| (!open.closes(line)).then_some(open))
        })
    }

    /// The line, without an ending, that closes this fence.
    pub(crate) fn closing(self) -> String {
        self.mark.to_string().repeat(self.length)
    }

    fn marks(line: &str) -> Option<(char, usize, &str)> {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        (line.len() - text.len() <= 3 && length >= 3).then_some((mark, length, rest))
    }
}

/// Whether a line can take part in the structure of a text: a heading, a title that an underline would make one, an
/// underline, a section's tag, a code fence. An edit that leaves only other lines, and found only other lines, moves no
/// section.
pub fn is_structural(line: &str) -> bool {
    let line = line.strip_prefix(BOM).unwrap_or(line);
    match line.as_bytes().first() {
        Some(b'#') => markdown(line).is_some(),
        Some(b'<') => tag(line).is_some(),
        Some(b'=' | b'-') => underline(line).is_some(),
        Some(b'`' | b'~' | b' ') => Fence::marks(line).is_some(),
        Some(first) if first.is_ascii_alphabetic() => {
            line.len() <= LONGEST && {
                let name = trim_end(line);
                SectionId::from_name(name.strip_suffix(':').unwrap_or(name)).is_some()
            }
        }
        None | Some(_) => false,
    }
}
