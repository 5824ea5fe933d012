//! The box with the exact request and the raw answer of a turn, or with the request that would be sent next.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::history::{Mask, Private};
use crate::model::Envelope;
use crate::tui::editor::Needle;
use crate::tui::input::Input;
use crate::tui::model::Model;
use crate::tui::play::Exchange;
use crate::tui::update::columns;

/// The box while it is open.
#[derive(Debug)]
pub struct WireBox {
    /// The column it is about.
    pub column: usize,
    /// The run whose request and answer are shown; `None` while nothing was sent in the column.
    pub run: Option<u64>,
    /// What is shown of the column.
    pub showing: Showing,
    /// The half that keys are for.
    pub half: Half,
    /// Whether the body of the request stands there as it is sent, in one line, and not spread out for reading.
    pub as_sent: bool,
    /// The request as it is shown, with masks in place of what is hidden.
    pub request: String,
    /// Whether something in it is masked.
    pub masked: bool,
    /// Grows with every text that is wanted, so that a late one is told apart.
    pub number: u64,
    /// Whether the text is still being made.
    pub making: bool,
    /// What is to be laid out elsewhere, until that is asked for.
    pub wanted: Option<Box<Layout>>,
    /// The byte that each half is scrolled to.
    pub at: [usize; 2],
    /// What has to be known of what would be sent next, where it is asked first.
    pub asked_first: Option<&'static str>,
    /// What is looked for.
    pub find: Find,
}

/// A body and values of so many bytes together are laid out at once; more on another thread.
const AT_ONCE: usize = 16 << 10;

/// A request to be laid out for reading. Pure.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The number it was asked for with.
    pub number: u64,
    /// The request.
    pub envelope: Arc<Envelope>,
    /// Whether its body stays in one line, as it is sent.
    pub as_sent: bool,
    /// The values that are hidden in it.
    pub private: Vec<Private>,
    /// The prompt as its author wrote it, whose words name nobody.
    pub written: String,
}

impl Layout {
    /// The text that is read, and whether something in it is masked.
    pub fn shown(&self) -> (String, bool) {
        let envelope = &self.envelope;
        let shown = masked(&envelope.body, &Mask::beside(&self.private, &self.written));
        let as_it_is = || if self.as_sent { envelope.body.clone() } else { envelope.spread() };
        let body = match &shown {
            Some(shown) if self.as_sent => shown.to_string(),
            Some(shown) => serde_json::to_string_pretty(shown).unwrap_or_else(|_| as_it_is()),
            None => as_it_is(),
        };
        let text = format!("{}\n{}", envelope.head(), if self.as_sent { body } else { at_line_feeds(&body) });
        (text, shown.is_some())
    }
}

/// What of a column is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// What was sent, and the answer.
    Sent,
    /// What would be sent next; it is being made by the run with this number.
    Asked(u64),
    /// The request that would be sent next.
    Next(Arc<Envelope>),
    /// Nothing would be sent, and why.
    Nothing(String),
}

/// The two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Half {
    /// What is sent.
    Request,
    /// What came back.
    Answer,
}

/// What is looked for in a half.
#[derive(Debug, Default)]
pub struct Find {
    /// What is written.
    pub line: Input,
    /// Whether it is being written.
    pub typing: bool,
    /// The same, to look for it.
    pub needle: Option<Needle>,
    /// The match that was gone to last, with its number and how many there are.
    pub found: Option<(Range<usize>, usize, usize)>,
}

