//! Every variable of a prompt as a list shows it: where its value comes from, where it is used, what it costs.

use std::collections::HashMap;

use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE, Origin};
use crate::prompt::{Declaration, Document, Privacy, Resolver, SectionId, TokenCounter, template};

/// One use of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Where it stands.
    pub place: Place,
    /// The 1-based line in the whole file; for the user's message, in its template.
    pub line: usize,
    /// The 1-based column in that line, in characters.
    pub column: usize,
}

/// Where a placeholder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Before the first heading.
    Unsorted,
    /// In a section.
    Section(SectionId),
    /// In the template of the user's message, in `config.json`.
    UserTemplate,
}

impl Place {
    /// The id that documents have for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Unsorted => "unsorted",
            Self::Section(section) => section.id(),
            Self::UserTemplate => "user_template",
        }
    }

    /// A short name for narrow columns.
    pub fn short(self) -> &'static str {
        match self {
            Self::Unsorted => "Unsorted",
            Self::Section(SectionId::IdentityAndRole) => "Identity",
            Self::Section(SectionId::BehavioralGuidelines) => "Guidelines",
            Self::Section(SectionId::CapabilitiesAndLimitations) => "Capabilities",
            Self::Section(SectionId::OutputFormat) => "Output",
            Self::Section(SectionId::SafetyRails) => "Safety",
            Self::UserTemplate => "message",
        }
    }
}

/// Where a variable's value comes from, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// From the set, or given for this call.
    Given,
    /// Its declared default.
    Default,
    /// It may be empty, and is.
    Empty,
    /// The playtest fills it.
    Playtest,
    /// It has none.
    Missing,
    /// The prompt does not use it.
    Unused,
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Default => "default",
            Self::Empty => "empty",
            Self::Playtest => "playtest",
            Self::Missing => "missing",
            Self::Unused => "unused",
        }
    }
}

/// One variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Surveyed {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub state: State,
    /// Its value; never shown as it is where it is personal or secret.
    pub value: Option<String>,
    /// What is declared; `None` when nothing is.
    pub declared: Option<Declaration>,
    /// Its uses, in the order of the text.
    pub uses: Vec<Use>,
    /// The tokens of its value, once; `None` when it has none, which is not nothing.
    pub tokens: Option<usize>,
    /// The part of the filled system prompt that its values are, 0 to 1.
    pub share: f64,
}

impl Surveyed {
    /// Who may see its value.
    pub fn privacy(&self) -> Privacy {
        self.declared.as_ref().map(|declared| declared.privacy).unwrap_or_default()
    }
}

/// Every place where `text`, and the template of the user's message, ask for a variable, in order.
pub fn uses<'t>(text: &'t str, user_template: Option<&'t str>) -> Vec<(&'t str, Use)> {
    let document = Document::parse(text);
    // the first line of each part, in the order of the text
    let ids = std::iter::once(None).chain(SectionId::ALL.map(Some));
    let mut starts: Vec<(usize, Place)> = ids
        .filter_map(|id| {
            let line = if id.is_none() { Some(1) } else { document.heading_line(id) };
            Some((line?, id.map_or(Place::Unsorted, Place::Section)))
        })
        .collect();
    starts.sort_by_key(|(line, _)| *line);
    let place =
        |line: usize| starts.iter().take_while(|(start, _)| *start <= line).last().map_or(Place::Unsorted, |it| it.1);
    let mut found = Vec::new();
    in_lines(text, |name, line, column| found.push((name, Use { place: place(line), line, column })));
    if let Some(template) = user_template {
        in_lines(template, |name, line, column| found.push((name, Use { place: Place::UserTemplate, line, column })));
    }
    found
}

fn in_lines<'t>(text: &'t str, mut each: impl FnMut(&'t str, usize, usize)) {
    for (index, line) in text.split('\n').enumerate() {
        for (range, name) in template::placeholders(line) {
            each(name, index + 1, line[..range.start].chars().count() + 1);
        }
    }
}

