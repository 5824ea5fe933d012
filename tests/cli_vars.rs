//! `vars` as a script meets it: what it lists, finds, writes and refuses, and how it exits.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

const TEXT: &str = "# Identity & Role\n\nYou help {{user_name}} of {{company}}.\n\n# Safety Rails\n\nNever tell {{api_key}}; \\{{user_name}} is text. {{ user_name }}\n";
const ABOUT: &str = "# ours\ntitle = \"Help\"\n\n[variables.user_name] # who\ndescription = \"The customer.\"\nprivacy = \"personal\"\nfreshness = \"session\"\nexample = \"Robin\"\nmax_tokens = 3\n\n[variables.company]\nprivacy = \"public\"\nfreshness = \"static\"\nzeta = 1\n\n[variables.api_key]\nprivacy = \"secret\"\n\n[budget]\ntokens = 2_000\n";
const SET: &str = "{\"company\": \"Lanternworks\",\n  \"user_name\": \"Ada Lovelace\", \"seats\": 1.10}\n";

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.write("draft/system_prompt.txt", TEXT);
        place.write("draft/config.json", "{\"model\": \"offline\"}");
        place.write("prompt.toml", ABOUT);
        place.write("values/one.json", SET);
        place
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join("library/prompts/help").join(file)
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let file = self.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, bytes).unwrap();
        file
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn run(&self, args: &[&str], input: &str) -> Output {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path().join("home")).current_dir(self.dir.path().join("library"));
        command.args(args).write_stdin(input).output().unwrap()
    }

    fn text(&self, args: &[&str]) -> String {
        let output = self.run(args, "");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[args, &["--json"]].concat())).unwrap()
    }

    /// The error of a command that exits with 2.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args, "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn set(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(&format!("values/{name}.json"))).unwrap()
    }
}

#[test]
fn the_list_says_everything_but_what_is_personal_or_secret() {
    let place = Place::new();
    place.write("values/leaked.json", "{\"api_key\": \"k3y\", \"user_name\": \"Ada Lovelace\"}");
    let text = place.text(&["vars", "help", "--values", "leaked"]);
    assert!(!text.contains("Ada") && !text.contains("k3y"), "{text}");
    assert!(text.contains("(personal, 2 words)") && text.contains("(secret, never shown)"), "{text}");
    assert!(text.contains("Identity:3, Safety:7") && text.contains("The customer."), "{text}");
    let document = place.json(&["vars", "help", "--values", "leaked"]);
    assert!(!document.to_string().contains("Lovelace") && !document.to_string().contains("k3y"), "{document}");
    let names: Vec<_> =
        document["variables"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["user_name", "company", "api_key", "message"]);
    let user = &document["variables"][0];
    assert_eq!(
        user["uses"],
        json!([{"section": "identity_and_role", "line": 3, "column": 10}, {"section": "safety_rails", "line": 7, "column": 49}])
    );
    assert_eq!((&user["state"], &user["value"], &user["masked"]), (&json!("given"), &json!(null), &json!(true)));
    let company = &document["variables"][1];
    assert_eq!(
        (&company["state"], &company["tokens"]),
        (&json!("missing"), &json!(null)),
        "nobody knows what it costs"
    );
    assert_eq!(document["set"], "leaked");
    assert!(user["tokens"].as_u64().unwrap() > 0 && user["share"].as_f64().unwrap() > 0.0);
}

#[test]
fn the_list_counts_with_the_vocabulary_that_tokens_counts_with() {
    let place = Place::new();
    place.write("values/full.json", "{\"company\": \"Lanternworks\", \"user_name\": \"Ada Lovelace\"}");
    for model in ["openai:gpt-4o", "openai:gpt-4", "anthropic:claude-sonnet-4-6", "offline"] {
        place.write("draft/config.json", format!("{{\"model\": \"{model}\"}}"));
        let listed = place.json(&["vars", "help", "--values", "full"]);
        let counted = place.json(&["tokens", "help", "--values", "full"]);
        for key in ["tokenizer", "exact", "total"] {
            assert_eq!(listed[key], counted[key], "{key} of {model}");
        }
        for variable in listed["variables"].as_array().unwrap() {
            let (name, uses) = (variable["name"].as_str().unwrap(), variable["uses"].as_array().unwrap().len() as u64);
            if let Some(all) = counted["variables"].get(name) {
                let once = variable["tokens"].as_u64();
                assert_eq!(once.unwrap_or(0) * uses, all.as_u64().unwrap(), "{name} under {model}");
            }
        }
    }
}

