//! Two braces that open nothing.

use super::malformed_placeholder::attempt;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "lone-braces",
    group: Group::Variables,
    severity: Severity::Note,
    summary: "two braces are text",
    help: "if they are meant as text, write \\{{, which the model receives as {{",
    fixes: true,
    page: Page {
        what: "`{{` that neither begins a placeholder nor looks like one, and has no backslash before it.",
        why: "It is sent as it stands. A later edit, or another template engine, may take it for the beginning of a \
              placeholder; a backslash says that it is meant.",
        before: "Write templates as {{#each items}}.\n",
        after: "Write templates as \\{{#each items}}.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for &start in view.lone.iter().filter(|&&start| attempt(view.text, start).is_none()) {
        out.at(start..start + 2, "`{{` opens no placeholder and is sent as text")
            .fix("write \\{{", vec![Edit::insert(start, "\\")]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn braces_that_open_nothing_are_found_and_escaped() {
        one_at(&RULE, "a\nb {{#if x}}", "2:3");
        one_at(&RULE, "the end {{", "1:9");
        assert_eq!(fixed(&RULE, "{{#a}} {{\"b\": 1}}"), "\\{{#a}} \\{{\"b\": 1}}");
    }

    #[test]
    fn placeholders_and_escaped_braces_are_left_alone() {
        nothing(&RULE, "{{a}} \\{{b}} {{{c}}} { { }} \\{{{d}}}");
    }
}
