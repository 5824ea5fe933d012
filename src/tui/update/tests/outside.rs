//! A text in the user's own editor.

use std::path::PathBuf;

use crate::error::Error;
use crate::prompt::{Declaration, Privacy};
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::Msg;
use crate::tui::outside::{Came, Outside, What};
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt, to_save, workbench};

/// What goes to the editor.
fn sent(effects: &[Effect]) -> Outside {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::EditOutside(outside) => Some((**outside).clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("nothing goes to an editor in {effects:?}"))
}

fn back(bench: &mut Workbench, text: &str) {
    bench.tell(Msg::CameBack(Ok(Came::Text(text.into()))));
}

#[test]
fn a_section_comes_back_as_one_undo_step() {
    for key in ["ctrl-e", "f4", "i ctrl-e"] {
        let mut bench = workbench("# Identity\nOne\n# Safety Rails\nNo.");
        let outside = sent(&bench.press(key));
        assert_eq!((outside.what, outside.text.as_str()), (What::Section(1), "One"));
        assert_eq!(outside.name, "greeter-identity_and_role");
        back(&mut bench, "Two\nThree");
        assert_eq!(bench.text(), "# Identity\nTwo\nThree\n# Safety Rails\nNo.");
        bench.press("esc u");
        assert_eq!(bench.text(), "# Identity\nOne\n# Safety Rails\nNo.");
        bench.press("u");
        assert_eq!(bench.said(), "nothing to undo");
    }
}

#[test]
fn a_heading_that_was_written_there_splits_the_text_anew() {
    let mut bench = workbench("# Identity\nOne");
    bench.press("ctrl-e");
    back(&mut bench, "One\n\n# Safety Rails\nNo.");
    assert_eq!(bench.pane(5), "No.");
    assert!(bench.said().contains("split"), "{}", bench.said());
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\nOne");
}

#[test]
fn the_whole_prompt_goes_out_with_its_headings_and_comes_back_into_its_panes() {
    let mut bench = workbench("# Identity\nOne\n# Safety Rails\nNo.");
    let outside = sent(&bench.press("E"));
    assert_eq!(outside.text, "# Identity\nOne\n# Safety Rails\nNo.");
    back(&mut bench, "# Identity\nUno\n\n# Output Format\nShort.\n");
    assert_eq!((bench.pane(1), bench.pane(4)), ("Uno".to_owned(), "Short.".to_owned()));
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\nOne\n# Safety Rails\nNo.");
}

#[test]
fn what_was_typed_is_saved_before_the_terminal_is_given_away() {
    let mut bench = workbench("# Identity\nOne");
    bench.press("i");
    bench.type_text("X");
    let effects = bench.press("ctrl-e");
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXOne"));
    assert!(matches!(effects.last(), Some(Effect::EditOutside(_))), "{effects:?}");
}

#[test]
fn a_value_comes_back_into_its_line_and_undo_takes_it_back() {
    let mut bench = prompt("# Identity\n{{a}} {{b}}").set("s", &[("a", "1"), ("b", "2")]).open();
    bench.press("shift-tab shift-tab down");
    let outside = sent(&bench.press("ctrl-e"));
    assert_eq!((outside.what, outside.text.as_str()), (What::Value("b".into()), "2"));
    back(&mut bench, "two\nlines");
    assert_eq!(bench.draft().values.values.get("b"), Some("two\nlines"));
    bench.press("ctrl-z");
    assert_eq!(bench.draft().values.values.get("b"), Some("2"));
}

#[test]
fn a_secret_is_never_written_into_a_file() {
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench = prompt("# Identity\n{{key}}").declared("key", secret).set("s", &[("key", "k-1")]).open();
    bench.press("shift-tab shift-tab");
    assert_eq!(bench.draft().focus, PaneId::Variables);
    assert_eq!(bench.press("ctrl-e").iter().filter(|effect| matches!(effect, Effect::EditOutside(_))).count(), 0);
    assert!(bench.said().contains("key is secret"), "{}", bench.said());
}

#[test]
fn the_words_of_a_changelog_come_back_into_the_form() {
    let mut bench = prompt("# Identity\n").version("1.0.0").open();
    bench.press("f8");
    bench.type_text("old");
    assert_eq!(sent(&bench.press("ctrl-e")).what, What::Changelog(crate::tui::overlay::FreezeField::What));
    back(&mut bench, "What changed\nin two lines\n");
    let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert_eq!(form.what.text(), "What changed\nin two lines", "a changelog may have lines");
    bench.press("x");
    let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert!(form.problem.as_deref().unwrap_or_default().contains("^E goes on with them"), "{:?}", form.problem);
    assert_eq!(sent(&bench.press("ctrl-e")).text, "What changed\nin two lines");
}

#[test]
fn the_message_comes_back_as_one_undo_step() {
    let mut bench = prompt("# Identity\n").model("offline").open();
    bench.press("2 i");
    bench.type_text("Hi");
    assert_eq!(sent(&bench.press("ctrl-e")).text, "Hi");
    back(&mut bench, "Hello\nthere");
    assert_eq!(bench.model.play.message.buffer.text(), "Hello\nthere");
    bench.press("ctrl-z");
    assert_eq!(bench.model.play.message.buffer.text(), "Hi");
}

#[test]
fn an_editor_with_a_window_of_its_own_is_waited_for_with_a_question() {
    let file = PathBuf::from("/state/edit/greeter.md");
    let open = || {
        let mut bench = workbench("# Identity\nOne");
        bench.press("ctrl-e");
        bench.tell(Msg::CameBack(Ok(Came::StillOpen(PathBuf::from("/state/edit/greeter.md")))));
        bench
    };
    let mut bench = open();
    let asked = bench.press("enter");
    assert!(
        asked.iter().any(|effect| matches!(effect, Effect::ReadOutside { file: read, .. } if *read == file)),
        "{asked:?}"
    );
    back(&mut bench, "Two");
    assert_eq!(bench.pane(1), "Two");
    for keys in ["esc", "left enter"] {
        let mut bench = open();
        assert!(bench.press(keys).contains(&Effect::ForgetOutside(file.clone())));
        back(&mut bench, "late");
        assert_eq!(bench.pane(1), "One", "nothing is expected any more");
    }
}

#[test]
fn the_form_of_a_version_comes_back_after_the_question() {
    let mut bench = prompt("# Identity\n").version("1.0.0").open();
    bench.press("f8");
    bench.type_text("words");
    bench.press("f4");
    bench.tell(Msg::CameBack(Ok(Came::StillOpen(PathBuf::from("x")))));
    bench.press("esc");
    let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert_eq!(form.what.text(), "words");
}

#[test]
fn what_failed_is_told_and_nothing_changes() {
    let mut bench = workbench("# Identity\nOne");
    bench.press("i ctrl-e");
    bench.tell(Msg::CameBack(Err(Error::input("vim ended with exit code 1: nothing was changed"))));
    assert!(bench.said().contains("exit code 1"), "{}", bench.said());
    assert_eq!((bench.pane(1).as_str(), bench.model.level), ("One", Level::Edit));
    bench.press("ctrl-e");
    bench.tell(Msg::CameBack(Ok(Came::Unchanged)));
    assert!(!bench.draft().changed());
}
