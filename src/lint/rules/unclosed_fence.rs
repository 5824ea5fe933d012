//! A code fence that nothing closes.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};
use crate::prompt::Eol;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unclosed-fence",
    group: Group::Hygiene,
    severity: Severity::Warning,
    summary: "a code fence is not closed",
    help: "close it where the code ends",
    fixes: true,
    page: Page {
        what: "Three backticks or tildes open a code block, and no line closes it: everything below is code.",
        why: "Headings within code are text, so the sections below are lost, and the model may take your rules for an example.",
        before: "# Output Format\n\n```\n{\"answer\": \"…\"}\n\n# Safety Rails\n\nNever give out an address.\n",
        after: "# Output Format\n\n```\n{\"answer\": \"…\"}\n```\n\n# Safety Rails\n\nNever give out an address.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let Some(at) = view.open_fence else { return };
    let line = &view.lines[at];
    let text = &view.text[line.start..line.end];
    let below = view.lines.len() - at - 1;
    let found =
        out.at(line.start..line.end, format!("this fence is never closed, so the {below} lines below it are code"));
    // only where nothing can be meant to stand outside: the text ends a few lines later and has no heading there
    let heads = view.lines[at + 1..].iter().any(|line| view.text[line.start..line.end].starts_with(['#', '<']));
    if !heads && below > 0 {
        let eol = Eol::of(view.text).unwrap_or_default().as_str();
        let joint = if Eol::of(view.text).is_none() { eol } else { "" };
        let mark = text.trim_start().chars().next().unwrap_or('`');
        let length = text.trim_start().chars().take_while(|c| *c == mark).count();
        let close = format!("{joint}{}{eol}", mark.to_string().repeat(length));
        found.fix("close it at the end", vec![Edit::insert(view.text.len(), close)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, found, nothing, one_at};

    #[test]
    fn a_fence_that_stays_open_is_found_and_closed_where_nothing_follows() {
        one_at(&RULE, RULE.page.before, "3:1");
        assert_eq!(found(&RULE, &Input::of(RULE.page.before))[0].fix, None, "where it ends is not ours to say");
        assert_eq!(fixed(&RULE, "a\n~~~~\nx"), "a\n~~~~\nx\n~~~~\n");
    }

    #[test]
    fn closed_fences_and_code_within_a_line_are_left_alone() {
        nothing(&RULE, "```\nx\n```\n\n~~~\n```\n~~~\n\nUse ```x``` here.\n");
    }
}
