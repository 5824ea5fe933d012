use std::fs::{File, read_to_string};
use std::io::Read as _;

use super::*;

fn hook(script: &str, seconds: u64) -> Hook {
    Hook { words: vec!["sh".into(), "-c".into(), script.into()], limit: Duration::from_secs(seconds) }
}

fn run_in(folder: &Path, script: &str) -> Result<()> {
    run(&hook(script, 60), folder, &serde_json::json!({ "version": "1.2.0" }), &Stop::default())
}

/// A pipe in `folder`: who opens it to read waits for who opens it to write, and reads until all of those are gone.
fn pipe(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    file
}

#[test]
fn it_gets_the_release_and_runs_in_the_library() {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), "cat > got.json").unwrap();
    assert_eq!(read_to_string(folder.path().join("got.json")).unwrap(), "{\"version\":\"1.2.0\"}\n");
    // one that reads nothing and leaves somebody behind is not waited for
    run_in(folder.path(), "(exec tail -f /dev/null) & echo $! > left").unwrap();
    let left: i32 = read_to_string(folder.path().join("left")).unwrap().trim().parse().unwrap();
    let left = rustix::process::Pid::from_raw(left).unwrap();
    rustix::process::kill_process(left, rustix::process::Signal::KILL).expect("it was left running");
}

#[test]
fn a_failure_has_its_exit_and_its_last_words() {
    let folder = tempfile::tempdir().unwrap();
    let error = run_in(folder.path(), "seq 10; echo 'no such server' >&2; exit 7").unwrap_err();
    assert!(error.message.contains("exit status: 7; it said: 7 / 8 / 9 / 10 / no such server"), "{error}");
    let missing = Hook { words: vec!["no-such-program".into()], limit: Duration::from_secs(1) };
    let error = run(&missing, folder.path(), &Value::Null, &Stop::default()).unwrap_err();
    assert!(error.message.contains("`no-such-program`, could not be started"), "{error}");
}

#[test]
fn escapes_in_its_last_words_are_made_visible() {
    let folder = tempfile::tempdir().unwrap();
    let error = run_in(folder.path(), "printf '\\033]52;c;aGk=\\007\\033[2Jno\\r\\n'; exit 1").unwrap_err();
    assert!(error.message.contains("no"), "{error}");
    assert!(!error.message.chars().any(char::is_control), "{:?}", error.message);
}

#[test]
fn what_a_program_that_failed_has_started_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = pipe(folder.path());
    let reading = std::thread::spawn(move || {
        let mut said = String::new();
        File::open(file).unwrap().read_to_string(&mut said).unwrap();
        said
    });
    let error =
        run_in(folder.path(), "(echo started; exec tail -f /dev/null) > pipe & exec 3> pipe; exit 1").unwrap_err();
    assert!(error.message.contains("exit status: 1"), "{error}");
    // the pipe ends when nobody holds it any more: with a program that goes on this would never return
    let said = reading.join().unwrap();
    assert!(said.is_empty() || said == "started\n", "{said}");
}

#[test]
fn what_takes_too_long_is_ended_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let hook = hook("tail -f /dev/null & echo waiting; tail -f /dev/null", 1);
    let error = run(&hook, folder.path(), &Value::Null, &Stop::default()).unwrap_err();
    assert!(error.message.contains("took longer than 1 s and was ended; it said: waiting"), "{error}");
}

#[test]
fn it_is_stopped_from_another_thread_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let file = pipe(folder.path());
    let stop = Stop::default();
    assert!(!stop.is_needed());
    stop.now();
    let stopping = {
        let stop = stop.clone();
        std::thread::spawn(move || {
            let mut running = File::open(file).unwrap();
            let mut said = [0; 8];
            running.read_exact(&mut said).unwrap();
            assert!(stop.is_needed());
            stop.now();
            // a second time, as somebody in a hurry does
            stop.now();
            running.read_to_end(&mut Vec::new()).unwrap();
        })
    };
    let script = "exec 3> pipe; (trap '' TERM; exec tail -f /dev/null) & echo running >&3; exec tail -f /dev/null";
    let error = run(&hook(script, 600), folder.path(), &Value::Null, &stop).unwrap_err();
    assert_eq!(error.kind, Kind::Interrupted);
    assert!(error.message.contains("was interrupted"), "{error}");
    stopping.join().unwrap();
    assert!(!stop.is_needed());
}

#[test]
fn a_program_that_prints_without_end_fills_no_disk_and_waits_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    // far more than any pipe holds: if nobody read it, the program would never come to its end
    let error = run_in(folder.path(), "yes 0123456789 | head -c 50000000; echo; echo the end; exit 1").unwrap_err();
    assert!(error.message.ends_with("012345 / the end") && error.message.len() < 400, "{error}");
    let endless = hook("yes", 1);
    let error = run(&endless, folder.path(), &Value::Null, &Stop::default()).unwrap_err();
    assert!(error.message.contains("took longer than 1 s and was ended; it said: y / y"), "{error}");
}
