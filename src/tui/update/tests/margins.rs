//! Comments beside the lines of Draft and Diff: they follow the text, are gone to, answered, taken, said.

use std::sync::Arc;

use crate::diff::Which as Half;
use crate::library::Which;
use crate::review::{Anchor, Said, Sign};
use crate::tui::diffing::Chosen;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::margins::told;
use crate::tui::model::ScreenId;
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::tests::Workbench;

const TEXT: &str = "# Identity & Role\n\nYou are Wren.\nYou help.\nBe kind.\n\n# Behavioral Guidelines\n\n\
                    - be brief\n- be clear\n- ask\n";

/// The samples with this text as the draft, and with these comments on lines of it, each with what is to stand there
/// instead.
fn bench(said: &[((usize, usize), &str, Option<&str>)]) -> Workbench {
    let mut bench = Workbench::on_library(|root| {
        std::fs::write(root.join("prompts/customer_support/draft/system_prompt.txt"), TEXT).unwrap();
    });
    bench.open("customer_support");
    bench.model.status = None;
    bench.model.settings.author = Some("Ben".into());
    let draft = bench.library().read("customer_support", &Which::Draft).unwrap();
    let reading = crate::review::Reading::of(&draft.text);
    for (index, ((first, last), text, replacement)) in said.iter().enumerate() {
        let anchor = reading.anchor(*first, *last).unwrap();
        let said = Said::Comment { anchor, text: (*text).to_owned(), replacement: replacement.map(ToOwned::to_owned) };
        let at = jiff::Timestamp::from_second(1_770_000_000 + i64::try_from(index).unwrap()).unwrap();
        bench.library().say(&draft, &said, None, &"Cleo".into(), at).unwrap();
    }
    let effects = bench.tell(Msg::Touched);
    bench.perform(effects);
    bench
}

fn said(effects: &[Effect]) -> Option<(Which, Said)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Say { said, which, .. } => Some((which.clone(), (**said).clone().said()?)),
        _ => None,
    })
}

/// The lines of the panes that have a sign.
fn marked(bench: &Workbench) -> Vec<(usize, usize, Sign)> {
    let all = (0..6).flat_map(|pane| (0..60).map(move |line| (pane, line)));
    all.filter_map(|(pane, line)| Some((pane, line, bench.model.margins.mark(pane, line)?.sign))).collect()
}

fn notes(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Note(_))).count()
}

#[test]
fn a_prompt_about_which_nobody_said_anything_is_looked_at_once_and_typing_asks_for_nothing() {
    let mut bench = bench(&[]);
    let mut effects = bench.press("i");
    effects.extend(bench.type_text("Hello there.\n"));
    assert_eq!(notes(&effects), 0);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::After(Timer::Margin, _))));
    assert_eq!(told(&bench.model), None);
}

#[test]
fn a_mark_follows_its_line_while_lines_are_typed_above_it_and_says_when_it_is_gone() {
    let mut bench = bench(&[((3, 3), "why?", None)]);
    assert_eq!(marked(&bench), [(1, 0, Sign::Comment)]);
    bench.press("i ctrl-home");
    let effects = bench.type_text("New\n");
    assert_eq!(notes(&effects), 0, "not on the path of a key");
    let timers = effects.iter().filter(|effect| matches!(effect, Effect::After(Timer::Margin, _))).count();
    assert_eq!(timers, 1, "typing without a pause puts it not off");
    let effects = bench.tell(Msg::Timer(Timer::Margin));
    assert_eq!(notes(&effects), 1);
    bench.perform(effects);
    assert_eq!(marked(&bench), [(1, 1, Sign::Comment)]);
    bench.type_text("x");
    let effects = bench.tell(Msg::Timer(Timer::Margin));
    bench.perform(effects);
    assert_eq!(marked(&bench), [(1, 0, Sign::Outdated)], "behind what stood before it");
    bench.press("up");
    let told = told(&bench.model).unwrap();
    assert!(told.contains("outdated by Cleo") && told.contains("why?"), "{told}");
}

#[test]
fn a_late_answer_for_another_prompt_is_dropped() {
    let mut bench = bench(&[((3, 3), "why?", None)]);
    let before = marked(&bench);
    let effects = bench.tell(Msg::Touched);
    let Some(Effect::Note(mut asked)) = effects.into_iter().find(|effect| matches!(effect, Effect::Note(_))) else {
        panic!("nothing is asked")
    };
    if let crate::tui::margins::Beside::Draft(moment, _) = &mut asked.beside {
        moment.0 += 7;
    }
    let noted = asked.note(crate::library::FileStamp::default(), Arc::default());
    bench.tell(Msg::Noted(Box::new(noted)));
    assert_eq!(marked(&bench), before);
}

