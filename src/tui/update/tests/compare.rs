//! The Diff screen: what is asked for, what is dropped, where the screen stands.

use std::sync::Arc;

use crate::error::Error;
use crate::library::PromptConfig;
use crate::tui::compare::Compared;
use crate::tui::diffing::{Chosen, DiffRow};
use crate::tui::effect::Effect;
use crate::tui::model::ScreenId;
use crate::tui::msg::{Msg, SideSource};
use crate::tui::overlay::Overlay;
use crate::tui::telling::StoryLine;
use crate::tui::tests::{Workbench, prompt, version, workbench};

const OLD: &str = "# Identity\na\nb\nc\nd\ne\n# Output Format\nshort\n# Safety Rails\nnever\n";
const NEW: &str = "# Identity\na\nB!\nc\nd\nE!\n# Output Format\nshort\n# Safety Rails\nalways\n";

/// The comparison that is asked for: number, left and right.
fn asked(effects: &[Effect]) -> Option<(u64, String, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Compare { generation, from, to, .. } => Some((*generation, from.label.clone(), to.label.clone())),
        _ => None,
    })
}

fn compared(from: &str, to: &str) -> Arc<Compared> {
    let side = |label: &str, text: &str| (label.to_owned(), text.to_owned(), PromptConfig::default());
    Arc::new(Compared::new(side("v1.0.0", from), side("draft", to)))
}

fn two_versions() -> Workbench {
    prompt(NEW).version("1.0.0").version("1.1.0").open()
}

/// On the Diff screen, with the comparison done.
fn on_diff() -> Workbench {
    let mut bench = two_versions();
    let (generation, ..) = asked(&bench.press("3")).unwrap();
    bench.tell(Msg::Compared { generation, result: Ok(compared(OLD, NEW)) });
    bench
}

#[test]
fn entering_asks_for_the_draft_against_the_version_it_grew_from() {
    let mut bench = two_versions();
    let effects = bench.press("3");
    let (_, from, to) = asked(&effects).unwrap();
    assert!(from.starts_with("v1.1.0"), "{from}");
    assert_eq!(to, "draft");
    let Some(Effect::Compare { to, .. }) = effects.iter().find(|effect| matches!(effect, Effect::Compare { .. }))
    else {
        unreachable!("it was found above")
    };
    let SideSource::Draft { text, .. } = &to.source else { panic!("{to:?}") };
    assert_eq!(text.to_text(), NEW);
    assert_eq!(asked(&bench.press("down")), None, "asked once");
}

#[test]
fn a_comparison_that_is_no_longer_wanted_is_dropped() {
    let mut bench = two_versions();
    let (old, ..) = asked(&bench.press("3")).unwrap();
    let (new, from, _) = asked(&bench.press("a down enter")).unwrap();
    assert!(new > old);
    assert!(from.starts_with("v1.0.0"), "{from}");
    bench.tell(Msg::Compared { generation: old, result: Ok(compared(OLD, NEW)) });
    assert!(bench.model.diffing.compared.is_none());
    bench.tell(Msg::Compared { generation: new, result: Ok(compared(OLD, NEW)) });
    assert!(bench.model.diffing.compared.is_some());
}

#[test]
fn a_changed_draft_is_compared_anew_when_one_comes_back() {
    let mut bench = on_diff();
    assert_eq!(asked(&bench.press("1 3")), None);
    bench.press("1 enter");
    bench.type_text("X");
    assert!(asked(&bench.press("alt-3")).is_some());
}

#[test]
fn without_a_version_it_says_how_to_get_one() {
    let mut bench = workbench(NEW);
    assert_eq!(asked(&bench.press("3")), None);
    assert!(bench.model.diffing.problem.as_deref().is_some_and(|problem| problem.contains("<version.freeze>")));
}

#[test]
fn a_comparison_that_fails_says_why() {
    let mut bench = two_versions();
    let (generation, ..) = asked(&bench.press("3")).unwrap();
    bench.tell(Msg::Compared { generation, result: Err(Error::input("the version is gone")) });
    assert!(bench.model.diffing.problem.as_deref().is_some_and(|problem| problem.contains("is gone")));
}

