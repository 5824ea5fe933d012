//! What the offline stand-in says: which lines of the prompt bear on a message, word for word, and where it is silent.

use std::collections::HashSet;
use std::fmt::Write;

use super::lines::{Instruction, Part, instructions};
use super::rank::{Term, scores};
use super::words::{related, stem, stems, words};

/// How much a word that is only related counts, beside one that the message holds.
const RELATED_WEIGHT: f64 = 0.5;
/// At most this many lines of each kind are quoted: an answer is read, not searched.
const MOST_TRIGGERS: usize = 4;
const MOST_LINES: usize = 5;
/// A line that scores less than this part of the best one of its kind is noise.
const WORTH_QUOTING: f64 = 0.35;
/// A quoted line longer than this, in characters, is cut, visibly.
const LONGEST_QUOTE: usize = 280;

/// The words of a message that are looked for. A message says what it is about in its first page.
const LONGEST_QUERY: usize = 2000;

/// The first line of every reply: nobody may take this for a model.
pub(super) const DISCLAIMER: &str = "No language model answered. This is greenroom's offline stand-in: it quotes the lines of the filled prompt that bear on the message and says nothing of its own about it.";

/// The reply to `message` under a prompt of these parts.
pub(super) fn answer(parts: &[Part], message: &str) -> String {
    let lines = instructions(parts);
    let mut reply = format!("{DISCLAIMER}\n\n");
    if lines.is_empty() {
        reply.push_str("The system prompt holds no instructions.\n");
        return reply;
    }
    let stemmed: Vec<Vec<String>> = lines.iter().map(|line| stems(&line.text)).collect();
    let query = query(message);
    let scores = scores(&query.iter().map(|asked| asked.term.clone()).collect::<Vec<_>>(), &stemmed);
    if query.is_empty() {
        reply.push_str("The message holds no word to look for.\n");
        return reply;
    }

    let triggers = best(&lines, &scores, true, MOST_TRIGGERS);
    let others = best(&lines, &scores, false, MOST_LINES);
    if triggers.is_empty() && others.is_empty() {
        reply.push_str("No line of the prompt shares a word with the message, or a related one.\n");
        return reply;
    }
    for (heading, quoted) in
        [("Escalation and safety lines first:", &triggers), ("Other lines on the subject:", &others)]
    {
        if quoted.is_empty() {
            continue;
        }
        let _ = writeln!(reply, "{heading}");
        for &index in quoted {
            let line = &lines[index];
            let reasons = reasons(&query, &stemmed[index]);
            let _ =
                writeln!(reply, "- {}, line {} ({reasons}): {}", parts[line.part].title, line.line, quote(&line.text));
        }
        reply.push('\n');
    }

    let (mut silent, mut empty) = (Vec::new(), Vec::new());
    for (index, part) in parts.iter().enumerate() {
        let mut own = lines.iter().zip(&scores).filter(|(line, _)| line.part == index).peekable();
        if own.peek().is_none() {
            empty.push(part.title.as_str());
        } else if own.all(|(_, score)| *score <= 0.0) {
            silent.push(part.title.as_str());
        }
    }
    if !silent.is_empty() {
        let _ = writeln!(reply, "Nothing on the subject in: {}.", silent.join(", "));
    }
    if !empty.is_empty() {
        let _ = writeln!(reply, "No instructions in: {}.", empty.join(", "));
    }
    reply
}

/// A word to look for, and how the answer gives the reason for it: `refund`, or `sue → legal`.
struct Asked {
    term: Term,
    reason: String,
}

fn query(message: &str) -> Vec<Asked> {
    let mut query: Vec<Asked> = Vec::new();
    let mut known = HashSet::new();
    let mut ask = |stem: String, weight: f64, reason: String| {
        if known.insert(stem.clone()) {
            query.push(Asked { term: Term { stem, weight }, reason });
        }
    };
    let mut said = words(message);
    said.truncate(LONGEST_QUERY);
    for (word, stem) in &said {
        ask(stem.clone(), 1.0, word.clone());
    }
    for (word, stem) in &said {
        for other in related(stem) {
            ask(self::stem(other), RELATED_WEIGHT, format!("{word} → {other}"));
        }
    }
    query
}

/// The places of the best lines of one kind, best first; lines of the same score in the order of the prompt.
fn best(lines: &[Instruction], scores: &[f64], trigger: bool, most: usize) -> Vec<usize> {
    let mut places: Vec<usize> =
        (0..lines.len()).filter(|&index| lines[index].trigger == trigger && scores[index] > 0.0).collect();
    places.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let floor = places.first().map_or(0.0, |&first| scores[first] * WORTH_QUOTING);
    places.retain(|&index| scores[index] >= floor);
    places.truncate(most);
    places
}

/// Which words led to a line: those of the message, and only where there are none, related ones.
fn reasons(query: &[Asked], line: &[String]) -> String {
    let hits: Vec<&Asked> = query.iter().filter(|asked| line.contains(&asked.term.stem)).collect();
    let said = hits.iter().any(|asked| asked.term.weight >= 1.0);
    let shown = hits.iter().filter(|asked| !said || asked.term.weight >= 1.0);
    shown.take(3).map(|asked| asked.reason.as_str()).collect::<Vec<_>>().join(", ")
}

fn quote(line: &str) -> String {
    match line.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("“{}…”", &line[..end]),
        None => format!("“{line}”"),
    }
}
