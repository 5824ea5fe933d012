//! What goes over the wire, exactly: a request with its address and headers, an answer as it came, and the request as a
//! `curl` command. No key is in any of it: where one stood is the name of an environment variable.

use std::fmt::Write as _;
use std::sync::Arc;

use super::rules::Unsent;

/// The most bytes that are kept of one answer as it came.
pub const MOST_RAW: usize = 1 << 20;
/// The variable that a pasted command takes a key from, when the key of the provider comes from no variable.
pub const KEY_VARIABLE: &str = "GREENROOM_API_KEY";
/// A longer body is handed to `curl` through a pipe: Linux takes no argument above 128 KB.
const LONGEST_ARGUMENT: usize = 64 << 10;

/// A request as it is sent, without the secrets of its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The whole address; a password in it is left out.
    pub url: String,
    /// The headers that are set, in order. The host and the length of the body come on top.
    pub headers: Vec<Header>,
    /// The body, byte for byte.
    pub body: String,
    /// Whether the server is on this machine, which is never asked through a proxy.
    pub local: bool,
    /// What was set and is left out, because the model would refuse it.
    pub unsent: Vec<Unsent>,
    /// What may still change before it is sent, in a sentence; nothing of one that was sent.
    pub open: Option<String>,
}

/// One header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, in small letters.
    pub name: String,
    /// Its value; of a secret one what stands before the secret, such as `Bearer `.
    pub value: String,
    /// The environment variable that stands for the secret at its end, where it has one.
    pub secret: Option<String>,
}

/// What is seen on the wire while a run is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wire {
    /// A request leaves. Another one takes its place, with its answer, when it is sent again.
    Request(Arc<Envelope>),
    /// The answer begins: its status line and its headers, one a line, without keys.
    Head(String),
    /// The next piece of its body as it came, without keys; bytes that are no text have a mark.
    Body(String),
    /// The rest is not kept.
    Cut,
}

impl Envelope {
    /// The method and the address, then the headers, one a line, as a person reads them.
    pub fn head(&self) -> String {
        let mut head = format!("POST {}\n", self.url);
        for Header { name, value, secret } in &self.headers {
            let mask = if secret.is_some() { "[key]" } else { "" };
            let _ = writeln!(head, "{name}: {value}{mask}");
        }
        let _ = writeln!(head, "content-length: {}", self.body.len());
        head
    }

    /// The body with a line for each of its parts, for reading; as it is when it is no JSON.
    pub fn spread(&self) -> String {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&self.body);
        parsed.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| self.body.clone())
    }

    /// The variables that have to be set for [`Envelope::curl`] to work.
    pub fn variables(&self) -> Vec<&str> {
        self.headers.iter().filter_map(|header| header.secret.as_deref()).collect()
    }

    /// The request as a command for `sh` and its kin: the server gets the same method, address, headers and body.
    pub fn curl(&self) -> String {
        let (piped, body) = if self.body.len() > LONGEST_ARGUMENT {
            (format!("printf %s {} | \\\n", quoted(&self.body)), "--data-binary @-".to_owned())
        } else {
            (String::new(), format!("--data-raw {}", quoted(&self.body)))
        };
        let mut command = format!("{piped}curl -sSN {}", quoted(&self.url));
        if self.local {
            command.push_str(" --noproxy '*'");
        }
        for Header { name, value, secret } in &self.headers {
            let _ = match secret {
                Some(variable) => {
                    write!(command, " \\\n  -H {}\"${variable}\"", quoted(&format!("{name}: {value}")))
                }
                None => write!(command, " \\\n  -H {}", quoted(&format!("{name}: {value}"))),
            };
        }
        // what curl would add of its own to a long body
        let _ = write!(command, " \\\n  -H 'expect:' \\\n  {body}\n");
        command
    }
}

/// A word of the shell that stands for `text`, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(body: &str) -> Envelope {
        let header = |name: &str, value: &str, secret: Option<&str>| Header {
            name: name.into(),
            value: value.into(),
            secret: secret.map(str::to_owned),
        };
        Envelope {
            url: "https://h/v1/x".into(),
            headers: vec![header("accept", "it's", None), header("authorization", "Bearer ", Some("A_KEY"))],
            body: body.into(),
            local: false,
            unsent: Vec::new(),
            open: None,
        }
    }

    #[test]
    fn a_key_is_a_mark_to_read_and_a_variable_to_paste() {
        let envelope = envelope("{}");
        let head = "POST https://h/v1/x\naccept: it's\nauthorization: Bearer [key]\ncontent-length: 2\n";
        assert_eq!(envelope.head(), head);
        assert_eq!(envelope.variables(), ["A_KEY"]);
        assert_eq!(
            envelope.curl(),
            "curl -sSN 'https://h/v1/x' \\\n  -H 'accept: it'\\''s' \\\n  -H 'authorization: Bearer '\"$A_KEY\" \\\n  \
             -H 'expect:' \\\n  --data-raw '{}'\n"
        );
    }

    #[test]
    fn a_body_that_is_too_long_for_an_argument_goes_through_a_pipe() {
        let curl = envelope(&"x".repeat(LONGEST_ARGUMENT + 1)).curl();
        assert!(curl.starts_with("printf %s 'xxx") && curl.trim_end().ends_with("--data-binary @-"), "{}", &curl[..40]);
    }

    #[test]
    fn a_body_is_spread_over_lines_in_its_own_order_and_what_is_no_json_stays() {
        assert_eq!(envelope("{\"b\":1,\"a\":[2]}").spread(), "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}");
        assert_eq!(envelope("no json").spread(), "no json");
    }
}
