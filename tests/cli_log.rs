//! `greenroom log`: a section and a line through all versions, with what, why and who.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

mod place;

use std::process::Command;

use place::Place;
use serde_json::{Value, json};

const FIRST: &str = "# Role\n\nYou help customers.\n\n# Tone\n\n- Be warm and kind.\n\n# Safety\n\n- Ask a person.\n";

fn library() -> Place {
    let second = FIRST.replace("kind", "brief");
    let third =
        second.replace("- Be warm and brief.\n", "").replace("# Safety\n\n", "# Safety\n\n- Be warm and brief.\n");
    let log =
        |what: &str, why: &str| format!("# help\n\n## What changed\n\n{what}\n\n## Why\n\n{why}\n\n## Rollback\n\nx\n");
    Place::with_files(&[
        ("library/prompts/help/v1.0.0_2024-01-15/system_prompt.txt", FIRST),
        ("library/prompts/help/v1.10.0_2024-02-01/system_prompt.txt", &second),
        (
            "library/prompts/help/v1.10.0_2024-02-01/changelog.md",
            &log("Shorter replies", "People did not read to the end"),
        ),
        ("library/prompts/help/v1.9.0_2024-01-20/system_prompt.txt", FIRST),
        ("library/prompts/help/v1.9.0_2024-01-20/changelog.md", &log("Config only", "Cost")),
        ("library/prompts/help/draft/system_prompt.txt", &third),
    ])
    .with("LC_ALL", "C.UTF-8")
}

#[track_caller]
fn text(place: &Place, args: &[&str]) -> String {
    let output = place.command(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn document(place: &Place, args: &[&str]) -> Value {
    serde_json::from_str(&text(place, args)).unwrap()
}

#[test]
fn a_line_is_followed_to_where_it_began_with_what_and_why() {
    let place = library();
    assert_eq!(
        text(&place, &["log", "help", "--line", "be warm"]),
        "draft
  in Behavioral Guidelines
  <   7 - Be warm and brief.  (moved to line 10)
  in Safety Rails
  >  10 - Be warm and brief.  (moved from line 7)

1.10.0  2024-02-01
  Shorter replies
  why: People did not read to the end
  in Behavioral Guidelines
  ~   7 - Be warm and [-kind-].
  ~   7 - Be warm and {+brief+}.

1.0.0  2024-01-15
  in Behavioral Guidelines
  +   7 - Be warm and kind.

"
    );
    assert_eq!(text(&place, &["log", "help", "--line", "no such words"]), "");
    assert_eq!(text(&place, &["log", "help", "--line", "be warm", "--section", "output_format"]), "");
}

#[test]
fn a_section_as_a_document_has_every_version_that_changed_it() {
    let found = document(&library(), &["log", "help", "--section", "behavioral_guidelines", "--json"]);
    let entries = found["entries"].as_array().unwrap();
    let versions: Vec<_> = entries.iter().map(|entry| entry["version"].as_str().unwrap()).collect();
    assert_eq!(versions, ["draft", "1.10.0", "1.0.0"]);
    assert_eq!(
        entries[1],
        json!({"version": "1.10.0", "date": "2024-02-01", "by": null, "what": "Shorter replies",
               "why": "People did not read to the end", "changes": [
            {"section": "behavioral_guidelines", "kind": "delete", "line": 7, "text": "- Be warm and kind.", "emphasis": [[14, 18]]},
            {"section": "behavioral_guidelines", "kind": "insert", "line": 7, "text": "- Be warm and brief.", "emphasis": [[14, 19]]},
        ]})
    );
}

#[test]
fn a_phrase_is_found_in_every_version_that_holds_it() {
    let place = library();
    let found = document(&place, &["log", "help", "--search", "AND KIND", "--json"]);
    let versions: Vec<_> = found["matches"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(versions, [json!("1.9.0"), json!("1.0.0")]);
    assert_eq!(found["matches"][0]["lines"], json!([{"line": 7, "text": "- Be warm and kind."}]));
    assert!(text(&place, &["log", "help", "--search", "and kind"]).starts_with("1.9.0  2024-01-20\n     7 - Be warm"));
}

#[test]
fn git_says_who_where_no_changelog_does() {
    let place = library();
    std::fs::create_dir_all(place.path("home")).unwrap();
    place.write("library/prompts/help/v1.9.0_2024-01-20/changelog.md", "Author: Kim\n\n## What changed\n\nx\n");
    for (name, args) in [
        ("", &["init", "-q"][..]),
        ("", &["add", "-A", "--", "prompts/help/v1.0.0_2024-01-15", "prompts/help/v1.9.0_2024-01-20"]),
        ("Ada", &["commit", "-qm", "first"]),
        ("", &["add", "-A"]),
        ("Bo <b>", &["commit", "-qm", "second"]),
    ] {
        let mut git = Command::new("git");
        git.current_dir(place.path("library")).env("HOME", place.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        git.args(["-c", &format!("user.name={name}"), "-c", "user.email=x@example.com"]).args(args);
        assert!(git.status().unwrap().success());
    }
    let found = document(&place, &["log", "help", "--json"]);
    let by: Vec<_> = found["entries"].as_array().unwrap().iter().map(|entry| entry["by"].clone()).collect();
    assert_eq!(by, [json!("Bo b"), json!("Bo b"), json!("Kim"), json!("Ada")]);
    let kim = document(&place, &["log", "help", "--search", "kind", "--json"]);
    assert_eq!(kim["matches"][0]["version"], "1.9.0");
}

#[test]
fn a_damaged_version_is_said_and_the_others_are_told() {
    let place = library();
    std::fs::write(place.path("library/prompts/help/v1.10.0_2024-02-01/system_prompt.txt"), b"\xff").unwrap();
    let output = place.command(&["log", "help"]).output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("v1.10.0_2024-02-01"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1.0.0"));
    assert_eq!(place.command(&["log", "nothing"]).status().unwrap().code(), Some(2));
}
