//! What a reply says.

use super::{Fault, fault, good_head, plain, says, whole};
use crate::KEY;
use crate::servers::Step;

const GROUP: &str = "contents";

/// A reply that says this, in these pieces.
fn saying(name: &'static str, pieces: &'static [&'static str]) -> Fault {
    fault(GROUP, name, move |case| Some((plain(&case.body(pieces)), says(&pieces.concat()))))
}

/// A reply in whose JSON the digits of its pieces are written so; what it says then.
fn written(name: &'static str, pieces: &'static [(&'static str, &'static str)], text: &'static str) -> Fault {
    fault(GROUP, name, move |case| {
        let mut body = case.stream(&pieces.iter().map(|(digit, _)| *digit).collect::<Vec<_>>());
        if !case.streamed {
            body = case.document(&pieces.iter().map(|(digit, _)| *digit).collect::<String>()).to_string();
        }
        for (digit, json) in pieces {
            body = body.replace(digit, json);
        }
        Some((plain(&body), says(text)))
    })
}

pub fn all() -> Vec<Fault> {
    vec![
        saying("it looks like the end of a stream", &["data: [DONE]\n\n", "event: message_stop\n\n", "[DONE]"]),
        saying(
            "it looks like an error",
            &["{\"error\":{\"message\":\"no\",\"type\":\"overloaded_error\"}}", "\nerror: x\n\n"],
        ),
        saying("control bytes and colours", &["\u{1b}[31mred\u{7}\u{0}\u{9b}2J", "\u{1b}]52;c;eA==\u{7}"]),
        saying("every end of line", &["a\r\nb\rc\nd\u{2028}e\u{2029}f\u{85}g", "\r", "\n"]),
        saying("writing from right to left", &["שלום \u{202e}abc\u{202c} العربية", "\u{2066}x\u{2069}"]),
        saying("marks, joiners and flags", &["e\u{301}\u{327} 🏳️‍🌈 🇩🇪", "\u{200b}\u{feff}\u{2060}"]),
        saying("noncharacters and private ones", &["\u{fdd0}\u{e000}\u{ffff}\u{10ffff}", "\u{fdd0}\u{e03d}"]),
        saying("blanks alone", &[" ", "\n\n", "\t "]),
        saying("empty pieces", &["", "a", "", "", "b", ""]),
        saying("quotes and backslashes", &["\\\\ \\u0041 \"", "\\", "\\n\"}]}"]),
        written("an emoji cut in two", &[("@1@", "Hi \\ud83d"), ("@2@", "\\udc69 x")], "Hi 👩 x"),
        written("half an emoji", &[("@1@", "a\\ud83d"), ("@2@", "b\\udc69c")], "a\u{fffd}b\u{fffd}c"),
        written("half an emoji at the end", &[("@1@", "a"), ("@2@", "b\\ud83d")], "ab\u{fffd}"),
        written(
            "escapes of everything",
            &[("@1@", "\\u0048\\u00e9\\/\\b\\f"), ("@2@", "\\u0000")],
            "Hé/\u{8}\u{c}\u{0}",
        ),
        fault(GROUP, "a byte that is no text", |case| {
            let (before, after) = (case.body(&["a@1@b"]), "");
            let bytes = [before.as_bytes(), after.as_bytes()].concat();
            let at = before.find("@1@")?;
            let bytes = [&bytes[..at], b"\xff", &bytes[at + 3..]].concat();
            // what Responses say last repeats the text that has come
            let body = if before.matches("@1@").count() > 1 {
                let text = String::from_utf8_lossy(&bytes).replace("@1@", "?");
                let at = text.find('\u{fffd}')?;
                [&text.as_bytes()[..at], b"\xff", &text.as_bytes()[at + 3..]].concat()
            } else {
                bytes
            };
            Some((vec![good_head(), Step::Send(body)], says("a\u{fffd}b")))
        }),
        fault(GROUP, "one piece of a megabyte", |case| {
            let long = "word ".repeat(200_000);
            Some((plain(&case.body(&[&long])), says(&long)))
        }),
        fault(GROUP, "five thousand pieces", |case| {
            let pieces = vec!["ab "; 5_000];
            Some((plain(&case.body(&pieces)), says(&pieces.concat())))
        }),
        fault(GROUP, "the key, cut anywhere", |case| {
            let (first, second) = KEY.split_at(7);
            Some((plain(&case.body(&["you sent ", first, second, "."])), says("you sent [key].")))
        }),
        fault(GROUP, "the beginning of the key alone", |case| {
            let first = &KEY[..7];
            Some((plain(&case.body(&["a ", first])), says(&format!("a {first}"))))
        }),
        fault(GROUP, "a good reply", |case| Some((plain(&case.good()), whole()))),
    ]
}
