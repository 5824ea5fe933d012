//! `greenroom diff` against git revisions, environments, other prompts and files; as a page; and called by git.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

mod place;

use std::fs;
use std::process::Command;

use place::Place;
use serde_json::{Value, json};

const BEFORE: &str = "# Role\n\nYou help customers of {{company}}.\n\n# Tone\n\n- Be warm and kind.\n- Never promise a refund to anyone.\n";
const AFTER: &str = "# Role\n\nYou help customers of {{company}}.\n\n# Tone\n\n- Be warm and brief.\n- Never promise a refund to anyone.\n";

fn library() -> Place {
    let place = Place::with_files(&[
        ("library/prompts/help/v1.0.0_2024-01-15/system_prompt.txt", BEFORE),
        ("library/prompts/help/draft/system_prompt.txt", AFTER),
        ("library/prompts/help/draft/config.json", "{\"temperature\": 0.4}\n"),
        ("library/prompts/help/prompt.toml", "[variables.company]\nprivacy = \"public\"\n"),
        ("library/prompts/help/values/acme.json", "{\"company\": \"Acme\"}\n"),
        (
            "library/prompts/help/releases.jsonl",
            "{\"at\":\"2024-01-16T00:00:00Z\",\"by\":\"jo\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.0.0\",\"why\":\"first\"}\n",
        ),
        ("library/prompts/other/draft/system_prompt.txt", "# Role\n\nYou help nobody.\n"),
    ]);
    place.with("LC_ALL", "C.UTF-8")
}

fn git(place: &Place) -> Command {
    let mut git = Command::new("git");
    git.current_dir(place.path("library")).env("HOME", place.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
    git.args(["-c", "user.name=Jo", "-c", "user.email=jo@example.com", "-c", "init.defaultBranch=main"]);
    git
}

#[track_caller]
fn done(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A library in git, whose last commit has `BEFORE` as its draft.
fn committed() -> Place {
    let place = library();
    place.write("library/prompts/help/draft/system_prompt.txt", BEFORE);
    commit(&place);
    place.write("library/prompts/help/draft/system_prompt.txt", AFTER);
    place
}

/// Begins a repository with everything that is in the library.
fn commit(place: &Place) {
    fs::create_dir_all(place.path("home")).unwrap();
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "first"]] {
        let mut git = git(place);
        git.args(args);
        done(git);
    }
}

#[track_caller]
fn document(place: &Place, args: &[&str]) -> Value {
    serde_json::from_str(&done(place.command(args))).unwrap()
}

