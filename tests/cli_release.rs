//! Releases as a script meets them: gates, the way back, drills, the user's hook, exports.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[path = "place/mod.rs"]
mod place;

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

use place::Place;

const V1: &str = "library/prompts/faq/v1.0.0_2024-01-15";
const V2: &str = "library/prompts/faq/v1.1.0_2024-02-15";
const V3: &str = "library/prompts/faq/v1.2.0_2024-03-15";
const LOG: &str = "library/prompts/faq/releases.jsonl";

/// A prompt with three frozen versions; the third asks for one variable more than the others.
fn place() -> Place {
    let place = Place::with_files(&[
        ("library/prompts/faq/draft/system_prompt.txt", "Be kind to {{user}}.\n"),
        ("library/prompts/faq/draft/config.json", "{\"model\": \"offline\", \"temperature\": 0.2}\n"),
        ("library/prompts/faq/values/ada.json", "{\"user\": \"Ada\", \"plan\": \"free\"}\n"),
        ("config/greenroom/config.toml", "author = \"Ana\"\n"),
    ])
    .with("USER", "nobody");
    ok(&place, &["cut", "faq", "--major", "-m", "First", "--why", "Start", "--date", "2024-01-15"]);
    place.write("library/prompts/faq/draft/system_prompt.txt", "Be kind and brief to {{user}}.\n");
    ok(&place, &["cut", "faq", "--minor", "-m", "Shorter", "--why", "Long", "--date", "2024-02-15"]);
    place.write("library/prompts/faq/draft/system_prompt.txt", "Be kind to {{user}} on {{plan}}.\n");
    ok(&place, &["cut", "faq", "--version", "1.2.0", "-m", "Plans", "--why", "Asked", "--date", "2024-03-15"]);
    place
}

