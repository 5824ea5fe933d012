//! What of a prompt a model's server can keep between two calls: the text before the first variable that changes by
//! request or session. And which change of the prompt would let it keep more, found by trying.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};
use crate::prompt::template::placeholders;
use crate::prompt::{Document, Freshness, Resolver, SectionId, TokenCounter};

/// So many variables are tried one by one; a prompt with more is advised about its first ones.
const MOST_TRIED: usize = 24;

/// The part of the most that can be gained for which fewer moves are preferred.
const ENOUGH: f64 = 0.95;

/// The text that stays the same from call to call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefix {
    /// Its tokens.
    pub tokens: usize,
    /// The variable that ends it; `None` when the whole prompt stays the same.
    pub ended_by: Option<String>,
}

/// A change of the prompt that makes the prefix longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// What to do.
    pub remedy: Remedy,
    /// The prefix after it, in tokens.
    pub prefix: usize,
}

/// What can be done about a variable that ends the prefix too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// The lines that use these variables go elsewhere.
    Move {
        /// The variables, in the order of the text.
        variables: Vec<String>,
        /// The numbers of the lines, from 1.
        lines: Vec<usize>,
        /// Where they go.
        to: Destination,
    },
    /// The variable is not declared; it may be one that stays the same, and then saying so is enough.
    Declare {
        /// The variable.
        variable: String,
    },
}

