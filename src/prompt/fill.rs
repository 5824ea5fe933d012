//! A text with its placeholders replaced by values, in one pass: a value is never scanned again.

use std::collections::HashMap;

use crate::prompt::template::{Token, tokens};
use crate::prompt::{Declarations, Values};

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Given for this one fill.
    Given,
    /// From the value set.
    Set,
    /// From the playtest: the message, or the conversation so far.
    Playtest,
    /// The declared default.
    Default,
    /// Empty, because the variable is declared as not required.
    Empty,
}

/// The variable that the playtest fills with the user's message.
pub const MESSAGE: &str = "message";

/// The variable that the playtest fills with the turns so far.
pub const CONVERSATION_HISTORY: &str = "conversation_history";

/// Everything a value can come from, in the order in which it is asked.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    /// Values given for this one fill; they win.
    pub given: &'a Values,
    /// The chosen value set.
    pub set: Option<&'a Values>,
    /// The user's message, where there is one.
    pub message: Option<&'a str>,
    /// The turns so far; a fill outside a playtest has none, which is the empty text.
    pub conversation_history: Option<&'a str>,
    /// What `prompt.toml` declares.
    pub declarations: &'a Declarations,
}

impl<'a> Resolver<'a> {
    /// The value of `name` and where it came from; `None` when it is missing.
    pub fn resolve(&self, name: &str) -> Option<(&'a str, Origin)> {
        if let Some(value) = self.given.get(name) {
            return Some((value, Origin::Given));
        }
        if let Some(value) = self.set.and_then(|set| set.get(name)) {
            return Some((value, Origin::Set));
        }
        let playtest = match name {
            MESSAGE => self.message,
            CONVERSATION_HISTORY => self.conversation_history,
            _ => None,
        };
        if let Some(value) = playtest {
            return Some((value, Origin::Playtest));
        }
        let declaration = self.declarations.get(name)?;
        match &declaration.default {
            Some(value) => Some((value, Origin::Default)),
            None => (!declaration.required).then_some(("", Origin::Empty)),
        }
    }

    /// Fills `template` with these values.
    pub fn fill(&self, template: &str) -> Filled {
        fill(template, |name| self.resolve(name).map(|(value, _)| value))
    }

    /// Values that were given or declared and that none of `texts` (the system prompt and the template of the user's
    /// message) asks for, sorted. What the playtest fills never counts.
    pub fn unused(&self, texts: &[&str]) -> Vec<String> {
        let used: Vec<&str> = texts.iter().flat_map(|text| super::template::names(text)).collect();
        let set = self.set.into_iter().flat_map(|set| set.0.keys());
        let declared = self.declarations.0.iter().map(|(name, _)| name);
        let mut unused: Vec<String> = (self.given.0.keys().chain(set).chain(declared))
            .filter(|name| !used.contains(&name.as_str()) && ![MESSAGE, CONVERSATION_HISTORY].contains(&name.as_str()))
            .cloned()
            .collect();
        unused.sort();
        unused.dedup();
        unused
    }
}

/// A filled text, and where its values are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The text, byte for byte what a model receives.
    pub text: String,
    /// Every placeholder's variable, once, in the order of its first use.
    pub variables: Vec<Variable>,
    /// Every place of a placeholder in `text`, in order: its value, or where that is missing the placeholder itself.
    pub spans: Vec<Span>,
}

/// A variable of a filled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether it has no value, so that its placeholders stand in the text as they were.
    pub missing: bool,
}

/// Where one placeholder's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// An index into [`Filled::variables`].
    pub variable: usize,
    /// Its first byte in the filled text.
    pub start: usize,
    /// The byte after it.
    pub end: usize,
}

impl Filled {
    /// The names that have no value, each once, in the order of their first use.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().filter(|variable| variable.missing).map(|variable| &*variable.name)
    }

    /// Where the values are: each one's variable, and its place in the text.
    pub fn values(&self) -> impl Iterator<Item = (&str, Span)> {
        self.spans
            .iter()
            .map(|span| (&self.variables[span.variable], *span))
            .filter(|(variable, _)| !variable.missing)
            .map(|(variable, span)| (&*variable.name, span))
    }
}

/// Fills `template`; `resolve` is asked once for each name, and a placeholder whose name it does not know stays.
pub fn fill<'v>(template: &str, mut resolve: impl FnMut(&str) -> Option<&'v str>) -> Filled {
    let mut filled = Filled { text: String::with_capacity(template.len()), ..Filled::default() };
    let mut known = Known::default();
    let mut values: Vec<Option<&str>> = Vec::new();
    for token in tokens(template) {
        match token {
            Token::Literal(range) => filled.text.push_str(&template[range]),
            Token::Escape(_) => filled.text.push_str("{{"),
            Token::Placeholder { range, name } => {
                let name = &template[name];
                let variable = known.index(name);
                if variable == values.len() {
                    let value = resolve(name);
                    values.push(value);
                    filled.variables.push(Variable { name: name.to_owned(), missing: value.is_none() });
                }
                let start = filled.text.len();
                filled.text.push_str(values[variable].unwrap_or(&template[range]));
                filled.spans.push(Span { variable, start, end: filled.text.len() });
            }
        }
    }
    filled
}

