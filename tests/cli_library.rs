//! The commands around a library as a script meets them: what they print, where, and how they exit.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

/// A folder with a library in it, a home of its own, and nothing of the machine's settings.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("library/prompts")).unwrap();
        Self { dir }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join("library/prompts").join(file)
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let file = self.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        // what greenroom froze is read-only
        let _ = fs::remove_file(&file);
        fs::write(file, bytes).unwrap();
        self
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    fn command(&self, folder: &Path) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path().join("home")).current_dir(folder);
        command
    }

    /// Runs greenroom in the library's folder.
    fn run(&self, args: &[&str]) -> Output {
        self.command(&self.dir.path().join("library")).args(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// Every file below the library, with its bytes.
    fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![self.dir.path().join("library")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push((entry.path(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    let said = text(&output.stderr);
    assert!(said.starts_with("error: ") && said.lines().count() == 1, "one sentence: {said}");
    said.to_owned()
}

fn cut(place: &Place, step: &[&str]) -> Output {
    place.run(&[&["cut", "faq"], step, &["-m", "what", "--why", "why", "--date", "2024-04-02"]].concat())
}

#[test]
fn list_shows_what_there_is_in_the_documented_shape() {
    let place = Place::new();
    place
        .write("faq/prompt.toml", "title = \"Questions\"\n")
        .write("faq/draft/system_prompt.txt", "x")
        .write("faq/v1.10.0_2024-01-01/system_prompt.txt", "x")
        .write("faq/v1.9.0_2024-02-01/system_prompt.txt", "x")
        .write(
            "faq/releases.jsonl",
            "{\"at\":\"2024-02-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.9.0\"}\n",
        )
        .write("broken/v1.0.0_2024-01-01/system_prompt.txt", "x")
        .write("broken/v1.0.0_2024-01-01/config.json", "{\n  \"a\": 1,\n}");
    let library = place.dir.path().join("library");
    let shown = place.json(&["list", "--json"]);
    assert_eq!(shown["library"], library.to_str().unwrap());
    assert_eq!(
        shown["prompts"][1],
        json!({
            "name": "faq", "title": "Questions", "draft": true, "versions": ["1.9.0", "1.10.0"],
            "environments": {"production": "1.9.0"}, "due": [], "damaged": [],
        })
    );
    let damaged = &shown["prompts"][0]["damaged"][0];
    assert_eq!(damaged["file"], "prompts/broken/v1.0.0_2024-01-01/config.json");
    assert_eq!(damaged["line"], 3);

    let output = place.run(&["list"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stdout).lines().collect::<Vec<_>>(),
        [
            "! broken  Broken     1.0.0 (2024-01-01)",
            "    damaged: prompts/broken/v1.0.0_2024-01-01/config.json:3: is not the JSON that is expected: trailing comma",
            "  faq     Questions  draft, 1.10.0 (2024-01-01) and 1 more  production runs 1.9.0",
        ]
    );
}

#[test]
fn the_library_is_named_found_upwards_or_the_users_own() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "x");
    let library = |command: &mut assert_cmd::Command| {
        let output = command.args(["list", "--json"]).output().unwrap();
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        PathBuf::from(shown["library"].as_str().unwrap())
    };
    let elsewhere = place.dir.path();
    let root = elsewhere.join("library");
    assert_eq!(library(&mut place.command(&place.path("faq/draft"))), root);
    assert_eq!(library(place.command(elsewhere).arg("--library").arg(&root)), root);
    assert_eq!(library(place.command(elsewhere).env("GREENROOM_LIBRARY", &root)), root);

    let own = elsewhere.join("home/.local/share/greenroom/library");
    let mut first = place.command(elsewhere);
    assert_eq!(library(&mut first), own);
    assert!(
        own.join("prompts/customer_support/draft/system_prompt.txt").is_file(),
        "the first start copies the samples"
    );
    let xdg = elsewhere.join("data");
    assert_eq!(library(place.command(elsewhere).env("XDG_DATA_HOME", &xdg)), xdg.join("greenroom/library"));
}

#[test]
fn a_folder_that_is_no_library_is_said_to_be_none() {
    let place = Place::new();
    let said = refused(&place.run(&["list", "--library", "prompts"]));
    assert!(said.contains("prompts: this folder is no library"), "{said}");
    let said = refused(&place.run(&["list", "--library", "nowhere"]));
    assert!(said.contains("nowhere: there is no such folder"), "{said}");
}

#[test]
fn new_makes_a_prompt_from_the_outline_or_from_the_exact_bytes_of_a_file() {
    let place = Place::new();
    let output = place.run(&["new", "faq"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(place.read("faq/draft/system_prompt.txt").starts_with("# Identity & Role\n"));

    place.write("../text.txt", "\u{feff}a\r\n\0b ");
    assert_eq!(place.run(&["new", "other", "--from", "text.txt"]).status.code(), Some(0));
    assert_eq!(place.read("other/draft/system_prompt.txt"), "\u{feff}a\r\n\0b ");

    let shown = place.json(&["new", "third", "--json"]);
    assert_eq!(shown["prompt"], "third");
    assert!(Path::new(shown["file"].as_str().unwrap()).is_file());
}

#[test]
fn new_makes_the_first_prompt_of_an_empty_folder() {
    let place = Place::new();
    let empty = place.dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let output = place.run(&["new", "faq", "--library", empty.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(empty.join("prompts/faq/draft/system_prompt.txt").is_file());
}

#[test]
fn new_refuses_what_it_cannot_make_and_makes_nothing() {
    let place = Place::new();
    place.write("taken/draft/system_prompt.txt", "x").write("../bad.txt", b"abc\xff");
    let before = place.everything();
    for (args, reason) in [
        (&["new", "taken"][..], "there is a prompt `taken` already"),
        (&["new", "../up"], "`../up` cannot be the name of a prompt"),
        (&["new", "/etc"], "`/etc` cannot be the name of a prompt"),
        (&["new", "Big"], "`Big` cannot be the name of a prompt"),
        (&["new", "b", "--from", "bad.txt"], "bad.txt:1:4: is not UTF-8: the byte at offset 3 (0xFF)"),
        (&["new", "b", "--from", "missing.txt"], "missing.txt: cannot read"),
        (&["new", "b", "--from", "prompts"], "prompts: cannot read"),
    ] {
        let said = refused(&place.run(args));
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(place.everything(), before);
}

#[test]
fn cut_freezes_exact_bytes_that_sha256sum_and_verify_accept() {
    let place = Place::new();
    place
        .write("faq/draft/system_prompt.txt", "hello {{name}}\r\n")
        .write("faq/draft/config.json", "{\"temperature\":0.30}");
    let shown =
        place.json(&["cut", "faq", "--major", "-m", "First", "--why", "Launch", "--date", "2024-01-15", "--json"]);
    assert_eq!(shown["version"], "1.0.0");
    let folder = place.path("faq/v1.0.0_2024-01-15");
    assert_eq!(shown["folder"], folder.to_str().unwrap());
    assert_eq!(fs::read(folder.join("system_prompt.txt")).unwrap(), b"hello {{name}}\r\n");
    assert_eq!(fs::read(folder.join("config.json")).unwrap(), b"{\"temperature\":0.30}");
    assert_eq!(
        fs::read_to_string(folder.join("changelog.md")).unwrap(),
        "# faq 1.0.0 (2024-01-15)\n\n## What changed\n\nFirst\n\n## Why\n\nLaunch\n"
    );
    assert!(place.path("faq/draft/system_prompt.txt").is_file(), "the draft stays");
    match std::process::Command::new("sha256sum").args(["-c", "--strict", "SHA256SUMS"]).current_dir(&folder).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            assert_eq!(text(&output.stdout).lines().count(), 3);
        }
        // the program's own check stands below; this machine has no other
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
    }
    let output = place.run(&["verify"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "ok        faq 1.0.0\n"));
}

#[test]
fn the_second_version_says_how_to_go_back_and_what_that_asks_for() {
    let place = Place::new();
    place
        .write("faq/draft/system_prompt.txt", "hello {{name}} of {{company}}")
        .write("faq/draft/config.json", "{\"temperature\": 0.3}");
    assert_eq!(cut(&place, &["--minor"]).status.code(), Some(0));
    place
        .write("faq/draft/system_prompt.txt", "hello {{name}}, {{plan}}")
        .write("faq/draft/config.json", "{\"temperature\": 0.5}");
    assert_eq!(cut(&place, &["--version", "1.0.0"]).status.code(), Some(0));
    let changelog = place.read("faq/v1.0.0_2024-04-02/changelog.md");
    let rollback = changelog.split("## Rollback").nth(1).unwrap();
    for part in [
        "greenroom rollback faq --to 0.1.0 --why",
        "First make the application supply `company`.",
        "Variable `plan`: 0.1.0 does not use it",
        "Config `temperature`: `0.5` in 1.0.0, `0.3` in 0.1.0.",
    ] {
        assert!(rollback.contains(part), "{changelog}");
    }
}

#[test]
fn cut_says_when_the_changes_look_like_another_step() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "hello {{name}}");
    let remark = |output: &Output| text(&output.stderr).lines().nth(1).map(str::to_owned);
    assert_eq!(remark(&cut(&place, &["--major"])), None);
    place.write("faq/draft/system_prompt.txt", "hello {{user}}");
    let expected = "note: what changed since 1.0.0 looks like a major step, to 2.0.0";
    assert_eq!(remark(&cut(&place, &["--patch"])).as_deref(), Some(expected));
    assert_eq!(remark(&cut(&place, &["--patch"])).as_deref(), Some("note: nothing differs from 1.0.1"));
}

#[test]
fn cut_refuses_what_would_be_a_lie_and_writes_nothing() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "hello").write("empty/draft/system_prompt.txt", " \n");
    assert_eq!(cut(&place, &["--version", "1.1.0"]).status.code(), Some(0));
    let before = place.everything();
    for (args, reason) in [
        (&["cut", "faq", "--version", "1.1.0", "-m", "x", "--why", "y"][..], "version 1.1.0 of `faq` exists already"),
        (&["cut", "faq", "--version", "1.0.9", "-m", "x", "--why", "y"], "1.0.9 is not above 1.1.0"),
        (&["cut", "faq", "--version", "1.1.0-rc.1", "-m", "x", "--why", "y"], "1.1.0-rc.1 is not above 1.1.0"),
        (&["cut", "faq", "--version", "1.2", "-m", "x", "--why", "y"], "`1.2` is not a version"),
        (&["cut", "faq", "--minor", "-m", " ", "--why", "y"], "words about what changed"),
        (&["cut", "faq", "--minor", "-m", "x", "--why", ""], "words about why"),
        (&["cut", "faq", "--minor", "-m", "x", "--why", "y", "--date", "2024-02-30"], "`2024-02-30` is not a day"),
        (&["cut", "empty", "--minor", "-m", "x", "--why", "y"], "the draft is empty"),
        (&["cut", "faqs", "--minor", "-m", "x", "--why", "y"], "did you mean `faq`?"),
    ] {
        let said = refused(&place.run(args));
        assert!(said.contains(reason), "{said}");
    }
    // bad usage is also 2, in the words of the argument parser
    assert_eq!(place.run(&["cut", "faq", "-m", "x", "--why", "y"]).status.code(), Some(2));
    assert_eq!(place.run(&["cut", "faq", "--major", "--minor", "-m", "x", "--why", "y"]).status.code(), Some(2));
    assert_eq!(place.run(&["cut", "faq", "--minor", "-m", "x"]).status.code(), Some(2));
    assert_eq!(place.everything(), before);
}

#[test]
fn verify_finds_what_changed_and_exits_with_1() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "hello").write("old/v1.0.0_2024-01-01/system_prompt.txt", "x");
    assert_eq!(cut(&place, &["--major"]).status.code(), Some(0));
    let shown = place.json(&["verify", "--json"]);
    assert_eq!(shown["versions"][0]["status"], "ok");
    assert_eq!(shown["versions"][1]["status"], "unsealed");

    place.write("faq/v1.0.0_2024-04-02/system_prompt.txt", "hello!");
    let output = place.run(&["verify", "faq"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("prompts/faq/v1.0.0_2024-04-02/system_prompt.txt: has changed since"));
    let output = place.run(&["verify", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["versions"][0]["status"], "changed");
    assert!(refused(&place.run(&["verify", "fak"])).contains("did you mean `faq`?"));
}

#[cfg(unix)]
#[test]
fn verify_counts_a_folder_that_it_cannot_look_at_once() {
    let place = Place::new();
    std::os::unix::fs::symlink(place.dir.path(), place.path("outlink")).unwrap();
    let output = place.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("0 as frozen, 1 changed, 0 without SHA256SUMS"), "{output:?}");
}

#[test]
fn cut_without_a_step_proposes_the_one_that_fits_and_freezes_nothing() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "hello");
    let said = refused(&place.run(&["cut", "faq", "-m", "x", "--why", "y"]));
    assert!(said.contains("add --major for 1.0.0, because it is the first version"), "{said}");
    assert_eq!(cut(&place, &["--major"]).status.code(), Some(0));
    place.write("faq/draft/system_prompt.txt", "hello {{name}}");
    let before = place.everything();
    let said = refused(&place.run(&["cut", "faq", "-m", "x", "--why", "y"]));
    assert!(said.contains("add --major for 2.0.0, because what changed since 1.0.0"), "{said}");
    assert_eq!(place.everything(), before);
}

