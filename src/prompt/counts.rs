//! The tokens of a filled prompt: all of it, each section, each variable, and what of it can be cached.
//!
//! The total is the count of the whole filled text, as a model receives it. A section is counted by itself, with its
//! heading and the empty lines below it, so that the sections and the unsorted text add up to the total, or miss it by
//! a token or two where an edit has left two of them without a line ending in between. A variable is counted by its
//! value, once for each place; its tokens are part of the section it stands in.

use crate::prompt::caching::{Prefix, prefix};
use crate::prompt::pieces::add_up;
use crate::prompt::{Document, Part, Resolver, SectionId, TokenCounter};

/// What a prompt costs in tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The whole filled text.
    pub total: usize,
    /// The text before the first heading.
    pub unsorted: usize,
    /// The five sections in their canonical order; 0 for one that is not there.
    pub sections: [usize; 5],
    /// What each variable's value adds, over all of its places, in the order of the first use; `None` for a
    /// missing value, of which nobody knows what it will add.
    pub variables: Vec<(String, Option<usize>)>,
    /// Variables without a value: their placeholders are counted as they stand.
    pub missing: Vec<String>,
    /// What stays the same from call to call.
    pub prefix: Prefix,
    /// Whether the counter was exact for this text.
    pub exact: bool,
}

impl Counts {
    /// The tokens of a section, or with `None` of the unsorted text.
    pub fn section(&self, id: Option<SectionId>) -> usize {
        id.map_or(self.unsorted, |id| self.sections[id.index()])
    }

    /// The tokens that a variable adds; `None` when the text does not use it, or it has no value.
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().find(|(known, _)| known == name).and_then(|(_, tokens)| *tokens)
    }
}

/// Counts a prompt filled by `resolver`; a variable without a value stays as it stands in the text.
pub fn count(document: &Document, resolver: &Resolver<'_>, counter: &dyn TokenCounter) -> Counts {
    let template = document.to_text();
    let filled = resolver.fill(&template);
    let part = |part: &Part| counter.count(&resolver.fill(&part.stored()).text);
    let mut sections = [0; 5];
    for (id, part_of) in document.parts().iter().filter_map(|part| Some((part.id?, part))) {
        sections[id.index()] = part(part_of);
    }
    let mut uses = vec![0; filled.variables.len()];
    filled.spans.iter().for_each(|span| uses[span.variable] += 1);
    let variables = filled.variables.iter().zip(uses).map(|(variable, uses)| {
        let value = resolver.resolve(&variable.name);
        (variable.name.clone(), value.map(|(value, _)| counter.count(value) * uses))
    });
    Counts {
        total: counter.count(&filled.text),
        unsorted: document.part(None).map_or(0, part),
        sections,
        variables: variables.collect(),
        missing: filled.missing().map(str::to_owned).collect(),
        prefix: prefix(&template, resolver, counter),
        exact: counter.exact() && add_up(&filled.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Declarations, Estimate, Values};

    #[test]
    fn sections_are_filled_with_their_headings_and_variables_cost_as_often_as_they_stand() {
        struct Letters;
        impl TokenCounter for Letters {
            fn count(&self, text: &str) -> usize {
                text.len()
            }
            fn name(&self) -> &'static str {
                "letters"
            }
            fn exact(&self) -> bool {
                true
            }
        }
        let given = Values([("a".to_owned(), "12345".to_owned())].into());
        let declarations = Declarations::default();
        let resolver = Resolver {
            given: &given,
            set: None,
            message: None,
            conversation_history: Some(""),
            declarations: &declarations,
        };
        let document = Document::parse("hi {{a}}\n# Identity\n{{a}}{{b}}\n# Safety\nx");
        let counts = count(&document, &resolver, &Letters);
        assert_eq!((counts.unsorted, counts.sections), (9, [11 + 5 + 5 + 1, 0, 0, 0, 10]));
        assert_eq!(counts.total, 9 + 22 + 10);
        assert_eq!(counts.variables, [("a".to_owned(), Some(10)), ("b".to_owned(), None)]);
        assert_eq!((counts.missing, counts.exact), (vec!["b".to_owned()], true));
        assert_eq!((counts.prefix.tokens, counts.prefix.ended_by.as_deref()), (3, Some("a")));
        assert!(!count(&document, &resolver, &Estimate).exact);
    }
}
