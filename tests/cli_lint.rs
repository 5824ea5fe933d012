//! `lint` as a script and a review tool meet it: findings, places, exit codes, SARIF.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

const CLEAN: &str = "# Identity & Role\n\nYou answer questions about parcels for {{company}}.\n\n# Behavioral Guidelines\n\n\
    - Answer first, in two sentences.\n\n# Capabilities & Limitations\n\nYou can look up a parcel. Asked for anything else, \
    say so and name the help page.\n\n# Output Format\n\nPlain text, for example: Parcel 7 is in Lyon.\n\n# Safety Rails\n\n\
    If someone is hurt, write: \"Please call your local emergency number.\"\n";

const DECLARED: &str = "[variables.company]\nfreshness = \"static\"\n";

/// A library with one prompt.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new(text: &str) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.write("prompts/help/draft/system_prompt.txt", text);
        place.write("prompts/help/prompt.toml", DECLARED);
        place
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.dir.path().join("my library").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path().join("home")).current_dir(self.dir.path().join("my library"));
        command.args(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_slice(&self.run(args).stdout).unwrap()
    }
}

fn said(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

#[test]
fn a_clean_prompt_has_nothing_to_report() {
    let place = Place::new(CLEAN);
    let output = place.run(&["lint", "help"]);
    assert_eq!((output.status.code(), said(&output.stdout)), (Some(0), String::new()));
    assert_eq!(said(&output.stderr), "nothing to report\n");
    assert_eq!(place.json(&["lint", "help", "--json"]), json!({ "findings": [] }));
}

#[test]
fn a_finding_has_exactly_the_keys_of_the_contract() {
    let place = Place::new(&CLEAN.replace("{{company}}", "{{compnay}}"));
    let document = place.json(&["lint", "help", "--json"]);
    assert_eq!(
        document["findings"][1],
        json!({
            "rule": "undeclared-variable",
            "severity": "warning",
            "section": "identity_and_role",
            "line": 3,
            "column": 40,
            "message": "`compnay` is not declared",
            "help": "did you mean `company`? Otherwise declare it in prompt.toml",
        })
    );
    assert_eq!(document["findings"].as_array().unwrap().len(), 2, "{document:#}");
    assert_eq!(place.run(&["lint", "help"]).status.code(), Some(0), "warnings are no failure");
}

#[test]
fn an_error_is_exit_one_and_a_secret_is_never_printed() {
    let key = ["sk-ant-", "api03-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"].concat();
    let place = Place::new(&format!("{CLEAN}Use {key}.\n"));
    for args in [&["lint", "help"][..], &["lint", "help", "--json"], &["lint", "help", "--sarif"]] {
        let output = place.run(args);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(!said(&output.stdout).contains("Zm9v") && !said(&output.stderr).contains("Zm9v"));
    }
    let line = said(&place.run(&["lint", "help"]).stdout);
    assert!(line.starts_with("prompts/help/draft/system_prompt.txt:20:5: error: "), "{line}");
    assert!(line.contains("[secret]\n    "), "{line}");
}

#[test]
fn levels_and_exceptions_of_the_settings_hold() {
    let place = Place::new(&format!("{CLEAN}Contact press@lanternworks.net now!!\n"));
    assert_eq!(place.json(&["lint", "help", "--json"])["findings"].as_array().unwrap().len(), 2);
    let lint = "[lint]\nshouting = \"error\"\n[[lint.allow]]\nrule = \"email-address\"\ntext = \"press@\"\nreason = \"public\"\n";
    place.write("prompts/help/prompt.toml", &format!("{DECLARED}{lint}"));
    let document = place.json(&["lint", "help", "--json"]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 1, "{document:#}");
    assert_eq!(document["findings"][0]["severity"], "error");
}

#[test]
fn a_mistake_in_the_settings_has_its_place_and_keeps_nobody_from_filling() {
    let place = Place::new(CLEAN);
    place.write("prompts/help/prompt.toml", &format!("{DECLARED}[lint]\nshoutin = \"off\"\n"));
    let output = place.run(&["lint", "help"]);
    assert_eq!(output.status.code(), Some(2));
    let error = said(&output.stderr);
    assert!(error.contains("prompt.toml:4:1: there is no lint rule `shoutin` (did you mean `shouting`?)"), "{error}");
    assert_eq!(place.run(&["fill", "help", "--set", "company=L"]).status.code(), Some(0));
    place.write("prompts/help/prompt.toml", &format!("{DECLARED}[[lint.allow]]\nrule = \"shouting\"\ntext = \"x\"\n"));
    assert!(said(&place.run(&["lint", "help"]).stderr).contains("prompt.toml:4:1: [[lint.allow]] has no `reason`"));
}

#[test]
fn a_key_that_does_nothing_is_a_finding_in_the_settings() {
    let place = Place::new(CLEAN);
    place.write("prompts/help/prompt.toml", &format!("{DECLARED}privcay = \"public\"\n"));
    let line = said(&place.run(&["lint", "help"]).stdout);
    assert!(line.starts_with("prompts/help/prompt.toml:3:1: warning: the key `privcay`"), "{line}");
    let found = &place.json(&["lint", "help", "--json"])["findings"][0];
    assert_eq!(
        (&found["rule"], &found["line"], &found["section"]),
        (&json!("unknown-key"), &Value::Null, &Value::Null)
    );
}

#[test]
fn values_are_measured_when_a_set_is_named() {
    let place = Place::new(CLEAN);
    place.write("prompts/help/prompt.toml", &format!("{DECLARED}max_tokens = 2\n"));
    place.write("prompts/help/values/long.json", "{\"company\": \"The Lantern Works of the Northern Valley\"}");
    assert_eq!(place.json(&["lint", "help", "--json"]), json!({ "findings": [] }));
    let found = &place.json(&["lint", "help", "--values", "long", "--json"])["findings"][0];
    assert_eq!((&found["rule"], &found["line"]), (&json!("value-too-long"), &json!(3)));
    assert_eq!(place.run(&["lint", "help", "--values", "lnog"]).status.code(), Some(2));
}

#[test]
fn several_prompts_say_which_file_is_meant() {
    let place = Place::new(&format!("{CLEAN}Now!!\n"));
    place.write("prompts/other/draft/system_prompt.txt", CLEAN);
    let findings = place.json(&["lint", "help", "other", "--json"])["findings"].clone();
    let files: Vec<&str> = findings.as_array().unwrap().iter().map(|found| found["file"].as_str().unwrap()).collect();
    assert!(files[0].ends_with("help/draft/system_prompt.txt") && files[1].ends_with("other/draft/system_prompt.txt"));
}

#[test]
fn the_sarif_document_has_what_review_tools_ask_for() {
    let place = Place::new(&format!("{CLEAN}é now!!\n"));
    fs::create_dir_all(place.dir.path().join(".git")).unwrap();
    let document = place.json(&["lint", "help", "--sarif"]);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(
        (&run["columnKind"], &run["tool"]["driver"]["name"]),
        (&json!("unicodeCodePoints"), &json!("greenroom"))
    );
    let result = &run["results"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(
        (&result["ruleId"], &rule["id"], &result["level"]),
        (&json!("shouting"), &json!("shouting"), &json!("note"))
    );
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# shouting\n"));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20library/prompts/help/draft/system_prompt.txt");
    assert_eq!(place["region"], json!({ "startLine": 20, "startColumn": 6, "endLine": 20, "endColumn": 8 }));
}

#[test]
fn the_rules_are_listed_and_explained_without_a_library() {
    let place = Place::new(CLEAN);
    let rules = place.json(&["lint", "--rules", "--json"])["rules"].clone();
    assert!(rules.as_array().unwrap().len() >= 30);
    let page = said(&place.run(&["lint", "--explain", "vague-words"]).stdout);
    assert!(page.starts_with("# vague-words\n") && page.contains("## Before"), "{page}");
    let output = place.run(&["lint", "--explain", "vague-word"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output.stderr).contains("did you mean `vague-words`?"));
    assert_eq!(place.run(&["lint"]).status.code(), Some(2));
}

#[test]
fn every_sample_gets_at_most_three_findings_and_no_error() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-prompts");
    for reference in
        ["customer_support", "customer_support@1.0.0", "customer_support@latest", "recipe_ideas", "recipe_ideas@latest"]
    {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        let output = command.args(["--library", samples, "lint", reference, "--json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(document["findings"].as_array().unwrap().len() <= 3, "{reference}: {document:#}");
    }
}