#[test]
fn help_fits_a_screen_in_both_its_forms() {
    let place = Place::new();
    for flag in ["--help", "-h"] {
        let output = place.run(&[flag]);
        assert_eq!(output.status.code(), Some(0));
        let page = text(&output.stdout);
        assert!(page.lines().count() <= 40 && page.lines().all(|line| line.chars().count() <= 100), "{page}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_one_sentence_and_exits_with_2() {
    let place = Place::new();
    assert!(refused(&place.run(&["show"])).contains("`greenroom show` needs <REF>"));
    assert!(refused(&place.run(&["list", "--jsn"])).contains("did you mean `--json`?"));
}

#[test]
fn what_cannot_be_written_leaves_everything_as_it_was() {
    let place = Place::new();
    place.write("faq/draft/system_prompt.txt", "hello");
    // a file stands where the library's folder of prompts would be: this fails for every user, the machine's owner too
    let blocked = place.dir.path().join("blocked");
    fs::create_dir(&blocked).unwrap();
    fs::write(blocked.join("greenroom.toml"), "").unwrap();
    fs::write(blocked.join("prompts"), "a file").unwrap();
    let said = refused(&place.run(&["new", "x", "--library", blocked.to_str().unwrap()]));
    assert!(said.contains("is a file where a folder is needed"), "{said}");
    assert_eq!(fs::read_to_string(blocked.join("prompts")).unwrap(), "a file");
    assert_eq!(fs::read_dir(&blocked).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_library_is_refused_by_name() {
    let place = Place::new();
    let outside = place.dir.path().join("outside");
    fs::create_dir_all(outside.join("draft")).unwrap();
    fs::write(outside.join("draft/system_prompt.txt"), "secret").unwrap();
    std::os::unix::fs::symlink(&outside, place.path("linked")).unwrap();
    let said = refused(&place.run(&["cut", "linked", "--major", "-m", "x", "--why", "y"]));
    assert!(said.contains("prompts/linked: a link leads out of the library"), "{said}");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    let shown = place.json(&["list", "--json"]);
    assert_eq!(shown["prompts"][0]["damaged"][0]["file"], "prompts/linked");
}

#[test]
fn without_a_terminal_the_workbench_names_commands_and_copies_nothing() {
    let place = Place::new();
    let said = refused(&place.run(&["demo", "copy"]));
    assert!(said.contains("needs a terminal") && said.contains("greenroom list"), "{said}");
    assert!(!place.dir.path().join("library/copy").exists());
}

#[test]
fn a_word_that_is_neither_command_nor_prompt_suggests_the_nearest() {
    let place = Place::new();
    place.write("customer_support/draft/system_prompt.txt", "x");
    assert!(refused(&place.run(&["lst"])).contains("did you mean `greenroom list`?"));
    assert!(refused(&place.run(&["customer_support", "list"])).contains("behind the command"));
    assert!(refused(&place.run(&["customer_suport"])).contains("did you mean `greenroom customer_support`?"));
}

#[test]
fn a_name_full_of_escape_codes_is_shown_and_not_sent() {
    let place = Place::new();
    place.write("a\u{1b}[2Jb/draft/system_prompt.txt", "x");
    let output = place.run(&["list"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!output.stdout.contains(&0x1b), "{output:?}");
}

#[test]
fn completions_are_there_for_the_usual_shells() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = place.run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("greenroom"), "{shell}");
    }
}
