//! A variable's name in `prompt.toml`: the table or the keys that declare it.

use std::ops::Range;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, parse_document};
use toml_parser::{Source, Span};

use super::{Edit, What};

/// One key of a path: its name, and where it is written when it stands here and not above.
#[derive(Debug, Clone)]
struct Key {
    name: String,
    place: Option<Range<usize>>,
}

/// Where `old` is declared: in `[variables.NAME]`, in an inline table, as a dotted key. A name that stood in quotes
/// stands in quotes afterwards, and one without stays without.
///
/// Whether the file says the same with the other name, the caller has to read: TOML can spread one name over a heading
/// and its keys, and such a name is not found here.
pub fn in_declarations(text: &str, old: &str, new: &str) -> Vec<Edit> {
    let mark = text.len() - crate::source::without_mark(text).len();
    let source = Source::new(&text[mark..]);
    let tokens = source.lex().into_vec();
    let mut walk = Walk {
        old,
        heading: Vec::new(),
        keys: Vec::new(),
        within: Vec::new(),
        pending: Vec::new(),
        in_heading: false,
        found: Vec::new(),
    };
    let mut event = |event: Event| walk.event(&source, &event);
    parse_document(&tokens, &mut event, &mut ());
    let edit = |range: Range<usize>| {
        let range = range.start + mark..range.end + mark;
        let quote = text[range.clone()].chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let with = quote.map_or_else(|| new.to_owned(), |quote| format!("{quote}{new}{quote}"));
        Edit { range, with, what: What::Declaration }
    };
    walk.found.into_iter().map(edit).collect()
}

struct Walk<'a> {
    old: &'a str,
    heading: Vec<Key>,
    keys: Vec<Key>,
    /// The paths of the inline tables and lists that are open.
    within: Vec<Vec<Key>>,
    /// The path whose value comes next.
    pending: Vec<Key>,
    in_heading: bool,
    found: Vec<Range<usize>>,
}

impl Walk<'_> {
    fn event(&mut self, source: &Source<'_>, event: &Event) {
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.in_heading = true;
                self.keys.clear();
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                self.in_heading = false;
                let path = std::mem::take(&mut self.keys);
                self.look(&path, 0);
                self.heading = inherited(&path);
            }
            EventKind::SimpleKey => self.keys.push(key(source, event.span(), event.encoding())),
            EventKind::KeyValSep => {
                let above = self.within.last().unwrap_or(&self.heading);
                self.pending = above.iter().cloned().chain(self.keys.drain(..)).collect();
                let path = self.pending.clone();
                self.look(&path, 1);
            }
            EventKind::InlineTableOpen | EventKind::ArrayOpen => self.within.push(inherited(&self.pending)),
            EventKind::InlineTableClose | EventKind::ArrayClose => _ = self.within.pop(),
            _ => {}
        }
    }

    /// Takes the name's place when this path is the variable's own: `deeper` keys of it may follow the name.
    fn look(&mut self, path: &[Key], deeper: usize) {
        let Some((first, rest)) = path.split_first() else { return };
        if first.name != "variables" {
            return;
        }
        let mut joined = String::new();
        for (index, key) in rest.iter().enumerate() {
            joined.extend((index > 0).then_some('.'));
            joined.push_str(&key.name);
            if joined == self.old && rest.len() - index - 1 <= deeper {
                let places: Option<Vec<_>> = rest[..=index].iter().map(|key| key.place.clone()).collect();
                if let Some([start, .., end] | [start @ end]) = places.as_deref() {
                    self.found.push(start.start..end.end);
                }
                return;
            }
        }
    }
}

fn inherited(path: &[Key]) -> Vec<Key> {
    path.iter().map(|key| Key { name: key.name.clone(), place: None }).collect()
}

fn key(source: &Source<'_>, span: Span, encoding: Option<Encoding>) -> Key {
    let place = span.start()..span.end();
    let mut name = std::borrow::Cow::Borrowed("");
    if let Some(raw) = source.get(span) {
        toml_parser::Raw::new_unchecked(raw.as_str(), encoding, span).decode_key(&mut name, &mut ());
    }
    Key { name: name.into_owned(), place: Some(place) }
}