#[test]
fn next_and_previous_change_go_through_all_of_them_and_say_where_they_end() {
    let mut bench = on_diff();
    let count = bench.model.diffing.changes().len();
    assert_eq!(count, 3);
    for change in 1..count {
        bench.press("n");
        assert_eq!(bench.model.diffing.change, change);
    }
    bench.press("n");
    assert_eq!(bench.model.diffing.change, count - 1);
    assert!(bench.said().contains("last"), "{}", bench.said());
    bench.press("N p N");
    assert_eq!(bench.model.diffing.change, 0);
    assert!(bench.said().contains("first"), "{}", bench.said());
}

/// On the Diff screen, two changes in each of two sections that take several screens.
fn on_a_long_diff() -> Workbench {
    let lines = |mark: &str| {
        (0..100).fold(String::new(), |text, line| {
            let mark = if line == 40 || line == 80 { mark } else { "" };
            format!("{text}line {line}{mark}\n")
        })
    };
    let text = |mark: &str| format!("# Identity\n{}# Safety Rails\n{}", lines(mark), lines(mark));
    let mut bench = prompt(&text(" new")).version("1.0.0").open();
    let (generation, ..) = asked(&bench.press("3")).unwrap();
    bench.tell(Msg::Compared { generation, result: Ok(compared(&text(""), &text(" new"))) });
    bench
}

#[test]
fn no_change_is_passed_by_that_was_not_in_sight() {
    let mut bench = on_a_long_diff();
    assert_eq!(bench.model.diffing.changes().len(), 4);
    bench.press("]");
    bench.press("n");
    assert_eq!(bench.model.diffing.change, 2, "the first change of the section one has gone to");
    bench.press("n");
    assert_eq!(bench.model.diffing.change, 3);
    bench.press("g n");
    assert_eq!(bench.model.diffing.change, 0, "the next one from what is in sight");
    bench.press("G N");
    assert_eq!(bench.model.diffing.change, 3);
    bench.press("G n");
    assert_eq!((bench.model.diffing.change, bench.said()), (3, "this is the last change"));
}

#[test]
fn a_change_that_is_out_of_sight_is_not_taken() {
    let mut bench = on_a_long_diff();
    let before = bench.text();
    bench.press("G T");
    assert_eq!((bench.text(), bench.said()), (before.clone(), "no change is in sight: n goes to the next one"));
    bench.press("N T");
    assert_ne!(bench.text(), before);
}

#[test]
fn sections_are_gone_to_in_both_directions() {
    let mut bench = on_diff();
    bench.press("g");
    let section = |bench: &Workbench| match bench.model.diffing.row(bench.model.diffing.top) {
        Some(DiffRow::Head(section)) => section,
        other => panic!("not at the head of a section: {other:?}"),
    };
    let mut seen = vec![section(&bench)];
    for _ in 0..4 {
        bench.press("]");
        seen.push(section(&bench));
    }
    let count = bench.model.diffing.heads().len();
    assert_eq!(seen, (0..5).map(|at| at.min(count - 1)).collect::<Vec<_>>());
    bench.press("[");
    assert_eq!(section(&bench), seen[3].min(count - 1) - usize::from(count <= 4));
}

#[test]
fn one_key_goes_from_side_by_side_to_inline_and_back() {
    let mut bench = on_diff();
    bench.press("s");
    assert!(bench.model.diffing.inline);
    bench.press("s");
    assert!(!bench.model.diffing.inline);
}

#[test]
fn both_sides_are_chosen_from_the_versions_and_the_draft() {
    let mut bench = on_diff();
    bench.press("b");
    assert_eq!(bench.listed().len(), 5, "the draft, two versions, a git revision, a file");
    bench.press("down enter");
    assert_eq!(bench.model.diffing.to, Some(Chosen::Version(version("1.1.0"))));
    bench.press("a g enter");
    assert_eq!(bench.model.diffing.from, Some(Chosen::Draft));
}

