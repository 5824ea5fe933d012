//! What the linter finds while one types: when it is asked, what is shown, gone to, fixed and allowed.

use std::sync::Arc;

use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::tests::{Workbench, workbench};

const TEXT: &str = "# Role\nYou help people.\n\n# Tone\n\nBe kind now!!\nBe \u{200b}brief.\n\n# Scope\n\nYou look up parcels; say so when asked for anything else.\n\n\
    # Output Format\n\nPlain text, for example: yes.\n\n# Safety\n\nCall for help: write \"Please call.\"\n";

/// The time has come: the text is looked at, as the runner does it.
pub fn look(bench: &mut Workbench) {
    let effects = bench.tell(Msg::Timer(Timer::Lint));
    for effect in effects {
        if let Effect::Lint { moment, asked } = effect {
            bench.tell(Msg::Linted { moment, marks: Arc::new(asked.marks()) });
        }
    }
}

fn linted(text: &str) -> Workbench {
    let mut bench = workbench(text);
    look(&mut bench);
    bench
}

fn rules(bench: &Workbench) -> Vec<&str> {
    bench.model.linting.marks.iter().map(|mark| mark.finding.rule.id).collect()
}

fn place(bench: &Workbench) -> (usize, usize) {
    let PaneId::Text(pane) = bench.draft().focus else { panic!("no text has the focus") };
    let buffer = &bench.draft().panes[pane];
    (pane, buffer.selection().map_or(buffer.cursor(), |chosen| chosen.start))
}

#[test]
fn a_text_is_looked_at_once_it_rests_and_one_look_at_a_time() {
    let mut bench = workbench(TEXT);
    let asks = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Lint { .. })).count();
    let first = bench.tell(Msg::Timer(Timer::Lint));
    assert_eq!(asks(&first), 1);
    let typed = bench.press("i a b");
    assert_eq!(asks(&typed), 0);
    assert!(!typed.contains(&Effect::After(Timer::Lint, 80)), "one is under way");
    let Some(Effect::Lint { moment, asked }) = first.into_iter().find(|one| matches!(one, Effect::Lint { .. })) else {
        panic!("it was asked")
    };
    let then = bench.tell(Msg::Linted { moment, marks: Arc::new(asked.marks()) });
    assert!(then.contains(&Effect::After(Timer::Lint, 80)), "the text has changed since: {then:?}");
    look(&mut bench);
    assert_eq!(asks(&bench.press("left")), 0);
    assert_eq!(bench.tell(Msg::Timer(Timer::Lint)), [], "nothing has changed");
}

#[test]
fn findings_of_a_prompt_that_is_no_longer_open_are_dropped() {
    let mut bench = linted(TEXT);
    let before = bench.model.linting.marks.clone();
    let (opening, ..) = bench.model.linting.of.unwrap();
    bench.tell(Msg::Linted { moment: (opening + 7, 0, 0, 0), marks: Arc::default() });
    assert_eq!(bench.model.linting.marks, before);
}

#[test]
fn the_brackets_go_from_finding_to_finding_and_round() {
    let mut bench = linted(TEXT);
    assert_eq!(rules(&bench), ["shouting", "invisible-characters"]);
    bench.press("]");
    assert_eq!(place(&bench), (2, 11));
    assert!(bench.said().contains("[shouting]"), "{}", bench.said());
    bench.press("]");
    assert_eq!(place(&bench), (2, 17));
    bench.press("]");
    assert_eq!(place(&bench), (2, 11));
    bench.press("[");
    assert_eq!(place(&bench), (2, 17));
}

#[test]
fn the_list_names_rule_severity_and_place_and_enter_goes_there() {
    let mut bench = linted(TEXT);
    bench.press("f7");
    assert_eq!(
        bench.listed(),
        [
            "i note    Behavior 1      exclamation marks stand in a row | shouting",
            "! warning Behavior 2      a zero-width blank (U+200B) stands here, and nobody sees it | invisible-characters, f fixes",
        ]
    );
    bench.press("j enter");
    assert!(bench.model.overlay.is_none());
    assert_eq!(place(&bench), (2, 17));
    bench.press("x /");
    bench.type_text("zero");
    assert_eq!(bench.listed().len(), 1);
}

#[test]
fn a_fix_is_one_undo_step_and_the_list_stays_open() {
    let mut bench = linted(TEXT);
    bench.press("f7 f");
    assert_eq!(bench.said(), "this finding has no safe fix");
    bench.press("j f");
    assert_eq!(bench.text(), TEXT.replace('\u{200b}', ""));
    look(&mut bench);
    assert_eq!(bench.listed().len(), 1);
    bench.press("esc u");
    assert_eq!(bench.text(), TEXT);
}

#[test]
fn a_fix_for_an_older_text_waits() {
    let mut bench = linted(TEXT);
    bench.press("i a esc f7 j f");
    assert!(bench.said().contains("has changed since"), "{}", bench.said());
    assert!(bench.text().contains('\u{200b}'));
}

#[test]
fn a_prompt_without_findings_says_so() {
    let mut bench = linted(&TEXT.replace("!!", ".").replace('\u{200b}', ""));
    assert_eq!(rules(&bench), [""; 0]);
    bench.press("f7");
    assert!(bench.model.overlay.is_none());
    assert_eq!(bench.said(), "lint: nothing to report in this prompt");
}

#[test]
fn allowing_asks_for_a_reason_and_writes_it_into_the_settings() {
    let mut bench = Workbench::on_library(|root| {
        std::fs::write(root.join("prompts/recipe_ideas/draft/system_prompt.txt"), TEXT).unwrap();
    });
    bench.open("recipe_ideas");
    look(&mut bench);
    let at = bench.model.linting.marks.iter().position(|mark| mark.finding.rule.id == "shouting").unwrap();
    bench.press("f7");
    (0..at).for_each(|_| _ = bench.press("j"));
    bench.press("a enter");
    assert!(matches!(bench.model.overlay, Some(Overlay::Ask(Ask::AllowReason, _))), "a reason is needed");
    bench.type_text("we are glad");
    bench.press_and_settle("enter");
    assert_eq!(bench.said(), "allowed; the reason stands in prompt.toml");
    let settings = std::fs::read_to_string(bench.library().root().join("prompts/recipe_ideas/prompt.toml")).unwrap();
    let added = "[[lint.allow]]\nrule = \"shouting\"\ntext = \"Be kind now!!\"\nreason = \"we are glad\"\n";
    assert!(settings.ends_with(added) && settings.contains("# Allergies are health data"), "{settings}");
    look(&mut bench);
    assert!(!rules(&bench).contains(&"shouting"));
}

#[test]
fn what_is_private_is_never_written_into_the_settings() {
    let mut bench = linted(&TEXT.replace("now!!", "to jane@northmail.net"));
    bench.press("f7 a");
    assert!(bench.said().contains("gives nothing away"), "{}", bench.said());
    assert!(!matches!(bench.model.overlay, Some(Overlay::Ask(..))));
}
