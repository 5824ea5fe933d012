//! `lint --sarif` against the structure that SARIF 2.1.0 prescribes: what an object must have, what it may have, and of
//! what kind each is. Tools that show findings refuse a document that has one key too many.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "other tests of commands use the rest of it")]
mod place;

use place::Place;
use serde_json::Value;

/// What a value has to be.
#[derive(Clone, Copy)]
enum Is {
    Text,
    /// A reference as RFC 3986 has it: no blank, nothing beyond ASCII.
    Uri,
    /// A whole number, at least this.
    From(i64),
    OneOf(&'static [&'static str]),
    An(&'static Shape),
    /// A list without two of the same.
    List(&'static Shape),
    /// Any names, each with such an object.
    Named(&'static Shape),
    /// Whatever the tool wants to say.
    Free,
}

/// The keys of one kind of object.
struct Shape {
    must: &'static [(&'static str, Is)],
    may: &'static [(&'static str, Is)],
}

const LEVEL: Is = Is::OneOf(&["none", "note", "warning", "error"]);

const LOG: Shape = Shape {
    must: &[("version", Is::OneOf(&["2.1.0"])), ("runs", Is::List(&RUN))],
    may: &[("$schema", Is::Uri), ("properties", Is::Free)],
};
const RUN: Shape = Shape {
    must: &[("tool", Is::An(&TOOL))],
    may: &[
        ("results", Is::List(&RESULT)),
        ("columnKind", Is::OneOf(&["utf16CodeUnits", "unicodeCodePoints"])),
        ("originalUriBaseIds", Is::Named(&ARTIFACT)),
    ],
};
const TOOL: Shape = Shape { must: &[("driver", Is::An(&DRIVER))], may: &[] };
const DRIVER: Shape = Shape {
    must: &[("name", Is::Text)],
    may: &[("version", Is::Text), ("semanticVersion", Is::Text), ("rules", Is::List(&RULE))],
};
const RULE: Shape = Shape {
    must: &[("id", Is::Text)],
    may: &[
        ("name", Is::Text),
        ("shortDescription", Is::An(&WORDS)),
        ("fullDescription", Is::An(&WORDS)),
        ("help", Is::An(&WORDS)),
        ("helpUri", Is::Uri),
        ("defaultConfiguration", Is::An(&Shape { must: &[], may: &[("level", LEVEL)] })),
        ("properties", Is::Free),
    ],
};
const WORDS: Shape = Shape { must: &[("text", Is::Text)], may: &[("markdown", Is::Text)] };
const RESULT: Shape = Shape {
    must: &[("message", Is::An(&WORDS))],
    may: &[
        ("ruleId", Is::Text),
        ("ruleIndex", Is::From(-1)),
        ("level", LEVEL),
        ("locations", Is::List(&LOCATION)),
        ("properties", Is::Free),
    ],
};
const LOCATION: Shape =
    Shape { must: &[], may: &[("physicalLocation", Is::An(&PHYSICAL)), ("logicalLocations", Is::List(&LOGICAL))] };
const PHYSICAL: Shape = Shape { must: &[("artifactLocation", Is::An(&ARTIFACT))], may: &[("region", Is::An(&REGION))] };
const ARTIFACT: Shape =
    Shape { must: &[], may: &[("uri", Is::Uri), ("uriBaseId", Is::Text), ("description", Is::An(&WORDS))] };
const REGION: Shape = Shape {
    must: &[("startLine", Is::From(1))],
    may: &[("startColumn", Is::From(1)), ("endLine", Is::From(1)), ("endColumn", Is::From(1))],
};
const LOGICAL: Shape =
    Shape { must: &[], may: &[("name", Is::Text), ("fullyQualifiedName", Is::Text), ("kind", Is::Text)] };