#[test]
fn a_version_in_the_library_is_compared_with_the_draft() {
    let mut bench = two_versions();
    let effects = bench.press("ctrl-o down down enter");
    assert_eq!(bench.model.screen, ScreenId::Diff);
    let (_, from, to) = asked(&effects).unwrap();
    assert!(from.starts_with("v1.0.0"), "{from}");
    assert_eq!(to, "draft");
}

#[test]
fn scrolling_ends_at_both_ends() {
    let mut bench = on_diff();
    bench.press("g up pageup");
    assert_eq!((bench.model.diffing.top, bench.model.diffing.skip), (0, 0));
    bench.press("G down down down pagedown pagedown");
    assert!(bench.model.diffing.top < bench.model.diffing.row_count());
}

#[test]
fn equal_texts_have_no_change_to_go_to() {
    let mut bench = two_versions();
    let (generation, ..) = asked(&bench.press("3")).unwrap();
    bench.tell(Msg::Compared { generation, result: Ok(compared(NEW, NEW)) });
    bench.press("n");
    assert!(bench.said().contains("no change"), "{}", bench.said());
}

#[test]
fn the_left_side_of_a_change_goes_into_the_draft_and_undo_gives_it_back() {
    let mut bench = on_diff();
    let effects = bench.press("T");
    assert_eq!(bench.text(), NEW.replace("B!", "b"));
    assert!(bench.said().contains("gives the change back"), "{}", bench.said());
    let (generation, ..) = asked(&effects).expect("the draft is compared anew");
    // until that has come nothing more is taken: the rows are those of the text before
    bench.press("T");
    assert_eq!(bench.text(), NEW.replace("B!", "b"));
    assert!(bench.said().contains("a moment"), "{}", bench.said());
    let now = bench.text();
    bench.tell(Msg::Compared { generation, result: Ok(compared(OLD, &now)) });
    assert_eq!((bench.model.diffing.change, bench.model.diffing.changes().len()), (0, 2), "the place stays");
    let effects = bench.press("u");
    assert_eq!(
        (bench.text().as_str(), bench.said()),
        (NEW, "the last change of the draft is undone; ^Y makes it again")
    );
    let (generation, ..) = asked(&effects).expect("and once more");
    bench.tell(Msg::Compared { generation, result: Ok(compared(OLD, NEW)) });
    bench.press("n n T");
    assert_eq!(bench.text(), NEW.replace("always", "never"));
}

#[test]
fn nothing_is_taken_when_the_draft_is_not_on_the_right() {
    let mut bench = on_diff();
    bench.press("b down enter");
    bench.press("T");
    assert_eq!(bench.text(), NEW);
    assert!(!bench.said().is_empty());
}

#[test]
fn equal_stretches_fold_and_the_change_stays_in_sight() {
    let many = (0..40).fold(String::new(), |text, line| text + "line " + &line.to_string() + "\n");
    let (old, new) = (format!("# Role\n{many}"), format!("# Role\n{}", many.replace("line 20\n", "another\n")));
    let mut bench = prompt(&new).version("1.0.0").open();
    let (generation, ..) = asked(&bench.press("3")).unwrap();
    bench.tell(Msg::Compared { generation, result: Ok(compared(&old, &new)) });
    let all = bench.model.diffing.row_count();
    bench.press("o");
    let diffing = &bench.model.diffing;
    assert!(diffing.row_count() < 12 && all > 40, "{} of {all}", diffing.row_count());
    assert_eq!(diffing.row(1), Some(DiffRow::Fold(0, 0, 18)));
    assert!(diffing.changes()[0] >= diffing.top);
    // a search looks behind the folds too
    bench.press("/");
    bench.type_text("LINE 35");
    bench.press("enter");
    assert!(bench.model.diffing.found.is_some() && !bench.model.diffing.folded);
    bench.press("/");
    bench.type_text("no such words");
    bench.press("enter");
    assert!(bench.said().contains("neither text"), "{}", bench.said());
}

