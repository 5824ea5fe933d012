//! `review` as two people meet it: what is said, who may approve, and what a change of one byte does to an approval.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

const TEXT: &str = "# Identity & Role\n\nYou help {{user_name}}.\n\n# Safety Rails\n\nNever promise a refund.\r\n";

/// A library with one prompt, and two people who review it.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir_all(place.draft("")).unwrap();
        fs::write(place.draft("system_prompt.txt"), TEXT).unwrap();
        place
    }

    fn draft(&self, file: &str) -> PathBuf {
        self.dir.path().join("library/prompts/help/draft").join(file)
    }

    /// Exit code, standard output and standard error of `review help …` by this person.
    fn review(&self, who: &str, args: &[&str]) -> (i32, String, String) {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path().join("home")).env("USER", who);
        command.current_dir(self.dir.path().join("library"));
        let output = command.args(["review", "help"]).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// The name of what was said.
    fn said(&self, who: &str, args: &[&str]) -> String {
        let (code, id, error) = self.review(who, args);
        assert_eq!((code, error.as_str()), (0, ""), "{args:?}");
        id.trim().to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.review("ana", &["--json"]).1).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.draft("review.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn what_is_said_is_one_line_with_when_who_kind_and_name() {
    let place = Place::new();
    let id = place.said("ben", &["comment", "-m", "Who may promise one?", "--line", "7"]);
    place.said("ana", &["reply", &id[..4], "-m", "Nobody."]);
    place.said("ben", &["resolve", &id]);
    let lines = place.lines();
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["comment", "reply", "resolve"]);
    for line in &lines {
        assert_eq!(line["id"], id.as_str());
        assert!(line["at"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(lines[0]["by"], "ben");
    assert_eq!(lines[0]["quote"], serde_json::json!(["Never promise a refund."]));
    let review = place.json();
    assert_eq!(review["open"], 0);
    assert_eq!(review["comments"][0]["line"], 7);
    assert_eq!(review["comments"][0]["section"], "safety_rails");
    assert_eq!(review["comments"][0]["replies"][0]["text"], "Nobody.");
    place.said("ana", &["reopen", &id]);
    assert_eq!(place.json()["open"], 1);
}

#[test]
fn a_comment_stays_beside_its_words_and_says_when_they_are_gone() {
    let place = Place::new();
    place.said("ben", &["comment", "-m", "why?", "--line", "7"]);
    fs::write(place.draft("system_prompt.txt"), format!("Hello.\n\n{TEXT}")).unwrap();
    assert_eq!(place.json()["comments"][0]["line"], 9);
    assert!(place.review("ana", &[]).1.contains("line 9, Safety Rails"));
    fs::write(place.draft("system_prompt.txt"), TEXT.replace("a refund", "refunds")).unwrap();
    assert_eq!(place.json()["comments"][0]["outdated"], true);
    assert!(place.review("ana", &[]).1.contains("outdated"));
}

#[test]
fn a_suggestion_that_is_taken_changes_its_line_and_no_other_byte() {
    let place = Place::new();
    let id = place.said("ben", &["suggest", "--line", "7", "-m", "Only billing promises refunds.", "--why", "policy"]);
    place.said("ana", &["take", &id]);
    let text = fs::read_to_string(place.draft("system_prompt.txt")).unwrap();
    assert_eq!(text, TEXT.replace("Never promise a refund.", "Only billing promises refunds."));
    assert_eq!(place.json()["comments"][0]["resolved"]["taken"], true);
    let (code, _, error) = place.review("ana", &["take", &id]);
    assert_eq!(code, 1);
    assert!(error.contains("have changed since, or are gone"), "{error}");
}

#[test]
fn an_approval_is_of_these_bytes_and_not_by_an_author() {
    let place = Place::new();
    place.said("ana", &["done", "draft"]);
    let (code, output, error) = place.review("ana", &["approve"]);
    assert_eq!((code, output.as_str()), (1, ""));
    assert!(error.contains("authors do not approve their own work"), "{error}");
    place.said("ben", &["approve", "-m", "read twice"]);
    let review = place.json();
    assert_eq!(review["decisions"][0]["state"], "counts");
    assert_eq!(place.lines()[1]["sha256"], review["sha256"]);
    fs::write(place.draft("system_prompt.txt"), format!("{TEXT}\n")).unwrap();
    assert_eq!(place.json()["decisions"][0]["state"], "void");
    assert!(place.review("ana", &[]).1.contains("void since something changed: the decision of ben"));
    place.said("ben", &["request-changes", "-m", "one line feed too many"]);
    assert_eq!(place.json()["decisions"].as_array().unwrap().len(), 1, "of each person the last decision counts");
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_written() {
    let place = Place::new();
    for (args, words) in [
        (&["comment", "-m", " "][..], "needs words"),
        (&["comment", "-m", "x", "--line", "99"], "the text has 7"),
        (&["comment", "-m", "x", "--line", "0"], "is no line"),
        (&["comment", "-m", "x", "--line", "7-3"], "there are no lines"),
        (&["comment", "-m", "x", "--section", "safety_rail"], "is it `safety_rails`?"),
        (&["comment", "-m", "x", "--section", "output_format", "--line", "3"], "Identity & Role"),
        (&["comment", "-m", "x", "--variable", "nobody"], "neither used nor declared"),
        (&["reply", "abcd", "-m", "x"], "nothing was said yet"),
        (&["done", "lunch"], "is no stage"),
    ] {
        let (code, output, error) = place.review("ben", args);
        assert_eq!((code, output.as_str()), (2, ""), "{args:?}: {error}");
        assert!(error.contains(words), "{args:?}: {error}");
    }
    assert!(!place.draft("review.jsonl").exists());
}

#[test]
fn the_page_holds_everything_and_no_text_becomes_a_tag() {
    let place = Place::new();
    place.said("ben", &["comment", "-m", "<script>alert(1)</script>", "--line", "7"]);
    place.said("ben", &["suggest", "--line", "3", "-m", "You <b>help</b>."]);
    place.said("ben", &["request-changes", "-m", "see \u{1b}[31m both"]);
    let page = place.review("ana", &["--html", "-"]).1;
    for held in
        ["&lt;script&gt;alert(1)", "Open questions", "asked for changes", "Technical review", "default-src 'none'"]
    {
        assert!(page.contains(held), "{held}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains('\u{1b}'));
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing comes from elsewhere");
    let file = place.dir.path().join("review.html");
    let (code, output, _) = place.review("ana", &["--html", file.to_str().unwrap()]);
    assert_eq!((code, output.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), page);
    let (code, ..) = place.review("ana", &["--html", "-", "--json"]);
    assert_eq!(code, 2);
}

#[test]
fn whoever_has_said_something_has_looked_at_it() {
    let place = Place::new();
    let nobody = "nobody but its authors has looked at it";
    assert!(place.review("ana", &["--html", "-"]).1.contains(nobody));
    place.said("ben", &["comment", "-m", "Who may promise one?", "--line", "7"]);
    let page = place.review("ana", &["--html", "-"]).1;
    assert!(page.contains("1 open comment") && !page.contains(nobody));
}

#[test]
fn control_bytes_of_a_comment_do_not_reach_the_terminal() {
    let place = Place::new();
    place.said("ben", &["comment", "-m", "red \u{1b}[31m\r\nnext"]);
    let shown = place.review("ana", &[]).1;
    assert!(!shown.contains('\u{1b}') && !shown.contains('\r'), "{shown:?}");
}

#[test]
fn a_review_cut_off_at_any_byte_is_read_as_far_as_it_makes_sense() {
    let place = Place::new();
    let id = place.said("ben", &["comment", "-m", "why \u{e9}?", "--line", "7"]);
    place.said("ana", &["resolve", &id]);
    let whole = fs::read(place.draft("review.jsonl")).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
    for end in [1, first / 2, first - 1, first, first + 1, first + 20, whole.len() - 2, whole.len() - 1] {
        fs::write(place.draft("review.jsonl"), &whole[..end]).unwrap();
        let (code, output, error) = place.review("ana", &["--json"]);
        assert_eq!(code, 0, "{end}: {error}");
        let review: Value = serde_json::from_str(&output).unwrap();
        assert_eq!(review["comments"].as_array().unwrap().len(), usize::from(end >= first), "{end}");
        let torn = end < first || (end > first + 1 && end < whole.len() - 1);
        assert_eq!(error.contains("review.jsonl:"), torn, "{end}: {error}");
    }
}

#[test]
fn an_author_does_not_approve_under_another_name_than_the_one_git_knows() {
    let place = Place::new();
    let library = committed_by_ana(&place);
    let settings = place.dir.path().join("home/.config/greenroom/config.toml");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    for name in ["PM", "ana  lima"] {
        fs::write(&settings, format!("author = \"{name}\"\n")).unwrap();
        let (code, _, error) = place.review("ana", &["approve"]);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains(&format!("{name} ")) && error.contains("authors do not approve"), "{error}");
    }
    assert!(!place.draft("review.jsonl").exists());

    // a line that was written while nobody knew who the author is counts for nothing as soon as somebody does
    fs::write(&settings, "author = \"PM\"\n").unwrap();
    place.said("ana", &["comment", "-m", "mine"]);
    assert_eq!(place.lines()[0]["git"], "Ana Lima");
    let sha256 = place.json()["sha256"].as_str().unwrap().to_owned();
    let line =
        serde_json::json!({"at": "2026-01-01T00:00:00Z", "by": "PM", "kind": "approve", "id": "x", "sha256": sha256});
    let log = fs::read_to_string(place.draft("review.jsonl")).unwrap();
    fs::write(place.draft("review.jsonl"), format!("{log}{line}\n")).unwrap();
    fs::write(&settings, "author = \"Ben\"\n").unwrap();
    git(&library, &["config", "user.name", "Ben"]);
    git(&library, &["config", "user.email", "ben@example.org"]);
    assert_eq!(place.json()["decisions"][0]["state"], "own");
    place.said("ben", &["approve"]);
    let states = place.json()["decisions"].as_array().unwrap().iter().map(|it| it["state"].clone()).collect::<Vec<_>>();
    assert_eq!(states, ["counts", "own"]);
    assert_eq!(place.lines()[2].get("git"), None, "one name is written once");
}

#[test]
fn an_author_does_not_approve_under_a_new_name_with_the_same_address() {
    let place = Place::new();
    let library = committed_by_ana(&place);
    for (name, address) in [("Ana L.", "ana@example.org"), ("A. Lima", "Ana@Example.org")] {
        git(&library, &["config", "user.name", name]);
        git(&library, &["config", "user.email", address]);
        let (code, _, error) = place.review("ana", &["approve"]);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains(&format!("{name} (to git Ana Lima) has written this")), "{error}");
    }
    // what was committed under the new name before anybody looked counts for nobody else either
    let sha256 = place.json()["sha256"].as_str().unwrap().to_owned();
    let line = serde_json::json!({"at": "2026-01-01T00:00:00Z", "by": "A. Lima", "kind": "approve", "id": "x", "sha256": sha256});
    fs::write(place.draft("review.jsonl"), format!("{line}\n")).unwrap();
    git(&library, &["add", "."]);
    git(&library, &["commit", "-q", "-m", "approved"]);
    git(&library, &["config", "user.name", "Ben"]);
    git(&library, &["config", "user.email", "ben@example.org"]);
    assert_eq!(place.json()["decisions"][0]["state"], "own");
    place.said("ben", &["approve"]);
    assert_eq!(place.json()["decisions"][0]["state"], "counts");
}

#[test]
fn a_draft_that_came_into_git_together_with_the_version_before_it_has_an_author() {
    let place = Place::new();
    let version = place.draft("").with_file_name("v1.0.0_2024-01-15");
    fs::create_dir(&version).unwrap();
    fs::write(version.join("system_prompt.txt"), TEXT.replace("Never", "Do not")).unwrap();
    let library = committed_by_ana(&place);
    let (code, _, error) = place.review("ana", &["approve"]);
    assert!(code == 1 && error.contains("Ana Lima has written this"), "{error}");
    // what is the version's has nobody written since
    fs::write(version.join("system_prompt.txt"), TEXT).unwrap();
    git(&library, &["commit", "-q", "-a", "--amend", "--no-edit"]);
    place.said("ana", &["approve"]);
}

/// The library in a repository, everything committed by Ana Lima.
fn committed_by_ana(place: &Place) -> std::path::PathBuf {
    let library = place.dir.path().join("library");
    git(&library, &["init", "-q", "-b", "main"]);
    git(&library, &["config", "user.name", "Ana Lima"]);
    git(&library, &["config", "user.email", "ana@example.org"]);
    git(&library, &["add", "."]);
    git(&library, &["commit", "-q", "-m", "the draft"]);
    library
}

fn git(library: &std::path::Path, words: &[&str]) {
    let run = std::process::Command::new("git").args(words).current_dir(library).output().unwrap();
    assert!(run.status.success(), "{run:?}");
}
