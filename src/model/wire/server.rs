//! One provider's server as a [`Model`]: a request goes out, an answer comes in piece by piece, and a word is found for
//! every way in which that can end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::complaint::complaint_of;
use super::context::Shown;
use super::decode::{Decoder, Flaw};
use super::http::{Clients, broken, pause_before_retry, redacted, silent, unusable};
use super::openai::Dialect;
use super::reader::{Reader, Stop};
use super::redact::Redactor;
use super::{anthropic, ollama, openai, responses};
use crate::model::endpoint::{Endpoint, Protocol};
use crate::model::event::{Event, Finish, Model, Reply};
use crate::model::failure::{Failure, FailureKind};
use crate::model::produce::{Sink, produce};
use crate::model::request::{Request, Role};
use crate::model::rules::Rules;

/// How long a server that said why it stopped may keep the rest (token counts, the end) to itself.
const GRACE: Duration = Duration::from_secs(3);
/// What a model's context is, is waited for no longer than this: the reply is what is wanted.
const LONGEST_SHOW: Duration = Duration::from_secs(5);
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
}

/// How a run ended.
type End = (Finish, Option<Failure>);

impl Server {
    pub fn new(endpoint: Endpoint, clients: Clients) -> Self {
        let dialect = Dialect::of(&endpoint.host(), &endpoint.switches);
        Self { endpoint: Arc::new(endpoint), clients, dialect: Arc::new(Mutex::new(dialect)), shown: Arc::default() }
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

    /// The tokens of context to ask for, which only Ollama has to be asked for.
    async fn context(&self, request: &Request, sink: &Sink) -> Result<u64, Failure> {
        if self.endpoint.protocol != Protocol::Ollama {
            return Ok(0);
        }
        let model = &request.model.model;
        let known = self.shown.lock().unwrap_or_else(PoisonError::into_inner).get(model).copied();
        let shown = if let Some(known) = known {
            known
        } else {
            let hurried = self.endpoint.hurried(LONGEST_SHOW);
            let found = post(&self.clients, &hurried, "show", &json!({"model": model})).await;
            let shown = match found {
                Ok(value) => Shown::of(&value),
                // a server that does not know the model says so here as well as later; one that does not know the
                // question, or cannot answer it now, is asked for the reply all the same
                Err(failure)
                    if failure.kind == FailureKind::NoSuchModel
                        && failure.detail.as_ref().is_some_and(|words| words.contains(model.as_str())) =>
                {
                    return Err(failure);
                }
                Err(_) => Shown::default(),
            };
            if shown != Shown::default() {
                self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(model.clone(), shown);
            }
            shown
        };
        let context = shown.context(request, self.endpoint.switches.num_ctx)?;
        sink.send(Event::Context(context));
        Ok(context.tokens)
    }

    /// What of a request the model takes, and how; what it does not take is told.
    fn fitted(&self, mut request: Request, sink: &Sink) -> Result<(Request, Rules), Failure> {
        let rules = Rules::of(self.endpoint.api, &self.endpoint.switches, &request.model.model);
        if !rules.prefill && request.turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
            return Err(Failure {
                hint: Some("let the conversation end with the user's message, or choose another model".into()),
                ..Failure::new(
                    FailureKind::BadRequest,
                    format!("{} does not go on with a reply that was begun for it", request.model),
                )
            });
        }
        let (params, unsent) = rules.sent(&request.params);
        request.params = params;
        if !unsent.is_empty() {
            sink.send(Event::Unsent(unsent));
        }
        Ok((request, rules))
    }

