//! Findings as a SARIF 2.1.0 document (OASIS, Static Analysis Results Interchange Format): what code review tools show
//! beside the lines of a change.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Linted;
use crate::lint::{Finding, Point, Severity, page, rules};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document. Places are relative to the git repository that the library stands in, else to the library.
pub fn document(all: &[Linted], library: &Path) -> Value {
    let root = repository(library);
    let rules: Vec<Value> = rules::ALL
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.summary },
                "fullDescription": { "text": rule.page.what },
                "help": { "text": format!("{}. {}", rule.help, rule.page.why), "markdown": page(rule) },
                "defaultConfiguration": { "level": level(rule.severity) },
                "properties": { "tags": [rule.group.title().to_lowercase()] },
            })
        })
        .collect();
    let results: Vec<Value> =
        all.iter().flat_map(|one| one.findings.iter().map(|found| result(one, found, &root))).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "greenroom",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "the repository, or the library where there is none" } } },
            "results": results,
        }],
    })
}

fn result(linted: &Linted, found: &Finding, root: &Path) -> Value {
    let (file, from, to) = match found.settings {
        Some(place) => (&linted.settings, place, Point { line: place.line, column: place.column + 1 }),
        None => (&linted.file, Point { line: found.line, column: found.column }, found.end),
    };
    let file = file.canonicalize().unwrap_or_else(|_| file.clone());
    let index = rules::ALL.iter().position(|rule| *rule == found.rule);
    json!({
        "ruleId": found.rule.id,
        "ruleIndex": index,
        "level": level(found.severity),
        "message": { "text": format!("{}. {}", found.message, found.help) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file.strip_prefix(root).unwrap_or(&file)), "uriBaseId": "%SRCROOT%" },
                "region": {
                    "startLine": from.line,
                    "startColumn": from.column,
                    "endLine": to.line,
                    "endColumn": to.column,
                },
            },
            "logicalLocations": [{ "name": found.section_id(), "kind": "module" }],
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

/// The folder upwards that has a `.git`; else the library itself.
fn repository(library: &Path) -> PathBuf {
    let real = library.canonicalize().unwrap_or_else(|_| library.to_owned());
    let found = real.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    found.unwrap_or(real)
}

/// A relative path as a URI: `/` between its parts, everything that is not plain as `%XX`.
fn uri(path: &Path) -> String {
    let mut uri = String::new();
    for (at, part) in path.components().enumerate() {
        if at > 0 && !uri.ends_with('/') {
            uri.push('/');
        }
        for byte in part.as_os_str().to_string_lossy().bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
                uri.push(char::from(byte));
            } else {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_uri() {
        assert_eq!(uri(Path::new("my lib/prompts/é.txt")), "my%20lib/prompts/%C3%A9.txt");
        assert_eq!(uri(Path::new("/a/b")), "/a/b");
    }
}
