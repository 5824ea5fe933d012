//! Braces that were meant to be a placeholder.

use crate::lint::{Edit, Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::template::is_name;

/// The rule.
pub const RULE: Rule = Rule {
    id: "malformed-placeholder",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "braces look like a placeholder and are none",
    help: "a placeholder is {{name}}: letters, digits, _ and dots, two braces on each side, on one line",
    fixes: true,
    page: Page {
        what: "`{{user name}}`, `{{user-name}}`, `{{1st}}`, `{{}}`, `{{name}` and, for a declared name, `{name}`: what is \
               nearly a placeholder is text, and is never filled.",
        why: "The model reads the braces, and sometimes repeats them to the user. Nothing fails, so nobody notices.",
        before: "Greet {{user name}} once.\n",
        after: "Greet {{user_name}} once.\n",
    },
    phrases: &[],
    check,
};

/// The longest name that is still taken for one.
const LONGEST: usize = 48;

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    for &start in &view.lone {
        let Some((end, inner)) = attempt(view.text, start) else { continue };
        let range = start..end;
        let written = &view.text[range.clone()];
        let name: String = inner
            .trim_matches([' ', '\t', '{', '}'])
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("_");
        let found = out.at(range.clone(), format!("`{written}` is no placeholder, so it is sent as it is"));
        if is_name(&name) {
            let right = format!("{{{{{name}}}}}");
            found.help(format!("write {right}")).fix(format!("write {right}"), vec![Edit { range, text: right }]);
        }
    }
    for (name, _) in &input.declarations.0 {
        let single = format!("{{{name}}}");
        for start in memchr::memmem::find_iter(view.text.as_bytes(), single.as_bytes()) {
            let end = start + single.len();
            let around = (start > 0 && view.text.as_bytes()[start - 1] == b'{') || view.text[end..].starts_with('}');
            if !around {
                let right = format!("{{{single}}}");
                out.at(start..end, format!("`{single}` has one brace on each side, so it is never filled"))
                    .help(format!("write {right}"))
                    .fix(format!("write {right}"), vec![Edit { range: start..end, text: right.clone() }]);
            }
        }
    }
}

/// The end of what was meant to be a placeholder at `start`, and what stands in its braces.
pub fn attempt(text: &str, start: usize) -> Option<(usize, &str)> {
    let rest = &text[start..];
    let open = rest.bytes().take_while(|&byte| byte == b'{').count();
    let inner = &rest[open..];
    let length = inner.find(['}', '{', '\n', '\r'])?;
    let close = inner[length..].bytes().take(2).take_while(|&byte| byte == b'}').count();
    let name = inner[..length].trim_matches([' ', '\t']);
    let usual = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    // one closing brace is a slip only after a name; `{{"a": 1}` is JSON
    let meant = match close {
        0 => false,
        1 => is_name(name),
        _ => name.chars().all(usual) && name.split_whitespace().count() <= 4,
    };
    (meant && name.len() <= LONGEST).then_some((start + open + length + close, &inner[..length]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{declared, fixed, nothing, one_at, said_of};
    use crate::prompt::Declaration;

    #[test]
    fn what_is_nearly_a_placeholder_is_found() {
        for text in ["a {{user name}}", "a {{user-name}}", "a {{1st}}", "a {{}}", "a {{name}", "a {{ é }}"] {
            one_at(&RULE, text, "1:3");
        }
        assert_eq!(fixed(&RULE, "Hi {{user-name}}, {{ first name }}!"), "Hi {{user_name}}, {{first_name}}!");
        let declarations = declared([("name", Declaration::default())]);
        let input = Input { declarations: &declarations, ..Input::of("{name} {{name}} {other}") };
        assert_eq!(said_of(&RULE, &input), ["1:1 `{name}` has one brace on each side, so it is never filled"]);
    }

    #[test]
    fn placeholders_escapes_and_json_are_left_alone() {
        nothing(&RULE, "{{name}} {{ a.b }} \\{{user name}} {\"a\": {\"b\": 1}} {{\"a\": 1}} {{#if x}} {x}");
    }
}
