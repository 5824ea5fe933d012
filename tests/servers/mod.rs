//! A small model server that does what it is told: byte for byte, badly if need be.
//!
//! It is written on bare sockets because its purpose is to be wrong in ways that an HTTP library would not let it be.
//! Each request gets the next answer of the script; the last one is repeated.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// One thing the server does with a connection.
#[derive(Debug, Clone)]
pub enum Step {
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Lets this long pass, unless the client goes away.
    Pause(Duration),
    /// Writes the same bytes again and again, until the client goes away.
    Endless(Vec<u8>),
    /// Says and does nothing until the client goes away.
    Hold,
    /// Breaks the connection, so that the client gets an error and no end.
    Reset,
}

/// What the server does with one request.
pub type Answer = Vec<Step>;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The request line and the headers.
    pub head: String,
    /// The body as JSON; null when it was not read or there was none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What a server says to which request.
struct Script {
    answers: Vec<Answer>,
    show: Answer,
    given: AtomicUsize,
}

/// A server on a free port of this machine.
pub struct FakeServer {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    came: Mutex<Receiver<()>>,
    gone: Mutex<Receiver<()>>,
}

impl AsRef<Self> for FakeServer {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl FakeServer {
    /// Starts one that gives these answers in turn.
    pub fn start(answers: Vec<Answer>) -> Self {
        Self::showing(answers, json("200 OK", r#"{"model_info":{"test.context_length":32768}}"#))
    }

    /// Starts one that gives these answers in turn, and `show` whenever it is asked to show a model, as Ollama is.
    pub fn showing(answers: Vec<Answer>, show: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (arrived, came) = channel();
        let (went, gone) = channel();
        let requests = received.clone();
        let script = Arc::new(Script { answers, show, given: AtomicUsize::new(0) });
        thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(connection) = connection else { continue };
                let (requests, arrived, went) = (requests.clone(), arrived.clone(), went.clone());
                let script = script.clone();
                thread::spawn(move || serve(connection, &script, &requests, &arrived, &went));
            }
        });
        Self { address, received, came: Mutex::new(came), gone: Mutex::new(gone) }
    }

    /// Starts one that always gives this answer.
    pub fn always(answer: Answer) -> Self {
        Self::start(vec![answer])
    }

    /// Its address, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests that have come so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no thread of the server panics").clone()
    }

    /// Waits until a request has come; whether one did within ten seconds.
    pub fn request_came(&self) -> bool {
        self.came.lock().expect("no thread of the server panics").recv_timeout(Duration::from_secs(10)).is_ok()
    }

    /// Waits until the server has seen a client go away in the middle of an answer; whether it did within ten seconds.
    pub fn client_went_away(&self) -> bool {
        self.gone.lock().expect("no thread of the server panics").recv_timeout(Duration::from_secs(10)).is_ok()
    }
}

fn serve(
    mut connection: TcpStream,
    script: &Script,
    received: &Mutex<Vec<Received>>,
    arrived: &Sender<()>,
    went: &Sender<()>,
) {
    let _ = connection.set_nodelay(true);
    let resets = script.answers.iter().flatten().any(|step| matches!(step, Step::Reset));
    let Some(request) = read_request(&mut connection, !resets) else { return };
    let answer = if request.head.starts_with("POST /api/show ") {
        &script.show
    } else {
        received.lock().expect("no thread of the server panics").push(request);
        let _ = arrived.send(());
        let index = script.given.fetch_add(1, Ordering::SeqCst);
        script.answers.get(index).or(script.answers.last()).unwrap_or(const { &Vec::new() })
    };
    for step in answer {
        let stays = match step {
            Step::Send(bytes) => connection.write_all(bytes).and_then(|()| connection.flush()).is_ok(),
            Step::Pause(time) => is_still_there_after(&mut connection, *time),
            Step::Endless(bytes) => {
                while connection.write_all(bytes).is_ok() {}
                false
            }
            Step::Hold => is_still_there_after(&mut connection, Duration::from_mins(1)),
            // The body of the request was left unread: closing now makes the system send a reset instead of an end.
            Step::Reset => return,
        };
        if !stays {
            let _ = went.send(());
            return;
        }
    }
}