    async fn answer(&self, request: Request, sink: &Sink) -> End {
        let (request, rules) = match self.fitted(request, sink) {
            Ok(fitted) => fitted,
            Err(failure) => return error(failure),
        };
        let context = match self.context(&request, sink).await {
            Ok(context) => context,
            Err(failure) => return error(failure),
        };
        let path = match self.endpoint.protocol {
            Protocol::Anthropic => "messages",
            Protocol::OpenAi => "chat/completions",
            Protocol::Responses => "responses",
            Protocol::Ollama => "chat",
        };
        let url = match self.endpoint.url(path) {
            Ok(url) => url,
            Err(failure) => return error(failure),
        };
        let mut retries = 0;
        loop {
            let body = self.body(&request, &rules, context);
            let bytes = body.to_string().into_bytes();
            sink.send(Event::Sent(body));
            let sent = Instant::now();
            let mut response = match self.clients.send(&self.endpoint, url.clone(), Some(bytes)).await {
                Ok(response) => response,
                Err(failure) => return error(failure),
            };
            if let Some(failure) = unusable(&self.endpoint, &response) {
                return error(failure);
            }
            if response.status().is_success() {
                sink.send(Event::Started);
                return self.read(response, sent, sink).await;
            }
            let status = response.status().as_u16();
            let pause = pause_before_retry(&response, retries);
            let words = as_far_as_it_comes(&self.endpoint, &mut response, LONGEST_COMPLAINT).await;
            if self.endpoint.protocol == Protocol::OpenAi
                && let Some(other) = self.dialect().after(status, &words)
            {
                *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = other;
                continue;
            }
            let complaint = complaint_of(status, &words);
            let pause = pause.filter(|_| retries < self.endpoint.max_retries && !complaint.is_about_money());
            let failure = complaint.into_failure(&self.endpoint.named());
            let Some(pause) = pause else { return error(failure) };
            retries += 1;
            sink.send(Event::Waiting { pause, failure: redacted(failure, &self.redactor()) });
            tokio::time::sleep(pause).await;
        }
    }

    /// Reads an answer to its end.
    async fn read(&self, mut response: Response, sent: Instant, sink: &Sink) -> End {
        let limits = self.endpoint.timeouts;
        let mut reader = Reader::new(self.endpoint.protocol, self.endpoint.named(), &self.redactor());
        let mut decoder = Decoder::default();
        let mut deadline = sent + limits.connect + limits.first_byte;
        let mut heard = false;
        loop {
            // A server that has said why it stopped owes little more; it is not waited for as long as for a reply.
            let until = if reader.has_stopped() { deadline.min(Instant::now() + GRACE) } else { deadline };
            let (stop, flaw) = match timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(bytes))) => {
                    let (frames, flaw) = decoder.push(&bytes);
                    (reader.take(frames).or(flaw.map(Stop::Flaw)), None)
                }
                ended => {
                    let (frames, flaw) = decoder.finish();
                    let stop = reader.take(frames).unwrap_or_else(|| match ended {
                        Ok(Ok(_)) => Stop::EndOfAnswer,
                        Ok(Err(cause)) => Stop::Lost(broken(
                            &self.endpoint,
                            cause,
                            "the connection broke in the middle of the answer",
                        )),
                        Err(_) if heard => Stop::Lost(self.stalled()),
                        Err(_) => Stop::Lost(silent(&self.endpoint)),
                    });
                    (Some(stop), flaw)
                }
            };
            reader.news().into_iter().for_each(|event| sink.send(event));
            if let Some(stop) = stop {
                reader.rest().into_iter().for_each(|event| sink.send(event));
                return self.end(&reader, stop, flaw.unwrap_or_else(|| Flaw::NoReply(decoder.beginning())));
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
            Stop::Lost(_) | Stop::EndOfAnswer if reader.is_complete() => (reader.finish(), None),
            Stop::Lost(failure) if reader.has_begun() => (Finish::Incomplete, Some(failure)),
            Stop::EndOfAnswer if reader.has_begun() => (Finish::Incomplete, Some(cut_off())),
            Stop::Complaint(failure) | Stop::Lost(failure) => error(failure),
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
        let body = as_far_as_it_comes(endpoint, &mut response, LONGEST_DOCUMENT).await;
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