/// What is wrong with `value`, by its path in the document.
fn wrong(value: &Value, is: Is, path: &str, found: &mut Vec<String>) {
    let right = match is {
        Is::Text => value.as_str().is_some_and(|text| !text.is_empty()),
        Is::Uri => value.as_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_graphic())),
        Is::From(least) => value.as_i64().is_some_and(|number| number >= least),
        Is::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Is::Free => value.is_object(),
        Is::An(shape) => return wrong_object(value, shape, path, found),
        Is::List(shape) => {
            let Some(list) = value.as_array() else { return found.push(format!("{path} is no list")) };
            for (at, one) in list.iter().enumerate() {
                wrong_object(one, shape, &format!("{path}[{at}]"), found);
                if list[..at].contains(one) {
                    found.push(format!("{path}[{at}] is there twice"));
                }
            }
            return;
        }
        Is::Named(shape) => {
            let Some(all) = value.as_object() else { return found.push(format!("{path} has no names")) };
            for (name, one) in all {
                wrong_object(one, shape, &format!("{path}.{name}"), found);
            }
            return;
        }
    };
    if !right {
        found.push(format!("{path} is {value}"));
    }
}

fn wrong_object(value: &Value, shape: &Shape, path: &str, found: &mut Vec<String>) {
    let Some(object) = value.as_object() else { return found.push(format!("{path} is no object: {value}")) };
    for (key, _) in shape.must {
        if !object.contains_key(*key) {
            found.push(format!("{path} has no {key}"));
        }
    }
    for (key, value) in object {
        match shape.must.iter().chain(shape.may).find(|(known, _)| known == key) {
            Some((_, is)) => wrong(value, *is, &format!("{path}.{key}"), found),
            None => found.push(format!("{path} may not have {key}")),
        }
    }
}

/// The document for a prompt whose findings are of every kind: of the text, over several lines, of what is missing, of
/// `prompt.toml`, of every level.
fn document() -> Value {
    let place = Place::with_files(&[
        ("library/prompts/help/draft/system_prompt.txt", "# Identity & Role\n\nYou help.  \u{1b}[31mé\n\n```\nx\n"),
        ("library/prompts/help/prompt.toml", "[variables.never_used]\nprivcy = \"public\"\n"),
    ]);
    let output = place.command(&["lint", "help", "--sarif"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_document_has_what_the_format_asks_for_and_nothing_else() {
    let document = document();
    let mut found = Vec::new();
    wrong(&document, Is::An(&LOG), "", &mut found);
    assert!(found.is_empty(), "{found:#?}");
    assert!(document["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    assert_eq!(document["runs"].as_array().unwrap().len(), 1);
    assert_eq!(
        document["runs"][0]["columnKind"], "unicodeCodePoints",
        "columns are characters, as the text form has them"
    );
}

#[test]
fn every_result_has_its_rule_a_message_and_a_region_that_ends_behind_its_beginning() {
    let document = document();
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let mut levels: Vec<&str> = results.iter().map(|one| one["level"].as_str().unwrap()).collect();
    levels.sort_unstable();
    levels.dedup();
    assert_eq!(levels, ["error", "note", "warning"]);
    let mut files = Vec::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.contains(|c: char| c.is_control()), "{text:?}");
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        let at = |line: &str, column: &str| (region[line].as_u64().unwrap(), region[column].as_u64().unwrap());
        assert!(at("endLine", "endColumn") >= at("startLine", "startColumn"), "{region}");
        let artifact = &place["artifactLocation"];
        assert!(run["originalUriBaseIds"].get(artifact["uriBaseId"].as_str().unwrap()).is_some());
        let uri = artifact["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(".."), "{uri}");
        files.push(uri.to_owned());
    }
    files.sort_unstable();
    files.dedup();
    assert_eq!(files, ["prompts/help/draft/system_prompt.txt", "prompts/help/prompt.toml"]);
}

#[test]
fn what_is_wrong_with_a_document_is_seen() {
    let mut document = document();
    document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    document["runs"][0]["colour"] = "red".into();
    document["runs"][0]["tool"]["driver"].as_object_mut().unwrap().remove("name");
    let mut found = Vec::new();
    wrong(&document, Is::An(&LOG), "", &mut found);
    assert_eq!(found.len(), 3, "{found:#?}");
}