/// Surveys a prompt: declared variables first, in the order of their declaration, then the others by name.
pub fn survey(
    text: &str,
    user_template: Option<&str>,
    resolver: &Resolver<'_>,
    counter: &dyn TokenCounter,
) -> (Vec<Surveyed>, usize) {
    let total = counter.count(&resolver.fill(text).text);
    let mut by_name: HashMap<&str, Vec<Use>> = HashMap::new();
    for (name, place) in uses(text, user_template) {
        by_name.entry(name).or_default().push(place);
    }
    let declared = resolver.declarations.0.iter().map(|(name, _)| name.as_str());
    let set = resolver.set.into_iter().flat_map(|set| set.0.keys());
    let mut others: Vec<&str> =
        by_name.keys().copied().chain(set.chain(resolver.given.0.keys()).map(String::as_str)).collect();
    others.retain(|name| resolver.declarations.get(name).is_none());
    others.sort_unstable();
    others.dedup();
    let one = |name: &str| {
        let uses = by_name.get(name).cloned().unwrap_or_default();
        let found = resolver.resolve(name);
        let state = match found {
            _ if uses.is_empty() => State::Unused,
            None if [MESSAGE, CONVERSATION_HISTORY].contains(&name) => State::Playtest,
            None => State::Missing,
            Some((_, Origin::Given | Origin::Set)) => State::Given,
            Some((_, Origin::Playtest)) => State::Playtest,
            Some((_, Origin::Default)) => State::Default,
            Some((_, Origin::Empty)) => State::Empty,
        };
        let value = found.map(|(value, _)| value.to_owned());
        let tokens = value.as_deref().map(|value| counter.count(value));
        let times = uses.iter().filter(|place| place.place != Place::UserTemplate).count();
        let share = if total == 0 { 0.0 } else { ((tokens.unwrap_or(0) * times) as f64 / total as f64).min(1.0) };
        Surveyed {
            name: name.to_owned(),
            state,
            value,
            declared: resolver.declarations.get(name).cloned(),
            uses,
            tokens,
            share,
        }
    };
    (declared.chain(others.iter().copied()).map(one).collect(), total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Declarations, Estimate, Values};

    #[test]
    fn every_use_has_its_section_line_and_column() {
        let text = "é {{a}}\n# Identity\nI am {{b}}, {{ a }}.\n\n# Safety Rails\n\\{{a}} {{b}}\n";
        let shown: Vec<String> = uses(text, Some("{{message}}"))
            .iter()
            .map(|(name, it)| format!("{name} {}:{}:{}", it.place.id(), it.line, it.column))
            .collect();
        assert_eq!(
            shown,
            [
                "a unsorted:1:3",
                "b identity_and_role:3:6",
                "a identity_and_role:3:13",
                "b safety_rails:6:8",
                "message user_template:1:1"
            ]
        );
    }

    #[test]
    fn a_survey_says_where_values_come_from_and_what_they_cost() {
        let declarations =
            Declarations(vec![("plan".into(), Declaration { default: Some("free".into()), ..Declaration::default() })]);
        let (given, set) = (
            Values::default(),
            Values([("name".to_owned(), "Ada Lovelace".to_owned()), ("x".to_owned(), "1".to_owned())].into()),
        );
        let resolver = Resolver {
            given: &given,
            set: Some(&set),
            message: None,
            conversation_history: Some(""),
            declarations: &declarations,
        };
        let (rows, total) =
            survey("{{name}} has {{plan}}, {{gone}}, {{name}}", Some("{{message}}"), &resolver, &Estimate);
        let shown: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.state, row.uses.len())).collect();
        assert_eq!(
            shown,
            [
                ("plan", State::Default, 1),
                ("gone", State::Missing, 1),
                ("message", State::Playtest, 1),
                ("name", State::Given, 2),
                ("x", State::Unused, 0)
            ]
        );
        assert!(total > 0 && rows[3].share > rows[0].share && rows[3].share <= 1.0);
    }
}