/// The names met so far. Most prompts have few, and a template asks for the same ones over and over.
#[derive(Default)]
struct Known<'t> {
    indices: HashMap<&'t str, usize>,
}

impl<'t> Known<'t> {
    /// The index of `name`; one that is new gets the next.
    fn index(&mut self, name: &'t str) -> usize {
        let next = self.indices.len();
        *self.indices.entry(name).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prompt::Declaration;

    fn values(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn values_are_put_in_once_and_never_scanned_again() {
        let filled = fill("{{a}} and {{ b }}, {{a}}", |name| (name == "a").then_some("{{b}}"));
        assert_eq!(filled.text, "{{b}} and {{ b }}, {{b}}");
        assert_eq!(filled.missing().collect::<Vec<_>>(), ["b"]);
        let places: Vec<_> = filled.values().map(|(name, span)| (name, &filled.text[span.start..span.end])).collect();
        assert_eq!(places, [("a", "{{b}}"), ("a", "{{b}}")]);
        assert_eq!(&filled.text[filled.spans[1].start..filled.spans[1].end], "{{ b }}");
    }

    #[test]
    fn an_escape_becomes_two_braces_and_extra_braces_stay() {
        assert_eq!(fill(r"\{{a}} {{{a}}}", |_| Some("1")).text, "{{a}} {1}");
    }

    #[test]
    fn a_value_is_taken_from_the_first_place_that_has_one() {
        let declarations = Declarations(vec![
            ("d".into(), Declaration { default: Some("default".into()), ..Declaration::default() }),
            ("e".into(), Declaration { required: false, ..Declaration::default() }),
            ("f".into(), Declaration::default()),
            ("message".into(), Declaration { default: Some("declared".into()), ..Declaration::default() }),
        ]);
        let (given, set) = (values(&[("a", "given")]), values(&[("a", "set"), ("b", "set")]));
        let mut resolver = Resolver {
            given: &given,
            set: Some(&set),
            message: Some("hello"),
            conversation_history: Some(""),
            declarations: &declarations,
        };
        assert_eq!(resolver.resolve("a"), Some(("given", Origin::Given)));
        assert_eq!(resolver.resolve("b"), Some(("set", Origin::Set)));
        assert_eq!(resolver.resolve("d"), Some(("default", Origin::Default)));
        assert_eq!(resolver.resolve("e"), Some(("", Origin::Empty)));
        assert_eq!(resolver.resolve("f"), None);
        assert_eq!(resolver.resolve("g"), None);
        assert_eq!(resolver.resolve("message"), Some(("hello", Origin::Playtest)));
        assert_eq!(resolver.resolve("conversation_history"), Some(("", Origin::Playtest)));
        let set = values(&[("message", "of the set")]);
        resolver.set = Some(&set);
        assert_eq!(resolver.resolve("message"), Some(("of the set", Origin::Set)));
        (resolver.set, resolver.message) = (None, None);
        assert_eq!(resolver.resolve("message"), Some(("declared", Origin::Default)));
    }

    #[test]
    fn what_no_text_asks_for_is_unused_except_what_the_playtest_fills() {
        let declarations = Declarations(vec![
            ("declared".into(), Declaration::default()),
            ("used".into(), Declaration::default()),
            ("message".into(), Declaration::default()),
        ]);
        let (given, set) = (values(&[("given", "1")]), values(&[("in_set", "2"), ("in_user", "3")]));
        let resolver = Resolver {
            given: &given,
            set: Some(&set),
            message: None,
            conversation_history: Some(""),
            declarations: &declarations,
        };
        assert_eq!(resolver.unused(&["{{used}}", "{{in_user}}"]), ["declared", "given", "in_set"]);
    }

    proptest! {
        #[test]
        fn a_fill_without_placeholders_changes_nothing(text in any::<String>()) {
            prop_assume!(!text.contains("{{"));
            prop_assert_eq!(fill(&text, |_| None).text, text);
        }

        #[test]
        fn spans_are_in_order_and_hold_the_values(text in r"([{}\\ ab\né]|\{\{[ab]\}\}){0,20}", value in r"[{}a\\]{0,6}") {
            let filled = fill(&text, |name| (name == "a").then_some(&*value));
            let mut at = 0;
            for span in &filled.spans {
                prop_assert!(at <= span.start && span.start <= span.end);
                at = span.end;
                let variable = &filled.variables[span.variable];
                if !variable.missing {
                    prop_assert_eq!(&filled.text[span.start..span.end], &value);
                }
            }
            prop_assert!(at <= filled.text.len());
        }
    }
}
