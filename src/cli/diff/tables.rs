//! What differs beside the text, as tables of the page.

use std::fmt::Write as _;

use crate::cli::diff::beyond::Beyond;
use crate::cli::diff::page::escaped;
use crate::cli::diff::setting;
use crate::diff::Comparison;
use crate::library::Changed;

/// Config, variables, value sets, findings: a table each where something differs.
pub fn beside(comparison: &Comparison, beyond: &Beyond, out: &mut String) {
    out.push_str("<section aria-labelledby=\"beside\">\n<h2 id=\"beside\">Beside the text</h2>\n");
    let before = out.len();
    let config: Vec<Changed> = comparison
        .config
        .iter()
        .map(|change| {
            let value = |value: &Option<serde_json::Value>| value.as_ref().map(|value| setting(Some(value)));
            Changed { what: change.key.clone(), from: value(&change.from), to: value(&change.to) }
        })
        .collect();
    let used = |name: &String, there: bool| Changed {
        what: format!("{{{{{name}}}}}"),
        from: (!there).then(|| "used".to_owned()),
        to: there.then(|| "used".to_owned()),
    };
    let names = &comparison.variables;
    let variables: Vec<Changed> = names
        .removed
        .iter()
        .map(|name| used(name, false))
        .chain(names.added.iter().map(|name| used(name, true)))
        .collect();
    changes("config.json", &config, out);
    changes("Variables in the text", &variables, out);
    for (what, changed) in beyond.beside.tables() {
        let (first, rest) = what.split_at(1);
        changes(&(first.to_uppercase() + rest), changed, out);
    }
    if beyond.findings().next().is_some() {
        out.push_str(
            "<table>\n<caption>Lint</caption>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">Rule</th>\
             <th scope=\"col\">Line</th><th scope=\"col\">Finding</th></tr></thead>\n<tbody>\n",
        );
        for (sign, found) in beyond.findings() {
            let word = if sign == '-' { "gone" } else { "appeared" };
            let _ = writeln!(
                out,
                "<tr><td>{word}</td><th scope=\"row\">{}: {}</th><td>{}</td><td>{}</td></tr>",
                found.severity.word(),
                found.rule.id,
                found.line,
                escaped(&found.message)
            );
        }
        out.push_str("</tbody>\n</table>\n");
    }
    if out.len() == before {
        out.push_str("<p>Nothing differs: config, variables, value sets, evals and lint findings are the same.</p>\n");
    }
    out.push_str("</section>\n");
}

fn changes(caption: &str, changes: &[Changed], out: &mut String) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<table>\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Was</th>\
         <th scope=\"col\">Is</th></tr></thead>\n<tbody>"
    );
    for change in changes {
        let shown = |value: &Option<String>, tag: &str| {
            value.as_deref().map_or_else(|| "–".to_owned(), |value| format!("<{tag}>{}</{tag}>", escaped(value)))
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escaped(&change.what),
            shown(&change.from, "del"),
            shown(&change.to, "ins")
        );
    }
    out.push_str("</tbody>\n</table>\n");
}