impl Remedy {
    /// What to do, for a person.
    pub fn words(&self) -> String {
        match self {
            Self::Declare { variable } => format!(
                "declare {{{{{variable}}}}} in prompt.toml with freshness = \"static\", if it is the same for every call"
            ),
            Self::Move { variables, lines, to } => {
                let to = match to {
                    Destination::EndOfPrompt => "to the end of the prompt".to_owned(),
                    Destination::EndOfSection(Some(section)) => format!("to the end of {section}"),
                    Destination::EndOfSection(None) => "to the end of the text before the first heading".to_owned(),
                };
                let names: Vec<String> = variables.iter().map(|name| format!("{{{{{name}}}}}")).collect();
                format!("move {} ({}) {to}", listed(&names), numbered(lines))
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] if names.len() <= 4 => format!("{} and {last}", before.join(", ")),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

fn numbered(lines: &[usize]) -> String {
    let numbers: Vec<String> = lines.iter().take(6).map(ToString::to_string).collect();
    let more = if lines.len() > numbers.len() { ", …" } else { "" };
    format!("{} {}{more}", if lines.len() == 1 { "line" } else { "lines" }, numbers.join(", "))
}

/// What is worth being said of `advice`: the best move, and the best declaration.
pub fn worth_saying(advice: &[Advice]) -> impl Iterator<Item = &Advice> {
    let declares = |advice: &&Advice| matches!(advice.remedy, Remedy::Declare { .. });
    let moves = advice.iter().find(|advice| !declares(advice));
    moves.into_iter().chain(advice.iter().find(declares))
}

/// Where lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To the end of the section they stand in; `None` is the text before the first heading.
    EndOfSection(Option<SectionId>),
    /// To the end of the prompt.
    EndOfPrompt,
}

/// Whether the value of `name` changes by session or by request. What the playtest fills always does, and so does what
/// is not declared.
pub fn changes(resolver: &Resolver<'_>, name: &str) -> bool {
    if [MESSAGE, CONVERSATION_HISTORY].contains(&name) {
        return true;
    }
    let declared = resolver.declarations.get(name).map(|declared| declared.freshness);
    declared.unwrap_or_default() >= Freshness::Session
}

/// The prefix of `template` with these values.
pub fn prefix(template: &str, resolver: &Resolver<'_>, counter: &dyn TokenCounter) -> Prefix {
    measured(template, resolver, counter, &|name| changes(resolver, name))
}

fn measured(
    template: &str,
    resolver: &Resolver<'_>,
    counter: &dyn TokenCounter,
    changes: &dyn Fn(&str) -> bool,
) -> Prefix {
    let first = placeholders(template).find(|(_, name)| changes(name));
    let (end, ended_by) = first.map_or((template.len(), None), |(range, name)| (range.start, Some(name.to_owned())));
    Prefix { tokens: counter.count(&resolver.fill(&template[..end]).text), ended_by }
}

/// What would make the prefix longer, the change that gains most first. Every candidate is tried on a copy of the text:
/// each variable's lines to the end of their section and to the end of the prompt, the lines of the first two, three, …
/// variables together, and each variable that is not declared declared as one that stays. Takes time in proportion to
/// the text and to the number of its variables.
pub fn advise(document: &Document, resolver: &Resolver<'_>, counter: &dyn TokenCounter) -> Vec<Advice> {
    let template = document.to_text();
    let now = prefix(&template, resolver, counter);
    let lines = Lines::of(document, &template);
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in placeholders(&template) {
        if changes(resolver, name) && !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(MOST_TRIED);
    let mut advice = Vec::new();
    let mut moves = Vec::new();
    for count in 1..=names.len() {
        moves.extend(lines.moved(&names[..count], Destination::EndOfPrompt));
    }
    for name in &names {
        let together = [*name];
        let (_, sections) = lines.using(&together);
        if let [section] = sections.into_iter().collect::<Vec<_>>()[..] {
            moves.extend(lines.moved(&together, Destination::EndOfSection(section)));
        }
        moves.extend(lines.moved(&together, Destination::EndOfPrompt));
    }
    for (remedy, text) in moves {
        advice.push(Advice { remedy, prefix: prefix(&text, resolver, counter).tokens });
    }
    let most = advice.iter().map(|advice| advice.prefix).max().unwrap_or(0).saturating_sub(now.tokens);
    // of the moves that gain nearly the most, the one with the fewest variables, then the one that moves less far
    let rank = |advice: &Advice| {
        let enough = (advice.prefix.saturating_sub(now.tokens)) as f64 >= most as f64 * ENOUGH;
        let (variables, far) = match &advice.remedy {
            Remedy::Move { variables, to, .. } => (variables.len(), *to == Destination::EndOfPrompt),
            Remedy::Declare { .. } => (0, false),
        };
        let exactly = std::cmp::Reverse(advice.prefix);
        if enough { (0, variables, far, exactly) } else { (1, 0, false, exactly) }
    };
    for name in names.iter().filter(|name| ![MESSAGE, CONVERSATION_HISTORY].contains(*name)) {
        if resolver.declarations.get(name).is_none() {
            let stays = |other: &str| other != *name && changes(resolver, other);
            let prefix = measured(&template, resolver, counter, &stays).tokens;
            advice.push(Advice { remedy: Remedy::Declare { variable: (*name).to_owned() }, prefix });
        }
    }
    advice.retain(|advice| advice.prefix > now.tokens);
    advice.sort_by_key(rank);
    // a move that gains no more than a better one is none
    let mut gained = BTreeSet::new();
    advice.retain(|advice| matches!(advice.remedy, Remedy::Declare { .. }) || gained.insert(advice.prefix));
    advice
}

/// A text as lines that can be moved.
struct Lines<'a> {
    text: &'a str,
    rows: Vec<Range<usize>>,
    /// Where each part of the document's content ends: its lines can go there.
    ends: Vec<(Option<SectionId>, Range<usize>, usize)>,
}

impl<'a> Lines<'a> {
    fn of(document: &Document, text: &'a str) -> Self {
        let mut rows = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            rows.push(start..start + line.len());
            start += line.len();
        }
        let mut ends = Vec::new();
        let mut start = 0;
        for part in document.parts() {
            let content = start + part.heading.len() + part.lead.len() + part.body.len();
            let end = content + part.tail.len();
            ends.push((part.id, start..end, content));
            start = end;
        }
        Self { text, rows, ends }
    }

    /// The lines that use any of these variables, and the sections they stand in.
    fn using(&self, names: &[&str]) -> (Vec<usize>, BTreeSet<Option<SectionId>>) {
        let mut found = Vec::new();
        let mut sections = BTreeSet::new();
        for (range, name) in placeholders(self.text) {
            if !names.contains(&name) {
                continue;
            }
            let line = self.rows.partition_point(|line| line.end <= range.start);
            if found.last() != Some(&line) {
                found.push(line);
            }
            let part = self.ends.iter().find(|(_, place, _)| place.contains(&range.start));
            sections.extend(part.map(|(section, ..)| *section));
        }
        (found, sections)
    }

    /// The text with the lines of these variables elsewhere; `None` when they stand there already.
    fn moved(&self, names: &[&str], to: Destination) -> Option<(Remedy, String)> {
        let (numbers, _) = self.using(names);
        let at = match to {
            Destination::EndOfPrompt => self.text.len(),
            Destination::EndOfSection(section) => {
                self.ends.iter().find(|(known, ..)| *known == section).map(|(_, _, content)| *content)?
            }
        };
        let mut text = String::with_capacity(self.text.len() + 2);
        let mut stays = 0;
        for number in &numbers {
            let line = &self.rows[*number];
            text.push_str(&self.text[stays.min(line.start)..line.start.min(at.max(stays))]);
            stays = line.end;
        }
        if stays < at {
            text.push_str(&self.text[stays..at]);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        for number in &numbers {
            let line = &self.text[self.rows[*number].clone()];
            text.push_str(line.trim_end_matches(['\r', '\n']));
            text.push('\n');
        }
        let rest = &self.text[at.max(stays)..];
        // the ending of the last line stands behind what was moved
        text.push_str(rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest));
        if text.trim_end() == self.text.trim_end() {
            return None;
        }
        let variables = names.iter().map(|name| (*name).to_owned()).collect();
        let lines = numbers.iter().map(|number| number + 1).collect();
        Some((Remedy::Move { variables, lines, to }, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Declaration, Declarations, Values};

    /// Counts words, so that a test can be read.
    struct Words;

    impl TokenCounter for Words {
        fn count(&self, text: &str) -> usize {
            text.split_whitespace().count()
        }

        fn name(&self) -> &'static str {
            "words"
        }

        fn exact(&self) -> bool {
            true
        }
    }

    fn fresh(declared: &[(&str, Freshness)]) -> Declarations {
        let declaration = |freshness: Freshness| Declaration { freshness, ..Declaration::default() };
        Declarations(declared.iter().map(|(name, freshness)| ((*name).to_owned(), declaration(*freshness))).collect())
    }

    fn with<T>(declarations: &Declarations, ask: impl FnOnce(&Resolver<'_>) -> T) -> T {
        let given = Values([("a".to_owned(), "one two three".to_owned())].into());
        ask(&Resolver { given: &given, set: None, message: None, conversation_history: Some(""), declarations })
    }

    fn prefix_of(text: &str, declarations: &Declarations) -> (usize, Option<String>) {
        let found = with(declarations, |resolver| prefix(text, resolver, &Words));
        (found.tokens, found.ended_by)
    }

    #[test]
    fn the_prefix_ends_at_the_first_variable_that_changes_by_session_or_request() {
        let declared = fresh(&[("a", Freshness::Static), ("d", Freshness::Daily), ("s", Freshness::Session)]);
        assert_eq!(prefix_of("x {{a}} {{d}} y {{s}} z", &declared), (6, Some("s".into())));
        assert_eq!(prefix_of("x {{a}} y", &declared), (5, None));
        assert_eq!(prefix_of("x {{unknown}} y", &declared), (1, Some("unknown".into())));
        assert_eq!(prefix_of("{{a}}", &Declarations::default()), (0, Some("a".into())));
    }

    #[test]
    fn what_the_playtest_fills_changes_whatever_is_declared() {
        let declared = fresh(&[("message", Freshness::Static), ("conversation_history", Freshness::Static)]);
        assert_eq!(prefix_of("x {{conversation_history}} y", &declared), (1, Some("conversation_history".into())));
        assert_eq!(prefix_of("x y {{message}}", &declared), (2, Some("message".into())));
    }

    fn advice(text: &str, declarations: &Declarations) -> Vec<Advice> {
        with(declarations, |resolver| advise(&Document::parse(text), resolver, &Words))
    }

    const EARLY: &str = "# Identity\nI help.\nName: {{user}}\nPlan: {{plan}}\nBe kind.\n\n# Safety\nNever lie to anybody at all, ever.\n";

    #[test]
    fn the_fewest_moves_that_gain_nearly_everything_are_advised_first() {
        let declared = fresh(&[("user", Freshness::Session), ("plan", Freshness::Request)]);
        let best = &advice(EARLY, &declared)[0];
        let Remedy::Move { variables, lines, to } = &best.remedy else { panic!("{best:?}") };
        assert_eq!((variables.join(" "), &lines[..], *to), ("user plan".into(), &[3, 4][..], Destination::EndOfPrompt));
        // what is moved begins with a word of its own: "Name:"
        assert_eq!(best.prefix, 2 + 2 + 2 + 2 + 7 + 1);
    }

    #[test]
    fn each_candidate_is_tried_and_its_prefix_is_the_one_of_the_text_it_makes() {
        let declared = fresh(&[("user", Freshness::Session), ("plan", Freshness::Static)]);
        let found = advice(EARLY, &declared);
        let to_section = found.iter().find(|advice| {
            matches!(
                &advice.remedy,
                Remedy::Move { to: Destination::EndOfSection(Some(SectionId::IdentityAndRole)), .. }
            )
        });
        // "# Identity I help. Plan: {{plan}} Be kind. Name:"
        assert_eq!(to_section.map(|advice| advice.prefix), Some(2 + 2 + 2 + 2 + 1));
    }

    #[test]
    fn a_variable_that_is_not_declared_may_only_need_to_be_declared() {
        let declared = fresh(&[("plan", Freshness::Static)]);
        let found = advice(EARLY, &declared);
        let declare = found.iter().find(|advice| advice.remedy == Remedy::Declare { variable: "user".into() });
        assert_eq!(declare.map(|advice| advice.prefix), Some(Words.count(EARLY)));
    }

    #[test]
    fn a_prompt_that_is_in_order_gets_no_advice() {
        let declared = fresh(&[("user", Freshness::Session)]);
        assert_eq!(advice("# Identity\nI help.\n{{user}}\n", &declared), []);
        assert_eq!(advice("no variable", &declared), []);
    }

    #[test]
    fn a_move_keeps_every_line_exactly_once() {
        let document = Document::parse(EARLY);
        let lines = Lines::of(&document, EARLY);
        for to in [Destination::EndOfPrompt, Destination::EndOfSection(Some(SectionId::IdentityAndRole))] {
            let (_, text) = lines.moved(&["user"], to).unwrap();
            let sorted = |text: &str| {
                let mut lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
                lines.sort();
                lines
            };
            assert_eq!(sorted(&text), sorted(EARLY), "{to:?}: {text}");
        }
    }
}
