use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::*;
use crate::library::trial::library_with;

fn log(library: &Library) -> PathBuf {
    library.root().join("prompts/a/releases.jsonl")
}

fn add(library: &Library, what: &str, second: i64) {
    let at = Timestamp::from_second(1_700_000_000 + second).unwrap();
    library.append(&log(library), &json!({ "kind": "deploy", "why": what }), "Ana", at).unwrap();
}

fn told(library: &Library) -> Vec<String> {
    let ledger = library.ledger(&log(library)).unwrap();
    assert_eq!(ledger.damaged, []);
    let why = |line: &Line| line.parsed::<Value>(Path::new("x")).unwrap()["why"].as_str().unwrap().to_owned();
    ledger.lines.iter().map(why).collect()
}

#[test]
fn a_line_begins_with_when_and_who_and_keeps_what_was_there() {
    let (_folder, library) = library_with(&["prompts/a"]);
    fs::write(log(&library), "{\"at\":\"2020-01-01T00:00:00Z\",\"by\":\"B\",\"later\":[1]}\n").unwrap();
    add(&library, "one\n\u{1b}", 0);
    let text = fs::read_to_string(log(&library)).unwrap();
    assert_eq!(
        text,
        "{\"at\":\"2020-01-01T00:00:00Z\",\"by\":\"B\",\"later\":[1]}\n\
         {\"at\":\"2023-11-14T22:13:20Z\",\"by\":\"Ana\",\"kind\":\"deploy\",\"why\":\"one\\n\\u001b\"}\n"
    );
}

#[test]
fn a_line_that_was_torn_is_ended_before_the_next_one() {
    let (_folder, library) = library_with(&["prompts/a"]);
    add(&library, "one", 0);
    let text = fs::read_to_string(log(&library)).unwrap();
    for end in 1..text.len() {
        fs::write(log(&library), &text[..end]).unwrap();
        add(&library, "two", 1);
        let ledger = library.ledger(&log(&library)).unwrap();
        assert!(ledger.lines.last().unwrap().text.contains("two"), "{end}");
        // the last byte that is missing is the line's end
        assert_eq!(ledger.damaged.len(), usize::from(end < text.len() - 1), "{end}");
    }
}

#[test]
fn many_programs_that_add_at_once_lose_no_line() {
    let (_folder, library) = library_with(&["prompts/a"]);
    std::thread::scope(|scope| {
        for one in 0..4 {
            let library = &library;
            scope.spawn(move || (0..25).for_each(|at| add(library, &format!("{one}.{at}"), at)));
        }
    });
    assert_eq!(told(&library).len(), 100);
}

#[test]
fn what_is_said_about_a_version_may_stand_beside_it_and_nothing_else() {
    let (_folder, library) = library_with(&["prompts/a/v1.0.0_2024-01-15"]);
    let version = library.root().join("prompts/a/v1.0.0_2024-01-15");
    let append = |file: &str| library.append(&version.join(file), &json!({}), "Ana", Timestamp::UNIX_EPOCH);
    library.may_append(&version.join("review.jsonl")).unwrap();
    assert!(super::super::read::names_in(&version).is_empty(), "a question writes nothing");
    append("review.jsonl").unwrap();
    let before = library.ledger(&version.join("review.jsonl")).unwrap();
    library.may_append(&version.join("review.jsonl")).unwrap();
    assert_eq!(library.ledger(&version.join("review.jsonl")).unwrap(), before);
    assert!(append("changelog.md").unwrap_err().message.contains("frozen version"));
    assert!(library.may_append(&version.join("changelog.md")).is_err());
}

#[cfg(unix)]
#[test]
fn no_link_leads_a_line_out_of_the_library() {
    let (_folder, library) = library_with(&["prompts", "library/prompts/a", "out"]);
    let out = library.root().join("out/x.jsonl");
    let inner = Library::at(&library.root().join("library")).unwrap();
    std::os::unix::fs::symlink(&out, log(&inner)).unwrap();
    assert!(inner.append(&log(&inner), &json!({}), "Ana", Timestamp::UNIX_EPOCH).is_err());
    fs::write(&out, "").unwrap();
    let error = inner.append(&log(&inner), &json!({}), "Ana", Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(error.message.contains("leads out"), "{error}");
    assert!(inner.ledger(&log(&inner)).is_err());
    assert_eq!(fs::read(out).unwrap(), b"");
}

#[test]
fn in_git_the_lines_of_both_sides_are_kept_and_that_is_said_once() {
    let (_folder, library) = library_with(&["prompts/a"]);
    add(&library, "one", 0);
    let attributes = library.root().join(".gitattributes");
    assert!(!attributes.exists());
    fs::create_dir(library.root().join(".git")).unwrap();
    fs::write(&attributes, "*.png binary\r\nprompts/*/judgements.jsonl merge=union\r\n\u{e9}").unwrap();
    add(&library, "two", 1);
    add(&library, "three", 2);
    assert_eq!(
        fs::read_to_string(attributes).unwrap(),
        "*.png binary\r\nprompts/*/judgements.jsonl merge=union\r\n\u{e9}\n\
         prompts/** -text\nprompts/*/releases.jsonl merge=union\nprompts/*/maintenance.jsonl merge=union\n\
         prompts/*/*/review.jsonl merge=union\n"
    );
}

#[test]
fn two_clones_that_both_add_merge_without_a_conflict() {
    let (folder, library) = library_with(&["prompts/a/draft", "prompts/a/v1.0.0_2024-01-15"]);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    fs::write(folder.path().join("prompts/a/draft/system_prompt.txt"), "x").unwrap();
    add(&library, "base", 0);
    commit(folder.path());
    let other_folder = tempfile::tempdir().unwrap();
    let other_path = other_folder.path().join("clone");
    git(folder.path(), &["clone", "-q", ".", &other_path.to_string_lossy()]);
    let other = Library::at(&other_path).unwrap();
    let review = |library: &Library, who: &str| {
        // a ledger that neither side had before
        let file = library.root().join("prompts/a/draft/review.jsonl");
        library.append(&file, &json!({ "kind": "comment" }), who, Timestamp::UNIX_EPOCH).unwrap();
    };
    for second in [3, 1] {
        add(&library, &format!("ours {second}"), second);
    }
    review(&library, "Ana");
    for second in [2, 4] {
        add(&other, &format!("theirs {second}"), second);
    }
    review(&other, "Ben");
    commit(folder.path());
    commit(&other_path);
    git(folder.path(), &["pull", "-q", "--no-rebase", "--no-edit", &other_path.to_string_lossy(), "main"]);
    assert_eq!(told(&library), ["base", "ours 1", "theirs 2", "ours 3", "theirs 4"]);
    let said = library.ledger(&folder.path().join("prompts/a/draft/review.jsonl")).unwrap();
    assert_eq!((said.lines.len(), said.damaged.len()), (2, 0));
}

/// Runs git as it is on every machine: no settings of the user or the system.
fn git(folder: &Path, words: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org"])
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(run.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&run.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "more"]);
}