#[test]
fn either_side_of_a_change_is_copied() {
    let mut bench = on_diff();
    assert!(bench.press("Y").contains(&Effect::Copy("b\n".into())));
    assert!(bench.press("y").contains(&Effect::Copy("B!\n".into())));
}

#[test]
fn the_history_of_a_line_is_asked_for_and_an_answer_to_an_older_question_is_dropped() {
    use crate::tui::overlay::Overlay;
    use crate::tui::telling::StoryLine;
    let mut bench = on_diff();
    let effects = bench.press("L");
    let words = effects.iter().find_map(|effect| match effect {
        Effect::Tell { asked, words, .. } => Some((*asked, words.clone())),
        _ => None,
    });
    assert_eq!(words, Some((1, Some("B!".to_owned()))));
    let lines = |bench: &Workbench| match &bench.model.overlay {
        Some(Overlay::Story(open)) => open.lines.clone(),
        other => panic!("{other:?}"),
    };
    bench.press("esc L");
    bench.tell(Msg::StoryTold { asked: 1, result: Ok(vec![StoryLine::Empty]) });
    assert_eq!(lines(&bench), None);
    bench.tell(Msg::StoryTold { asked: 2, result: Ok(vec![StoryLine::Empty]) });
    assert_eq!(lines(&bench), Some(vec![StoryLine::Empty]));
    bench.press("esc");
    assert!(bench.model.overlay.is_none());
}

#[test]
fn a_git_revision_and_a_file_are_sides() {
    let mut bench = on_diff();
    bench.press("a /");
    bench.type_text("git");
    bench.press("enter");
    bench.type_text("HEAD~1");
    let (_, from, _) = asked(&bench.press("enter")).unwrap();
    assert!(from.ends_with("@git:HEAD~1"), "{from}");
    bench.press("a /");
    bench.type_text("git");
    bench.press("enter");
    bench.type_text("--help");
    assert_eq!(asked(&bench.press("enter")), None);
    assert!(bench.said().contains("not a revision"), "{}", bench.said());
    bench.press("esc b /");
    bench.type_text("file");
    bench.press("enter");
    bench.type_text("notes/mine.txt");
    let (_, _, to) = asked(&bench.press("enter")).unwrap();
    assert_eq!(to, "notes/mine.txt");
}

#[test]
fn escape_goes_back_from_what_differs_beside_the_text() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("3");
    bench.press("d");
    assert!(bench.model.diffing.page.is_some());
    let change = bench.model.diffing.change;
    bench.press("n");
    assert_eq!(
        (bench.model.diffing.change, bench.said()),
        (change, "that is about the lines of the texts: d shows them")
    );
    bench.press("esc");
    assert!(bench.model.diffing.page.is_none() && bench.model.diffing.compared.is_some());
    bench.press("esc");
    assert!(bench.said().contains("nothing to go back from"), "{}", bench.said());
}

#[test]
fn a_phrase_is_found_in_all_versions_and_in_the_draft_as_it_is_typed() {
    let mut bench = Workbench::on_samples();
    bench.press("enter");
    bench.type_text("Zanzibar. ");
    bench.press("esc space u");
    bench.type_text("ZANZIBAR");
    bench.press_and_settle("enter");
    let told = |bench: &Workbench| match &bench.model.overlay {
        Some(Overlay::Story(open)) => open.lines.clone().unwrap(),
        _ => panic!("nothing is told: {}", bench.said()),
    };
    let lines = told(&bench);
    assert_eq!(lines[0].text(), "1 of 4 versions and draft hold it.");
    assert!(lines[2].text().starts_with("draft"), "{lines:?}");
    let StoryLine::Line { text, marks, .. } = &lines[3] else { panic!("{lines:?}") };
    assert_eq!(&text[marks[0].clone()], "Zanzibar");
    bench.press("esc space u");
    bench.type_text("no such words");
    bench.press_and_settle("enter");
    assert_eq!(told(&bench)[0].text(), "No version and no draft holds it.");
}
