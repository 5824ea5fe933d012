//! Server-sent events out of bytes, whatever pieces they come in.
//!
//! Lines are found by `sseer`'s parser; this file puts them together into events, because model servers need three
//! things that the standard does not have: an event that was not closed by a blank line counts when the answer ends, a
//! field named `error` is an event of that name, and a lone CR at the end of what has come ends its line at once.

use bytes::BytesMut;
use sseer::parser::{RawEventLineOwned, parse_line_from_buffer};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// One event. Its data is never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerEvent {
    /// What the `event:` field said; empty when there was none.
    pub name: String,
    /// The data lines, joined by line feeds. Bytes that are no UTF-8 are replaced, once the event is whole.
    pub data: String,
}

/// Takes bytes in, gives events out.
#[derive(Debug, Default)]
pub(super) struct Parser {
    buffer: BytesMut,
    scanned: usize,
    past_bom: bool,
    after_cr: bool,
    name: Vec<u8>,
    data: Vec<u8>,
    fields: usize,
}

impl Parser {
    /// Takes in what came.
    pub fn push(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let bytes = if self.after_cr { bytes.strip_prefix(b"\n").unwrap_or(bytes) } else { bytes };
        self.after_cr = false;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, if there is one.
    pub fn next(&mut self) -> Option<ServerEvent> {
        if !self.past_bom {
            if self.buffer.len() < BOM.len() && BOM.starts_with(&self.buffer) {
                return None;
            }
            if self.buffer.starts_with(BOM) {
                let _ = self.buffer.split_to(BOM.len());
            }
            self.past_bom = true;
        }
        loop {
            let Some(line) = parse_line_from_buffer(&mut self.buffer, &mut self.scanned) else {
                if self.buffer.last() == Some(&b'\r') {
                    self.buffer.extend_from_slice(b"\n");
                    self.after_cr = true;
                    continue;
                }
                return None;
            };
            if let Some(event) = self.take(line) {
                return Some(event);
            }
        }
    }

    /// The event that the end of the answer left open, if there is one.
    pub fn finish(&mut self) -> Option<ServerEvent> {
        self.past_bom = true;
        self.push(b"\n\n");
        self.next()
    }

    /// How many bytes wait for the end of their event.
    pub fn waiting(&self) -> usize {
        self.buffer.len() + self.data.len()
    }

    /// Whether a line of the standard's form has come: an answer without any is something else than an event stream.
    pub fn is_event_stream(&self) -> bool {
        self.fields > 0
    }

    fn take(&mut self, line: RawEventLineOwned) -> Option<ServerEvent> {
        match line {
            RawEventLineOwned::Comment => self.fields += 1,
            RawEventLineOwned::Empty => {
                let name = std::mem::take(&mut self.name);
                let data = std::mem::take(&mut self.data);
                if !data.is_empty() {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    return Some(ServerEvent { name: text(&name), data: text(&data) });
                }
            }
            RawEventLineOwned::Field { field_name, field_value } => {
                let value = field_value.unwrap_or_default();
                match &field_name[..] {
                    b"event" => self.name = value.to_vec(),
                    b"data" => self.add(&value),
                    b"error" => {
                        self.name = b"error".to_vec();
                        self.add(&value);
                    }
                    b"id" | b"retry" => {}
                    _ => return None,
                }
                self.fields += 1;
            }
        }
        None
    }

    fn add(&mut self, line: &[u8]) {
        if !self.data.is_empty() {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(line);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(chunks: &[&[u8]]) -> Vec<(String, String)> {
        let mut parser = Parser::default();
        let mut events = Vec::new();
        for chunk in chunks {
            parser.push(chunk);
            while let Some(event) = parser.next() {
                events.push((event.name, event.data));
            }
        }
        events.extend(parser.finish().map(|event| (event.name, event.data)));
        events
    }

    fn event(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn all_line_endings_comments_and_several_data_lines_are_understood() {
        for end in ["\n", "\r\n", "\r"] {
            let text =
                ["\u{feff}: hello", "event: a", "data: 1", "data:2", "id: 7", "", ":", "data:  3", "retry: 5", "", ""]
                    .join(end);
            assert_eq!(parse(&[text.as_bytes()]), [event("a", "1\n2"), event("", " 3")], "{end:?}");
        }
    }

    #[test]
    fn an_event_without_data_is_dropped_and_its_name_with_it() {
        assert_eq!(parse(&[b"event: a\n\ndata:\n\ndata: x\n\n"]), [event("", "x")]);
    }

    #[test]
    fn an_event_left_open_counts_at_the_end() {
        assert_eq!(parse(&[b"data: x"]), [event("", "x")]);
        assert_eq!(parse(&[b"data: x\r"]), [event("", "x")]);
        assert_eq!(parse(&[b"\xef\xbb"]), []);
    }

    #[test]
    fn an_error_field_is_an_error_event() {
        assert_eq!(parse(&[b"error: {\"code\":500}\n\n"]), [event("error", "{\"code\":500}")]);
    }

    #[test]
    fn a_lone_cr_ends_its_event_without_waiting_for_the_next_byte() {
        let mut parser = Parser::default();
        parser.push(b"data: x\r\r");
        assert_eq!(parser.next().map(|event| event.data).as_deref(), Some("x"));
        parser.push(b"\ndata: y\r\n\r\n");
        assert_eq!(parser.next().map(|event| event.data).as_deref(), Some("y"));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced_and_the_rest_goes_on() {
        assert_eq!(parse(&[b"data: a\xffb\n\ndata: c\n\n"]), [event("", "a\u{fffd}b"), event("", "c")]);
    }

    #[test]
    fn what_is_no_event_stream_is_known_as_such() {
        let mut parser = Parser::default();
        parser.push(b"<html>\nInternal Server Error\n");
        assert_eq!(parser.finish(), None);
        assert!(!parser.is_event_stream());
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(
            parts in prop::collection::vec(prop::sample::select(vec![
                "data: x", "data: é😀", "event: e", ": c", "\n", "\r", "\r\n", "\n\n", "data", "\u{feff}", "error: q", "id:1",
            ]), 0..24),
            cuts in prop::collection::vec(0_usize..400, 0..40),
        ) {
            let text = parts.concat();
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % (bytes.len() + 1)).collect();
            cuts.sort_unstable();
            cuts.push(bytes.len());
            let mut chunks = Vec::new();
            let mut start = 0;
            for cut in cuts {
                chunks.push(&bytes[start..cut]);
                start = cut;
            }
            let each: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(parse(&chunks), parse(&[bytes]));
            prop_assert_eq!(parse(&each), parse(&[bytes]));
        }
    }
}
