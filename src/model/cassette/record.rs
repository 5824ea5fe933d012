//! A model that is asked as always, and whose replies are written down.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures::StreamExt;
use jiff::Timestamp;

use super::{Asked, Counts, Piece, Take};
use crate::error::{Error, Result};
use crate::model::event::{Event, Model, Reply};
use crate::model::request::Request;

/// Where replies are written down, one line each; lines that are there stay.
#[derive(Debug, Clone)]
pub struct Recorder {
    file: PathBuf,
    open: Arc<Mutex<File>>,
    trouble: Arc<Mutex<Option<String>>>,
}

impl Recorder {
    /// Opens the cassette, and makes it where there is none, readable only by the user.
    pub fn open(file: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let open = options.open(file).map_err(|error| Error::io("write the cassette", file, &error))?;
        Ok(Self { file: file.to_owned(), open: Arc::new(Mutex::new(open)), trouble: Arc::default() })
    }

    /// `model`, with its replies written down. A reply is written when it is whole; one that failed, was stopped, or of
    /// which `holds_key` says that it must not be written is not.
    pub fn listen(&self, model: Arc<dyn Model>, holds_key: fn(&str) -> bool) -> Arc<dyn Model> {
        Arc::new(Listening { recorder: self.clone(), model, holds_key })
    }

    /// Why something was not written, since this was asked last.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn write(&self, take: &Take, holds_key: fn(&str) -> bool) {
        let said = |why: String| *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
        let reply: String = take.reply.iter().map(|piece| piece.text.as_str()).collect();
        let texts = take.request.messages.iter().map(|message| message.content.as_str());
        if texts.chain([take.request.system.as_str(), &reply]).any(holds_key) {
            return said("what looks like a key stands in the prompt, the conversation or the reply".to_owned());
        }
        let written = serde_json::to_string(take).map_err(std::io::Error::other).and_then(|line| {
            // one write for one line, so that two that record into one file do not mix
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let gap = if ends_in_a_line(&mut open)? { "" } else { "\n" };
            open.write_all(format!("{gap}{line}\n").as_bytes())
        });
        if let Err(error) = written {
            said(format!("{} cannot be written: {error}", self.file.display()));
        }
    }
}

/// Whether the next line can begin at once: one that was torn by a crash has to be ended first.
fn ends_in_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

struct Listening {
    recorder: Recorder,
    model: Arc<dyn Model>,
    holds_key: fn(&str) -> bool,
}

impl Model for Listening {
    fn run(&self, request: Request) -> Reply {
        let asked = Asked::of(&request);
        let begun = Instant::now();
        let mut take = Take {
            line: 0,
            hash: asked.hash(),
            recorded: format!("{} by greenroom {}", asked.model, env!("CARGO_PKG_VERSION")),
            at: Timestamp::now().to_string(),
            request: asked,
            reply: Vec::new(),
            usage: Counts::default(),
            finish: String::new(),
        };
        let (recorder, holds_key) = (self.recorder.clone(), self.holds_key);
        let mut whole = true;
        let listen = move |event: Event| {
            let at = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let mut put = |kind: &str, text: &str| {
                take.reply.push(Piece { at, kind: kind.to_owned(), text: text.to_owned() });
            };
            match &event {
                Event::Text(text) => put("text", text),
                Event::Thinking(text) => put("thinking", text),
                Event::Refusal(text) => put("refusal", text),
                Event::Usage(usage) => {
                    take.usage = Counts {
                        input: usage.input.or(take.usage.input),
                        output: usage.output.or(take.usage.output),
                        cache_read: usage.cache_read.or(take.usage.cache_read),
                        cache_write: usage.cache_write.or(take.usage.cache_write),
                    };
                }
                // a call of a tool has no place on a cassette yet, and half a reply would be a lie
                Event::Tool(_) => whole = false,
                Event::Done { finish, failure: None } if whole => {
                    finish.id().clone_into(&mut take.finish);
                    recorder.write(&take, holds_key);
                }
                _ => {}
            }
            event
        };
        self.model.run(request).map(listen).boxed()
    }
}
