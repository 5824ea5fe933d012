//! A prompt's text as its sections: read, shown, edited one by one, and written back byte for byte.

use std::borrow::Cow;
use std::ops::Range;

use crate::prompt::heading::{BOM, Fence, Form, Heading, outline, tag};
use crate::prompt::lines::{endings, lines, without_ending};
use crate::prompt::{Eol, SectionId, Style};

/// The sections of a text, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// How the file marks its sections.
    pub style: Style,
    /// What Enter types: the ending the file uses most.
    pub eol: Eol,
    /// How a heading that has to be added is written.
    form: Form,
    /// The unsorted text first (it may be empty), then the sections as they stand in the file.
    parts: Vec<Part>,
}

/// One part of a text. Its pieces, one after the other, are its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its section; `None` for the unsorted text.
    pub id: Option<SectionId>,
    /// The heading with its ending, an underline included; empty for the unsorted text.
    pub heading: String,
    /// The empty lines right after the heading; for the unsorted text also a byte order mark.
    pub lead: String,
    /// What a pane shows and edits.
    pub body: String,
    /// The line endings after the body, and in the XML style the closing tag when nothing but blanks follows it.
    pub tail: String,
    /// Whether the text had nothing here, so that what is typed is finished with a line ending.
    fresh: bool,
}

impl Document {
    /// The sections of `text`. Every text has them: what is not marked is unsorted.
    pub fn parse(text: &str) -> Self {
        let outline = outline(text);
        let first = outline.headings.first();
        let mut parts = vec![Part::unsorted(&text[..first.map_or(text.len(), |heading| heading.start)])];
        if let (Some(heading), true) = (first, text.starts_with(BOM))
            && heading.start == BOM.len()
        {
            BOM.clone_into(&mut parts[0].lead);
        }
        for (index, heading) in outline.headings.iter().enumerate() {
            let end = outline.headings.get(index + 1).map_or(text.len(), |next| next.start);
            parts.push(Part::section(heading, text, end));
        }
        Self {
            style: outline.style,
            eol: outline.eol,
            form: first.map_or(Form::Markdown(1), |heading| heading.form),
            parts,
        }
    }

    /// The text. Right after [`Document::parse`] it is the text that was parsed; after an edit, text never runs into
    /// the heading or the closing tag next to it.
    pub fn to_text(&self) -> String {
        self.pieces().collect()
    }

    /// The parts in the order of the file, the unsorted text first.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// One section, or with `None` the unsorted text; `None` when the file has no such section.
    pub fn part(&self, id: Option<SectionId>) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// What a pane shows of a section; empty when the file does not have it.
    pub fn body(&self, id: Option<SectionId>) -> &str {
        self.part(id).map_or("", |part| &part.body)
    }

    /// The line of a section's heading in the whole text, 1-based; for the unsorted text 1.
    pub fn heading_line(&self, id: Option<SectionId>) -> Option<usize> {
        let index = self.parts.iter().position(|part| part.id == id)?;
        Some(self.line_after(index * PIECES))
    }

    /// The line of a body's first line in the whole text, 1-based.
    pub fn body_line(&self, id: Option<SectionId>) -> Option<usize> {
        let index = self.parts.iter().position(|part| part.id == id)?;
        Some(self.line_after(index * PIECES + 4))
    }

    /// The bytes of a body in the whole text; `None` when the file has no such section.
    pub fn body_range(&self, id: Option<SectionId>) -> Option<std::ops::Range<usize>> {
        let index = self.parts.iter().position(|part| part.id == id)?;
        let start = self.pieces().take(index * PIECES + 4).map(str::len).sum();
        Some(start..start + self.parts[index].body.len())
    }

