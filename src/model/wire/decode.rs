//! The body of an answer → the JSON values in it, whichever way it was sent.
//!
//! A server that was asked for a stream may send one JSON document, and the other way round, and its content type is no
//! guide: the first byte that is not blank decides. What is neither is kept for the error message.

use serde_json::Value;

use super::json;
use super::split::Splitter;
use super::sse::{Parser, ServerEvent};

/// The most bytes of one event. No model writes one a hundredth as long; a server gone wrong does.
const LONGEST_EVENT: usize = 16 << 20;
/// The most bytes of one answer.
const LONGEST_ANSWER: usize = 64 << 20;
/// How much of an answer that is not understood is kept for the error.
const KEPT: usize = 4 << 10;

/// One JSON value of an answer.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// A piece of a stream, with its event's name, which may be empty.
    Piece(String, Value),
    /// A document that is a whole answer.
    Whole(Value),
    /// `[DONE]`.
    Done,
}

/// What is wrong with an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It, or one event of it, is larger than any honest one; the text says which and how large.
    TooLong(&'static str),
    /// This is no JSON.
    NotJson(String),
    /// It is neither JSON nor an event stream; the text is its beginning.
    Neither(String),
    /// There is no reply in it; the text is its beginning.
    NoReply(String),
}

/// Takes the bytes of an answer in, gives its JSON values out.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    form: Form,
    beginning: Vec<u8>,
    total: usize,
    documents: usize,
}

#[derive(Debug)]
enum Form {
    /// Not known yet; the start of what may be a byte order mark is held.
    Unknown(Vec<u8>),
    Json(Splitter),
    Events(Parser),
}

impl Default for Form {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Decoder {
    /// Takes in what came; gives the values that are whole by now, and a flaw after the last good one.
    pub fn push(&mut self, bytes: &[u8]) -> (Vec<Frame>, Option<Flaw>) {
        self.total += bytes.len();
        let Form::Unknown(held) = &mut self.form else { return self.decode(bytes) };
        // Blanks before the first byte that counts mean nothing in either form; some servers send them to stay awake.
        held.extend_from_slice(if held.is_empty() { bytes.trim_ascii_start() } else { bytes });
        let form = match &held[..] {
            [] | [0xef] | [0xef, 0xbb] | [0xef, 0xbb, 0xbf] => return (Vec::new(), None),
            [b'{' | b'[', ..] | [0xef, 0xbb, 0xbf, b'{' | b'[', ..] => Form::Json(Splitter::default()),
            _ => Form::Events(Parser::default()),
        };
        let held = std::mem::take(held);
        let is_json = matches!(form, Form::Json(_));
        self.form = form;
        self.decode(if is_json { held.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&held) } else { &held })
    }

    fn decode(&mut self, bytes: &[u8]) -> (Vec<Frame>, Option<Flaw>) {
        let room = KEPT.saturating_sub(self.beginning.len());
        self.beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let mut frames = Vec::new();
        let mut flaw = None;
        match &mut self.form {
            Form::Unknown(_) => {}
            Form::Json(splitter) => {
                for value in splitter.push(bytes) {
                    flaw = flaw.or_else(|| read_document(&value, &mut frames));
                    self.documents += 1;
                }
                // one document may be as long as an answer; of several each is an event
                if flaw.is_none() && self.documents > 0 && splitter.waiting() > LONGEST_EVENT {
                    flaw = Some(Flaw::TooLong("one event of the answer is longer than 16 MB"));
                }
            }
            Form::Events(parser) => {
                parser.push(bytes);
                while flaw.is_none()
                    && let Some(event) = parser.next()
                {
                    flaw = read_event(event, &mut frames);
                }
                if flaw.is_none() && parser.waiting() > LONGEST_EVENT {
                    flaw = Some(Flaw::TooLong("one event of the answer is longer than 16 MB"));
                }
            }
        }
        if flaw.is_none() && self.total > LONGEST_ANSWER {
            flaw = Some(Flaw::TooLong("the answer is longer than 64 MB"));
        }
        (frames, flaw)
    }

