//! The story in two clones of one bare repository, at the same time.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::people::{PROMPT, Person, SETTINGS, said, text};

impl Person {
    fn git_output(&self, words: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", &self.home);
        command.env("GIT_CONFIG_NOSYSTEM", "1").current_dir(&self.library).args(words).output().unwrap()
    }

    fn git(&self, words: &[&str]) -> String {
        let output = self.git_output(words);
        assert!(output.status.success(), "{} git {words:?}: {}", self.name, said(&output));
        text(&output.stdout).trim_end().to_owned()
    }

    /// Commits everything.
    fn commits(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Takes what the others did, which must merge without a conflict, and gives what is there then.
    fn merges_and_pushes(&self) {
        self.git(&["pull", "-q", "--no-rebase", "--no-edit"]);
        assert_eq!(self.git(&["status", "--porcelain"]), "");
        self.git(&["push", "-q"]);
    }
}

/// Two people with a clone each, of a library that holds the samples.
fn two_clones(office: &Path) -> (Person, Person) {
    let bare = office.join("library.git");
    let people = ["Paula", "Emil"].map(|name| {
        let person = Person::new(name, office, office.join("clones").join(name));
        let email = format!("{name}@example.org").to_lowercase();
        let settings = format!("[user]\nname = {name}\nemail = {email}\n[init]\ndefaultBranch = main\n");
        fs::write(person.home.join(".gitconfig"), settings).unwrap();
        person
    });
    let [paula, emil] = people;
    let at_office =
        Person { library: office.to_owned(), home: paula.home.clone(), ..Person::new("git", office, office.into()) };
    at_office.git(&["init", "-q", "--bare", "library.git"]);
    greenroom::library::write_samples(&paula.library).unwrap();
    fs::write(paula.library.join("greenroom.toml"), SETTINGS).unwrap();
    paula.git(&["init", "-q"]);
    paula.commits("the samples");
    paula.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
    paula.git(&["push", "-q", "-u", "origin", "main"]);
    at_office.git(&["clone", "-q", "library.git", "clones/Emil"]);
    (paula, emil)
}

/// Emil pushes first, Paula merges, Emil takes what came of it.
fn both_ways(paula: &Person, emil: &Person) {
    emil.merges_and_pushes();
    paula.merges_and_pushes();
    emil.merges_and_pushes();
    assert_eq!(paula.git(&["rev-parse", "HEAD"]), emil.git(&["rev-parse", "HEAD"]));
}

/// What somebody sees who looks at this command's document, without where the library is.
fn sees(person: &Person, args: &[&str]) -> Value {
    let mut seen = person.reads(args);
    seen.as_object_mut().unwrap().remove("library");
    seen
}

fn same_for_both(paula: &Person, emil: &Person, args: &[&str]) -> Value {
    let [one, other] = [paula, emil].map(|person| sees(person, args));
    assert_eq!(one, other, "{args:?}");
    one
}

/// No line of a ledger stands twice, and each can be read.
fn nothing_twice(person: &Person, file: &str) -> usize {
    let lines = person.ledger(file);
    let mut different: Vec<String> = lines.iter().map(ToString::to_string).collect();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), lines.len(), "{file}: {lines:#?}");
    lines.len()
}