    /// Puts `body` into a section, or with `None` into the unsorted text. No byte of another part changes, and a
    /// section keeps its heading when its body becomes empty. A section that the file does not have gets a heading in
    /// the file's own style, with blank lines around it, unless there is nothing to put under it.
    pub fn set_body(&mut self, id: Option<SectionId>, body: &str) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.id == id) {
            body.clone_into(&mut part.body);
        } else if let (Some(id), false) = (id, body.is_empty()) {
            self.insert(id, body);
        }
    }

    fn insert(&mut self, id: SectionId, body: &str) {
        let eol = self.eol.as_str();
        // after the section that comes before it in canonical order, else right after the unsorted text
        let before = |part: &&Part| part.id < Some(id);
        let previous = self.parts.iter().filter(before).max_by_key(|part| part.id).and_then(|part| part.id);
        let at = self.parts.iter().position(|part| part.id == previous).map_or(self.parts.len(), |at| at + 1);
        let title = id.title();
        let (heading, lead, mut tail) = match self.form {
            Form::Markdown(level) => (format!("{} {title}{eol}", "#".repeat(level)), eol, eol.to_owned()),
            Form::Tag => (format!("<{}>{eol}", id.id()), "", format!("{eol}</{}>{eol}", id.id())),
            Form::Colon => (format!("{title}:{eol}"), "", eol.to_owned()),
            Form::Underline(mark) => {
                (format!("{title}{eol}{}{eol}", mark.to_string().repeat(title.len())), eol, eol.to_owned())
            }
        };
        if at < self.parts.len() {
            tail.push_str(eol);
        }
        self.open_a_blank_line(at - 1);
        self.style = self.form.style();
        let part = Part { id: Some(id), heading, lead: lead.to_owned(), body: body.to_owned(), tail, fresh: false };
        self.parts.insert(at, part);
    }

    /// Makes the part end in an empty line, so that a heading that comes after it stands apart.
    fn open_a_blank_line(&mut self, index: usize) {
        let eol = self.eol.as_str();
        let part = &mut self.parts[index];
        if !part.has_content() {
            // only the heading: its own ending comes by itself
            let bare = if part.heading.is_empty() { "" } else { eol };
            part.tail.push_str(bare);
            return;
        }
        let mut text = part.stored();
        if let Some(fence) = Fence::left_open(&text) {
            // it ended with the text; now that something follows, it has to say so
            let ended = joint(Eol::of(&text).is_none(), eol);
            let close = [ended, &fence.closing(), eol].concat();
            part.tail.push_str(&close);
            text.push_str(&close);
        }
        let mut missing = 2;
        let mut rest = text.as_str();
        while missing > 0
            && let Some(ending) = Eol::of(rest)
        {
            rest = &rest[..rest.len() - ending.as_str().len()];
            missing -= 1;
        }
        part.tail.push_str(&eol.repeat(missing));
    }

    fn line_after(&self, pieces: usize) -> usize {
        let mut after_return = false;
        let mut line = 1;
        for piece in self.pieces().take(pieces).filter(|piece| !piece.is_empty()) {
            // a CRLF may be cut in two by an edit
            line += endings(piece) - usize::from(after_return && piece.starts_with('\n'));
            after_return = piece.ends_with('\r');
        }
        line
    }

    /// The bytes of the text in order, `PIECES` slices a part: heading, joint, lead, joint, body, joint, tail, joint.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let eol = self.eol.as_str();
        self.parts.iter().enumerate().flat_map(move |(index, part)| {
            let followed = index + 1 < self.parts.len();
            let headed = joint(part.has_content() && !part.heading.is_empty() && Eol::of(&part.heading).is_none(), eol);
            // the closing tag of a section that was empty
            let closed =
                joint(!part.body.is_empty() && part.tail.starts_with('<') && Eol::of(&part.body).is_none(), eol);
            let (ended, apart) = part.ending(followed, eol);
            [&*part.heading, headed, &*part.lead, "", &*part.body, closed, &*part.tail, ended, apart]
        })
    }
}

const PIECES: usize = 9;

fn joint(needed: bool, eol: &str) -> &str {
    if needed { eol } else { "" }
}

impl Part {
    fn unsorted(text: &str) -> Self {
        let content = text.strip_prefix(BOM).unwrap_or(text);
        let mut part = Self::new(None, "", content, "");
        part.lead.insert_str(0, &text[..text.len() - content.len()]);
        part
    }

