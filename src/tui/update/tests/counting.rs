//! Counts: asked for when something has changed that they are made of, shown as what they are, and what follows from
//! them.

use std::sync::Arc;

use crate::error::Error;
use crate::prompt::{Assumptions, Declaration, Freshness};
use crate::tui::counting::Count;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{InMemory, Workbench, prompt, tally_of, to_count, workbench};

const TEXT: &str = "# Identity\nI am {{name}}.\n\n# Safety Rails\nNever lie to {{user}}.\n";

fn rich() -> InMemory {
    prompt(TEXT).model("offline").version("1.0.0").set("first", &[("name", "Ada"), ("user", "Bo")])
}

/// A workbench whose count has come in.
fn counted(prompt: InMemory) -> Workbench {
    let mut bench = Workbench::empty();
    let effects = bench.tell(Msg::Opened(Ok(Box::new(prompt.into_opened("greeter")))));
    bench.counted(&effects);
    bench
}

fn current(bench: &Workbench) -> Vec<bool> {
    let pane = |index| bench.draft().counts.pane(index).unwrap().current;
    (1..6).map(pane).chain([bench.draft().counts.total().unwrap().current]).collect()
}

#[test]
fn a_prompt_is_counted_when_it_is_opened_and_after_each_change_and_not_otherwise() {
    let mut bench = counted(rich());
    assert_eq!(to_count(&bench.press("down right left esc f1 esc 2 1")), None, "nothing has changed");
    let asked = to_count(&bench.press("enter x")).unwrap();
    assert_eq!(asked.text.to_text(), bench.text());
    assert_eq!(to_count(&bench.press("right")), None, "the cursor costs nothing");
    bench.press("esc");
    let (_, before) = (bench.press("2"), bench.draft().counts.asked.clone());
    assert_eq!(to_count(&bench.press("i h i")), None, "a message is not part of the prompt");
    assert_eq!(bench.draft().counts.asked, before);
}

#[test]
fn a_count_whose_text_has_changed_is_marked_until_the_next_one_comes() {
    let mut bench = counted(rich());
    assert_eq!(current(&bench), [true; 6]);
    let before = bench.draft().counts.pane(1).unwrap();
    let effects = bench.press("enter x");
    assert_eq!(current(&bench), [false, true, true, true, true, false], "only the section that was typed in");
    let now = bench.draft().counts.pane(1).unwrap();
    assert_eq!((now.tokens, now.words()), (before.tokens, format!("~{} tok…", before.tokens)));
    assert_eq!(now.words().chars().count(), before.words().chars().count(), "nothing moves when the next one comes");
    bench.counted(&effects);
    assert_eq!(current(&bench), [true; 6]);
}

#[test]
fn a_late_count_of_an_older_text_is_shown_as_one() {
    let mut bench = counted(rich());
    let first = bench.press("enter x");
    bench.press("y");
    bench.counted(&first);
    assert!(!bench.draft().counts.pane(1).unwrap().current);
    bench.press("ctrl-z ctrl-z");
    assert_eq!(bench.text(), TEXT);
    assert!(!bench.draft().counts.pane(1).unwrap().current, "what is known is the count of one letter more");
}

#[test]
fn a_value_that_changes_makes_every_count_old() {
    let mut bench = counted(rich());
    bench.press("shift-tab shift-tab enter");
    let effects = bench.type_text("Lovelace");
    assert!(!bench.draft().counts.variable("name").unwrap().current);
    let asked = to_count(&effects).unwrap();
    assert!(asked.known.0.get("name").unwrap().contains("Lovelace"));
    bench.counted(&effects);
    assert!(bench.draft().counts.variable("name").unwrap().current);
    assert_eq!(bench.draft().counts.variable("nobody"), None);
}

#[test]
fn a_count_of_a_prompt_that_is_no_longer_open_is_dropped() {
    let mut bench = counted(rich());
    let late = tally_of(&to_count(&bench.press("enter x")).unwrap());
    bench.press("esc");
    let effects = bench.pause();
    bench.saved(&effects);
    bench.tell(Msg::Opened(Ok(Box::new(prompt("other").into_opened("other")))));
    bench.tell(Msg::Counted(Arc::new(late)));
    assert_eq!(bench.draft().counts.total(), None);
}

