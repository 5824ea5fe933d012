//! Deploying and rolling back in the workbench.

use crate::library::ReleaseKind;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Overlay, Pick};
use crate::tui::release::ReleaseForm;
use crate::tui::release::{Asked, Told};
use crate::tui::tests::Workbench;

/// The samples, where these versions came to production one after the other. Programs of whoever runs the tests are no
/// part of it.
fn released(versions: &[&str]) -> Workbench {
    let lines = lines_of(versions);
    let mut bench = Workbench::on_library(|library| {
        std::fs::write(library.join("prompts/customer_support/releases.jsonl"), lines).unwrap();
    });
    bench.open("customer_support");
    bench.model.status = None;
    bench
}

/// The log of these deployments.
fn lines_of(versions: &[&str]) -> String {
    let line = |(second, version): (usize, &&str)| {
        format!(
            "{{\"at\":\"2024-04-01T00:00:{second:02}Z\",\"by\":\"Ana\",\"kind\":\"deploy\",\
             \"environment\":\"production\",\"version\":\"{version}\",\"why\":\"step\"}}\n"
        )
    };
    versions.iter().enumerate().map(line).collect::<Vec<_>>().concat()
}

fn form(bench: &Workbench) -> &ReleaseForm {
    match &bench.model.overlay {
        Some(Overlay::Release(form)) => form,
        _ => panic!("no box of a release is open: {}", bench.said()),
    }
}

fn lines(bench: &Workbench) -> String {
    form(bench).lines(&bench.model.keymap).into_iter().map(|(line, _)| line + "\n").collect()
}

fn log(bench: &Workbench) -> Vec<String> {
    let releases = bench.library().releases("customer_support").unwrap();
    releases.all.iter().map(|one| format!("{} {} {}", one.kind.id(), one.environment, one.version)).collect()
}

#[test]
fn a_rollback_is_two_keys_and_a_yes_from_every_screen() {
    for screen in ["1", "2", "3"] {
        let mut bench = released(&["1.1.0", "1.2.0"]);
        bench.press_and_settle(screen);
        bench.press_and_settle("space b");
        let told = lines(&bench);
        assert!(told.starts_with("production runs 1.2.0 now, and 1.1.0 from then on.\n"), "{told}");
        assert!(told.contains("config `max_tokens`: 700 becomes 1024"), "{told}");
        assert!(told.contains("takes back 1.2.0 (2024-03-15)"), "{told}");
        assert!(!form(&bench).agreed, "Cancel is chosen at first");
        assert_eq!(bench.press("right"), []);
        bench.press_and_settle("enter");
        assert_eq!(bench.said(), "production is back at 1.1.0 of customer_support");
        assert!(bench.model.overlay.is_none());
        assert_eq!(log(&bench).last().unwrap(), "rollback production 1.1.0");
        assert_eq!(crate::tui::update::release::running_words(&bench.model), "production 1.1.0");
    }
}

#[test]
fn enter_alone_releases_nothing() {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    bench.press_and_settle("space b");
    assert_eq!(bench.press("enter"), []);
    assert!(bench.model.overlay.is_none());
    assert_eq!(log(&bench).len(), 2);
}

#[test]
fn while_text_is_written_one_key_leads_there_too() {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    bench.press_and_settle("i alt-u");
    assert_eq!(form(&bench).wish.kind, ReleaseKind::Rollback);
}

#[test]
fn a_deploy_asks_which_version_and_why() {
    let mut bench = released(&["1.1.0"]);
    bench.press_and_settle("space D");
    assert!(matches!(bench.model.overlay, Some(Overlay::Pick(Pick::Deploy, _))));
    assert!(bench.listed()[1].contains("runs in production"), "{:?}", bench.listed());
    bench.press_and_settle("enter");
    bench.press_and_settle("right enter");
    assert_eq!(form(&bench).problem.as_deref(), Some("say why: whoever is on call reads it"));
    bench.type_text("shorter");
    assert_eq!(form(&bench).problem, None);
    bench.press_and_settle("enter");
    assert_eq!(bench.said(), "production runs 1.2.0 of customer_support");
    assert_eq!(bench.library().releases("customer_support").unwrap().all[1].why, "shorter");
}

