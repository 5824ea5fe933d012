//! One provider's server as a [`Model`]: a request goes out, an answer comes in piece by piece, and a word is found for
//! every way in which that can end.

mod fitting;
mod foresee;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Response, Url};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::complaint::{Complaint, complaint_of};
use super::context::Shown;
use super::decode::{Decoder, Flaw};
use super::http::{Clients, Unsent, broken, redacted, silent, unusable};
use super::openai::Dialect;
use super::reader::{Reader, Stop};
use super::redact::Redactor;
use super::retry::{Advice, LONGEST_PAUSE, Retries};
use super::tap::{Tap, envelope};
use super::{anthropic, ollama, openai, responses};
use crate::model::endpoint::{Endpoint, Protocol};
use crate::model::envelope::Wire;
use crate::model::event::{Event, Finish, Model, Reply};
use crate::model::failure::{Failure, FailureKind};
use crate::model::produce::{Sink, produce};
use crate::model::request::Request;
use crate::model::rules::Rules;

pub(in crate::model) use foresee::Asking;

/// How long a server that said why it stopped may keep the rest (token counts, the end) to itself.
const GRACE: Duration = Duration::from_secs(3);
/// How many refused fields are left out or renamed for one request.
const MOST_LESSONS: u32 = 4;
/// How much of an error's body is read.
const LONGEST_COMPLAINT: usize = 64 << 10;
/// How much of a document (a list of models) is read.
const LONGEST_DOCUMENT: usize = 16 << 20;

/// A server that speaks one of the protocols.
#[derive(Debug, Clone)]
pub(in crate::model) struct Server {
    endpoint: Arc<Endpoint>,
    clients: Clients,
    /// What was learnt about the server's dialect, for the requests that follow.
    dialect: Arc<Mutex<Dialect>>,
    /// What was learnt about the context of its models.
    shown: Arc<Mutex<HashMap<String, Shown>>>,
    /// How many bytes of an answer are told as they came.
    most_raw: usize,
}

/// How a run ended.
type End = (Finish, Option<Failure>);

/// What became of sending a request once.
enum Attempt {
    /// The run has ended.
    Over(End),
    /// It has ended so, unless the request is sent again, which may help.
    Failed(End),
    /// The server answered with an error.
    Refused { status: u16, words: String, complaint: Complaint, advice: Advice },
}

impl Server {
    pub fn new(endpoint: Endpoint, clients: Clients, most_raw: usize) -> Self {
        let dialect = Dialect::of(&endpoint.host(), &endpoint.switches);
        let dialect = Arc::new(Mutex::new(dialect));
        Self { endpoint: Arc::new(endpoint), clients, dialect, shown: Arc::default(), most_raw }
    }

    fn dialect(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn body(&self, request: &Request, rules: &Rules, context: u64) -> Value {
        match self.endpoint.protocol {
            Protocol::Anthropic => anthropic::body(request, rules),
            Protocol::OpenAi => openai::body(request, rules, self.dialect()),
            Protocol::Responses => responses::body(request, rules),
            Protocol::Ollama => ollama::body(request, context),
        }
    }

    fn path(&self) -> &'static str {
        match self.endpoint.protocol {
            Protocol::Anthropic => "messages",
            Protocol::OpenAi => "chat/completions",
            Protocol::Responses => "responses",
            Protocol::Ollama => "chat",
        }
    }

    async fn answer(&self, request: Request, sink: &Sink) -> End {
        let (request, rules, unsent) = match self.fitted(request) {
            Ok(fitted) => fitted,
            Err(failure) => return error(failure),
        };
        if !unsent.is_empty() {
            sink.send(Event::Unsent(unsent.clone()));
        }
        let mut context = 0;
        if self.endpoint.protocol == Protocol::Ollama {
            context = match self.context(&request).await {
                Ok(context) => {
                    sink.send(Event::Context(context));
                    context.tokens
                }
                Err(failure) => return error(failure),
            };
        }
        let url = match self.endpoint.url(self.path()) {
            Ok(url) => url,
            Err(failure) => return error(failure),
        };
        let limits = self.endpoint.timeouts;
        let mut retries = Retries::new(self.endpoint.max_retries, limits.pause);
        let mut learnt = 0;
        loop {
            let body = self.body(&request, &rules, context);
            let text = body.to_string();
            sink.send(Event::Sent(body));
            match envelope(&self.endpoint, &url, text.clone(), &unsent) {
                Ok(envelope) => sink.send(Event::Wire(Wire::Request(Arc::new(envelope)))),
                Err(failure) => return error(failure),
            }
            let (end, advice) = match self.attempt(url.clone(), text.into_bytes(), sink).await {
                Attempt::Over(end) => return end,
                // a server that refuses everything is not asked for ever
                Attempt::Refused { status, words, .. } if learnt < MOST_LESSONS && self.learns(status, &words) => {
                    learnt += 1;
                    continue;
                }
                Attempt::Refused { complaint, advice, .. } => {
                    let transient = advice.wanted.unwrap_or(false) || complaint.is_transient();
                    let money = complaint.is_about_money();
                    let mut failure = complaint.into_failure(&self.endpoint.named());
                    if let Some(pause) = advice.pause.filter(|pause| *pause > LONGEST_PAUSE) {
                        let seconds = pause.as_secs();
                        failure.hint =
                            Some(format!("the server wants to be left alone for {seconds} s; send again then"));
                    }
                    (error(failure), (transient && !money).then_some(advice))
                }
                Attempt::Failed(end) => (end, Some(Advice::default())),
            };
            let (Some(pause), Some(failure)) = (advice.and_then(|advice| retries.pause(advice)), &end.1) else {
                return end;
            };
            sink.send(Event::Waiting { pause, failure: redacted(failure.clone(), &self.redactor()) });
            tokio::time::sleep(pause).await;
        }
    }