#[test]
fn an_estimate_is_marked_and_nothing_is_not() {
    let count = |tokens, exact, current| Count { tokens, exact, current }.words();
    assert_eq!(count(1630, true, true), "1,630 tok ");
    assert_eq!(count(1630, false, true), "~1,630 tok ");
    assert_eq!(count(0, false, false), "0 tok…");
}

#[test]
fn the_box_asks_for_advice_and_saves_what_is_assumed() {
    let mut bench = counted(rich());
    let effects = bench.press("f9");
    assert!(to_count(&effects).unwrap().basis.advises);
    bench.counted(&effects);
    bench.type_text("1.2m");
    bench.press("tab");
    bench.type_text("180");
    let effects = bench.press("enter");
    let wanted = Assumptions { budget: None, calls_per_month: Some(1_200_000), reply_tokens: Some(180) };
    assert!(bench.model.overlay.is_none());
    assert!(effects.contains(&Effect::SaveAssumptions { prompt: "greeter".into(), assumptions: wanted }));
    assert_eq!(bench.draft().assumptions, Assumptions::default(), "not before they are written");
    bench.tell(Msg::AssumptionsSaved { prompt: "greeter".into(), result: Ok(wanted) });
    assert_eq!((bench.draft().assumptions, bench.said()), (wanted, "saved in prompt.toml"));
    bench.press("f9");
    assert!(bench.press("enter").iter().all(|effect| !matches!(effect, Effect::SaveAssumptions { .. })));
}

#[test]
fn what_is_no_number_is_told_in_its_field_and_nothing_is_written() {
    let mut bench = counted(rich());
    bench.press("f9 tab tab");
    bench.type_text("lots");
    assert_eq!(bench.press("tab enter"), []);
    let Some(Overlay::Costs(open)) = &bench.model.overlay else { panic!("the box is closed") };
    assert!(open.problem.as_ref().unwrap().contains("budget"), "{:?}", open.problem);
    bench.press("esc");
    let failed = Msg::AssumptionsSaved { prompt: "greeter".into(), result: Err(Error::input("is not TOML")) };
    bench.tell(failed);
    assert_eq!(bench.said(), "is not TOML");
}

#[test]
fn a_box_without_a_prompt_is_not_opened_and_says_why() {
    let mut bench = Workbench::empty();
    bench.press("f9");
    assert!(bench.model.overlay.is_none());
    assert!(bench.said().contains("no prompt is open"), "{}", bench.said());
}

#[test]
fn the_box_says_what_the_prompt_costs_and_which_line_to_move() {
    let fresh = |freshness| Declaration { freshness, ..Declaration::default() };
    let prompt = rich().model("anthropic:claude-sonnet-4-6").declared("name", fresh(Freshness::Session));
    let assumed = Assumptions { budget: Some(10), calls_per_month: Some(1_000_000), reply_tokens: Some(100) };
    let mut bench = counted(prompt.declared("user", fresh(Freshness::Request)).assumed(assumed));
    let effects = bench.press("f9");
    bench.counted(&effects);
    let Some(Overlay::Costs(open)) = &bench.model.overlay else { panic!("no box") };
    let lines: Vec<String> = crate::tui::costs::lines(&bench.model, open).into_iter().map(|(line, _)| line).collect();
    let all = lines.join("\n");
    for wanted in [
        "under anthropic:claude-sonnet-4-6",
        "!! over the budget",
        "it ends at {{name}}",
        " for 1,000,000 calls",
        "against 1.0.0",
        "list price of Anthropic, as of 20",
        "move {{name}} (line 2) to the end of the prompt",
        "Safety Rails",
    ] {
        assert!(all.contains(wanted), "{wanted:?} is not in\n{all}");
    }
}

#[test]
fn typing_shares_the_values_between_the_counts_that_need_them() {
    let mut bench = workbench(TEXT);
    let first = to_count(&bench.press("enter x")).unwrap();
    let second = to_count(&bench.press("y")).unwrap();
    assert!(Arc::ptr_eq(&first.known, &second.known));
}

#[test]
fn a_click_on_the_costs_of_a_large_screen_opens_their_box() {
    let mut bench = counted(rich());
    bench.tell(Msg::Resize(160, 45));
    let cost = crate::tui::draft::DraftView::of(&bench.model).unwrap().cost.expect("there is room for them");
    bench.click(cost.x + 3, cost.y + 2);
    assert!(matches!(bench.model.overlay, Some(Overlay::Costs(_))));
}
