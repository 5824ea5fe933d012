//! Notes to oneself that are sent to the model.

use crate::lint::view::{Kind, View};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "leftover-note",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "a note of the writer was left in the text",
    help: "take it out: there are no comments in a prompt, everything in it is sent",
    fixes: false,
    page: Page {
        what: "`TODO:`, `FIXME`, `TBD` or `XXX` at the beginning of a line, `<!-- … -->`, `lorem ipsum`, `[INSERT …]`.",
        why: "The model receives it, and may follow it or tell it to a user.",
        before: "# Tone\n\nTODO: ask legal about this.\nBe kind.\n",
        after: "# Tone\n\nBe kind.\n",
    },
    phrases: &["todo", "fixme", "tbd", "xxx", "lorem ipsum", "insert"],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for hit in view.hits(&RULE) {
        let word = &view.words[hit.words.start];
        let line = &view.lines[view.line_at(word.start)];
        let before = view.text[line.content..word.start].trim_matches(['*', '_', ' ']);
        let after = view.text[word.end..line.end].bytes().next();
        let note = match hit.phrase {
            0 | 1 => word.capitals && before.is_empty() && matches!(after, Some(b':' | b'(')),
            2 | 3 => word.capitals && before.is_empty() && matches!(after, None | Some(b':' | b' ' | b'.')),
            4 => true,
            _ => word.capitals && before.ends_with('['),
        };
        if note && line.kind == Kind::Text && !line.example && !word.literal {
            out.at(
                view.range(&hit.words),
                format!("\"{}\" is a note, and it is sent", &view.text[view.range(&hit.words)]),
            );
        }
    }
    for start in memchr::memmem::find_iter(view.text.as_bytes(), b"<!--") {
        let line = &view.lines[view.line_at(start)];
        let before = &view.text[line.start..start];
        if line.kind == Kind::Text && !before.contains('`') {
            out.at(start..start + 4, "an HTML comment is sent like everything else");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn notes_of_the_writer_are_found() {
        one_at(&RULE, RULE.page.before, "3:1");
        one_at(&RULE, "a\n<!-- old rule -->\n", "2:1");
        one_at(&RULE, "- You work for [INSERT COMPANY].\n", "1:17");
    }

    #[test]
    fn speaking_of_notes_is_none() {
        nothing(&RULE, "Never leave a TODO in code. Insert a blank line. Write `<!-- more -->`.");
        nothing(&RULE, "```\nTODO: in an example\n<!-- x -->\n```\n");
    }
}