#[test]
fn two_clones_that_work_at_the_same_time_merge_into_one_truth() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());

    // Emil approves what he sees, releases, and has something to say; Paula edits, says something, hands over
    let warm = "a warm, competent colleague";
    emil.reviews(PROMPT, &["comment", "-m", "Warm in which way?", "--line", &emil.line_of(warm)]);
    emil.reviews(PROMPT, &["approve", "-m", "Good enough"]);
    emil.reviews("customer_support@1.2.0", &["approve"]);
    emil.does(&["deploy", "customer_support@1.2.0", "--why", "What runs already"]);
    emil.does(&["deploy", "customer_support@1.1.0", "--to", "staging", "--why", "To compare"]);
    emil.commits("review and release");
    paula.edits(warm, "a warm and competent colleague");
    paula.reviews(PROMPT, &["comment", "-m", "Shall we say customers or users?"]);
    paula.reviews(PROMPT, &["done", "draft"]);
    paula.does(&["deploy", "customer_support@1.0.0", "--to", "staging", "--why", "To look at the first one"]);
    paula.commits("warmer");
    both_ways(&paula, &emil);

    let review = same_for_both(&paula, &emil, &["review", PROMPT]);
    assert_eq!(review["comments"].as_array().unwrap().len(), 2);
    assert_eq!((&review["decisions"][0]["by"], &review["decisions"][0]["state"]), (&"Emil".into(), &"void".into()));
    assert_eq!(nothing_twice(&paula, "draft/review.jsonl"), 4);
    assert_eq!(nothing_twice(&emil, "releases.jsonl"), 3);
    let listed = same_for_both(&paula, &emil, &["list"]);
    let runs = &listed["prompts"][0]["environments"];
    assert_eq!((&runs["production"], &runs["staging"]), (&"1.2.0".into(), &"1.0.0".into()), "the later time wins");

    // Paula settles and freezes, while Emil goes on with the draft that he has
    for comment in review["comments"].as_array().unwrap() {
        paula.reviews(PROMPT, &["resolve", comment["id"].as_str().unwrap()]);
    }
    paula.does(&["cut", PROMPT, "--minor", "-m", "Warmer", "--why", "The survey", "--date", "2026-11-23"]);
    paula.commits("1.3.0");
    emil.reviews(PROMPT, &["comment", "-m", "And who tells support?"]);
    emil.reviews(PROMPT, &["approve", "-m", "Now it is good"]);
    emil.commits("approved");
    both_ways(&paula, &emil);
    let review = same_for_both(&paula, &emil, &["review", "customer_support@1.3.0"]);
    assert_eq!(review["comments"].as_array().unwrap().len(), 3, "{review:#}");
    assert_eq!((&review["open"], &review["decisions"][0]["state"]), (&1.into(), &"counts".into()));
    assert_eq!(nothing_twice(&paula, "v1.3.0_2026-11-23/review.jsonl"), 8);
    same_for_both(&paula, &emil, &["review", PROMPT]);
    same_for_both(&paula, &emil, &["log", PROMPT]);
    for person in [&paula, &emil] {
        assert!(person.does(&["verify"]).lines().all(|line| line.starts_with("ok ")), "{}", person.name);
    }
}

#[test]
fn what_is_said_of_a_draft_that_was_frozen_meanwhile_is_not_lost_and_not_said_twice() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());
    let old = paula.reviews(PROMPT, &["comment", "-m", "Which fillers?"]);
    paula.reviews(PROMPT, &["resolve", &old]);
    paula.commits("a comment");
    both_ways(&paula, &emil);
    // Paula freezes and goes on with the next draft; Emil speaks of the one that he has
    paula.does(&["cut", PROMPT, "--minor", "-m", "Warmer", "--why", "The survey", "--date", "2026-11-23"]);
    paula.reviews(PROMPT, &["comment", "-m", "The next draft begins"]);
    paula.commits("1.3.0");
    emil.reviews(PROMPT, &["comment", "-m", "And who tells support?"]);
    emil.commits("a question");
    both_ways(&paula, &emil);
    let told = |reference: &str| {
        let review = same_for_both(&paula, &emil, &["review", reference]);
        let comments = review["comments"].as_array().unwrap();
        comments.iter().map(|comment| comment["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(PROMPT), ["The next draft begins", "And who tells support?"]);
    assert_eq!(told("customer_support@1.3.0"), ["Which fillers?"]);
    // and it does not go with the next version either
    paula.does(&["cut", PROMPT, "--patch", "-m", "Next", "--why", "x", "--date", "2026-11-24"]);
    assert_eq!(nothing_twice(&paula, "v1.3.1_2026-11-24/review.jsonl"), 2);
}

#[test]
fn frozen_bytes_and_digests_are_the_same_in_a_clone_that_changes_line_endings() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());
    paula.reviews(PROMPT, &["comment", "-m", "Which fillers?"]);
    paula.does(&["cut", PROMPT, "--minor", "-m", "Warmer", "--why", "The survey", "--date", "2026-11-23"]);
    paula.commits("1.3.0");
    paula.git(&["push", "-q"]);
    emil.git(&["clone", "-q", "-c", "core.autocrlf=true", "../../library.git", "../Windows"]);
    let windows = Person { library: office.path().join("clones/Windows"), ..emil };
    assert!(windows.does(&["verify"]).lines().all(|line| line.starts_with("ok ")), "{}", windows.does(&["verify"]));
    same_for_both(&paula, &windows, &["review", PROMPT]);
}

