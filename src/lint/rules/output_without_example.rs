//! An Output Format that only describes.

use crate::lint::view::Kind;
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::SectionId;

/// The rule.
pub const RULE: Rule = Rule {
    id: "output-without-example",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "Output Format shows no example",
    help: "add one short answer as it should be, in a code fence or in <example> tags",
    fixes: false,
    page: Page {
        what: "The section Output Format has rules and no example: no code, no quotation, no `for example`.",
        why: "One example fixes the form of an answer better than ten rules, and it is what a test can be written from.",
        before: "# Output Format\n\n- A bold title, then two sentences, then a list of steps.\n- No headings and no tables.\n",
        after: "# Output Format\n\n- A bold title, then two sentences, then a list of steps.\n- No headings and no tables.\n\n\
                An answer as it should be:\n\n```\n**Lost parcel**\nIt is in Lyon. It arrives on Friday.\n1. Stay at home.\n```\n",
    },
    phrases: &[
        "example",
        "examples",
        "e g",
        "for instance",
        "such as",
        "sample",
        "template",
        "looks like",
        "look like",
        "as follows",
    ],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let id = SectionId::OutputFormat;
    let Some(heading) = view.heading(id) else { return };
    let mut words = 0;
    for line in view.body(id) {
        let text = &view.text[line.start..line.end];
        let shown = matches!(line.kind, Kind::Fence | Kind::Code)
            || line.example
            || line.quote
            || text.trim_start().starts_with(['|', '{', '['])
            || quotes(text);
        if shown {
            return;
        }
        words += usize::from(line.kind == Kind::Text);
    }
    let told = view.hits(&RULE).iter().any(|hit| view.sentences[hit.sentence].section == Some(id));
    if words > 0 && !told {
        let _ = heading;
        out.at(view.heading_range(id), "Output Format has rules and no example");
    }
}

/// Whether a line quotes a few words, or code.
fn quotes(text: &str) -> bool {
    let quoted = |mark: char| {
        let mut parts = text.split(mark);
        parts.next();
        parts.next().is_some_and(|inner| inner.contains(' ') && parts.next().is_some())
    };
    quoted('"') || quoted('`') || text.contains('“')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn rules_without_an_example_are_found_at_the_heading() {
        one_at(&RULE, RULE.page.before, "1:1");
    }

    #[test]
    fn code_a_quotation_and_the_word_example_count() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "# Output Format\n\nEnd with \"Is that all for today?\".\n");
        nothing(&RULE, "# Output Format\n\nOne line, for example: Parcel 7 is in Lyon.\n");
        nothing(&RULE, "# Output Format\n\n");
    }
}