#[track_caller]
fn refused(place: &Place, args: &[&str]) -> String {
    let output = place.command(args).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_git_revision_is_what_was_committed_whatever_stands_in_the_folder() {
    let place = committed();
    let found = document(&place, &["diff", "help", "git:HEAD", "draft", "--json"]);
    assert_eq!((found["from"].as_str(), found["to"].as_str()), (Some("help@git:HEAD"), Some("help@draft")));
    let text = found.to_string();
    assert!(text.contains("Be warm and kind.") && text.contains("Be warm and brief."), "{text}");
    // the folder may be gone, as long as git has it
    fs::remove_dir_all(place.path("library/prompts/help")).unwrap();
    let found = document(&place, &["diff", "help@git:HEAD", "other", "--json"]);
    assert!(found.to_string().contains("Be warm and kind."));
}

#[test]
fn a_revision_that_is_none_is_said_and_reaches_no_shell() {
    let place = committed();
    for (revision, said) in [
        ("nowhere", "git knows no revision `nowhere`"),
        ("--output=x", "is not a revision"),
        ("$(touch x)", "is not a revision"),
        ("HEAD:prompts", "is not a revision"),
        ("HEAD..HEAD", "is not a revision"),
        ("", "is not a revision"),
    ] {
        let error = refused(&place, &["diff", &format!("help@git:{revision}"), "help"]);
        assert!(error.contains(said), "{revision}: {error}");
    }
    assert!(!place.path("library/x").exists());
    assert!(refused(&place, &["diff", "nothing@git:HEAD", "help"]).contains("has no prompt `nothing`"));
    let bare = library();
    assert!(refused(&bare, &["diff", "help@git:HEAD", "help"]).contains("in no git repository"));
}

#[test]
fn a_link_in_a_revision_is_not_followed() {
    let place = committed();
    let file = place.path("library/prompts/help/draft/system_prompt.txt");
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
    for args in [&["add", "-A"][..], &["commit", "-qm", "link"]] {
        let mut git = git(&place);
        git.args(args);
        done(git);
    }
    assert!(refused(&place, &["diff", "help@git:HEAD", "other"]).contains("is no plain file"));
}

#[test]
fn environments_other_prompts_and_files_are_sides_too() {
    let place = library();
    let found = document(&place, &["diff", "help", "production", "draft", "--json"]);
    assert_eq!((&found["from"], &found["config"][0]["key"]), (&json!("help@1.0.0"), &json!("temperature")));
    let found = document(&place, &["diff", "help", "other", "--json"]);
    assert_eq!(found["suggested_bump"], "major");
    assert_eq!(found["declared"][0]["name"], "company");
    assert_eq!(found["value_sets"][0], json!({"name": "acme", "from": "1 values", "to": null}));
    place.write("library/mine.txt", &AFTER.replace("brief", "calm"));
    for args in [&["diff", "help@draft", "mine.txt", "--json"][..], &["diff", "help", "draft", "mine.txt", "--json"]] {
        let found = document(&place, args);
        assert_eq!(
            (&found["to"], &found["config"]),
            (&json!("mine.txt"), &json!([])),
            "a file has no settings to differ"
        );
        assert!(found.to_string().contains("calm"));
    }
    assert!(refused(&place, &["diff", "help@draft", "no/such.txt"]).contains("no such file"));
}

#[test]
fn findings_that_went_or_came_are_told() {
    let place = library();
    place.write("library/prompts/help/draft/system_prompt.txt", &(AFTER.to_owned() + "- TODO: ask legal about this\n"));
    let found = document(&place, &["diff", "help", "1.0.0", "draft", "--json"]);
    let rules: Vec<_> = found["lint"]["appeared"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
    assert!(rules.contains(&&json!("leftover-note")), "{rules:?}");
    assert_eq!(found["lint"]["gone"], json!([]));
    let shown = done(place.command(&["diff", "help", "1.0.0", "draft", "--side-by-side", "--width", "100"]));
    assert!(shown.contains("leftover-note"), "{shown}");
}

#[test]
fn cases_that_differ_and_what_the_last_run_came_to_are_told() {
    let cases = "- description: Refund\n  vars: {message: I want it back, company: Acme}\n  assert:\n  - {type: contains, value: sorry}\n";
    let place = library();
    place.write("library/prompts/help/prompt.toml", "[variables.company]\nprivacy = \"personal\"\n");
    place.write("library/prompts/help/evals/cases.yaml", cases);
    let old = "library/prompts/help/v1.0.0_2024-01-15/eval_results.json";
    let exact = done(place.command(&["review", "help@1.0.0", "--json"]));
    let sha256 = serde_json::from_str::<Value>(&exact).unwrap()["sha256"].clone();
    let run = json!({"runs": [{"at": "2024-01-15T10:00:00Z", "sha256": sha256, "passed": 1}]});
    place.write(old, &run.to_string());
    commit(&place);
    let later = cases.replace("Acme", "Ada Lovelace").replace("sorry", "help") + "- vars: {message: Hello}\n";
    place.write("library/prompts/help/evals/cases.yaml", &later);
    place.write("library/prompts/help/draft/eval_results.json", &json!({"passed": 1, "failed": 2}).to_string());
    let found = document(&place, &["diff", "help", "git:HEAD", "draft", "--json"]);
    let names: Vec<_> = found["eval_cases"].as_array().unwrap().iter().map(|case| case["name"].clone()).collect();
    assert_eq!(names, ["Refund vars company", "Refund assert", "Hello"]);
    assert!(!found["eval_cases"].to_string().contains("Lovelace"), "{found}");
    assert_eq!(found["eval_results"]["from"], Value::Null);
    assert_eq!(found["eval_results"]["to"], json!({"at": null, "passed": 1, "failed": 2, "errors": 0, "exact": false}));
    // the cases are those of the prompt, whichever version ran them
    let found = document(&place, &["diff", "help", "1.0.0", "draft", "--json"]);
    assert_eq!((&found["eval_cases"], &found["eval_results"]["from"]["exact"]), (&json!([]), &json!(false)));
    place.write("library/prompts/help/evals/cases.yaml", cases);
    let found = document(&place, &["diff", "help", "1.0.0", "draft", "--json"]);
    assert_eq!(found["eval_results"]["from"]["exact"], json!(true));
    for form in [&["--html", "-"][..], &["--side-by-side", "--width", "120"]] {
        let shown = done(place.command(&[&["diff", "help", "1.0.0", "draft"][..], form].concat()));
        assert!(shown.contains("1 of 1 passed") && shown.contains("1 of 3 passed, on other bytes"), "{shown}");
    }
}

#[test]
fn values_of_people_are_told_by_no_form_of_a_comparison() {
    let place = committed();
    place.write("library/prompts/help/prompt.toml", "[variables.company]\nprivacy = \"personal\"\n");
    place.write("library/prompts/help/values/acme.json", "{\"company\": \"Ada Lovelace\"}\n");
    for form in [&["--json"][..], &["--html", "-"], &["--side-by-side"]] {
        let args = [&["diff", "help", "git:HEAD", "draft"][..], form].concat();
        let shown = done(place.command(&args));
        assert!(shown.contains("acme company") && !shown.contains("Lovelace") && !shown.contains("Acme"), "{shown}");
    }
}

#[test]
fn a_patch_against_any_side_applies() {
    let place = committed();
    let patch = done(place.command(&["diff", "help", "git:HEAD", "draft", "--unified"]));
    fs::write(place.path("p"), &patch).unwrap();
    let draft = "library/prompts/help/draft/system_prompt.txt";
    place.write(draft, BEFORE);
    let mut apply = git(&place);
    apply.args(["apply", "../p"]);
    done(apply);
    assert_eq!(fs::read_to_string(place.path(draft)).unwrap(), AFTER);
    // and the way of a file that is in no library
    place.write("library/notes/one.txt", BEFORE).write("library/notes/two.txt", AFTER);
    fs::write(place.path("p"), done(place.command(&["diff", "notes/one.txt", "notes/two.txt", "--unified"]))).unwrap();
    let mut apply = Command::new("patch");
    apply.current_dir(place.path("library")).args(["-s", "-p1", "-i", "../p"]);
    done(apply);
    assert_eq!(fs::read_to_string(place.path("library/notes/one.txt")).unwrap(), AFTER);
}

#[test]
fn git_calls_it_as_an_external_diff_and_as_a_difftool() {
    let place = committed();
    place.write("library/.gitattributes", "prompts/**/system_prompt.txt diff=greenroom\n");
    place.write("library/prompts/help/draft/new_file.txt", "new\n");
    let program = env!("CARGO_BIN_EXE_greenroom");
    let mut diff = git(&place);
    diff.args(["-c", &format!("diff.greenroom.command={program} diff"), "diff"]);
    let shown = done(diff);
    assert!(
        shown.contains("a/prompts/help/draft/system_prompt.txt -> b/prompts/help/draft/system_prompt.txt"),
        "{shown}"
    );
    assert!(shown.contains("[-kind-]") && shown.contains("{+brief+}"), "{shown}");
    let mut tool = git(&place);
    tool.args([
        "-c",
        &format!("difftool.greenroom.cmd={program} diff \"$LOCAL\" \"$REMOTE\" --side-by-side --width 100"),
    ]);
    tool.args(["difftool", "-y", "-t", "greenroom", "HEAD", "--", "prompts/help/draft/system_prompt.txt"]);
    let shown = done(tool);
    assert!(shown.contains("[-kind-]") && shown.contains("{+brief+}"), "{shown}");
    // a file that is new, gone or renamed
    for args in [&["rm", "-q", "--cached", "prompts/other/draft/system_prompt.txt"][..], &["add", "-A"]] {
        let mut git = git(&place);
        git.args(args);
        done(git);
    }
    fs::rename(place.path("library/prompts/help/draft"), place.path("library/prompts/help/elsewhere")).unwrap();
    let mut add = git(&place);
    add.args(["add", "-A"]);
    done(add);
    let mut diff = git(&place);
    diff.args(["-c", &format!("diff.greenroom.command={program} diff"), "diff", "--cached", "-M"]);
    let shown = done(diff);
    assert!(shown.contains("elsewhere/system_prompt.txt"), "{shown}");
}
