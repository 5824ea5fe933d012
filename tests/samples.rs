//! The samples are the first thing that a new user reads, and what every tour and picture shows: they keep the format,
//! they are whole, and each step between two versions is a step that can be seen.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use greenroom::diff::{Bump, Comparison, RowKind, State, compare};
use greenroom::model::tokens::Vocabulary;
use greenroom::prompt::{Declaration, Declarations, Document, Resolver, SectionId, Style, Values, template};
use sha2::{Digest, Sha256};

const STATES: [(&str, &[&str]); 2] = [
    ("customer_support", &["v1.0.0_2024-01-15", "v1.1.0_2024-02-01", "v1.2.0_2024-03-15", "draft"]),
    ("recipe_ideas", &["v1.0.0_2024-02-12", "draft"]),
];

fn folder(prompt: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-prompts/prompts").join(prompt)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every state of every sample: its name, its folder, its text.
fn states() -> impl Iterator<Item = (&'static str, PathBuf, String)> {
    STATES.into_iter().flat_map(|(prompt, states)| {
        states.iter().map(move |state| {
            let folder = folder(prompt).join(state);
            let text = read(&folder.join("system_prompt.txt"));
            (prompt, folder, text)
        })
    })
}

fn text(prompt: &str, state: &str) -> String {
    read(&folder(prompt).join(state).join("system_prompt.txt"))
}

fn about(prompt: &str) -> toml::Table {
    read(&folder(prompt).join("prompt.toml")).parse().expect("prompt.toml is TOML")
}

fn declarations(prompt: &str) -> Declarations {
    let variables = about(prompt)["variables"].as_table().expect("variables is a table").clone();
    let declaration = |value: toml::Value| value.try_into::<Declaration>().expect("a declaration");
    Declarations(variables.into_iter().map(|(name, value)| (name, declaration(value))).collect())
}

fn value_sets(prompt: &str) -> Vec<(String, Values)> {
    let files = fs::read_dir(folder(prompt).join("values")).expect("there are value sets");
    let read_set = |path: PathBuf| {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&read(&path)).expect("a value set is an object");
        let as_text = |value: serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let values = object.into_iter().map(|(name, value)| (name, as_text(value))).collect();
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), Values(values))
    };
    files.map(|file| read_set(file.expect("readable").path())).collect()
}

#[test]
fn all_five_sections_of_every_sample_are_there_in_order_and_full() {
    for (_, folder, text) in states() {
        let document = Document::parse(&text);
        let found: Vec<_> = document.parts().iter().filter_map(|part| part.id).collect();
        assert_eq!(found, SectionId::ALL, "{}", folder.display());
        assert_eq!(document.style, Style::Markdown, "{}", folder.display());
        assert_eq!(document.body(None), "", "{} has unsorted text", folder.display());
        for section in SectionId::ALL {
            let words = document.body(Some(section)).split_whitespace().count();
            assert!(words > 60, "{}: {section} has {words} words", folder.display());
        }
    }
}

#[test]
fn every_variable_of_a_sample_is_declared_and_every_declared_one_is_used() {
    for (prompt, folder, text) in states() {
        let used: BTreeSet<_> = template::names(&text).into_iter().map(str::to_owned).collect();
        let declared: BTreeSet<_> = declarations(prompt).0.into_iter().map(|(name, _)| name).collect();
        assert_eq!(used, declared, "{}", folder.display());
    }
}

#[test]
fn every_declaration_says_what_the_variable_is_and_gives_a_made_up_example() {
    for (prompt, _) in STATES {
        for (name, declaration) in declarations(prompt).0 {
            assert!(declaration.description.is_some(), "{prompt}: {name} has no description");
            assert!(declaration.example.is_some_and(|example| !example.is_empty()), "{prompt}: {name} has no example");
        }
    }
}

#[test]
fn every_value_set_fills_every_state_within_the_budget_and_each_gives_another_text() {
    for (prompt, folder, text) in states() {
        let declarations = declarations(prompt);
        let budget = about(prompt)["budget"]["tokens"].as_integer().expect("a budget");
        let sets = value_sets(prompt);
        let mut filled_texts = BTreeSet::new();
        for (name, values) in &sets {
            let given = Values::default();
            let resolver = Resolver {
                given: &given,
                set: Some(values),
                message: None,
                conversation_history: None,
                declarations: &declarations,
            };
            let filled = resolver.fill(&text);
            assert_eq!(filled.missing().collect::<Vec<_>>(), Vec::<&str>::new(), "{} with {name}", folder.display());
            assert_eq!(resolver.unused(&[&text]), Vec::<String>::new(), "{} with {name}", folder.display());
            let tokens = Vocabulary::O200k.count(&filled.text);
            assert!(i64::try_from(tokens).is_ok_and(|n| n <= budget), "{} with {name}: {tokens}", folder.display());
            filled_texts.insert(filled.text);
        }
        assert!(sets.len() >= 2 && filled_texts.len() == sets.len(), "{}", folder.display());
    }
}

