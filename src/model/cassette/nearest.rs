//! Which recording comes nearest to a request that is not on the cassette, and in what the two differ.

use super::{Asked, Take};

/// The line of the nearest take in the file, from 1, and what differs; `None` on an empty cassette.
pub(super) fn nearest(takes: &[Take], asked: &Asked) -> Option<(usize, String)> {
    let best =
        takes.iter().enumerate().max_by_key(|(index, take)| (likeness(&take.request, asked), usize::MAX - index))?;
    Some((best.1.line, differences(&best.1.request, asked).join(", ")))
}

/// The more the nearer: first whole parts that are equal, then how far the texts go together.
fn likeness(there: &Asked, asked: &Asked) -> (usize, usize) {
    let equal = [there.model == asked.model, there.system == asked.system, there.params == asked.params];
    let turns = there.messages.iter().zip(&asked.messages).take_while(|(a, b)| a == b).count();
    let same_length = usize::from(there.messages.len() == asked.messages.len());
    let last = |asked: &Asked| asked.messages.last().map(|message| message.content.clone()).unwrap_or_default();
    let together = common(&there.system, &asked.system) + common(&last(there), &last(asked));
    (equal.into_iter().filter(|equal| *equal).count() + turns + same_length, together)
}

fn common(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Every part that differs, in the order of a request.
fn differences(there: &Asked, asked: &Asked) -> Vec<String> {
    let mut all = Vec::new();
    if there.model != asked.model {
        all.push(format!("the model ({} there)", there.model));
    }
    if there.system != asked.system {
        let line = line(&there.system, &asked.system);
        all.push(format!("the filled system prompt from line {line} on"));
    }
    let names = there.params.keys().chain(asked.params.keys().filter(|name| !there.params.contains_key(*name)));
    let changed: Vec<_> = names.filter(|name| there.params.get(*name) != asked.params.get(*name)).cloned().collect();
    all.extend(changed.into_iter().map(|name| format!("`{name}`")));
    let (before, now) = (there.messages.len(), asked.messages.len());
    match there.messages.iter().zip(&asked.messages).position(|(a, b)| a != b) {
        Some(at) => {
            let line = line(&there.messages[at].content, &asked.messages[at].content);
            all.push(format!("message {} of the conversation, from its line {line} on", at + 1));
        }
        None if before != now => all.push(format!("the number of messages ({before} there, {now} here)")),
        None => {}
    }
    all
}

/// The line of the first difference, counted from 1.
fn line(a: &str, b: &str) -> usize {
    String::from_utf8_lossy(&a.as_bytes()[..common(a, b)]).split('\n').count()
}