impl WireBox {
    /// The exchange that is shown.
    pub fn exchange<'m>(&self, model: &'m Model) -> Option<&'m Exchange> {
        model.play.columns.get(self.column)?.talk.of_run(self.run?)
    }

    /// The request that is shown, as it is sent.
    pub fn envelope<'a>(&'a self, model: &'a Model) -> Option<&'a Arc<Envelope>> {
        match &self.showing {
            Showing::Sent => self.exchange(model)?.wire.request.as_ref(),
            Showing::Next(envelope) => Some(envelope),
            Showing::Asked(_) | Showing::Nothing(_) => None,
        }
    }

    /// What stands in a half.
    pub fn text<'a>(&'a self, model: &'a Model, half: Half) -> Cow<'a, str> {
        match (half, &self.showing) {
            (Half::Request, Showing::Asked(_)) => "…".into(),
            (Half::Request, Showing::Nothing(why)) => Cow::Borrowed(why),
            (Half::Request, _) => Cow::Borrowed(&self.request),
            (Half::Answer, Showing::Sent) => match self.exchange(model) {
                Some(exchange) if !exchange.wire.answer.is_empty() => Cow::Borrowed(&exchange.wire.answer),
                Some(exchange) if exchange.wire.request.is_none() => NO_WIRE.into(),
                Some(exchange) if exchange.finish.is_some() => "No answer came.".into(),
                _ => "Nothing has come yet.".into(),
            },
            (Half::Answer, _) => "Nothing was sent yet.".into(),
        }
    }

    /// Makes the text of the request anew: of another one, in another form, or with other values hidden. A long one is
    /// laid out elsewhere: [`WireBox::wanted`] says what is still to be asked for.
    pub fn refresh(&mut self, model: &Model) {
        self.number += 1;
        self.wanted = None;
        let Some(envelope) = self.envelope(model).cloned() else {
            NO_WIRE.clone_into(&mut self.request);
            self.masked = false;
            return;
        };
        let sent = self.exchange(model).filter(|_| self.showing == Showing::Sent);
        let private = hidden(model, sent);
        let bytes = envelope.body.len() + private.iter().map(|one| one.value.len()).sum::<usize>();
        let column = model.play.columns.get(self.column).filter(|_| !private.is_empty());
        let written = column.and_then(|column| columns::text_of(model, &column.subject).ok());
        let written = written.map(Cow::into_owned).unwrap_or_default();
        let layout = Layout { number: self.number, envelope, as_sent: self.as_sent, private, written };
        if bytes <= AT_ONCE {
            (self.request, self.masked) = layout.shown();
        } else {
            "…".clone_into(&mut self.request);
            self.wanted = Some(Box::new(layout));
        }
        self.making = bytes > AT_ONCE;
    }

    /// What is copied of a half: what stands there, but without the line breaks that only reading needs.
    pub fn copied(&self, model: &Model, half: Half) -> String {
        match (half, self.envelope(model)) {
            (Half::Request, Some(envelope)) if !self.masked && !self.as_sent => {
                format!("{}\n{}", envelope.head(), envelope.spread())
            }
            _ => self.text(model, half).into_owned(),
        }
    }
}

/// A spread body whose texts are broken after each `\n` in them, so that a prompt can be read.
fn at_line_feeds(body: &str) -> String {
    let mut broken = String::with_capacity(body.len());
    for line in body.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len() + 2;
        let mut rest = line;
        // what a backslash stands before is looked at once, so that an escaped backslash hides no letter
        while let Some(at) = rest.find('\\') {
            let end = rest.len().min(at + 2);
            let (before, after) = rest.split_at(rest.ceil_char_boundary(end));
            broken.push_str(before);
            rest = after;
            if before.ends_with("\\n") && !rest.starts_with('"') {
                broken.push('\n');
                broken.extend(std::iter::repeat_n(' ', indent));
            }
        }
        broken.push_str(rest);
    }
    broken
}

/// A body with masks in its texts; `None` where nothing in it is hidden.
fn masked(body: &str, mask: &Mask) -> Option<Value> {
    let mut value: Value = serde_json::from_str(body).ok()?;
    mask_in(&mut value, mask).then_some(value)
}

fn mask_in(value: &mut Value, mask: &Mask) -> bool {
    match value {
        Value::String(text) => {
            let shown = mask.over(text);
            let changed = shown != *text;
            *text = shown;
            changed
        }
        // each of them is looked at: the count goes to the end
        Value::Array(items) => items.iter_mut().filter_map(|item| mask_in(item, mask).then_some(())).count() > 0,
        Value::Object(map) => map.values_mut().filter_map(|item| mask_in(item, mask).then_some(())).count() > 0,
        _ => false,
    }
}

/// What is shown of a reply that came over no wire.
const NO_WIRE: &str = "Nothing went over a wire: this was answered inside greenroom.";

/// The values that are hidden on the screen: those of now, and those with which a turn was sent.
fn hidden(model: &Model, sent: Option<&Exchange>) -> Vec<Private> {
    let Some(draft) = &model.draft else { return Vec::new() };
    let values = &draft.values;
    let now = values.values.0.iter().filter(|(name, value)| values.hidden(name) && !value.is_empty());
    let now = now.map(|(name, value)| Private { name: name.clone(), value: value.clone(), secret: false });
    let filling = sent.and_then(|exchange| exchange.filling.as_ref());
    let then = filling.map(|filling| filling.private(&values.declarations)).unwrap_or_default();
    now.chain(then.into_iter().filter(|one| one.secret || !values.reveal)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_where_it_has_line_feeds_and_nowhere_else() {
        let body = "{\n  \"a\": \"x\\ny\\\\nz\\n\",\n  \"b\": 1\n}";
        assert_eq!(at_line_feeds(body), "{\n  \"a\": \"x\\n\n    y\\\\nz\\n\",\n  \"b\": 1\n}");
    }
}