fn is_still_there_after(connection: &mut TcpStream, time: Duration) -> bool {
    let _ = connection.set_read_timeout(Some(time));
    match connection.read(&mut [0; 1]) {
        Ok(count) => count > 0,
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// Reads the head byte by byte, so that nothing of the body is taken when it is not wanted.
fn read_request(connection: &mut TcpStream, with_body: bool) -> Option<Received> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if connection.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let mut request =
        Received { head: String::from_utf8_lossy(&head).into_owned(), body: Value::Null, bytes: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if with_body && length > 0 {
        let mut body = vec![0; length];
        connection.read_exact(&mut body).ok()?;
        request.body = serde_json::from_slice(&body).unwrap_or_default();
        request.bytes = body;
    }
    Some(request)
}

/// The head of an answer whose body ends with the connection.
pub fn head(status: &str, content_type: &str) -> Step {
    Step::Send(format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n").into_bytes())
}

/// The head of an answer whose body comes in chunks, so that its end is known.
pub fn chunked_head() -> Step {
    Step::Send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n".to_vec())
}

/// A body in chunks of this many bytes.
pub fn chunks(body: &[u8], size: usize) -> Vec<Step> {
    body.chunks(size)
        .map(|piece| Step::Send([format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()))
        .chain([Step::Send(b"0\r\n\r\n".to_vec())])
        .collect()
}

/// An event stream that is sent in one go.
pub fn stream(body: &str) -> Answer {
    vec![head("200 OK", "text/event-stream"), Step::Send(body.as_bytes().to_vec())]
}

/// A JSON document with this status.
pub fn json(status: &str, body: &str) -> Answer {
    vec![head(status, "application/json"), Step::Send(body.as_bytes().to_vec())]
}

/// An answer of an OpenAI-like server: these pieces of text, and its end.
pub fn openai_reply(pieces: &[&str]) -> String {
    let mut body = String::new();
    for piece in pieces {
        let text = Value::String((*piece).to_owned());
        let chunk = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{text}}}}}]}}\n\n");
        body.push_str(&chunk);
    }
    body + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n\
        data: [DONE]\n\n"
}

/// An answer of Anthropic's server: these pieces of text, and its end.
pub fn anthropic_reply(pieces: &[&str]) -> String {
    let mut body = anthropic_start();
    for piece in pieces {
        let text = Value::String((*piece).to_owned());
        let event = format!(
            "event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":{text}}}}}\n\n"
        );
        body.push_str(&event);
    }
    body + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n\
        event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}\n\n\
        event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
}

/// The beginning of an answer of Anthropic's server.
pub fn anthropic_start() -> String {
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":5,\"cache_read_input_tokens\":4,\"cache_creation_input_tokens\":2,\"output_tokens\":1}}}\n\n\
     event: ping\ndata: {\"type\":\"ping\"}\n\n\
     event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        .to_owned()
}

/// An answer of OpenAI's Responses: these pieces of text, and its end.
pub fn responses_reply(pieces: &[&str]) -> String {
    let mut body = String::from(
        "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"object\":\"response\",\"status\":\"in_progress\",\"error\":null,\"output\":[]}}\n\n\
         event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]}}\n\n",
    );
    for piece in pieces {
        let text = Value::String((*piece).to_owned());
        let event = format!(
            "event: response.output_text.delta\ndata: {{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":{text}}}\n\n"
        );
        body.push_str(&event);
    }
    let output = responses_output(&pieces.concat());
    let whole = format!(
        "event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{{\"object\":\"response\",\"status\":\"completed\",\"error\":null,\"incomplete_details\":null,\"output\":{output},\"usage\":{{\"input_tokens\":11,\"input_tokens_details\":{{\"cached_tokens\":4}},\"output_tokens\":7}}}}}}\n\n"
    );
    body + &whole
}

/// The output of an answer of OpenAI's Responses that says `text`, as JSON; empty when there is none.
fn responses_output(text: &str) -> Value {
    if text.is_empty() {
        return serde_json::json!([]);
    }
    serde_json::json!([{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}])
}

/// An answer of Ollama's own protocol: these pieces of text, and its end.
pub fn ollama_reply(pieces: &[&str]) -> String {
    let mut body = String::new();
    for piece in pieces {
        let text = Value::String((*piece).to_owned());
        let line =
            format!("{{\"model\":\"m\",\"message\":{{\"role\":\"assistant\",\"content\":{text}}},\"done\":false}}\n");
        body.push_str(&line);
    }
    body + "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":5,\"prompt_eval_count\":11,\"eval_count\":7}\n"
}
