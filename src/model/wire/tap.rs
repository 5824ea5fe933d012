//! Listens on the wire: what goes out and what comes back is told as it is, without the secrets in it, and no more of an
//! answer than a person would look at.

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Response, Url};

use super::http::headers;
use super::redact::Redactor;
use crate::model::endpoint::Endpoint;
use crate::model::envelope::{Envelope, Header, Wire};
use crate::model::event::Event;
use crate::model::failure::Failure;
use crate::model::produce::Sink;
use crate::model::rules::Unsent;

/// The request of `body` to `url`, as [`super::http::Clients::send`] sends it.
///
/// # Errors
/// When a header of the provider's entry cannot be sent.
pub(super) fn envelope(endpoint: &Endpoint, url: &Url, body: String, unsent: &[Unsent]) -> Result<Envelope, Failure> {
    let redactor = Redactor::new(&endpoint.secrets());
    let all = headers(endpoint, true)?;
    let headers = all.iter().map(|(name, value)| {
        let own = endpoint.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name.as_str()));
        let secret =
            value.is_sensitive().then(|| if own { variable(name.as_str()) } else { endpoint.variable.clone() });
        let value = match (&secret, own) {
            (None, _) => redactor.clean(&words(value)),
            (Some(_), false) if name == AUTHORIZATION => "Bearer ".to_owned(),
            (Some(_), _) => String::new(),
        };
        Header { name: name.as_str().to_owned(), value, secret }
    });
    let headers = headers.collect();
    let mut shown = url.clone();
    // an address that takes none holds none
    let _ = shown.set_password(None);
    let unsent = unsent.to_vec();
    Ok(Envelope { url: shown.into(), headers, body, local: endpoint.local, unsent, open: None })
}

/// The variable that stands for the value of a secret header of the provider's entry.
fn variable(header: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("GREENROOM_{}", header.chars().map(plain).collect::<String>())
}

/// A header's value as text.
fn words(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// Tells one answer as it comes.
pub(super) struct Tap<'s> {
    sink: &'s Sink,
    redactor: Redactor,
    /// Bytes that may still be told.
    left: usize,
    /// The beginning of a character whose end has not come.
    open: Vec<u8>,
}

impl<'s> Tap<'s> {
    /// One that tells `sink` the head of the answer, and `most` bytes of what follows.
    pub fn on(endpoint: &Endpoint, response: &Response, sink: &'s Sink, most: usize) -> Self {
        let mut secrets: Vec<String> = endpoint.secrets().into_iter().map(str::to_owned).collect();
        // some servers escape every slash in what they repeat
        secrets.extend(secrets.clone().iter().filter(|key| key.contains('/')).map(|key| key.replace('/', "\\/")));
        let redactor = Redactor::new(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
        let mut head = format!("{:?} {}\n", response.version(), response.status());
        for (name, value) in response.headers() {
            let value = if name.as_str().contains("cookie") { "[cookie]".to_owned() } else { words(value) };
            head.push_str(&redactor.clean(&format!("{name}: {value}\n")));
        }
        sink.send(Event::Wire(Wire::Head(head)));
        Self { sink, redactor, left: most, open: Vec::new() }
    }

    /// The next bytes of the body.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.left == 0 {
            return;
        }
        let kept = &bytes[..bytes.len().min(self.left)];
        self.left -= kept.len();
        let text = self.text(kept);
        let text = self.redactor.push(&text);
        self.tell(text);
        if self.left == 0 {
            self.finish();
            self.sink.send(Event::Wire(Wire::Cut));
        }
    }

    /// No more comes.
    pub fn finish(&mut self) {
        let open = std::mem::take(&mut self.open);
        let rest = self.redactor.push(&String::from_utf8_lossy(&open));
        let held = self.redactor.finish();
        self.tell(rest + &held);
    }

    fn tell(&self, text: String) {
        if !text.is_empty() {
            self.sink.send(Event::Wire(Wire::Body(text)));
        }
    }

    /// `bytes` as text, without the beginning of a character at their end, which is held.
    fn text(&mut self, bytes: &[u8]) -> String {
        self.open.extend_from_slice(bytes);
        let end = match std::str::from_utf8(&self.open) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            // what is wrong further ahead may hide an open character at the end; it has a mark then
            _ => self.open.len(),
        };
        let held = self.open.split_off(end);
        let whole = std::mem::replace(&mut self.open, held);
        String::from_utf8_lossy(&whole).into_owned()
    }
}

impl Drop for Tap<'_> {
    fn drop(&mut self) {
        if self.left > 0 {
            self.finish();
        }
    }
}
