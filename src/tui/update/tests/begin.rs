//! The draft begun anew from a version, and drills of the way back.

use crate::library::Which;
use crate::release::{Drilling, Tried};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::release::{Asked, Told};
use crate::tui::tests::Workbench;

const OLD: &str = "prompts/customer_support/v1.1.0_2024-02-01/system_prompt.txt";

fn on_disk(bench: &Workbench, file: &str) -> String {
    std::fs::read_to_string(bench.library().root().join(file)).unwrap()
}

fn question(bench: &Workbench) -> &Confirm {
    match &bench.model.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        _ => panic!("nothing is asked: {}", bench.said()),
    }
}

/// A workbench whose draft is exactly its latest version.
fn unchanged() -> Workbench {
    let mut bench = Workbench::on_library(|library| {
        let prompt = library.join("prompts/customer_support");
        for file in ["system_prompt.txt", "config.json"] {
            std::fs::copy(prompt.join("v1.2.0_2024-03-15").join(file), prompt.join("draft").join(file)).unwrap();
        }
    });
    bench.open("customer_support");
    bench.model.status = None;
    bench
}

#[test]
fn a_draft_that_a_version_has_begins_anew_without_a_question_and_undo_brings_it_back() {
    let mut bench = unchanged();
    let before = bench.text();
    bench.press_and_settle("space N down enter");
    assert!(bench.said().starts_with("the draft is v1.1.0 now"), "{}", bench.said());
    let old = on_disk(&bench, OLD);
    assert_eq!(bench.text(), old);
    assert_eq!(on_disk(&bench, "prompts/customer_support/draft/system_prompt.txt"), old);
    let config = bench.library().read("customer_support", &Which::Version("1.1.0".parse().unwrap())).unwrap().config;
    assert_eq!(bench.draft().config, config);
    assert!(!bench.draft().changed(), "it is saved");
    assert!(!bench.library().root().join(".trash").exists(), "nothing was lost, so nothing was kept");
    bench.press("u");
    assert_eq!(bench.text(), before);
    assert!(bench.draft().changed());
}

#[test]
fn what_no_version_has_is_asked_about_saved_and_kept() {
    let mut bench = Workbench::on_samples();
    bench.press("enter");
    bench.type_text("Only here. ");
    bench.press("esc");
    let typed = bench.text();
    bench.press_and_settle("space N down enter");
    let asked = question(&bench);
    assert!(asked.question.contains("changes that no version has"), "{}", asked.question);
    assert_eq!((asked.selected, asked.answers[0].0), (0, "Cancel"));
    assert_eq!(on_disk(&bench, "prompts/customer_support/draft/system_prompt.txt"), typed, "what was typed is saved");
    bench.press_and_settle("enter");
    assert_eq!(bench.text(), typed, "cancel changes nothing");

    bench.press_and_settle("space N down enter");
    bench.press_and_settle("right enter");
    assert_eq!(bench.text(), on_disk(&bench, OLD));
    let said = bench.said().to_owned();
    let kept = said.split("what it held is in ").nth(1).and_then(|rest| rest.strip_suffix(" too")).unwrap().to_owned();
    assert_eq!(on_disk(&bench, &format!("{kept}/system_prompt.txt")), typed);
    bench.press("u");
    assert_eq!(bench.text(), typed);
}

#[test]
fn a_version_of_the_library_list_and_the_left_side_of_the_diff_are_begun_from() {
    let mut bench = unchanged();
    bench.press_and_settle("ctrl-o down down b");
    assert!(bench.said().starts_with("the draft is v1.1.0 now"), "{}", bench.said());
    let mut bench = unchanged();
    bench.press_and_settle("3 a down enter D");
    assert!(bench.said().starts_with("the draft is v1.1.0 now"), "{}", bench.said());
    bench.press_and_settle("a g enter D");
    assert!(bench.said().starts_with("the left side is no version"), "{}", bench.said());
}

#[test]
fn what_is_typed_while_the_draft_begins_anew_is_not_lost() {
    let mut bench = unchanged();
    let effects = bench.press("space N down enter");
    bench.press("enter");
    bench.type_text("Late. ");
    let typed = bench.text();
    bench.perform(effects);
    assert_eq!(bench.text(), typed);
    assert!(bench.model.trouble.as_ref().is_some_and(|told| told.contains("somebody else has changed the file")));
}

#[test]
fn a_look_at_the_file_while_the_draft_begins_anew_finds_nobody_elses_change() {
    let mut bench = unchanged();
    let effects = bench.press("space N down enter");
    let old = on_disk(&bench, OLD);
    bench.on_disk(&old);
    assert!(!bench.said().contains("somebody else"), "{}", bench.said());
    bench.perform(effects);
    assert!(bench.said().starts_with("the draft is v1.1.0 now"), "{}", bench.said());
}