    /// Takes a refusal as a lesson about the server's dialect; whether it was one.
    fn learns(&self, status: u16, words: &str) -> bool {
        if self.endpoint.protocol != Protocol::OpenAi {
            return false;
        }
        let other = self.dialect().after(status, words);
        if let Some(other) = other {
            *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = other;
        }
        other.is_some()
    }

    /// Sends the request once.
    async fn attempt(&self, url: Url, body: Vec<u8>, sink: &Sink) -> Attempt {
        let sent = Instant::now();
        let mut response = match self.clients.send(&self.endpoint, url, Some(body)).await {
            Ok(response) => response,
            Err(Unsent { failure, transient: true }) => return Attempt::Failed(error(failure)),
            Err(Unsent { failure, .. }) => return Attempt::Over(error(failure)),
        };
        let mut tap = Tap::on(&self.endpoint, &response, sink, self.most_raw);
        if let Some(failure) = unusable(&self.endpoint, &response) {
            return Attempt::Over(error(failure));
        }
        if response.status().is_success() {
            sink.send(Event::Started);
            return self.read(response, sent, &mut tap, sink).await;
        }
        let status = response.status().as_u16();
        let advice = Advice::of(response.headers(), Timestamp::now());
        let words = as_far_as_it_comes(&self.endpoint, &mut response, LONGEST_COMPLAINT).await;
        tap.push(words.as_bytes());
        Attempt::Refused { status, advice, complaint: complaint_of(status, &words), words }
    }

    /// Reads an answer to its end.
    async fn read(&self, mut response: Response, sent: Instant, tap: &mut Tap<'_>, sink: &Sink) -> Attempt {
        let limits = self.endpoint.timeouts;
        let mut reader = Reader::new(self.endpoint.protocol, self.endpoint.named(), &self.redactor());
        let mut decoder = Decoder::default();
        let mut deadline = sent + limits.first_byte;
        let mut heard = false;
        loop {
            // A server that has said why it stopped owes little more; it is not waited for as long as for a reply.
            let until = if reader.has_stopped() { deadline.min(Instant::now() + GRACE) } else { deadline };
            let (stop, flaw) = match timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(bytes))) => {
                    tap.push(&bytes);
                    let (frames, flaw) = decoder.push(&bytes);
                    (reader.take(frames).or(flaw.map(Stop::Flaw)), None)
                }
                ended => {
                    let (frames, flaw) = decoder.finish();
                    let stop = reader.take(frames).unwrap_or_else(|| match ended {
                        Ok(Ok(_)) => Stop::EndOfAnswer,
                        Ok(Err(cause)) => {
                            let what = "the connection broke in the middle of the answer";
                            Stop::Lost { failure: broken(&self.endpoint, cause, what), transient: true }
                        }
                        Err(_) if heard => Stop::Lost { failure: self.stalled(), transient: false },
                        Err(_) => Stop::Lost { failure: silent(&self.endpoint), transient: false },
                    });
                    (Some(stop), flaw)
                }
            };
            reader.news().into_iter().for_each(|event| sink.send(event));
            if let Some(stop) = stop {
                reader.rest().into_iter().for_each(|event| sink.send(event));
                let passes =
                    matches!(stop, Stop::Complaint { transient, .. } | Stop::Lost { transient, .. } if transient);
                let end = self.end(&reader, stop, flaw.unwrap_or_else(|| Flaw::NoReply(decoder.beginning())));
                // what was seen cannot be taken back, so that a reply is not begun anew
                let again = passes && !reader.was_shown() && end.1.is_some();
                return if again { Attempt::Failed(end) } else { Attempt::Over(end) };
            }
            heard = true;
            deadline = Instant::now() + limits.idle;
        }
    }

    /// The word for how an answer ended. `flaw` is what is wrong with one in which there was no reply.
    fn end(&self, reader: &Reader, stop: Stop, flaw: Flaw) -> End {
        let server = self.endpoint.named();
        let cut_off = || Failure {
            kind: FailureKind::BadAnswer,
            message: format!("{server} ended the answer without its end: what came may be cut off"),
            detail: None,
            status: None,
            hint: Some("send again; a proxy in between may have cut it".into()),
        };
        match stop {
            Stop::Done => (reader.finish(), None),
            Stop::Lost { .. } | Stop::EndOfAnswer if reader.is_complete() => (reader.finish(), None),
            Stop::Lost { failure, .. } if reader.has_begun() => (Finish::Incomplete, Some(failure)),
            Stop::EndOfAnswer if reader.has_begun() => (Finish::Incomplete, Some(cut_off())),
            Stop::Complaint { failure, .. } | Stop::Lost { failure, .. } => error(failure),
            Stop::Flaw(found) => error(bad_answer(&server, found)),
            Stop::EndOfAnswer => error(bad_answer(&server, flaw)),
        }
    }

    fn stalled(&self) -> Failure {
        let silence = self.endpoint.timeouts.idle.as_secs_f64();
        Failure {
            kind: FailureKind::Network,
            message: format!("{} went silent for {silence} s in the middle of the answer", self.endpoint.named()),
            detail: None,
            status: None,
            hint: Some("send again, or raise idle_timeout_s of the provider".into()),
        }
    }

    fn redactor(&self) -> Redactor {
        Redactor::new(&self.endpoint.secrets())
    }
}

