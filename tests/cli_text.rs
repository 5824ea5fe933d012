//! `show`, `fill` and `diff` as a script meets them: what they print, where, and how they exit.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use greenroom::prompt::wrap;
use serde_json::{Value, json};

const FIRST: &str = "Hello.\n\n# Identity & Role\n\nYou help {{user_name}} of {{company}}.\n\n# Tone\n\n- Be warm and kind.\n- Use plain words.\n\n# Safety Rails\n\nNever promise a refund to anyone.\n";
const SECOND: &str = "Hello.\n\n# Identity & Role\n\nYou help {{user_name}}.\n\n# Tone\n\n- Be warm and brief.\n- Use plain words.\nNever promise a refund to anyone.\n\n# Safety Rails\n\nHand over to a person.";

/// A library with one prompt of two versions and a draft.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        place.write("v1.0.0_2024-01-15/system_prompt.txt", FIRST);
        place.write("v1.0.0_2024-01-15/config.json", r#"{"model": "offline", "temperature": 0.3}"#);
        place.write("v1.1.0_2024-02-01/system_prompt.txt", SECOND);
        place.write("v1.1.0_2024-02-01/config.json", r#"{"model": "offline", "temperature": 0.4}"#);
        place.write("draft/system_prompt.txt", SECOND);
        place
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join("library/prompts/help").join(file)
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let file = self.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path().join("home")).current_dir(self.dir.path().join("library"));
        command.args(args).output().unwrap()
    }

    fn text(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.text(args)).unwrap()
    }

    /// The exit code and the error.
    fn refused(&self, args: &[&str]) -> (i32, String) {
        let output = self.run(args);
        assert!(output.stdout.is_empty(), "{output:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn show_prints_the_stored_bytes() {
    let place = Place::new();
    let odd = "\u{feff}# Role\r\nx \u{1b}[2J\r\n\r\n\0end";
    place.write("draft/system_prompt.txt", odd);
    assert_eq!(place.text(&["show", "help"]), odd);
    assert_eq!(
        place.text(&["show", "help@1.0.0", "--section", "behavioral_guidelines"]),
        "# Tone\n\n- Be warm and kind.\n- Use plain words.\n\n"
    );
    assert_eq!(place.text(&["show", "help@1.0.0", "--section", "unsorted"]), "Hello.\n\n");
}

#[test]
fn show_refuses_a_section_that_is_not_there() {
    let place = Place::new();
    let (code, error) = place.refused(&["show", "help@1.0.0", "--section", "output_format"]);
    assert_eq!(code, 2);
    assert!(error.contains("Output Format") && error.contains("Safety Rails"), "{error}");
    let (code, error) = place.refused(&["show", "help", "--section", "jokes"]);
    assert_eq!(code, 2);
    assert!(error.contains("safety_rails") && error.contains("unsorted"), "{error}");
}

#[test]
fn show_as_json_lists_five_sections_with_their_places() {
    let place = Place::new();
    let shown = place.json(&["show", "help@1.0.0", "--json"]);
    assert_eq!(shown["prompt"], "help");
    assert_eq!(shown["version"], "1.0.0");
    assert_eq!(shown["style"], "markdown");
    assert_eq!(shown["unsorted"], "Hello.\n\n");
    assert_eq!(shown["variables"], json!(["user_name", "company"]));
    assert_eq!(shown["config"], json!({"model": "offline", "temperature": 0.3}));
    let sections = shown["sections"].as_array().unwrap();
    assert_eq!(sections.len(), 5);
    let tone = json!({
        "id": "behavioral_guidelines",
        "title": "Behavioral Guidelines",
        "heading": "# Tone",
        "body": "\n- Be warm and kind.\n- Use plain words.\n\n",
        "line": 7,
    });
    assert_eq!(sections[1], tone);
    let absent = json!({"id": "output_format", "title": "Output Format", "heading": null, "body": "", "line": null});
    assert_eq!(sections[3], absent);
}

#[test]
fn fill_gives_the_exact_bytes_with_values_from_the_first_place_that_has_them() {
    let place = Place::new();
    place.write("values/ann.json", r#"{"user_name": "Ann {{company}}", "age": 3}"#);
    place.write("prompt.toml", "[variables.company]\ndefault = \"Acme\"\n");
    let filled = place.text(&["fill", "help@1.0.0", "--values", "ann"]);
    assert_eq!(filled, FIRST.replace("{{company}}", "Acme").replace("{{user_name}}", "Ann {{company}}"));
    let filled = place.text(&["fill", "help", "--values", "ann", "--set", "user_name=Bo=b"]);
    assert_eq!(filled, SECOND.replace("{{user_name}}", "Bo=b"));
}

#[test]
fn fill_names_every_missing_variable_and_where_the_first_one_is() {
    let place = Place::new();
    let (code, error) = place.refused(&["fill", "help@1.0.0"]);
    assert_eq!(code, 2);
    assert!(error.contains("`user_name`, `company`") && error.contains("system_prompt.txt:5:10"), "{error}");
    assert_eq!(place.text(&["fill", "help@1.0.0", "--allow-missing"]), FIRST);
    let (code, error) = place.refused(&["fill", "help", "--set", "user name=x"]);
    assert_eq!(code, 2);
    assert!(error.contains("NAME=VALUE"), "{error}");
}

#[test]
fn fill_as_json_says_where_values_are_what_is_missing_and_what_is_unused() {
    let place = Place::new();
    place.write("values/ann.json", r#"{"user_name": "Ann", "age": 3, "message": "hi"}"#);
    let filled = place.json(&["fill", "help@1.0.0", "--values", "ann", "--allow-missing", "--json"]);
    assert_eq!(filled["version"], "1.0.0");
    assert_eq!(filled["missing"], json!(["company"]));
    assert_eq!(filled["unused"], json!(["age"]));
    let text = filled["text"].as_str().unwrap();
    assert_eq!(text, FIRST.replace("{{user_name}}", "Ann"));
    let span = &filled["spans"][0];
    let [start, end] = ["start", "end"].map(|key| usize::try_from(span[key].as_u64().unwrap()).unwrap());
    assert_eq!((&span["variable"], &text[start..end]), (&json!("user_name"), "Ann"));
    assert_eq!(filled["spans"].as_array().unwrap().len(), 1);
    let output = place.run(&["fill", "help@1.0.0", "--values", "ann", "--json"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn fill_gives_the_users_message_in_its_template() {
    let place = Place::new();
    assert_eq!(place.text(&["fill", "help", "--user", "-m", "Hi {{x}}"]), "Hi {{x}}");
    place.write("draft/config.json", r#"{"user_template": "<q>{{message}}</q>{{conversation_history}}"}"#);
    assert_eq!(place.text(&["fill", "help", "--user", "-m", "Hi"]), "<q>Hi</q>");
    let (code, error) = place.refused(&["fill", "help", "--user"]);
    assert_eq!(code, 2);
    assert!(error.contains("`message`") && error.contains("-m"), "{error}");
}

/// Both texts, put together from the lines of a JSON comparison by their places.
fn rebuilt(comparison: &Value) -> [String; 2] {
    let mut lines: [Vec<(u64, String)>; 2] = Default::default();
    for hunk in
        comparison["sections"].as_array().unwrap().iter().flat_map(|section| section["hunks"].as_array().unwrap())
    {
        let mut next = ["from_line", "to_line"].map(|key| hunk[key].as_u64().unwrap());
        for line in hunk["lines"].as_array().unwrap() {
            let sides: &[usize] = match line["kind"].as_str().unwrap() {
                "equal" => &[0, 1],
                "delete" | "move_from" => &[0],
                "insert" | "move_to" => &[1],
                other => panic!("{other}"),
            };
            for &side in sides {
                lines[side].push((next[side], line["text"].as_str().unwrap().to_owned()));
                next[side] += 1;
            }
        }
    }
    lines.map(|mut lines| {
        lines.sort();
        lines.into_iter().map(|(_, text)| text).collect()
    })
}

#[test]
fn diff_as_json_rebuilds_both_texts_and_says_what_else_changed() {
    let place = Place::new();
    let comparison = place.json(&["diff", "help", "1.0.0", "v1.1.0", "--json"]);
    assert_eq!(rebuilt(&comparison), [FIRST, SECOND]);
    assert_eq!((&comparison["from"], &comparison["to"]), (&json!("help@1.0.0"), &json!("help@1.1.0")));
    assert_eq!(comparison["suggested_bump"], "major");
    assert_eq!(comparison["variables"], json!({"added": [], "removed": ["company"]}));
    assert_eq!(comparison["config"], json!([{"key": "temperature", "from": 0.3, "to": 0.4}]));
    assert!(comparison["tokens"]["from"].as_u64().unwrap() > 0);
    let lines: Vec<&Value> = comparison["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["hunks"].as_array().unwrap())
        .flat_map(|hunk| hunk["lines"].as_array().unwrap())
        .collect();
    let warm = lines.iter().find(|line| line["text"] == "- Be warm and brief.\n").unwrap();
    assert_eq!((&warm["kind"], &warm["emphasis"]), (&json!("insert"), &json!([[14, 19]])));
    let kinds = |text: &str| {
        lines.iter().filter(|line| line["text"] == text).map(|line| line["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("Never promise a refund to anyone.\n"), ["move_to", "move_from"]);
}

#[test]
fn diff_exits_with_one_only_when_it_is_asked_to() {
    let place = Place::new();
    for form in ["--unified", "--side-by-side", "--json"] {
        let code = |args: &[&str]| place.run(&[args, &[form]].concat()).status.code();
        assert_eq!(code(&["diff", "help", "1.0.0", "draft"]), Some(0), "{form}");
        assert_eq!(code(&["diff", "help", "1.0.0", "draft", "--exit-code"]), Some(1), "{form}");
        assert_eq!(code(&["diff", "help@1.0.0", "help@1.0.0", "--exit-code"]), Some(0), "{form}");
        // the draft has the same text and no config.json
        assert_eq!(code(&["diff", "help@1.1.0", "help@draft", "--exit-code"]), Some(1), "{form}");
    }
}

#[test]
fn diff_says_what_two_states_are() {
    let place = Place::new();
    let (code, error) = place.refused(&["diff", "help", "1.0.0"]);
    assert_eq!(code, 2);
    assert!(error.contains("greenroom diff help 1.0.0 draft"), "{error}");
    assert_eq!(place.refused(&["diff", "help", "1.0.0", "9.0.0"]).0, 2);
}

#[test]
fn diff_in_a_pipe_is_a_patch_that_the_usual_tools_apply() {
    let place = Place::new();
    for (from, to) in [
        (FIRST, SECOND),
        ("a\r\nb\r\n\rc", "a\r\nB\n\rc\n"),
        ("", "new\nlines"),
        ("gone\n", ""),
        ("lone\rreturn\n", "lone\rReturn\n"),
        ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\nnine\n"),
    ] {
        place.write("v1.0.0_2024-01-15/system_prompt.txt", from);
        place.write("v1.1.0_2024-02-01/system_prompt.txt", to);
        let patch = place.text(&["diff", "help", "1.0.0", "1.1.0"]);
        let file = place.dir.path().join("change.patch");
        fs::write(&file, &patch).unwrap();
        let target = place.path("v1.0.0_2024-01-15/system_prompt.txt");
        let apply = |program: &str, args: &[&str]| {
            fs::write(&target, from).unwrap();
            let library = place.dir.path().join("library");
            match Command::new(program).args(args).arg(&file).current_dir(library).output() {
                // a machine without the tool has nothing to try
                Err(_) => {}
                Ok(output) => {
                    assert!(output.status.success(), "{program}: {output:?}\n{patch}");
                    let found = fs::read_to_string(&target).unwrap_or_default();
                    assert_eq!(found, to, "{program}\n{patch}");
                }
            }
        };
        apply("git", &["apply", "-p1"]);
        apply("patch", &["--binary", "-s", "-p1", "-i"]);
    }
}

#[test]
fn diff_in_columns_shows_signs_numbers_words_and_what_else_changed() {
    let place = Place::new();
    let shown = place.text(&["diff", "help", "1.0.0", "1.1.0", "--side-by-side", "--width", "80"]);
    insta::assert_snapshot!(shown);
    assert!(shown.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn columns_stay_aligned_whatever_is_in_the_lines() {
    let place = Place::new();
    let odd = "# Tone\n\n\
        A word, a word, a word and a blank that would hang over the edge of its row.\n\
        Many    blanks                                          between     words.\n\
        \tTabs\there,\tthere\tand\tat\tthe\tedge\tof\ta\tcolumn.\n\
        日本語の文章は、単語の間に空白がありません。長い行です。\u{3000}そうです。\n\
        Families 👨\u{200d}👩\u{200d}👧, accents e\u{301}\u{301} and alone \u{301}, hidden \u{200b}\u{202e}\u{1b}[1m.\n";
    place.write("draft/system_prompt.txt", SECOND.replace("# Tone\n\n", odd));
    for (width, [from, to]) in (40..100).flat_map(|width| [(width, ["1.1.0", "draft"]), (width, ["draft", "1.1.0"])]) {
        let shown = place.text(&["diff", "help", from, to, "--side-by-side", "--width", &width.to_string()]);
        for row in shown.lines().filter(|line| line.contains('│')) {
            assert!(wrap::width(row) <= width, "{row:?} in {width}");
            let left = row.split('│').next().unwrap();
            assert_eq!(wrap::width(left), (width - 3) / 2 + 1, "{row:?} in {width}");
        }
    }
}

#[test]
fn diff_in_columns_has_no_marks_when_it_has_colour_and_sends_no_control_byte() {
    let place = Place::new();
    place.write("draft/system_prompt.txt", FIRST.replace("kind", "kind\u{1b}[2J"));
    let shown = place.text(&["diff", "help", "1.0.0", "draft", "--side-by-side", "--width", "80", "--color", "always"]);
    assert!(shown.contains("kind\u{1b}[32;7m␛[2J\u{1b}[0m") && !shown.contains("{+"), "{shown}");
    assert!(!shown.contains("\u{1b}[2J"));
}