    /// The values that were still open at the end of the answer.
    pub fn finish(&mut self) -> (Vec<Frame>, Option<Flaw>) {
        let mut frames = Vec::new();
        let flaw = match &mut self.form {
            Form::Unknown(_) => Some(Flaw::NoReply(String::new())),
            Form::Json(splitter) => {
                let rest = splitter.finish();
                if rest.is_empty() { None } else { read_document(&rest, &mut frames) }
                    .map(|_| Flaw::NotJson(self.beginning()))
            }
            Form::Events(parser) => {
                let flaw = parser.finish().and_then(|event| read_event(event, &mut frames));
                if parser.is_event_stream() { flaw } else { Some(Flaw::Neither(self.beginning())) }
            }
        };
        (frames, flaw)
    }

    /// The first 4 KB of the answer, for an error message.
    pub fn beginning(&self) -> String {
        String::from_utf8_lossy(&self.beginning).trim().to_owned()
    }
}

/// The values of a document; of a list each of its own.
fn read_document(document: &[u8], frames: &mut Vec<Frame>) -> Option<Flaw> {
    let text = String::from_utf8_lossy(document);
    let (values, error) = json::values(&text);
    for value in values {
        match value {
            Value::Array(items) => frames.extend(items.into_iter().map(Frame::Whole)),
            value => frames.push(Frame::Whole(value)),
        }
    }
    error.map(|_| Flaw::NotJson(text.trim().chars().take(KEPT).collect()))
}

fn read_event(event: ServerEvent, frames: &mut Vec<Frame>) -> Option<Flaw> {
    if event.data.trim() == "[DONE]" {
        frames.push(Frame::Done);
        return None;
    }
    let (values, error) = json::values(&event.data);
    frames.extend(values.into_iter().map(|value| Frame::Piece(event.name.clone(), value)));
    if error.is_some() && event.name == "error" {
        // An error in plain words is still an error.
        frames.push(Frame::Piece(event.name, Value::String(event.data)));
        return None;
    }
    error.map(|_| Flaw::NotJson(event.data.chars().take(KEPT).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decode(bytes: &[u8], size: usize) -> (Vec<Frame>, Option<Flaw>) {
        let mut decoder = Decoder::default();
        let mut frames = Vec::new();
        for chunk in bytes.chunks(size) {
            let (more, flaw) = decoder.push(chunk);
            frames.extend(more);
            if flaw.is_some() {
                return (frames, flaw);
            }
        }
        let (more, flaw) = decoder.finish();
        frames.extend(more);
        (frames, flaw)
    }

    #[test]
    fn the_first_byte_decides_between_json_and_events_at_every_split() {
        let piece = || Frame::Piece(String::new(), json!({"a": 1}));
        for size in 1..20 {
            assert_eq!(decode(b" \n{\"a\":1}", size), (vec![Frame::Whole(json!({"a": 1}))], None));
            assert_eq!(decode(b"\xef\xbb\xbf{\"a\":1}", size), (vec![Frame::Whole(json!({"a": 1}))], None));
            assert_eq!(decode(b"\xef\xbb\xbfdata: {\"a\":1}\n\n", size), (vec![piece()], None));
            assert_eq!(decode(b"\n\ndata: {\"a\":1}\n\ndata: [DONE]\n\n", size), (vec![piece(), Frame::Done], None));
        }
    }

    #[test]
    fn what_is_neither_is_kept_for_the_error() {
        assert_eq!(decode(b"Internal Server Error", 3), (vec![], Some(Flaw::Neither("Internal Server Error".into()))));
        assert_eq!(decode(b" \n", 1), (vec![], Some(Flaw::NoReply(String::new()))));
        assert_eq!(decode(b"{\"a\":", 2), (vec![], Some(Flaw::NotJson("{\"a\":".into()))));
        assert_eq!(decode(b"data: {x\n\n", 4).1, Some(Flaw::NotJson("{x".into())));
    }

    #[test]
    fn an_error_event_in_plain_words_is_an_error_all_the_same() {
        let frame = Frame::Piece("error".into(), Value::String("overloaded, sorry".into()));
        assert_eq!(decode(b"event: error\ndata: overloaded, sorry\n\n", 9), (vec![frame], None));
    }

    #[test]
    fn an_event_or_an_answer_without_end_is_cut_off() {
        let mut decoder = Decoder::default();
        decoder.push(b"data: ");
        let line = vec![b'x'; 1 << 20];
        let pushes = (0..20).take_while(|_| decoder.push(&line).1.is_none()).count();
        assert_eq!(pushes, 15);

        let mut decoder = Decoder::default();
        let comment = [b": ", &line[..], b"\n"].concat();
        let pushes = (0..70).take_while(|_| decoder.push(&comment).1.is_none()).count();
        assert_eq!(pushes, 63);
    }
}