impl Model for Server {
    fn run(&self, request: Request) -> Reply {
        let server = self.clone();
        produce(|sink| async move {
            let (finish, failure) = server.answer(request, &sink).await;
            let failure = failure.map(|failure| redacted(failure, &server.redactor()));
            sink.send(Event::Done { finish, failure });
        })
    }
}

/// One of a provider's documents.
pub(in crate::model) async fn get(clients: &Clients, endpoint: &Endpoint, path: &str) -> Result<Value, Failure> {
    document(clients, endpoint, path, None).await
}

/// What a provider answers to `body`, as one document.
pub(in crate::model) async fn post(
    clients: &Clients,
    endpoint: &Endpoint,
    path: &str,
    body: &Value,
) -> Result<Value, Failure> {
    document(clients, endpoint, path, Some(body.to_string().into_bytes())).await
}

async fn document(clients: &Clients, endpoint: &Endpoint, path: &str, body: Option<Vec<u8>>) -> Result<Value, Failure> {
    let redactor = Redactor::new(&endpoint.secrets());
    let got = async {
        let mut response = clients.send(endpoint, endpoint.url(path)?, body).await?;
        if let Some(failure) = unusable(endpoint, &response) {
            return Err(failure);
        }
        // a server that repeats the key in a name of a model does not get it shown
        let body = redactor.clean(&as_far_as_it_comes(endpoint, &mut response, LONGEST_DOCUMENT).await);
        if !response.status().is_success() {
            return Err(complaint_of(response.status().as_u16(), &body).into_failure(&endpoint.named()));
        }
        serde_json::from_str(&body).map_err(|_| bad_answer(&endpoint.named(), Flaw::NotJson(body)))
    };
    got.await.map_err(|failure| redacted(failure, &redactor))
}

/// The body of an answer, as far as it comes.
async fn as_far_as_it_comes(endpoint: &Endpoint, response: &mut Response, most: usize) -> String {
    let mut body = Vec::new();
    while body.len() < most {
        match timeout_at(Instant::now() + endpoint.timeouts.idle, response.chunk()).await {
            Ok(Ok(Some(bytes))) => body.extend_from_slice(&bytes),
            _ => break,
        }
    }
    body.truncate(most);
    String::from_utf8_lossy(&body).into_owned()
}

fn error(failure: Failure) -> End {
    (Finish::Error, Some(failure))
}

fn bad_answer(server: &str, flaw: Flaw) -> Failure {
    let (what, detail) = match flaw {
        Flaw::TooLong(what) => (what, None),
        Flaw::NotJson(words) => ("a part of the answer is no JSON", Some(words)),
        Flaw::Neither(words) => ("the answer is neither JSON nor an event stream", Some(words)),
        Flaw::NoReply(words) => ("the answer holds no reply", Some(words)),
    };
    Failure {
        kind: FailureKind::BadAnswer,
        message: format!("{server} answered in a way that cannot be read: {what}"),
        detail: detail.filter(|words| !words.is_empty()),
        status: None,
        hint: Some("check the provider's api and base_url; a web page in between answers like this too".into()),
    }
}