#[cfg(unix)]
#[test]
fn a_draft_that_cannot_be_written_stays() {
    let mut bench = unchanged();
    let before = bench.text();
    let draft = bench.library().root().join("prompts/customer_support/draft");
    std::fs::remove_dir_all(&draft).unwrap();
    std::os::unix::fs::symlink("/nowhere", &draft).unwrap();
    bench.press_and_settle("space N down enter");
    assert!(bench.said().starts_with("the draft stays as it is: "), "{}", bench.said());
    assert_eq!(bench.text(), before);
}

fn releases(lines: &[(&str, &str)]) -> String {
    let line = |(second, (place, version)): (usize, &(&str, &str))| {
        format!(
            "{{\"at\":\"2024-04-01T00:00:{second:02}Z\",\"by\":\"Ana\",\"kind\":\"deploy\",\
             \"environment\":\"{place}\",\"version\":\"{version}\",\"why\":\"step\"}}\n"
        )
    };
    lines.iter().enumerate().map(line).collect()
}

fn drilled(bench: &Workbench) -> Vec<String> {
    match &bench.model.overlay {
        Some(Overlay::Drill(open)) => open.lines().into_iter().map(|(line, _)| line).collect(),
        _ => panic!("no drill is shown: {}", bench.said()),
    }
}

#[test]
fn a_drill_tells_of_each_environment_as_it_is_tried() {
    let mut bench = Workbench::on_library(|library| {
        let lines = releases(&[("staging", "1.1.0"), ("production", "1.1.0"), ("production", "1.2.0")]);
        std::fs::write(library.join("prompts/customer_support/releases.jsonl"), lines).unwrap();
    });
    bench.open("customer_support");
    let mut effects = bench.press("space B");
    assert_eq!(drilled(&bench), ["… production: is tried", "… staging: is tried"]);
    let is_drill = |effect: &Effect| matches!(effect, Effect::Release(Asked::Drill { .. }));
    let first = effects.iter().position(is_drill).unwrap();
    let later = effects.split_off(first + 1);
    bench.perform(effects);
    let lines = drilled(&bench);
    assert!(lines[0].starts_with("ok production: back to 1.1.0 now ("), "{lines:?}");
    assert!(lines[1].starts_with("ok production: back to 1.2.0 after the next release ("), "{lines:?}");
    assert_eq!(lines[2], "… staging: is tried");
    bench.perform(later);
    let lines = drilled(&bench);
    assert!(lines[2].starts_with("! fails staging: back to nothing now"), "{lines:?}");
    assert_eq!(bench.said(), "the way back of customer_support does not work in staging");
    assert_eq!(bench.library().releases("customer_support").unwrap().drills.len(), 4);
    bench.press_and_settle("esc space L");
    assert!(bench.listed().iter().any(|row| row.contains("works, fresh")), "{:?}", bench.listed());
}

#[test]
fn a_drill_of_what_runs_nowhere_says_so_and_a_closed_box_still_tells_what_fails() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("space B");
    assert_eq!(bench.said(), "nothing of customer_support runs anywhere, so there is no way back to try");
    let mut bench = Workbench::on_library(|library| {
        std::fs::write(library.join("prompts/customer_support/releases.jsonl"), releases(&[("staging", "1.1.0")]))
            .unwrap();
    });
    bench.open("customer_support");
    bench.press_and_settle("space L");
    let effects = bench.press("t esc");
    assert!(bench.model.overlay.is_none());
    bench.perform(effects);
    assert!(bench.said().starts_with("the way back in staging does not work: "), "{}", bench.said());
}

#[test]
fn a_drill_that_cannot_be_recorded_does_not_say_that_the_way_back_fails() {
    let mut bench = Workbench::on_library(|library| {
        std::fs::write(library.join("prompts/customer_support/releases.jsonl"), releases(&[("staging", "1.1.0")]))
            .unwrap();
    });
    bench.open("customer_support");
    bench.press("space B");
    let unrecorded = Some(crate::error::Error::input("cannot write: Permission denied").at("releases.jsonl"));
    let tried = Tried {
        environment: "staging".into(),
        version: "1.0.0".parse().ok(),
        next: false,
        problems: Vec::new(),
        sets: 1,
        took_ms: 2,
    };
    let number = bench.model.releases_asked;
    let result = Ok(Drilling { tried: vec![tried], files: Vec::new(), unrecorded });
    bench.tell(Msg::Release(Told::Drilled { number, environment: "staging".into(), result }));
    let lines = drilled(&bench);
    assert_eq!(lines[0], "ok staging: back to 1.0.0 now (1 value set filled, 2 ms)");
    let last = "! What was tried in staging is not recorded: releases.jsonl: cannot write: Permission denied";
    assert_eq!(lines.last().map(String::as_str), Some(last));
    assert_eq!(bench.said(), "the way back of customer_support works, and that is not recorded");
}

#[test]
fn an_answer_about_a_prompt_that_is_no_longer_open_changes_nothing() {
    let mut bench = unchanged();
    let before = bench.text();
    let result = Err(crate::error::Error::input("no"));
    bench.tell(Msg::DraftBegun { prompt: "another".into(), version: "1.0.0".parse().unwrap(), result });
    assert_eq!(bench.text(), before);
}