#[test]
fn what_a_gate_refuses_is_deployed_only_by_a_word_that_says_so() {
    let mut bench = released(&["1.1.0"]);
    let file = bench.library().root().join("prompts/customer_support/v1.2.0_2024-03-15/config.json");
    std::fs::write(&file, "{}").unwrap();
    bench.press_and_settle("space D enter");
    assert!(lines(&bench).contains("! not met: verify: "), "{}", lines(&bench));
    assert_eq!(form(&bench).answers(), ["Cancel", "Deploy all the same"]);
    bench.press_and_settle("right");
    bench.type_text("now");
    bench.press_and_settle("enter");
    assert!(bench.library().releases("customer_support").unwrap().all[1].forced);
}

#[test]
fn a_version_that_is_not_what_was_frozen_is_not_returned_to() {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    let file = bench.library().root().join("prompts/customer_support/v1.1.0_2024-02-01/config.json");
    std::fs::write(&file, "{}").unwrap();
    bench.press_and_settle("space b");
    assert_eq!(form(&bench).answers(), ["Cancel"]);
    assert!(lines(&bench).ends_with("Space D deploys any other version\n"), "{}", lines(&bench));
    bench.press_and_settle("right enter");
    assert_eq!(log(&bench).len(), 2);
}

#[test]
fn where_there_is_no_way_back_the_box_names_keys_and_no_command() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("space b");
    assert!(lines(&bench).contains("(Space D deploys one)"), "{}", lines(&bench));
    let mut bench = released(&["1.2.0"]);
    bench.press_and_settle("space b");
    assert!(lines(&bench).contains("(Space D deploys any version)"), "{}", lines(&bench));
}

#[test]
fn a_gate_that_asks_for_an_approval_names_the_key_of_the_review() {
    let mut bench = Workbench::on_library(|library| {
        std::fs::write(library.join("greenroom.toml"), "[environments.production]\nrequire = [\"approval\"]\n")
            .unwrap();
    });
    bench.open("customer_support");
    bench.press_and_settle("space D enter");
    assert!(lines(&bench).contains("and 1 is needed (Alt-6 shows the review)"), "{}", lines(&bench));
}

#[test]
fn a_gate_that_asks_for_a_drill_names_its_key() {
    let mut bench = Workbench::on_library(|library| {
        std::fs::write(library.join("prompts/customer_support/releases.jsonl"), lines_of(&["1.1.0"])).unwrap();
        std::fs::write(library.join("greenroom.toml"), "[environments.production]\nrequire = [\"drill\"]\n").unwrap();
    });
    bench.open("customer_support");
    bench.press_and_settle("space D enter");
    assert!(lines(&bench).contains("never tried: Space B does"), "{}", lines(&bench));
}