#[test]
fn what_was_said_is_gone_to_read_answered_and_settled_without_leaving_the_draft() {
    let mut bench = bench(&[((4, 4), "first", None), ((9, 9), "second", None), ((9, 9), "third", None)]);
    bench.press("}");
    let first = bench.draft().focus;
    assert_eq!((bench.model.screen, first), (ScreenId::Draft, PaneId::Text(1)));
    assert!(told(&bench.model).unwrap().ends_with("first"));
    bench.press("}");
    assert_eq!(bench.draft().focus, PaneId::Text(2));
    assert!(told(&bench.model).unwrap().contains("1 of 2"), "{:?}", told(&bench.model));
    bench.press("m n");
    let Some(Overlay::Thread(open)) = &bench.model.overlay else { panic!("no box") };
    assert_eq!((open.threads.len(), open.at), (2, 1));
    bench.press("r");
    bench.type_text("because");
    let effects = bench.press("enter");
    let (which, reply) = said(&effects).unwrap();
    assert_eq!((which, reply), (Which::Draft, Said::Reply("because".into())));
    bench.perform(effects);
    bench.press("m");
    bench.press_and_settle("x");
    assert_eq!(bench.model.margins.draft.notes.as_ref().unwrap().open(), 2);
    bench.press("esc { {");
    assert_eq!(bench.draft().focus, PaneId::Text(2), "after the first comes the last");
}

#[test]
fn a_comment_on_the_selected_lines_is_about_their_words_in_the_whole_text() {
    let mut bench = bench(&[]);
    bench.press("down shift-down shift-down c");
    let Some(Overlay::Say(open)) = &bench.model.overlay else { panic!("no box: {}", bench.said()) };
    assert!(open.words.contains("lines 2 to 3"), "{}", open.words);
    bench.type_text("which one?");
    bench.press("alt-enter");
    bench.type_text("and why?");
    let effects = bench.press("enter");
    let Some((Which::Draft, Said::Comment { anchor: Anchor::Lines(lines), text, .. })) = said(&effects) else {
        panic!("{effects:?}")
    };
    let whole = bench.text();
    let stands: Vec<&str> = whole.lines().skip(lines.line - 1).take(lines.quote.len()).collect();
    assert_eq!((stands.len(), text.as_str()), (2, "which one?\nand why?"));
    assert_eq!(lines.quote, stands);
    bench.perform(effects);
    assert_eq!(marked(&bench).len(), 2);
}

#[test]
fn words_that_were_not_said_are_there_the_next_time_something_is_said_here() {
    let mut bench = bench(&[]);
    bench.press("c");
    bench.type_text("half a thou");
    bench.press("esc");
    assert!(bench.model.overlay.is_none());
    bench.press("c");
    bench.type_text("ght");
    let (_, comment) = said(&bench.press("enter")).unwrap();
    assert!(matches!(comment, Said::Comment { text, .. } if text == "half a thought"));
}

#[test]
fn a_suggestion_of_several_lines_is_taken_from_the_draft_as_one_step() {
    let mut bench = bench(&[]);
    let before = bench.text();
    bench.press("shift-down shift-down s ctrl-a");
    bench.type_text("I am Wren.");
    bench.press("alt-enter");
    bench.type_text("I help.");
    bench.press_and_settle("enter");
    assert_eq!(marked(&bench)[0].2, Sign::Suggestion);
    let effects = bench.press("up T");
    assert_eq!(bench.text(), before.replace("You are Wren.\nYou help.\n", "I am Wren.\nI help.\n"));
    assert_eq!(said(&effects), Some((Which::Draft, Said::Resolve { taken: true })));
    bench.press("u");
    assert_eq!(bench.text(), before);
}

#[test]
fn a_suggestion_that_is_taken_while_the_text_is_looked_at_waits_for_the_lines() {
    let mut bench = bench(&[((3, 3), "", Some("I am Wren."))]);
    bench.press("i ctrl-home");
    bench.type_text("New\n");
    // the cursor is where the mark was
    bench.press("esc up");
    let effects = bench.press("T");
    assert!(!bench.text().contains("I am Wren."), "its line may have moved");
    bench.perform(effects);
    assert!(bench.text().contains("New\nI am Wren.\n"), "{}", bench.text());
}

#[test]
fn a_suggestion_across_a_heading_is_put_in_where_there_is_time_for_it_and_once_more_after_typing() {
    let mut bench = bench(&[((5, 7), "", Some("Be warm.\n\n# Behavioral Guidelines"))]);
    let before = bench.text();
    let effects = bench.press("} T");
    assert_eq!(bench.text(), before, "nothing is rewritten on the path of a key");
    let asked = effects.iter().filter(|effect| matches!(effect, Effect::TakeAcross(_))).count();
    assert_eq!((asked, said(&effects)), (1, None));
    // somebody types before the answer comes
    bench.press("i ctrl-home");
    bench.type_text("New.\n");
    bench.perform(effects);
    let after = before.replace("Be kind.", "Be warm.").replace("You are Wren.", "New.\nYou are Wren.");
    assert_eq!(bench.text(), after);
    bench.press("esc u");
    assert!(bench.text().contains("New.\n") && bench.text().contains("Be kind."), "one step: {}", bench.text());
}

