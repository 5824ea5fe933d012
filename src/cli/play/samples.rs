//! `--n`: the same conversation several times, and how many different replies came.
//!
//! Two replies count as the same when they differ in nothing but letter case and blanks: a model that is sure of what it
//! says still wraps its lines as it likes.

use std::collections::HashMap;

use serde::Serialize;

use super::conversation::Outcome;
use super::document::Document;

/// The document of `--n`.
#[derive(Debug, Serialize)]
pub(super) struct Sampled<'a> {
    samples: Vec<Document<'a>>,
    distinct: usize,
    replies: Vec<Distinct<'a>>,
}

/// Replies that are the same; the most frequent come first.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(super) struct Distinct<'a> {
    /// The first of them.
    reply: &'a str,
    count: usize,
    /// Which ones, counted from 1.
    samples: Vec<usize>,
}

impl<'a> Sampled<'a> {
    /// Of conversations and their documents, in the order in which they were held.
    pub fn of(held: &'a [Vec<Outcome>], samples: Vec<Document<'a>>) -> Self {
        let replies = distinct(held.iter().map(|outcomes| whole(outcomes)));
        Self { samples, distinct: replies.len(), replies }
    }

    /// How many replies differ, in a line for a person.
    pub fn told(&self) -> String {
        let whole: usize = self.replies.iter().map(|one| one.count).sum();
        let numbers = |one: &Distinct<'_>| one.samples.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let each: Vec<String> =
            self.replies.iter().map(|one| format!("{} ({})", times(one.count), numbers(one))).collect();
        let each = each.join(", ");
        match (whole, self.distinct) {
            (0, _) => "no reply is whole".to_owned(),
            (1, _) => "one reply came".to_owned(),
            (_, 1) => format!("{whole} replies, all the same, letter case and blanks apart"),
            (_, count) => format!("{whole} replies, {count} of them distinct, letter case and blanks apart: {each}"),
        }
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// The last reply, unless the conversation broke off.
fn whole(outcomes: &[Outcome]) -> Option<&str> {
    outcomes.last().filter(|outcome| outcome.is_whole()).map(|outcome| outcome.reply.as_str())
}

fn distinct<'a>(replies: impl Iterator<Item = Option<&'a str>>) -> Vec<Distinct<'a>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Distinct<'a>> = Vec::new();
    for (number, reply) in replies.enumerate().filter_map(|(at, reply)| Some((at + 1, reply?))) {
        let place = *places.entry(plain(reply)).or_insert(found.len());
        if place == found.len() {
            found.push(Distinct { reply, count: 0, samples: Vec::new() });
        }
        found[place].count += 1;
        found[place].samples.push(number);
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.count));
    found
}

/// A reply without what does not make it another one.
fn plain(reply: &str) -> String {
    reply.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_counted_apart_from_letter_case_and_blanks() {
        let replies = ["Yes.", "No.", " yes.\n", "YES.", "Yes"];
        let found = distinct(replies.into_iter().map(Some).chain([None]));
        let told: Vec<_> = found.iter().map(|one| (one.reply, one.count, one.samples.as_slice())).collect();
        assert_eq!(told, [("Yes.", 3, &[1, 3, 4][..]), ("No.", 1, &[2][..]), ("Yes", 1, &[5][..])]);
        let sampled = Sampled { samples: Vec::new(), distinct: found.len(), replies: found };
        let said = "5 replies, 3 of them distinct, letter case and blanks apart: 3 times (1, 3, 4), once (2), once (5)";
        assert_eq!(sampled.told(), said);
    }
}
