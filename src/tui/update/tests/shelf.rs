//! What runs where, when somebody else changes it while the workbench is open.

use std::fs;
use std::path::PathBuf;

use crate::tui::msg::Msg;
use crate::tui::tests::Workbench;
use crate::tui::update::release::running_words;

fn log(bench: &Workbench) -> PathBuf {
    bench.library().root().join("prompts/customer_support/releases.jsonl")
}

fn line(second: u32, version: &str, kind: &str) -> String {
    format!(
        "{{\"at\":\"2026-04-01T00:00:{second:02}Z\",\"by\":\"Ben\",\"kind\":\"{kind}\",\
         \"environment\":\"production\",\"version\":\"{version}\",\"why\":\"too cold\",\"sha256\":null,\"forced\":false}}\n"
    )
}

/// A log of these lines, brought by somebody else.
fn brought(bench: &mut Workbench, lines: &[String]) {
    fs::write(log(bench), lines.concat()).unwrap();
    let effects = bench.tell(Msg::Touched);
    bench.perform(effects);
}

#[test]
fn a_rollback_of_a_colleague_is_shown_and_told_once() {
    let mut bench = Workbench::on_samples();
    let deployed = line(1, "1.2.0", "deploy");
    brought(&mut bench, std::slice::from_ref(&deployed));
    assert_eq!(running_words(&bench.model), "production 1.2.0");
    assert_eq!(bench.said(), "production runs 1.2.0 now, deployed by Ben: too cold");
    let lines = [deployed, line(2, "1.1.0", "rollback")];
    brought(&mut bench, &lines);
    assert_eq!(bench.said(), "production runs 1.1.0 now, rolled back by Ben: too cold");
    assert_eq!(running_words(&bench.model), "production 1.1.0");
    bench.model.status = None;
    brought(&mut bench, &lines);
    assert_eq!(bench.said(), "");
}

#[test]
fn a_line_that_cannot_be_read_leaves_what_runs_in_doubt_where_it_is_shown() {
    let mut bench = Workbench::on_samples();
    let (first, second) = (line(1, "1.2.0", "deploy"), line(2, "1.1.0", "rollback"));
    brought(&mut bench, &[first.clone(), second[..second.len() - 20].to_owned()]);
    assert_eq!(running_words(&bench.model), "production 1.2.0 (in doubt)");
    assert!(bench.said().contains("releases.jsonl:2:") && bench.said().contains("1.1.0"), "{}", bench.said());
    brought(&mut bench, &[first, second]);
    assert_eq!(running_words(&bench.model), "production 1.1.0");
}

#[test]
fn a_version_that_a_colleague_has_brought_can_be_chosen() {
    let mut bench = Workbench::on_samples();
    let folder = bench.library().root().join("prompts/customer_support/v1.3.0_2026-04-01");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("system_prompt.txt"), "You help.\n").unwrap();
    let effects = bench.tell(Msg::Touched);
    bench.perform(effects);
    assert_eq!(bench.draft().entry.versions.last().unwrap().version.to_string(), "1.3.0");
    assert_eq!(bench.said(), "", "what one has just frozen oneself comes this way, too");
}

#[test]
fn what_was_released_here_is_no_news() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("space D");
    bench.press_and_settle("enter");
    bench.type_text("warmer");
    bench.press_and_settle("right enter");
    let said = bench.said().to_owned();
    let effects = bench.tell(Msg::Touched);
    bench.perform(effects);
    assert_eq!(bench.said(), said);
    assert_eq!(running_words(&bench.model), "production 1.2.0");
}