#[test]
fn a_check_exits_with_1_for_what_is_missing_too_long_or_secret() {
    let place = Place::new();
    place.write("values/good.json", "{\"company\": \"L\", \"user_name\": \"Ada\", \"old\": 1}");
    let output = place.run(&["vars", "help", "check", "good"], "");
    assert_eq!(output.status.code(), Some(0), "a name too many is no error: {output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("warning: `old` is neither used nor declared"));
    place.write("values/bad.json", "{\"user_name\": \"Ada Augusta King, Countess of Lovelace\", \"api_key\": \"k3y\"}");
    let output = place.run(&["vars", "help", "check", "bad", "--json"], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["concern"].as_str().unwrap(), it["variable"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("missing", "company"), ("secret", "api_key"), ("too_long", "user_name")]);
    assert!(!document.to_string().contains("k3y") && !document.to_string().contains("Countess"));
    assert!(place.refused(&["vars", "help", "check", "god"]).contains("did you mean `good`"));
}

#[test]
fn a_set_that_is_older_than_its_values_may_be_is_worth_a_look() {
    let place = Place::new();
    let file = place.write("values/old.json", "{\"company\": \"L\", \"user_name\": \"Ada\"}");
    let day = std::time::Duration::from_hours(24);
    fs::File::options().write(true).open(&file).unwrap().set_modified(std::time::SystemTime::now() - day * 9).unwrap();
    let text = place.text(&["vars", "help", "check", "old"]);
    assert!(text.contains("`user_name` changes with each session, and the set is 9 days old"), "{text}");
    assert!(!text.contains("`company`"), "what never changes does not age: {text}");
    assert!(place.text(&["vars", "help", "--values", "old"]).contains("9 days old"));
}

#[test]
fn a_declaration_changes_its_own_keys_alone() {
    let place = Place::new();
    let said = place.text(&["vars", "help", "declare", "company", "--privacy", "internal", "--max-tokens", "10"]);
    assert!(said.contains("changed company"), "{said}");
    let expected = ABOUT
        .replace("privacy = \"public\"", "privacy = \"internal\"")
        .replace("zeta = 1\n", "zeta = 1\nmax_tokens = 10\n");
    assert_eq!(place.read("prompt.toml"), expected);
    place.text(&[
        "vars",
        "help",
        "declare",
        "plan",
        "--default",
        "free",
        "--required",
        "false",
        "--untrusted",
        "true",
        "--description",
        "é \"q\"",
    ]);
    let about = place.read("prompt.toml");
    assert!(about.contains("[variables.plan]\ndescription = 'é \"q\"'\ndefault = \"free\"\nrequired = false\nuntrusted = true\n\n[budget]"), "{about}");
    place.text(&["vars", "help", "declare", "user_name", "--unset", "max_tokens"]);
    assert!(!place.read("prompt.toml").contains("max_tokens = 3"));
}

#[test]
fn a_declaration_that_is_none_is_refused_and_changes_nothing() {
    let place = Place::new();
    for (args, word) in [
        (&["user-name"][..], "user-name"),
        (&["x", "--privacy", "personnal"], "personnal"),
        (&["x", "--max-tokens", "0"], "0"),
        (&["x", "--required", "perhaps"], "perhaps"),
        (&["api_key", "--default", "k3y"], "secret"),
        (&["x", "--default", "1", "--unset", "default"], "default"),
    ] {
        let error = place.refused(&[&["vars", "help", "declare"], args].concat());
        assert!(error.contains(word) && !error.contains("k3y"), "{error}");
    }
    assert_eq!(place.read("prompt.toml"), ABOUT);
    assert!(place.refused(&["vars", "hlp", "declare", "x"]).contains("did you mean `help`"));
}

#[test]
fn a_first_declaration_makes_the_file() {
    let place = Place::new();
    fs::remove_file(place.path("prompt.toml")).unwrap();
    assert_eq!(
        place.json(&["vars", "help", "declare", "user_name", "--privacy", "personal"])["privacy"],
        json!("personal")
    );
    assert_eq!(place.read("prompt.toml"), "[variables.user_name]\nprivacy = \"personal\"\n");
}

#[test]
fn a_rename_is_shown_first_then_done_everywhere_and_undone_by_its_reverse() {
    let place = Place::new();
    place.write("evals/cases.yaml", "- vars:\n    user_name: Ada\n");
    let files = ["draft/system_prompt.txt", "prompt.toml", "values/one.json", "evals/cases.yaml", "draft/config.json"];
    let all = || files.map(|file| place.read(file));
    let before = all();
    let said = place.text(&["vars", "help", "rename", "user_name", "customer", "--dry-run"]);
    assert!(said.contains("draft/system_prompt.txt:3:12: placeholder") && said.contains("would rename"), "{said}");
    assert_eq!(all(), before);
    let document = place.json(&["vars", "help", "rename", "user_name", "customer"]);
    assert_eq!(document["files"].as_array().unwrap().len(), 4, "{document}");
    assert_eq!(
        place.read("draft/system_prompt.txt"),
        TEXT.replace("{{user_name}} of", "{{customer}} of").replace("{{ user_name }}", "{{ customer }}")
    );
    assert_eq!(place.read("values/one.json"), SET.replace("user_name", "customer"));
    assert_eq!(place.read("prompt.toml"), ABOUT.replace("user_name", "customer"));
    place.text(&["vars", "help", "rename", "customer", "user_name"]);
    assert_eq!(all(), before);
    let error = place.refused(&["vars", "help", "rename", "user_name", "company"]);
    assert!(error.contains("draft/system_prompt.txt:3"), "{error}");
    assert_eq!(all(), before);
}

#[test]
fn values_are_imported_masked_and_only_those_that_the_prompt_knows() {
    let place = Place::new();
    let file = place.dir.path().join("people.csv");
    fs::write(&file, "user_name,company,shoe\nAda,L,40\nbo@x.org,M,41\n").unwrap();
    let file = file.to_str().unwrap();
    let error = place.refused(&["vars", "help", "import", file, "--set", "new"]);
    assert!(error.contains("holds 2 records") && error.contains("--row"), "{error}");
    let shown = place.text(&["vars", "help", "import", file, "--set", "new", "--row", "2", "--dry-run"]);
    assert!(shown.contains("CSV, record 2 of 2, line 3") && shown.contains("extra    shoe"), "{shown}");
    assert!(!place.path("values/new.json").exists());
    place.text(&["vars", "help", "import", file, "--set", "new", "--row", "2"]);
    assert_eq!(place.set("new"), json!({"company": "M", "user_name": "user_name-2@example.com"}));
    place.text(&["vars", "help", "import", file, "--set", "new", "--row", "1", "--real-values", "--extra"]);
    assert_eq!(place.set("new"), json!({"company": "L", "user_name": "Ada", "shoe": "40"}));
    let document = place.json(&["vars", "help", "import", file, "--set", "new", "--row", "1", "--real-values"]);
    assert!(!document.to_string().contains("\"Ada\""), "{document}");
}

#[test]
fn fields_of_a_log_are_picked_once_and_remembered() {
    let place = Place::new();
    let log = place.dir.path().join("requests.jsonl");
    fs::write(
        &log,
        "{\"input\": {\"who\": \"Ada\", \"org\": \"L\"}}\n{\"input\": {\"who\": \"Bo\", \"org\": \"M\"}}\n",
    )
    .unwrap();
    let log = log.to_str().unwrap();
    let picks = ["--field", "user_name=/input/who", "--field", "company=input.org"];
    place.text(&[&["vars", "help", "import", log, "--set", "a", "--row", "1"], &picks[..]].concat());
    assert_eq!(place.set("a"), json!({"company": "L", "user_name": "user_name-1"}));
    assert_eq!(
        place.read("prompt.toml"),
        ABOUT
            .replace("max_tokens = 3\n", "max_tokens = 3\nimport_from = \"/input/who\"\n")
            .replace("zeta = 1\n", "zeta = 1\nimport_from = \"input.org\"\n")
    );
    place.text(&["vars", "help", "import", log, "--set", "b", "--row", "2"]);
    assert_eq!(place.set("b"), json!({"company": "M", "user_name": "user_name-2"}));
    let error =
        place.refused(&["vars", "help", "import", log, "--set", "c", "--row", "1", "--field", "company=/input/no"]);
    assert!(error.contains("/input/no"), "{error}");
    assert!(!place.path("values/c.json").exists());
}

#[test]
fn a_secret_is_refused_in_a_set_and_the_error_does_not_tell_it() {
    let place = Place::new();
    let run = |args: &[&str]| {
        place.run(
            &[&["vars", "help", "import", "-", "--format", "env", "--set", "new"], args].concat(),
            "# c\nexport API_KEY=k3y\nCOMPANY='L'\nUSER_NAME=Ada\n",
        )
    };
    let output = run(&[]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error.contains("`API_KEY` is secret") && error.contains("--without API_KEY") && !error.contains("k3y"),
        "{error}"
    );
    assert!(!place.path("values/new.json").exists());
    assert_eq!(run(&["--without", "API_KEY"]).status.code(), Some(0));
    assert_eq!(place.set("new"), json!({"company": "L", "user_name": "user_name-1"}));
    let error = place.refused(&["vars", "help", "set", "new", "api_key", "k3y"]);
    assert!(error.contains("`api_key` is secret") && !error.contains("k3y"), "{error}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let place = Place::new();
    let yaml = place.dir.path().join("bad.yaml");
    fs::write(&yaml, "company: L\nuser_name: [[x]]\n").unwrap();
    let error = place.refused(&["vars", "help", "import", yaml.to_str().unwrap(), "--set", "new"]);
    assert!(error.contains("bad.yaml:2:13: "), "{error}");
    fs::write(&yaml, b"company: \xff\n").unwrap();
    assert!(place.refused(&["vars", "help", "import", yaml.to_str().unwrap(), "--set", "new"]).contains("not UTF-8"));
}

#[test]
fn a_value_can_be_the_text_of_a_file() {
    let place = Place::new();
    let file = place.dir.path().join("context.txt");
    fs::write(&file, "two\nlines\n").unwrap();
    place.text(&["vars", "help", "set", "one", "company", "--from-file", file.to_str().unwrap()]);
    assert_eq!(place.set("one")["company"], json!("two\nlines\n"));
    assert!(place.read("values/one.json").contains("\"seats\": 1.10"), "what did not change keeps its form");
    place.text(&["vars", "help", "set", "one", "company", "-x"]);
    place.text(&["vars", "help", "set", "one", "seats", "--unset"]);
    assert_eq!(place.set("one"), json!({"company": "-x", "user_name": "Ada Lovelace"}));
    assert!(
        place.refused(&["vars", "help", "set", "one", "company"]).contains("--from-file PATH"),
        "a value is asked for"
    );
}

#[test]
fn a_variable_that_becomes_secret_is_told_of_its_values_in_sets() {
    let place = Place::new();
    let output = place.run(&["vars", "help", "declare", "user_name", "--privacy", "secret"], "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("greenroom vars help set one user_name --unset") && !said.contains("Ada"), "{said}");
    place.text(&["vars", "help", "set", "one", "user_name", "--unset"]);
    assert!(!place.read("values/one.json").contains("Ada"));
}