#[test]
fn who_wrote_a_draft_does_not_approve_it_whatever_was_said_of_the_version_before() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());
    paula.edits("a warm, competent colleague", "a kind, competent colleague");
    paula.commits("kind");
    both_ways(&paula, &emil);
    emil.reviews("customer_support@1.2.0", &["comment", "-m", "This one was cold"]);
    emil.commits("about the version before");
    both_ways(&paula, &emil);
    assert!(paula.is_refused(&["review", PROMPT, "approve"], 1).contains("Paula has written this"));
    emil.reviews(PROMPT, &["approve"]);
}

#[test]
fn who_merges_what_others_wrote_is_no_author_of_it() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());
    paula.git(&["switch", "-q", "-c", "kind"]);
    paula.edits("a warm, competent colleague", "a kind, competent colleague");
    paula.commits("kind");
    paula.git(&["switch", "-q", "main"]);
    paula.edits("then hand over to Billing.", "then go on to Billing.");
    paula.commits("billing");
    paula.git(&["push", "-q", "origin", "kind", "main"]);
    emil.git(&["pull", "-q"]);
    emil.git(&["merge", "-q", "--no-edit", "origin/kind"]);
    emil.reviews(PROMPT, &["approve"]);
    // a merge that he had to write himself is his
    emil.git(&["push", "-q"]);
    paula.edits("then go on to Billing.", "then pass it to Billing.");
    paula.commits("pass");
    paula.git(&["push", "-q", "origin", "HEAD:passing"]);
    emil.edits("then go on to Billing.", "then send them to Billing.");
    emil.commits("send");
    emil.git(&["reset", "-q", "--soft", "HEAD~1"]);
    emil.git(&["commit", "-q", "--author", "Zoe <zoe@example.org>", "-m", "send"]);
    emil.git(&["fetch", "-q"]);
    assert!(!emil.git_output(&["merge", "-q", "origin/passing"]).status.success(), "both changed the same line");
    let merged = fs::read_to_string(emil.file("draft/system_prompt.txt")).unwrap();
    let ours = |line: &&str| !line.starts_with(['<', '=', '>']) && !line.contains("then pass it to Billing.");
    fs::write(emil.file("draft/system_prompt.txt"), merged.split_inclusive('\n').filter(ours).collect::<String>())
        .unwrap();
    emil.commits("merged by hand");
    assert!(emil.is_refused(&["review", PROMPT, "approve"], 1).contains("Emil has written this"));
}

#[test]
fn a_draft_is_handed_over_and_back_by_commits_that_greenroom_makes() {
    let office = tempfile::tempdir().unwrap();
    let (paula, emil) = two_clones(office.path());
    fs::write(paula.library.join("greenroom.toml"), SETTINGS.replace("never", "always")).unwrap();
    paula.commits("greenroom commits what it writes");
    both_ways(&paula, &emil);

    // Paula's text and what it needs go along with the step that hands it over, and nothing else of her folder
    paula.edits("a warm, competent colleague", "a kind, competent colleague");
    let about = paula.file("prompt.toml");
    fs::write(&about, fs::read_to_string(&about).unwrap() + "\n[variables.mood]\ndescription = \"How they feel\"\n")
        .unwrap();
    fs::write(paula.library.join("notes.txt"), "for nobody").unwrap();
    paula.reviews(PROMPT, &["done", "draft"]);
    assert_eq!(paula.git(&["status", "--porcelain"]), "?? notes.txt");
    assert_eq!(paula.git(&["log", "-1", "--format=%an", "--", "prompts/customer_support/draft"]), "Paula");
    fs::remove_file(paula.library.join("notes.txt")).unwrap();
    both_ways(&paula, &emil);

    // Emil approves these very bytes; the approval counts in both clones
    emil.reviews(PROMPT, &["approve"]);
    assert_eq!(emil.git(&["status", "--porcelain"]), "");
    both_ways(&paula, &emil);
    let review = same_for_both(&paula, &emil, &["review", PROMPT]);
    assert_eq!(review["decisions"][0]["state"], "counts", "{review:#}");

    // the version comes with the draft that it was cut of
    paula.does(&["cut", PROMPT, "--minor", "-m", "Kinder", "--why", "The survey", "--date", "2026-11-23"]);
    assert_eq!(paula.git(&["status", "--porcelain"]), "");
    both_ways(&paula, &emil);
    emil.does(&["deploy", "customer_support@1.3.0", "--why", "Approved"]);
    assert_eq!(emil.git(&["status", "--porcelain"]), "");
}
