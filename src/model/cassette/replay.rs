//! A model that is a cassette: it answers what is on it, and nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Asked, Take, Tape, WRITTEN_BY, nearest, read};
use crate::error::{Error, Result};
use crate::model::event::{Event, Finish, Model, Reply, Usage};
use crate::model::failure::{Failure, FailureKind};
use crate::model::produce::produce;
use crate::model::request::{ModelName, Request, Role};

/// A cassette to be played.
#[derive(Debug, Clone)]
pub struct Player {
    file: PathBuf,
    tape: Arc<Tape>,
    paced: bool,
}

impl Player {
    /// Reads the cassette. With `paced` its replies come as they came then, else at once.
    ///
    /// # Errors
    /// When the file cannot be read, or when no line of it is a recording. A line that is damaged among others is
    /// [told](Self::damaged).
    pub fn open(file: &Path, paced: bool) -> Result<Self> {
        Ok(Self { file: file.to_owned(), tape: Arc::new(read(file)?), paced })
    }

    /// The last message of each recording, in their order.
    pub fn messages(&self) -> Vec<String> {
        let last = |take: &Take| {
            let said = take.request.messages.iter().rfind(|message| message.role == Role::User.id());
            said.map(|message| message.content.clone()).unwrap_or_default()
        };
        self.tape.takes.iter().map(last).collect()
    }

    /// The model and the message of the first recording that begins a conversation.
    pub fn first(&self) -> Option<(ModelName, String)> {
        let first = self.tape.takes.iter().find(|take| take.request.messages.len() == 1)?;
        Some((ModelName::parse(&first.request.model)?, first.request.messages[0].content.clone()))
    }

    /// Whether there is a reply to this request on it.
    pub fn has(&self, request: &Request) -> bool {
        let asked = Asked::of(request);
        self.tape.takes.iter().any(|take| take.request == asked)
    }

    /// The lines that cannot be read: what is on them is not answered.
    pub fn damaged(&self) -> impl Iterator<Item = &Error> {
        self.tape.damaged.iter().map(|damaged| &damaged.error)
    }

    fn missing(&self, asked: &Asked, hash: &str) -> Failure {
        let file = self.file.display();
        let failure = |message: String, hint: String| Failure {
            hint: Some(hint),
            ..Failure::new(FailureKind::NotOnCassette, message)
        };
        if let Some(damaged) = self.tape.damaged.iter().find(|damaged| damaged.rest.contains(hash)) {
            let message = format!("the line of the cassette with this request is damaged: {}", told(&damaged.error));
            return failure(message, WRITTEN_BY.to_owned());
        }
        let lines = self.damaged().filter_map(|error| Some(error.place.as_ref()?.line?.to_string()));
        let lines = lines.collect::<Vec<_>>().join(", ");
        let more =
            if lines.is_empty() { lines } else { format!("; it may have been in what is damaged: line {lines}") };
        let message = match nearest::nearest(&self.tape.takes, asked) {
            Some((line, what)) => {
                format!("this request is not on the cassette {file}: the nearest, line {line}, differs in {what}{more}")
            }
            None => format!("the cassette {file} is empty"),
        };
        failure(message, "record it with --record FILE, from a model that can be asked".to_owned())
    }
}

/// Where it is and what is wrong, without what to do about it.
fn told(error: &Error) -> String {
    Error { hint: None, ..error.clone() }.to_string()
}

impl Model for Player {
    fn run(&self, request: Request) -> Reply {
        let asked = Asked::of(&request);
        let hash = asked.hash();
        // the request itself counts, so that nobody's hash is believed
        let found = self.tape.takes.iter().find(|take| take.hash == hash && take.request == asked).cloned();
        let missing = found.is_none().then(|| self.missing(&asked, &hash));
        let paced = self.paced && request.stream;
        produce(move |sink| async move {
            let Some(take) = found else {
                return sink.send(Event::Done { finish: Finish::Error, failure: missing });
            };
            sink.send(Event::Sent(serde_json::to_value(&take.request).unwrap_or_default()));
            sink.send(Event::Started);
            let mut now = 0;
            for piece in take.reply {
                if paced && piece.at > now {
                    tokio::time::sleep(Duration::from_millis(piece.at - now)).await;
                    now = piece.at;
                }
                sink.send(match piece.kind.as_str() {
                    "thinking" => Event::Thinking(piece.text),
                    "refusal" => Event::Refusal(piece.text),
                    _ => Event::Text(piece.text),
                });
            }
            let counts = take.usage;
            sink.send(Event::Usage(Usage {
                input: counts.input,
                output: counts.output,
                cache_read: counts.cache_read,
                cache_write: counts.cache_write,
            }));
            let ends = [Finish::Length, Finish::Stop, Finish::Refusal, Finish::Tool];
            let finish = ends.into_iter().find(|finish| finish.id() == take.finish).unwrap_or(Finish::End);
            sink.send(Event::Done { finish, failure: None });
        })
    }
}