#[test]
fn the_next_comment_in_diff_is_also_found_among_lines_that_are_folded() {
    let mut bench = Workbench::on_samples();
    let draft = bench.library().read("customer_support", &Which::Draft).unwrap();
    let anchor = crate::review::Reading::of(&draft.text).anchor(5, 5).unwrap();
    let folded = Said::Comment { anchor, text: "folded".into(), replacement: None };
    bench.library().say(&draft, &folded, None, &"Cleo".into(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    bench.press_and_settle("3");
    bench.press_and_settle("o");
    assert!(bench.model.diffing.folded);
    for keys in ["}", "o {"] {
        bench.press(keys);
        assert!(told(&bench.model).is_some_and(|told| told.ends_with("folded")), "{keys}: {:?}", told(&bench.model));
        assert!(!bench.model.diffing.folded, "its line is shown");
    }
}

#[test]
fn beside_a_side_that_nobody_reviews_here_it_is_said_why() {
    let mut bench = bench(&[((3, 3), "why?", None)]);
    bench.press_and_settle("3");
    // a state of this prompt by another name has its comments
    bench.model.diffing.to = crate::library::SideName::parse("customer_support@draft").ok().map(Chosen::Named);
    assert_eq!(crate::tui::margins::side(&bench.model, Half::To), Some(Chosen::Draft));
    bench.model.diffing.to = crate::library::SideName::parse("customer_support@v1.2.0").ok().map(Chosen::Named);
    assert!(matches!(crate::tui::margins::side(&bench.model, Half::To), Some(Chosen::Version(_))));
    // what git has is none, but the other side of the change is a version
    bench.model.diffing.to = crate::library::SideName::parse("customer_support@git:HEAD").ok().map(Chosen::Named);
    bench.press("c");
    assert!(
        matches!(&bench.model.overlay, Some(Overlay::Say(open)) if open.which != Chosen::Draft),
        "{}",
        bench.said()
    );
    bench.press("esc");
    bench.model.diffing.from = crate::library::SideName::parse("recipe_ideas").ok().map(Chosen::Named);
    for key in ["c", "m"] {
        bench.press(key);
        assert!(bench.model.overlay.is_none() && bench.said().contains("draft and versions of this prompt"), "{key}");
    }
}

#[test]
fn in_diff_the_comments_of_both_sides_stand_beside_their_lines_and_a_comment_is_about_the_change() {
    let mut bench = bench(&[((3, 3), "why?", None)]);
    let version = bench.library().read("customer_support", &Which::Version("1.2.0".parse().unwrap())).unwrap();
    let anchor = crate::review::Reading::of(&version.text).anchor(5, 5).unwrap();
    let old = Said::Comment { anchor, text: "old".into(), replacement: None };
    let at = jiff::Timestamp::from_second(1_770_000_000).unwrap();
    bench.library().say(&version, &old, None, &"Cleo".into(), at).unwrap();
    bench.press_and_settle("3");
    let [left, right] = &bench.model.margins.sides;
    assert_eq!(left.notes.as_ref().unwrap().open(), 1);
    assert!(right.mark(3).is_some(), "{right:?}");
    bench.press("g }");
    let first = told(&bench.model).unwrap();
    bench.press("}");
    let second = told(&bench.model).unwrap();
    assert!(first != second && [&first, &second].iter().any(|told| told.ends_with("old")), "{first} {second}");
    bench.press("n c");
    bench.type_text("really?");
    let (which, comment) = said(&bench.press("enter")).unwrap();
    assert_eq!(which, Which::Draft);
    assert!(matches!(comment, Said::Comment { anchor: Anchor::Lines(_), .. }), "{comment:?}");
}

#[test]
fn one_goes_from_a_line_of_the_draft_to_its_comment_on_the_review_screen_and_back() {
    let mut bench = bench(&[((4, 4), "first", None), ((9, 9), "second", None)]);
    bench.press("} }");
    bench.press_and_settle("m enter");
    assert_eq!(bench.model.screen, ScreenId::Review);
    let row = bench.model.reviewing.row().unwrap();
    let board = bench.model.reviewing.board.clone().unwrap();
    assert_eq!(board.thread(row).unwrap().text, "second");
    bench.press("p enter");
    assert_eq!((bench.model.screen, bench.draft().focus), (ScreenId::Draft, PaneId::Text(1)));
    bench.press("6");
    bench.press_and_settle("n d");
    assert_eq!(bench.model.screen, ScreenId::Diff);
    assert!(told(&bench.model).unwrap().ends_with("second"), "{:?}", told(&bench.model));
}

#[test]
fn a_comment_that_somebody_else_adds_is_seen_when_the_files_are_touched() {
    let mut bench = bench(&[]);
    assert!(marked(&bench).is_empty());
    let draft = bench.library().read("customer_support", &Which::Draft).unwrap();
    let said = Said::Comment { anchor: Anchor::Section(None), text: "?".into(), replacement: None };
    bench.library().say(&draft, &said, None, &"Cleo".into(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let effects = bench.tell(Msg::Touched);
    assert_eq!(notes(&effects), 1);
    bench.perform(effects);
    assert_eq!(marked(&bench).len(), 1);
    let effects = bench.tell(Msg::Touched);
    let revision = bench.model.margins.revision;
    bench.perform(effects);
    assert_eq!(bench.model.margins.revision, revision, "nothing new is nothing to draw");
}