#[test]
fn what_end_users_write_stands_between_tags_on_lines_of_their_own() {
    for (prompt, folder, text) in states() {
        for (name, _) in declarations(prompt).0.iter().filter(|(_, declaration)| declaration.untrusted) {
            let at = text.find(&format!("{{{{{name}}}}}")).expect("it is used");
            let fence_before = text[..at].lines().rev().find(|line| line.starts_with('<')).unwrap_or_default();
            let fence_after = text[at..].lines().find(|line| line.starts_with('<')).unwrap_or_default();
            assert_eq!(fence_before.replace('<', "</"), fence_after, "{}: {name}", folder.display());
        }
    }
}

#[test]
fn the_sums_of_every_frozen_sample_hold() {
    for (_, folder, _) in states().filter(|(_, folder, _)| !folder.ends_with("draft")) {
        let sums = ["system_prompt.txt", "config.json", "changelog.md"].map(|name| {
            let digest = Sha256::digest(fs::read(folder.join(name)).expect("a frozen file is there"));
            let hex: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{}  {name}\n", hex.concat())
        });
        assert_eq!(read(&folder.join("SHA256SUMS")), sums.concat(), "{}", folder.display());
    }
}

#[test]
fn the_samples_answer_without_a_key() {
    for (_, folder, _) in states() {
        let config: serde_json::Value = serde_json::from_str(&read(&folder.join("config.json"))).expect("JSON");
        assert_eq!(config["model"], "offline", "{}", folder.display());
    }
}

#[test]
fn most_lines_of_a_version_are_still_there_in_the_next_and_some_are_not() {
    for (prompt, states) in STATES {
        for pair in states.windows(2) {
            let (before, after) = (text(prompt, pair[0]), text(prompt, pair[1]));
            let kept: BTreeSet<_> = after.lines().collect();
            let before: Vec<_> = before.lines().filter(|line| !line.is_empty()).collect();
            let same = before.iter().filter(|line| kept.contains(**line)).count();
            assert!(same * 10 >= before.len() * 8 && same < before.len(), "{prompt}: {pair:?}: {same}");
        }
    }
}

fn config(prompt: &str, state: &str) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_str(&read(&folder(prompt).join(state).join("config.json"))).expect("config.json is an object")
}

/// What differs between two states of a prompt.
fn comparison(prompt: &str, from: &str, to: &str) -> Comparison {
    let (from_text, from_config) = (text(prompt, from), config(prompt, from));
    let (to_text, to_config) = (text(prompt, to), config(prompt, to));
    compare(State { text: &from_text, config: &from_config }, State { text: &to_text, config: &to_config })
}

#[test]
fn the_number_of_each_version_is_the_step_that_is_proposed_for_it() {
    for (prompt, states) in STATES {
        for pair in states.windows(2) {
            assert_eq!(comparison(prompt, pair[0], pair[1]).bump, Bump::Minor, "{prompt}: {pair:?}");
        }
    }
}

#[test]
fn the_draft_of_customer_support_has_something_of_everything_to_show_in_a_diff() {
    let compared = comparison("customer_support", "v1.2.0_2024-03-15", "draft");
    let has = |section: SectionId, kind: RowKind| {
        let section = compared.sections.iter().find(|found| found.id == Some(section)).expect("the section");
        section.rows.iter().any(|row| row.kind == kind)
    };
    assert!(has(SectionId::BehavioralGuidelines, RowKind::Change));
    assert!(has(SectionId::BehavioralGuidelines, RowKind::MoveFrom));
    assert!(has(SectionId::CapabilitiesAndLimitations, RowKind::Insert));
    assert!(has(SectionId::SafetyRails, RowKind::MoveTo));
    assert!(!compared.config.is_empty());
}

#[test]
fn every_later_version_says_what_changed_why_and_how_to_go_back() {
    let folder = folder("customer_support");
    for (state, from, version) in [("v1.1.0_2024-02-01", "1.0.0", "1.1.0"), ("v1.2.0_2024-03-15", "1.1.0", "1.2.0")] {
        let changelog = read(&folder.join(state).join("changelog.md"));
        assert!(changelog.starts_with(&format!("# customer_support {version} (")), "{changelog}");
        for wanted in ["\n## What changed\n", "\n## Why\n", "\n## Rollback\n"] {
            assert!(changelog.contains(wanted), "{version} lacks {wanted}");
        }
        assert!(changelog.contains(&format!("greenroom rollback customer_support --to {from} --why ")), "{version}");
    }
}