fn run(place: &Place, args: &[&str]) -> Output {
    place.command(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ok(place: &Place, args: &[&str]) -> String {
    let output = run(place, args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn fails(place: &Place, args: &[&str], code: i32) -> String {
    let output = run(place, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stderr)
}

fn document(place: &Place, args: &[&str]) -> Value {
    serde_json::from_slice(&run(place, args).stdout).unwrap()
}

fn deploy(place: &Place, version: &str) {
    ok(place, &["deploy", &format!("faq@{version}"), "--why", "because"]);
}

fn log(place: &Place) -> Vec<Value> {
    let text = fs::read_to_string(place.path(LOG)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn runs(place: &Place) -> Value {
    document(place, &["list", "--json"])["prompts"][0]["environments"].clone()
}

#[test]
fn a_deploy_is_one_line_with_the_digest_of_the_sums() {
    let place = place();
    deploy(&place, "1.1.0");
    let line = log(&place).remove(0);
    let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["at", "by", "kind", "environment", "version", "why", "sha256", "forced"]);
    let expected = json!(["Ana", "deploy", "production", "1.1.0", "because", false]);
    assert_eq!(json!(["by", "kind", "environment", "version", "why", "forced"].map(|key| line[key].clone())), expected);
    let sums = Command::new("sha256sum").arg(place.path(&format!("{V2}/SHA256SUMS"))).output().unwrap();
    assert_eq!(line["sha256"], text(&sums.stdout)[..64]);
    assert_eq!(runs(&place), json!({"production": "1.1.0"}));
    assert_eq!(ok(&place, &["show", "faq@production"]), "Be kind and brief to {{user}}.\n");
}

#[test]
fn what_runs_in_one_environment_goes_to_the_next() {
    let place = place();
    ok(&place, &["deploy", "faq@latest", "--to", "staging", "--why", "try"]);
    ok(&place, &["deploy", "faq@staging", "--why", "good"]);
    assert_eq!(runs(&place), json!({"production": "1.2.0", "staging": "1.2.0"}));
}

#[test]
fn a_draft_is_not_deployed_and_a_deploy_needs_a_reason() {
    let place = place();
    assert!(fails(&place, &["deploy", "faq", "--why", "x"], 2).contains("is a draft"));
    assert!(fails(&place, &["deploy", "faq@1.0.0", "--why", " "], 2).contains("why"));
    fails(&place, &["deploy", "faq@1.0.0"], 2);
    assert!(fails(&place, &["deploy", "faq@1.0.0", "--why", "x", "--to", "../x"], 2).contains("`../x`"));
    assert_eq!(log(&place), Vec::<Value>::new());
}

#[test]
fn each_gate_that_refuses_is_named_and_force_is_recorded() {
    let place = place();
    place.write(
        "library/greenroom.toml",
        "[environments.production]\nrequire = [\"verify\", \"approval\", \"drill\"]\n",
    );
    place.write(&format!("{V3}/config.json"), "{}");
    let said = fails(&place, &["deploy", "faq@1.2.0", "--why", "x"], 1);
    assert!(said.contains("verify: ") && said.contains("config.json: has changed"), "{said}");
    assert!(said.contains("approval: nobody has approved these bytes"), "{said}");
    assert!(!said.contains("drill: "), "{said}");
    let document = document(&place, &["deploy", "faq@1.2.0", "--why", "x", "--json"]);
    assert_eq!(document["done"], false);
    let met: Vec<_> = document["gates"].as_array().unwrap().iter().map(|gate| gate["met"].clone()).collect();
    assert_eq!(met, [false, false, true]);
    assert_eq!(log(&place), Vec::<Value>::new());
    ok(&place, &["deploy", "faq@1.2.0", "--why", "it burns", "--force"]);
    assert_eq!((&log(&place)[0]["forced"], &log(&place)[0]["why"]), (&json!(true), &json!("it burns")));
}

#[test]
fn force_where_no_gate_refuses_is_no_force() {
    let place = place();
    ok(&place, &["deploy", "faq@1.2.0", "--why", "x", "--force"]);
    assert_eq!(log(&place)[0]["forced"], false);
}

#[test]
fn a_gate_that_nobody_knows_deploys_nothing() {
    let place = place();
    place.write("library/greenroom.toml", "[environments.production]\nrequire = [\"verfy\"]\n");
    let said = fails(&place, &["deploy", "faq@1.2.0", "--why", "x"], 2);
    assert!(said.contains("greenroom.toml:2:1: `verfy` is not a gate (did you mean `verify`?)"), "{said}");
}

#[test]
fn a_version_whose_sums_were_written_anew_is_not_the_one_that_ran() {
    let place = place();
    deploy(&place, "1.0.0");
    deploy(&place, "1.1.0");
    place.write(&format!("{V1}/system_prompt.txt"), "Be rude.\n");
    let sums = Command::new("sh")
        .args(["-c", "chmod u+w SHA256SUMS; sha256sum system_prompt.txt config.json changelog.md > SHA256SUMS"])
        .current_dir(place.path(V1))
        .status();
    assert!(sums.unwrap().success());
    ok(&place, &["verify"]);
    let said = fails(&place, &["deploy", "faq@1.0.0", "--why", "x"], 1);
    assert!(said.contains("SHA256SUMS of 1.0.0 is another one than when it came to production"), "{said}");
    fails(&place, &["rollback", "faq", "--why", "x"], 1);
}

#[test]
fn a_rollback_points_to_what_ran_before_and_copies_nothing() {
    let place = place();
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        deploy(&place, version);
    }
    let before = fs::read_dir(place.path("library/prompts/faq")).unwrap().count();
    let shown = ok(&place, &["rollback", "faq", "--dry-run"]);
    assert!(shown.contains("`plan` disappears") && shown.contains("takes back 1.2.0 (2024-03-15): Plans"), "{shown}");
    assert_eq!(log(&place).len(), 3);
    ok(&place, &["rollback", "faq", "--why", "worse"]);
    assert_eq!((&log(&place)[3]["kind"], runs(&place)), (&json!("rollback"), json!({"production": "1.1.0"})));
    // not to what was rolled back
    ok(&place, &["rollback", "faq", "--why", "still"]);
    assert_eq!(runs(&place), json!({"production": "1.0.0"}));
    assert!(
        fails(&place, &["rollback", "faq", "--why", "x"], 2).contains("whatever else ran in production was taken back")
    );
    let document = document(&place, &["rollback", "faq", "--to", "1.2.0", "--why", "x", "--json"]);
    assert_eq!(document["change"]["variables"]["appear"], json!(["plan"]));
    assert_eq!((&document["done"], &document["from"]), (&json!(true), &json!("1.0.0")));
    assert_eq!(fs::read_dir(place.path("library/prompts/faq")).unwrap().count(), before);
}

#[test]
fn one_goes_back_also_when_the_newest_version_is_damaged_or_gone() {
    let place = place();
    deploy(&place, "1.1.0");
    deploy(&place, "1.2.0");
    place.write(&format!("{V3}/system_prompt.txt"), "x");
    fs::write(place.path(&format!("{V3}/system_prompt.txt")), b"\xff").unwrap();
    let shown = ok(&place, &["rollback", "faq", "--dry-run"]);
    assert!(shown.contains("what changes cannot be told") && shown.contains("must supply `user`"), "{shown}");
    fs::remove_dir_all(place.path(V3)).unwrap();
    ok(&place, &["rollback", "faq", "--why", "gone"]);
    assert_eq!(runs(&place), json!({"production": "1.1.0"}));
}

#[test]
fn a_damaged_line_of_the_log_stops_no_rollback_and_is_told() {
    let place = place();
    deploy(&place, "1.0.0");
    deploy(&place, "1.1.0");
    let text = fs::read_to_string(place.path(LOG)).unwrap();
    place.write(LOG, &(text + "{\"at\":\"2024"));
    let output = run(&place, &["rollback", "faq", "--why", "x"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text_of(&output).contains("releases.jsonl:3:"), "{}", text_of(&output));
    assert_eq!(runs(&place), json!({"production": "1.0.0"}));
}

#[test]
fn what_runs_is_known_as_far_as_the_log_can_be_read_and_the_doubt_is_told() {
    let place = place();
    deploy(&place, "1.0.0");
    deploy(&place, "1.1.0");
    let whole = fs::read_to_string(place.path(LOG)).unwrap();
    let (first, second) = whole.split_once('\n').unwrap();
    // a torn last line, and a torn line in the middle that is older than what runs
    for (log, version, doubt) in [
        (format!("{first}\n{}", &second[..second.len() - 30]), "1.0.0", true),
        (format!("{}\n{second}", &first[..first.len() - 30]), "1.1.0", false),
        (format!("{whole}nonsense\n"), "1.1.0", true),
    ] {
        place.write(LOG, &log);
        let output = run(&place, &["show", "faq@production", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(shown["version"], version, "{log}");
        assert_eq!(
            text(&output.stderr).contains("warning: this line is not counted"),
            doubt,
            "{}",
            text(&output.stderr)
        );
        assert!(!doubt || text(&output.stderr).contains(&format!("without it production runs {version}")));
        // a version by its number has nothing to do with the log
        assert_eq!(run(&place, &["show", "faq@1.2.0"]).stderr, b"");
        let listed = document(&place, &["list", "--json"]);
        assert_eq!(listed["prompts"][0]["damaged"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_log_that_lost_everything_stops_no_rollback_to_a_version_that_is_named() {
    let place = place();
    place.write(LOG, "\u{0}\u{0}\u{0}\n");
    let said = fails(&place, &["rollback", "faq", "--why", "incident"], 2);
    assert!(said.contains("name the version to go to with --to"), "{said}");
    ok(&place, &["rollback", "faq", "--to", "1.1.0", "--why", "incident"]);
    assert_eq!(runs(&place), json!({ "production": "1.1.0" }));
    // where nothing is doubtful there is no way back from nothing
    let log = fs::read_to_string(place.path(LOG)).unwrap();
    place.write(LOG, log.split_once('\n').unwrap().1);
    let said = fails(&place, &["rollback", "faq", "--to", "1.0.0", "--in", "staging", "--why", "x"], 2);
    assert!(said.contains("nothing of `faq` runs in staging"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_users_program_with_all_it_started_and_the_log_stays() {
    use std::io::Read as _;

    let place = place();
    let pipe = place.path("library/pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let script = "exec 3> pipe; tail -f /dev/null & echo running >&3; exec tail -f /dev/null";
    let words = json!(["sh", "-c", script]);
    place.write("config/greenroom/config.toml", &format!("[environments.production]\non_deploy = {words}\n"));
    for signal in ["INT", "TERM", "HUP"] {
        let mut command = place.command(&["deploy", "faq@1.0.0", "--why", "x"]);
        let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let mut running = fs::File::open(&pipe).unwrap();
        running.read_exact(&mut [0; 8]).unwrap();
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("was interrupted (the log is as it was)"), "{}", text(&output.stderr));
        // nobody holds the pipe any more
        running.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(log(&place), Vec::<Value>::new());
    }
}

#[test]
fn the_eval_gate_holds_without_a_suite_and_where_all_cases_passed_on_exactly_these_bytes() {
    let place = place();
    place.write("library/greenroom.toml", "[environments.production]\nrequire = [\"eval\"]\n");
    let gate = |args: &[&str]| document(&place, args)["gates"][0].clone();
    let look = ["deploy", "faq@1.0.0", "--dry-run", "--json"];
    assert_eq!(gate(&look)["why"], "no evals: there is no evals/cases.yaml");
    place.write("library/prompts/faq/evals/cases.yaml", "- vars: {user: Ada}\n");
    assert_eq!(gate(&look)["why"], "the eval suite has not run on these bytes");
    let digest = document(&place, &["review", "faq@1.0.0", "--json"])["sha256"].as_str().unwrap().to_owned();
    let results = |sha256: &str, failed: usize| {
        let runs =
            json!({ "runs": [{ "at": "2024-04-01T00:00:00Z", "sha256": sha256, "passed": 3, "failed": failed }] });
        place.write(&format!("{V1}/eval_results.json"), &runs.to_string());
    };
    results(&digest, 1);
    assert_eq!(gate(&look), json!({ "gate": "eval", "met": false, "why": "1 of 4 eval cases failed" }));
    results(&digest, 0);
    assert_eq!(gate(&look), json!({ "gate": "eval", "met": true, "why": "3 eval cases passed" }));
    // one more case in the suite, and it has not run on these bytes
    place.write("library/prompts/faq/evals/cases.yaml", "- vars: {user: Ada}\n- vars: {user: Bo}\n");
    assert!(gate(&look)["why"].as_str().unwrap().starts_with("the eval suite ran on other bytes"));
    place.write(&format!("{V1}/eval_results.json"), "{\"runs\": [{]}");
    assert!(gate(&look)["why"].as_str().unwrap().contains("eval_results.json:1:12"), "{}", gate(&look));
    fails(&place, &look, 1);
}

fn text_of(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn what_is_done_now_counts_also_when_the_log_is_ahead_of_the_clock() {
    let place = place();
    let line = "{\"at\":\"2999-01-01T00:00:00Z\",\"by\":\"B\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.0.0\"}\n";
    place.write(LOG, line);
    deploy(&place, "1.1.0");
    assert_eq!(runs(&place), json!({"production": "1.1.0"}));
}

fn read(place: &Place, file: &str) -> String {
    fs::read_to_string(place.path(file)).unwrap()
}

/// So many bytes a file may have: 4 blocks of `ulimit -f`.
const ROOM: usize = 4 * 512;

/// `greenroom` with these arguments where no file may become longer: what a full disk does, for root too.
#[cfg(unix)]
fn with_little_room(place: &Place, args: &[&str]) -> Output {
    let itself = place.command(args);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "sh"]);
    command.arg(itself.get_program()).args(itself.get_args()).env_clear();
    command.envs(itself.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", "/usr/bin:/bin");
    command.current_dir(place.path("library")).output().unwrap()
}

/// Makes the log so long that a part of one more line has room; gives what is in it then.
#[cfg(unix)]
fn fill_up(place: &Place) -> String {
    let rest = read(place, LOG);
    let begin = "{\"at\":\"2020-01-01T00:00:00Z\",\"by\":\"B\",\"kind\":\"note\",\"text\":\"";
    let filling = "x".repeat(ROOM - 40 - rest.len() - begin.len());
    let log = format!("{begin}{filling}\"}}\n{rest}");
    place.write(LOG, &log);
    log
}

#[test]
#[cfg(unix)]
fn a_drill_that_cannot_be_recorded_is_told_and_says_so() {
    let place = place();
    deploy(&place, "1.0.0");
    deploy(&place, "1.2.0");
    let log = fill_up(&place);
    let output = with_little_room(&place, &["rollback", "faq", "--drill"]);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(text(&output.stdout).starts_with("works   production: back to 1.0.0 now"), "{}", text_of(&output));
    assert!(error.contains("releases.jsonl: the drill was not recorded: cannot "), "{error}");
    let output = with_little_room(&place, &["rollback", "faq", "--drill", "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["ok"], &document["recorded"]), (&json!(true), &json!(false)));
    assert_eq!(read(&place, LOG), log);
}

#[test]
#[cfg(unix)]
fn a_hook_that_ran_while_the_log_could_not_be_written_is_told_and_nothing_is_half_written() {
    let place = place();
    let hook = |script: &str| {
        let words = json!(["sh", "-c", script]);
        place.write("config/greenroom/config.toml", &format!("[environments.production]\non_deploy = {words}\n"));
    };
    let said = |output: &Output| {
        let error = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout).contains("runs 1.0.0 of")), (Some(2), false), "{error}");
        assert!(error.contains("on_deploy has run, and the log does not say so: "), "{error}");
    };
    deploy(&place, "1.2.0");
    let log = fill_up(&place);
    hook("echo ran > ran");
    said(&with_little_room(&place, &["deploy", "faq@1.0.0", "--why", "x"]));
    assert_eq!((read(&place, "library/ran"), read(&place, LOG)), ("ran\n".to_owned(), log));
    // the program itself is in the way
    hook(&format!("rm {0} && mkdir {0}", place.path(LOG).display()));
    said(&run(&place, &["deploy", "faq@1.0.0", "--why", "x"]));
    assert_eq!(fs::read_dir(place.path(LOG)).unwrap().count(), 0);
}

#[test]
fn a_drill_proves_the_way_back_and_goes_stale() {
    let place = place();
    place.write("library/greenroom.toml", "[environments.production]\nrequire = [\"drill\"]\n");
    assert!(fails(&place, &["rollback", "faq", "--drill"], 2).contains("nothing of `faq` runs"));
    deploy(&place, "1.0.0");
    let said = fails(&place, &["deploy", "faq@1.2.0", "--why", "x"], 1);
    assert!(said.contains("drill: the way back was never tried"), "{said}");
    // one version alone has no way back now, and will have one
    let output = run(&place, &["rollback", "faq", "--drill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text_of(&output).contains("there is nothing to return to"), "{}", text_of(&output));
    deploy(&place, "1.2.0");
    let document = document(&place, &["rollback", "faq", "--drill", "--json"]);
    assert_eq!(document["ok"], true, "{document}");
    let tried: Vec<_> = document["drills"].as_array().unwrap().iter().map(|one| &one["version"]).collect();
    assert_eq!(tried, ["1.0.0", "1.2.0"]);
    deploy(&place, "1.1.0");
    // 1.1.0 itself was never tried, and 1.2.0 was before the values changed
    ok(&place, &["rollback", "faq", "--why", "x"]);
    place.write("library/prompts/faq/values/ada.json", "{\"user\": \"Ada\"}\n");
    let said = fails(&place, &["deploy", "faq@1.1.0", "--why", "x"], 1);
    assert!(said.contains("drill: the drill today is stale"), "{said}");
    let output = run(&place, &["rollback", "faq", "--drill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text_of(&output).contains("the value set ada lacks `plan`, which 1.2.0 asks for"), "{}", text_of(&output));
}

#[test]
fn the_users_program_gets_the_release_and_a_failing_one_leaves_the_log_as_it_was() {
    let place = place();
    let hook = |script: &str| {
        let words = json!(["sh", "-c", script]);
        place.write(
            "config/greenroom/config.toml",
            &format!("author = \"Ana\"\n[environments.production]\non_deploy = {words}\n"),
        );
    };
    hook("cat > got.json; echo no such server >&2; exit 3");
    let said = fails(&place, &["deploy", "faq@1.0.0", "--why", "x"], 2);
    assert!(said.contains("exit status: 3; it said: no such server"), "{said}");
    assert_eq!(log(&place), Vec::<Value>::new());
    hook("cat > got.json");
    deploy(&place, "1.0.0");
    let got: Value = serde_json::from_str(&fs::read_to_string(place.path("library/got.json")).unwrap()).unwrap();
    assert_eq!((&got["version"], &got["kind"], &got["at"]), (&json!("1.0.0"), &json!("deploy"), &log(&place)[0]["at"]));
    assert!(got["folder"].as_str().unwrap().ends_with(V1.trim_start_matches("library/")));
    // another environment has none
    hook("exit 3");
    ok(&place, &["deploy", "faq@1.0.0", "--to", "staging", "--why", "x"]);
}

#[test]
fn a_librarys_program_is_refused_by_name() {
    let place = place();
    place.write("library/greenroom.toml", "[environments.production]\non_deploy = [\"touch\", \"ran\"]\n");
    let said = fails(&place, &["deploy", "faq@1.0.0", "--why", "x"], 2);
    assert!(said.contains("greenroom.toml:2:1: `on_deploy` of a library does not count"), "{said}");
    assert!(!place.path("library/ran").exists());
}

#[test]
fn an_export_is_what_an_application_needs_and_its_sums_hold() {
    let place = place();
    let folder = place.path("service/prompt");
    let to = folder.to_str().unwrap();
    ok(&place, &["export", "faq@1.2.0", "--to", to]);
    ok(&place, &["export", "faq@1.1.0", "--to", to]);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["SHA256SUMS", "config.json", "system_prompt.txt", "variables.json"]);
    let sums = Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(&folder).output().unwrap();
    assert!(sums.status.success(), "{}", text_of(&sums));
    for file in ["system_prompt.txt", "config.json"] {
        assert_eq!(fs::read(folder.join(file)).unwrap(), fs::read(place.path(V2).join(file)).unwrap());
    }
    let variables: Value = serde_json::from_slice(&fs::read(folder.join("variables.json")).unwrap()).unwrap();
    assert_eq!(variables["variables"][0]["name"], "user");
    fs::write(folder.join("notes.md"), "mine").unwrap();
    assert!(fails(&place, &["export", "faq@1.1.0", "--to", to], 2).contains("`notes.md`"));
    place.write(&format!("{V1}/config.json"), "{}");
    fails(&place, &["export", "faq@1.0.0", "--to", place.path("other").to_str().unwrap()], 1);
    assert!(!place.path("other").exists());
}

#[test]
fn a_draft_begins_from_any_version() {
    let place = place();
    assert_eq!(ok(&place, &["draft", "faq@1.0.0"]), "the draft of faq is 1.0.0 now\n");
    assert_eq!(ok(&place, &["show", "faq@draft"]), "Be kind to {{user}}.\n");
    place.write("library/prompts/faq/draft/system_prompt.txt", "mine");
    assert!(fails(&place, &["draft", "faq@1.1.0"], 2).contains("no version has"));
    let document = document(&place, &["draft", "faq@1.1.0", "--replace", "--json"]);
    let kept = document["kept"].as_str().unwrap();
    assert_eq!(fs::read_to_string(format!("{kept}/system_prompt.txt")).unwrap(), "mine");
}

#[test]
fn an_approval_of_the_draft_counts_for_the_version_that_is_cut_of_it_and_for_no_other_byte() {
    let place = place();
    place.write("library/greenroom.toml", "[environments.production]\nrequire = [\"comments\", \"approval\"]\n");
    ok(&place, &["review", "faq@draft", "approve"]);
    ok(&place, &["cut", "faq", "--patch", "-m", "Same", "--why", "Approved", "--date", "2024-04-15"]);
    ok(&place, &["deploy", "faq@1.2.1", "--why", "x"]);
    let id = ok(&place, &["review", "faq@1.2.1", "comment", "-m", "Who decides?"]);
    let said = fails(&place, &["deploy", "faq@1.2.1", "--why", "x"], 1);
    assert!(said.contains("comments: 1 comment of the review is open"), "{said}");
    ok(&place, &["review", "faq@1.2.1", "resolve", id.trim()]);
    ok(&place, &["deploy", "faq@1.2.1", "--why", "x"]);
    ok(&place, &["review", "faq@draft", "approve"]);
    place.write("library/prompts/faq/draft/system_prompt.txt", "Be kind to {{user}} on {{plan}}!\n");
    ok(&place, &["cut", "faq", "--patch", "-m", "One byte", "--why", "x", "--date", "2024-05-15"]);
    let said = fails(&place, &["deploy", "faq@1.2.2", "--why", "x"], 1);
    assert!(
        said.contains("approval: nobody has approved these bytes, and 1 is needed; Ana approved other bytes"),
        "{said}"
    );
}

#[test]
fn in_git_exactly_what_was_written_is_committed_and_the_branch_is_shown() {
    let place = place();
    let git = |words: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]).args(words);
        let run = command.current_dir(place.path("library")).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(run.status.success(), "git {words:?}: {}", text_of(&run));
        text(&run.stdout).trim_end().to_owned()
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["config", "user.name", "Ana"]);
    git(&["config", "user.email", "ana@example.org"]);
    place.write("library/greenroom.toml", "[git]\ncommit = \"always\"\n");
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "begin"]);
    place.write("library/theirs.txt", "x");
    git(&["add", "theirs.txt"]);
    ok(&place, &["review", "faq@draft", "approve"]);
    git(&["add", "prompts/faq/draft/review.jsonl"]);
    ok(&place, &["cut", "faq", "--patch", "-m", "Again", "--why", "x", "--date", "2024-06-15"]);
    ok(&place, &["deploy", "faq@1.2.1", "--why", "it is time"]);
    let of = |commit: &str| git(&["show", "--name-only", "--format=%an %s", commit]);
    assert_eq!(of("HEAD"), "Ana deploy faq 1.2.1 in production: it is time\n\nprompts/faq/releases.jsonl");
    let cut = of("HEAD~1");
    assert!(cut.starts_with("Ana faq 1.2.1: Again\n"), "{cut}");
    assert!(cut.contains("v1.2.1_2024-06-15/SHA256SUMS") && cut.contains("v1.2.1_2024-06-15/review.jsonl"), "{cut}");
    assert_eq!(git(&["diff", "--cached", "--name-only"]), "theirs.txt");
    let listed = document(&place, &["list", "--json"]);
    assert_eq!(listed["git"]["branch"], "main");
    assert!(text(&run(&place, &["list"]).stderr).contains("(main, "));
    // what was frozen is read-only, and git replaces it all the same
    git(&["rm", "-q", "--cached", "theirs.txt"]);
    git(&["checkout", "-q", "-b", "other", "HEAD~2"]);
    git(&["checkout", "-q", "main"]);
    assert!(ok(&place, &["verify"]).contains("ok        faq 1.2.1"));
}

#[test]
fn a_cut_can_be_looked_at_before_it_is_made() {
    let place = place();
    let args = ["cut", "faq", "--version", "1.3.0-rc.1", "-m", "Try", "--why", "Soon", "--date", "2024-06-15"];
    let shown = ok(&place, &[&args[..], &["--dry-run"]].concat());
    assert!(shown.contains("v1.3.0-rc.1_2024-06-15") && shown.contains("# faq 1.3.0-rc.1 (2024-06-15)"), "{shown}");
    assert!(!place.path("library/prompts/faq/v1.3.0-rc.1_2024-06-15").exists());
    ok(&place, &args);
    let listed = document(&place, &["list", "--json"]);
    assert_eq!(listed["prompts"][0]["versions"], json!(["1.0.0", "1.1.0", "1.2.0", "1.3.0-rc.1"]));
    ok(&place, &["deploy", "faq@1.3.0-rc.1", "--to", "staging", "--why", "try"]);
}

#[cfg(unix)]
#[test]
fn frozen_files_are_read_only_and_what_is_said_about_them_is_not() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    let writable = |file: &str| fs::metadata(place.path(file)).unwrap().permissions().mode() & 0o222 != 0;
    for file in ["system_prompt.txt", "config.json", "changelog.md", "SHA256SUMS"] {
        assert!(!writable(&format!("{V1}/{file}")), "{file}");
    }
    ok(&place, &["review", "faq@1.0.0", "comment", "-m", "?"]);
    assert!(writable(V1) && writable(&format!("{V1}/review.jsonl")));
    // a draft that begins from it can be written
    ok(&place, &["draft", "faq@1.0.0"]);
    assert!(writable("library/prompts/faq/draft/system_prompt.txt"));
}