    fn section(heading: &Heading, text: &str, end: usize) -> Self {
        let content = &text[heading.end..end];
        let marks = &text[heading.start..heading.end];
        let closing = closing_tag(marks, content).filter(|tag| is_blank(&content[tag.end..]));
        let (content, tail) = content.split_at(closing.map_or(content.len(), |tag| tag.start));
        Self::new(Some(heading.id), marks, content, tail)
    }

    fn new(id: Option<SectionId>, heading: &str, content: &str, tail: &str) -> Self {
        let end = content.trim_end_matches(['\r', '\n']).len();
        let start = if end == 0 {
            // one of the empty lines stays above what will be typed, the others below
            if tail.is_empty() { lines(content).next().map_or(0, |line| line.end) } else { 0 }
        } else {
            content.len() - content.trim_start_matches(['\r', '\n']).len()
        };
        let body = content.get(start..end).unwrap_or_default();
        Self {
            id,
            heading: heading.to_owned(),
            lead: content[..start].to_owned(),
            body: body.to_owned(),
            tail: [&content[start + body.len()..], tail].concat(),
            fresh: body.is_empty(),
        }
    }

    /// Whether there is anything but the heading, or but the byte order mark of a file.
    fn has_content(&self) -> bool {
        let lead = if self.id.is_none() { self.lead.strip_prefix(BOM).unwrap_or(&self.lead) } else { &self.lead };
        !(lead.is_empty() && self.body.is_empty() && self.tail.is_empty())
    }

    /// What has to follow the part: an ending for text that has none, and an empty line below text that is new.
    fn ending<'a>(&self, followed: bool, eol: &'a str) -> (&'a str, &'a str) {
        let typed = self.fresh && !self.body.is_empty() && self.tail.is_empty();
        let last = [&self.tail, &self.body, &self.lead, &self.heading].into_iter().find(|piece| !piece.is_empty());
        let open = last.is_some_and(|last| Eol::of(last).is_none()) && (self.id.is_some() || self.has_content());
        (joint(open && (followed || typed), eol), joint(typed && followed, eol))
    }

    /// The heading's line without its ending; `None` for the unsorted text.
    pub fn heading_text(&self) -> Option<&str> {
        self.id?;
        let line = lines(&self.heading).next().map_or("", |range| &self.heading[range]);
        Some(without_ending(line))
    }

    /// All of its bytes.
    pub fn stored(&self) -> String {
        [&*self.heading, &self.lead, &self.body, &self.tail].concat()
    }

    /// Everything between this heading and the next one, without a closing tag.
    pub fn content(&self) -> Cow<'_, str> {
        let all = [&*self.lead, &*self.body, &*self.tail].concat();
        match closing_tag(&self.heading, &all) {
            Some(tag) => Cow::Owned([&all[..tag.start], &all[tag.end..]].concat()),
            None if all.len() == self.body.len() => Cow::Borrowed(&self.body),
            None => Cow::Owned(all),
        }
    }
}

/// The first line of `content` that closes the tag of `heading`, outside code fences.
pub(crate) fn closing_tag(heading: &str, content: &str) -> Option<Range<usize>> {
    let opened = tag(heading)?;
    let mut fence: Option<Fence> = None;
    lines(content).find(|range| {
        let line = &content[range.clone()];
        match fence {
            Some(open) if open.closes(line) => fence = None,
            Some(_) => {}
            None => {
                fence = Fence::opens(line);
                return tag(line).is_some_and(|tag| tag.closes && tag.name == opened.name);
            }
        }
        false
    })
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not UTF-8 at byte {offset}")]
pub struct InvalidUtf8 {
    /// The first byte that is wrong, counted from 0.
    pub offset: usize,
}

/// The text that `bytes` are, when they are UTF-8.
///
/// # Errors
/// With the offset of the first byte that does not belong.
pub fn decode(bytes: Vec<u8>) -> Result<String, InvalidUtf8> {
    String::from_utf8(bytes).map_err(|error| InvalidUtf8 { offset: error.utf8_error().valid_up_to() })
}

#[cfg(test)]
mod tests;
