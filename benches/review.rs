//! A prompt with a long life: 500 versions, each with its review and its release, and a draft about which 10,000 lines
//! were said. How long commands and the Review screen take to know where it stands.

use std::fmt::Write as _;
use std::fs;
use std::sync::OnceLock;

use divan::{Bencher, black_box};
use greenroom::library::{Asked, Library, Snapshot, Which};

const VERSIONS: i64 = 500;
const SAID: usize = 10_000;

fn main() {
    divan::main();
}

fn at(second: i64) -> String {
    jiff::Timestamp::from_second(1_700_000_000 + second).expect("a moment").to_string()
}

/// A library with that prompt, made once.
fn place() -> &'static (tempfile::TempDir, Library) {
    static PLACE: OnceLock<(tempfile::TempDir, Library)> = OnceLock::new();
    PLACE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let put = |file: &str, text: &str| {
            let file = dir.path().join("prompts/p").join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        };
        let mut text = "# Identity & Role\n\nYou help {{name}}.\n\n# Safety Rails\n\n".to_owned();
        for rule in 0..200 {
            let _ = writeln!(text, "Rule {rule}: never promise number {rule}.");
        }
        let mut log = String::new();
        let mut day = jiff::civil::date(2022, 1, 1);
        for version in 0..VERSIONS {
            day = day.tomorrow().expect("a day");
            let folder = format!("v1.{version}.0_{day}");
            put(&format!("{folder}/system_prompt.txt"), &format!("{text}{version}\n"));
            put(&format!("{folder}/config.json"), "{\"model\": \"offline\"}\n");
            put(&format!("{folder}/changelog.md"), "## What changed\n\nx\n\n## Why\n\ny\n\n## Rollback\n\nz\n");
            let comment = format!("{{\"at\":\"{}\",\"by\":\"Ben\",\"kind\":\"comment\",\"id\":\"v{version}\",\"text\":\"fine\"}}\n", at(version));
            put(&format!("{folder}/review.jsonl"), &comment);
            let _ = writeln!(
                log,
                "{{\"at\":\"{}\",\"by\":\"Ben\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.{version}.0\",\"why\":\"x\",\"sha256\":null,\"forced\":false}}",
                at(version)
            );
        }
        put("releases.jsonl", &log);
        put("draft/system_prompt.txt", &text);
        put("draft/config.json", "{\"model\": \"offline\"}\n");
        let mut said = String::new();
        for comment in 0..SAID / 2 {
            let (at, rule) = (at(comment.try_into().expect("a second")), comment % 200);
            let _ = writeln!(
                said,
                "{{\"at\":\"{at}\",\"by\":\"Ben\",\"kind\":\"comment\",\"id\":\"c{comment}\",\"line\":{},\"quote\":[\"Rule {rule}: never promise number {rule}.\"],\"text\":\"why is this so, and who has said so?\"}}",
                7 + rule
            );
            let kind = ["reply", "resolve"][comment % 2];
            let _ = writeln!(
                said,
                "{{\"at\":\"{at}\",\"by\":\"Ana\",\"kind\":\"{kind}\",\"id\":\"c{comment}\",\"text\":\"because\"}}"
            );
        }
        put("draft/review.jsonl", &said);
        let library = Library::at(dir.path()).expect("a library");
        (dir, library)
    })
}

fn draft() -> Snapshot {
    place().1.read("p", &Which::Draft).expect("a draft")
}

/// What `greenroom review p` and the Review screen begin with.
#[divan::bench(sample_count = 20)]
fn everything_that_was_said(bencher: Bencher) {
    let draft = draft();
    bencher.bench_local(|| black_box(place().1.reviewed(&draft)).expect("a review").review.threads.len());
}

/// The ten steps of the draft, and of the last version.
#[divan::bench(args = ["draft", "the last version"], sample_count = 20)]
fn how_far_it_is(bencher: Bencher, which: &str) {
    let library = &place().1;
    let draft = if which == "draft" {
        draft()
    } else {
        let last = library.glance("p").versions.pop().expect("a version");
        library.read("p", &Which::Version(last.version)).expect("a version")
    };
    let review = library.reviewed(&draft).expect("a review").review;
    let sha256 = library.evidence(&draft).expect("a digest");
    let asked = Asked { approvals: 1, authors: [].into(), people: [].into() };
    bencher.bench_local(|| black_box(library.progress(&draft, &review, &sha256, &asked)).expect("facts").open);
}

/// What the workbench begins with, and `greenroom list`, which opens every file.
#[divan::bench(args = ["at a glance", "every file"], sample_count = 20)]
fn what_there_is(bencher: Bencher, how: &str) {
    let library = &place().1;
    bencher.bench_local(|| match how {
        "every file" => black_box(library.list()).expect("a list").len(),
        _ => black_box(library.glance("p")).versions.len(),
    });
}

/// Every SHA256SUMS, of which none is there, and what became of every version.
#[divan::bench(sample_count = 10)]
fn every_version_verified(bencher: Bencher) {
    bencher.bench_local(|| black_box(place().1.verify(Some("p"))).expect("verdicts").len());
}

#[divan::bench(sample_count = 10)]
fn what_became_of_every_version(bencher: Bencher) {
    bencher.bench_local(|| black_box(place().1.course("p")).expect("a course").problems.len());
}
