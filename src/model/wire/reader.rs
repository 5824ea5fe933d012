//! Reads the values of an answer by its protocol, and knows when there is nothing more to read.

use super::complaint::complaint_in;
use super::decode::{Flaw, Frame};
use super::progress::Progress;
use super::redact::Redactor;
use super::{anthropic, ollama, openai, responses};
use crate::model::endpoint::Protocol;
use crate::model::event::{Event, Finish};
use crate::model::failure::Failure;

/// Why no more of an answer is read.
pub(super) enum Stop {
    /// The protocol's own end came.
    Done,
    /// The server reports an error in the middle of its answer.
    Complaint {
        /// The error.
        failure: Failure,
        /// Whether it may pass.
        transient: bool,
    },
    /// It makes no sense any more.
    Flaw(Flaw),
    /// The connection broke or fell silent.
    Lost {
        /// How.
        failure: Failure,
        /// Whether it may pass: a server that was silent for as long as it may be is not asked to be so again.
        transient: bool,
    },
    /// The connection ended as it should.
    EndOfAnswer,
}

/// One answer as it is read.
pub(super) struct Reader {
    state: State,
    server: String,
    progress: Progress,
}

enum State {
    Anthropic(anthropic::Reader),
    OpenAi,
    Responses(responses::Reader),
    Ollama,
}

impl Reader {
    /// A reader for an answer of `server`, which is how failures name it.
    pub fn new(protocol: Protocol, server: String, redactor: &Redactor) -> Self {
        let state = match protocol {
            Protocol::Anthropic => State::Anthropic(anthropic::Reader::default()),
            Protocol::OpenAi => State::OpenAi,
            Protocol::Responses => State::Responses(responses::Reader::default()),
            Protocol::Ollama => State::Ollama,
        };
        Self { state, server, progress: Progress::new(redactor) }
    }

    /// Takes in what the decoder found; says when nothing after it matters.
    pub fn take(&mut self, frames: Vec<Frame>) -> Option<Stop> {
        for frame in frames {
            let (named, value, whole) = match frame {
                Frame::Done => return Some(Stop::Done),
                Frame::Piece(named, value) => (named, value, false),
                // a line of a stream of Ollama's looks like an answer that is sent whole
                Frame::Whole(value) => (String::new(), value, !matches!(self.state, State::Ollama)),
            };
            // Text beside an error is still text, so the value is read first.
            let of_choice = match &mut self.state {
                State::Anthropic(reader) => {
                    reader.read(&value, &mut self.progress);
                    None
                }
                State::OpenAi => openai::read(&value, &mut self.progress),
                State::Responses(reader) => reader.read(&value, &mut self.progress),
                State::Ollama => {
                    ollama::read(&value, &mut self.progress);
                    None
                }
            };
            if let Some(complaint) = complaint_in(&named, &value).or(of_choice) {
                let transient = complaint.is_transient();
                return Some(Stop::Complaint { failure: complaint.into_failure(&self.server), transient });
            }
            self.progress.ended |= whole && self.progress.begun;
            if self.progress.ended && !whole {
                return Some(Stop::Done);
            }
        }
        None
    }

    /// What has happened since the last time.
    pub fn news(&mut self) -> Vec<Event> {
        self.progress.take()
    }

    /// What was held back, when no more comes.
    pub fn rest(&mut self) -> Vec<Event> {
        self.progress.flush()
    }

    /// Whether anything of a reply has come.
    pub fn has_begun(&self) -> bool {
        self.progress.begun
    }

    /// Whether any of it was handed over, so that the request cannot be made again unseen.
    pub fn was_shown(&self) -> bool {
        self.progress.shown
    }

    /// Whether the server has said why the model stopped.
    pub fn has_stopped(&self) -> bool {
        self.progress.finish.is_some()
    }

    /// Whether the reply is whole although the connection ended. OpenAI's protocol has a last word, `[DONE]`, that some
    /// servers leave out; there the reason for stopping is enough. Anthropic's always says when a message stops.
    pub fn is_complete(&self) -> bool {
        self.progress.ended || (matches!(self.state, State::OpenAi) && self.has_stopped())
    }

    /// How the model stopped.
    pub fn finish(&self) -> Finish {
        match self.progress.finish {
            // some servers call it an ordinary end
            Some(Finish::End) | None if self.progress.called => Finish::Tool,
            said => said.unwrap_or(Finish::End),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::decode::Decoder;
    use super::*;

    /// Everything that an answer in these pieces comes to.
    fn read(protocol: Protocol, pieces: &[&[u8]]) -> (String, bool, Finish) {
        let mut reader = Reader::new(protocol, "test".into(), &Redactor::default());
        let mut decoder = Decoder::default();
        let mut text = String::new();
        let mut stopped = false;
        for piece in pieces.iter().map(Some).chain([None]) {
            if !stopped {
                let (frames, flaw) = match piece {
                    Some(piece) => decoder.push(piece),
                    None => decoder.finish(),
                };
                stopped = reader.take(frames).is_some() || flaw.is_some();
            }
            for event in reader.news() {
                if let Event::Text(piece) | Event::Refusal(piece) = event {
                    text += &piece;
                }
            }
        }
        (text, reader.is_complete(), reader.finish())
    }

    proptest! {
        #[test]
        fn no_answer_however_broken_makes_it_panic_and_its_pieces_do_not_matter(
            parts in prop::collection::vec(prop::sample::select(vec![
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"\\udc69é\"},\"finish_reason\":\"length\"}]}\n\n",
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"b\"}}\r\n\r\n",
                "data: {\"type\":\"message_stop\"}\n\n", "data: [DONE]\r\r", "data: {\"error\":\"x\"}\n\n", "{\"choices\":", "[]}",
                "{\"message\":{\"content\":\"c\"}}\n", "data: {\"type\":\"response.output_text.delta\",\"delta\":\"d\"}\n\n",
                "{\"done\":true}", "data: ", "\n", "\r", "event: error\n", ": c\n", "\u{feff}", "{", "\"", "\\", "null", "data: 7\n\n", "data: [[]]\n\n",
            ]), 0..14),
            cut in 1_usize..9,
        ) {
            let text = parts.concat();
            for protocol in [Protocol::Anthropic, Protocol::OpenAi, Protocol::Responses, Protocol::Ollama] {
                let whole = read(protocol, &[text.as_bytes()]);
                let pieces: Vec<&[u8]> = text.as_bytes().chunks(cut).collect();
                prop_assert_eq!(read(protocol, &pieces), whole);
            }
        }
    }
}
