//! What is asked before values in files are lost or left behind: another set of the same name, and secrets in sets.

use crate::prompt::{Declaration, Freshness};
use crate::tui::effect::Effect;
use crate::tui::linting::ToLint;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::tests::{TODAY, Workbench, prompt};

fn question(bench: &Workbench) -> &Confirm {
    match &bench.model.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("nothing is asked: {other:?}"),
    }
}

fn saves(effects: &[Effect]) -> Vec<&str> {
    let mut names = Vec::new();
    for effect in effects {
        if let Effect::SaveSet { set, .. } = effect {
            names.push(set.name.as_str());
        }
    }
    names
}

fn two_sets() -> Workbench {
    let prompt = prompt("# Identity\n{{name}} {{plan}}\n").set("first", &[("name", "Ada"), ("plan", "Team")]);
    let mut bench = prompt.set("second", &[("name", "Bo"), ("plan", "Team")]).open();
    bench.press("shift-tab shift-tab");
    bench
}

#[test]
fn another_set_of_the_same_name_is_written_over_only_after_a_yes() {
    let mut bench = two_sets();
    bench.press("W");
    bench.type_text("second");
    assert!(saves(&bench.press("enter")).is_empty());
    assert!(question(&bench).question.contains("a value set second already"), "{:?}", question(&bench));
    assert_eq!(question(&bench).consequence[0], "They differ in name.", "values are not told: they may be personal");
    assert!(saves(&bench.press("enter")).is_empty(), "cancel is chosen at first");
    bench.press("W");
    bench.type_text("second");
    bench.press("enter");
    assert_eq!(saves(&bench.press("right enter")), ["second"]);
}

#[test]
fn the_set_the_values_came_from_and_an_equal_or_a_new_one_need_no_question() {
    for name in ["first", "third"] {
        let mut bench = two_sets();
        bench.press("W");
        bench.type_text(name);
        assert_eq!(saves(&bench.press("enter")), [name]);
    }
}

#[test]
fn what_becomes_secret_is_taken_out_of_the_sets_after_a_yes_and_stays_in_memory() {
    let mut bench = Workbench::on_samples();
    bench.press("shift-tab shift-tab down p right");
    bench.press_and_settle("tab tab tab tab tab tab tab tab enter");
    assert!(question(&bench).question.contains("user_name is secret, and its value stands in files"));
    let set = |bench: &Workbench| {
        let path = bench.library().root().join("prompts/customer_support/values/angry_customer.json");
        std::fs::read_to_string(path).unwrap()
    };
    assert!(set(&bench).contains("user_name"), "nothing is done before the answer");
    let kept = bench.draft().values.values.get("user_name").map(str::to_owned);
    bench.press_and_settle("right enter");
    assert!(!set(&bench).contains("user_name") && set(&bench).contains("account_type"), "{}", set(&bench));
    assert!(bench.said().starts_with("the secrets are out of the sets angry_customer"), "{}", bench.said());
    assert!(kept.is_some() && bench.draft().values.values.get("user_name").map(str::to_owned) == kept);
    assert!(bench.draft().values.sets.iter().all(|set| set.values.get("user_name").is_none()));
}

#[test]
fn secrets_that_are_left_in_the_files_are_said() {
    let mut bench = Workbench::on_samples();
    bench.press("shift-tab shift-tab down p right");
    bench.press_and_settle("tab tab tab tab tab tab tab tab enter");
    bench.press_and_settle("esc");
    assert!(bench.said().contains("a secret still stands in a value set"), "{}", bench.said());
}

#[test]
fn the_linter_is_told_the_ages_that_the_pane_shows() {
    let fresh = |freshness| Declaration { freshness, ..Declaration::default() };
    let prompt = prompt("# Identity\n{{name}} {{plan}}\n").set("first", &[("name", "Ada"), ("plan", "Team")]);
    let mut bench = prompt.declared("name", fresh(Freshness::Session)).declared("plan", fresh(Freshness::Daily)).open();
    bench.model.draft.as_mut().unwrap().values.written.insert("first".into(), TODAY);
    let stale = |bench: &Workbench, days: i64| {
        let asked = ToLint::of(bench.draft(), &bench.model.linting.table, TODAY + jiff::Span::new().days(days));
        let marks = asked.marks().into_iter().filter(|mark| mark.finding.rule.id == "value-stale");
        marks.map(|mark| mark.finding.message).collect::<Vec<_>>()
    };
    assert!(stale(&bench, 1).is_empty());
    assert_eq!(stale(&bench, 9), ["`name`, `plan` are 9 days old, more than their freshness allows"]);
    bench.press("shift-tab shift-tab enter x esc");
    assert_eq!(stale(&bench, 9), ["`plan` is 9 days old, more than its freshness allows"], "a new value is not old");
}

#[test]
fn the_linter_counts_a_value_as_the_pane_does_as_soon_as_a_vocabulary_is_there() {
    let short = Declaration { max_tokens: Some(3), ..Declaration::default() };
    let value = "internationalisation internationalisation";
    let mut bench = prompt("# Identity\n{{name}}\n")
        .model("openai:gpt-4o")
        .set("a", &[("name", value)])
        .declared("name", short)
        .open();
    let said = |bench: &Workbench| {
        let marks = ToLint::of(bench.draft(), &bench.model.linting.table, TODAY).marks();
        let found = marks.into_iter().find(|mark| mark.finding.rule.id == "value-too-long");
        found.map(|mark| mark.finding.message).unwrap_or_default()
    };
    assert!(said(&bench).contains("about 9 tokens"), "{}", said(&bench));
    let counting = crate::tui::tests::to_count(&bench.press("enter x")).unwrap();
    let counter = crate::model::tokens::counter_for(counting.basis.model.as_ref().unwrap());
    let mut tally = crate::tui::tests::tally_of(&counting);
    tally.counter = Some(counter);
    let before = bench.model.linting.changes;
    bench.tell(Msg::Counted(std::sync::Arc::new(tally)));
    assert_ne!(bench.model.linting.changes, before, "the text is looked at again");
    let exact = crate::prompt::TokenCounter::count(&counter, value);
    assert!(said(&bench).contains(&format!("has {exact} tokens, 3 are declared")), "{}", said(&bench));
}