#[test]
fn what_has_changed_since_it_was_looked_at_is_not_done() {
    let mut bench = released(&["1.0.0", "1.1.0", "1.2.0"]);
    bench.press_and_settle("space b");
    bench.press("right");
    let file = bench.library().root().join("prompts/customer_support/releases.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let theirs = "{\"at\":\"2024-05-01T00:00:00Z\",\"by\":\"Ben\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.0.0\"}\n";
    std::fs::write(&file, text + theirs).unwrap();
    bench.press_and_settle("enter");
    assert!(form(&bench).problem.as_ref().unwrap().contains("something has changed in production"));
    assert_eq!(log(&bench).len(), 4);
}

#[test]
fn an_answer_to_an_earlier_question_is_dropped() {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    let effects = bench.press("space b");
    let Some(Effect::Release(Asked::Plan(wish))) = effects.last() else { panic!("{effects:?}") };
    let late = Msg::Release(Told::Planned { number: wish.number - 1, plan: Err(crate::error::Error::input("late")) });
    bench.tell(late);
    assert!(form(&bench).plan.is_none());
    bench.perform(effects);
    assert!(matches!(form(&bench).plan, Some(Ok(_))));
}

#[test]
fn releases_and_drills_are_listed_the_last_first() {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    bench.press_and_settle("space b");
    bench.press_and_settle("right enter");
    bench.press_and_settle("space L");
    let listed = bench.listed();
    assert!(listed[0].contains("rollback 1.1.0  production"), "{listed:?}");
    assert!(listed[2].contains("deploy   1.1.0  production") && listed[2].contains("Ana: step"), "{listed:?}");
    bench.press_and_settle("enter");
    assert_eq!(bench.model.screen, crate::tui::model::ScreenId::Diff);
}

#[test]
fn without_a_release_there_is_no_way_back_and_nothing_to_list() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("space b");
    let refused = form(&bench).plan.as_ref().unwrap().as_ref().unwrap_err().to_string();
    assert!(refused.contains("no way back"), "{refused}");
    assert!(!bench.press("right enter").iter().any(|effect| matches!(effect, Effect::Release(Asked::Make { .. }))));
    bench.press_and_settle("esc");
    bench.press_and_settle("space L");
    assert!(bench.said().contains("was deployed yet"), "{}", bench.said());
}

#[test]
fn what_another_program_has_released_since_is_gone_back_from() {
    let mut bench = Workbench::on_samples();
    std::fs::write(bench.library().prompts().join("customer_support/releases.jsonl"), lines_of(&["1.0.0", "1.1.0"]))
        .unwrap();
    assert_eq!(super::super::release::running(&bench.model), []);
    bench.press_and_settle("space b");
    let plan = form(&bench).plan.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(plan.to.to_string(), "1.0.0");
    assert_eq!(super::super::release::running_words(&bench.model), "production 1.1.0");
}

/// A workbench whose release is under way: the user's program runs.
fn under_way() -> (Workbench, Vec<Effect>) {
    let mut bench = released(&["1.1.0", "1.2.0"]);
    bench.press_and_settle("space b");
    let effects = bench.press("right enter");
    assert!(bench.model.releasing.is_some());
    (bench, effects)
}

fn interrupted(bench: &mut Workbench, effects: &[Effect]) -> Vec<Effect> {
    let wish = effects.iter().find_map(|effect| match effect {
        Effect::Release(Asked::Make { wish, .. }) => Some(wish.clone()),
        _ => None,
    });
    let error = crate::error::Error::input("on_deploy, `push`, was interrupted");
    bench.tell(Msg::Release(Told::Made { wish: wish.unwrap(), result: Err(error) }))
}

#[test]
fn a_release_that_is_under_way_is_ended_by_a_key_in_its_box_and_without_it() {
    let (mut bench, effects) = under_way();
    assert_eq!(bench.press("ctrl-c").first(), Some(&Effect::StopRelease));
    assert_eq!(bench.said(), "the rollback in production is being ended; the log stays as it was");
    assert!(form(&bench).busy, "it has not ended yet");
    bench.press("esc");
    assert_eq!(bench.press("ctrl-c").first(), Some(&Effect::StopRelease));
    interrupted(&mut bench, &effects);
    assert!(bench.said().contains("was interrupted"), "{}", bench.said());
    assert!(!bench.press("ctrl-c").contains(&Effect::StopRelease), "nothing is left to end");
}

#[test]
fn leaving_while_a_release_is_under_way_is_asked_about() {
    let (mut bench, effects) = under_way();
    let asked = bench.press("ctrl-q");
    assert!(!asked.contains(&Effect::Quit));
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked: {}", bench.said()) };
    assert_eq!(confirm.question, "The rollback in production of customer_support is under way. Leave?");
    bench.press("enter");
    assert!(bench.model.overlay.is_none() && bench.model.releasing.is_some(), "it goes on");

    bench.press("q");
    let stopping = bench.press("right enter");
    assert_eq!(stopping.first(), Some(&Effect::StopRelease));
    assert!(!stopping.contains(&Effect::Quit), "what came of it is waited for");
    assert!(interrupted(&mut bench, &effects).contains(&Effect::Quit));
    assert_eq!(log(&bench).len(), 2, "the log is as it was");
}

#[test]
fn a_release_that_ends_while_the_question_is_open_is_told_and_left_with_one_key() {
    let (mut bench, effects) = under_way();
    bench.press("ctrl-q");
    bench.perform(effects);
    assert!(bench.said().ends_with("production is back at 1.1.0 of customer_support"), "{}", bench.said());
    assert!(bench.press("right enter").contains(&Effect::Quit));
}
