//! Keys in general: the order of Esc, Ctrl-C, levels, what an unknown key says.

use crate::tui::effect::Effect;
use crate::tui::model::{Level, ScreenId};
use crate::tui::msg::Msg;
use crate::tui::tests::{Workbench, prompt, workbench};

#[test]
fn escape_takes_one_step_at_a_time_and_never_quits() {
    let mut bench = prompt("# Identity\nabc").model("offline").open();
    let run = bench.send("Hello");
    bench.press("f1");
    assert_eq!(bench.press("esc"), [], "first the overlay");
    assert!(bench.model.overlay.is_none());
    assert!(bench.press("esc").contains(&Effect::Cancel { run }), "then the stream");
    assert_eq!(bench.model.level, Level::Edit);
    bench.press("esc");
    assert_eq!(bench.model.level, Level::Nav, "then EDIT");
    for _ in 0..5 {
        assert!(!bench.press("esc").contains(&Effect::Quit));
    }
    assert!(bench.said().contains("^Q"), "{}", bench.said());
}

#[test]
fn escape_in_the_draft_leaves_edit_before_it_stops_a_run_elsewhere() {
    let mut bench = prompt("# Identity\nabc").model("offline").open();
    let run = bench.send("Hello");
    bench.press("alt-1 enter");
    assert!(!bench.press("esc").contains(&Effect::Cancel { run }));
    assert_eq!(bench.model.level, Level::Nav);
    assert!(bench.press("esc").contains(&Effect::Cancel { run }));
}

#[test]
fn escape_leaves_the_zoom() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("z");
    assert!(bench.model.zoomed);
    bench.press("esc");
    assert!(!bench.model.zoomed);
}

#[test]
fn ctrl_c_copies_a_selection_and_does_not_leave_edit() {
    let mut bench = workbench("# Identity\nabc");
    let effects = bench.press("enter shift-right shift-right ctrl-c");
    assert!(effects.contains(&Effect::Copy("ab".into())));
    assert!(!effects.contains(&Effect::Quit));
    assert_eq!(bench.model.level, Level::Edit);
    assert!(bench.said().contains("2 characters"), "{}", bench.said());
}

#[test]
fn an_unknown_key_in_nav_says_so_and_changes_nothing() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("X");
    assert!(bench.said().starts_with("X does nothing here"), "{}", bench.said());
    assert_eq!(bench.text(), "# Identity\nabc");
}

#[test]
fn screens_are_reached_by_number_and_from_edit_with_alt() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("2");
    assert_eq!(bench.model.screen, ScreenId::Play);
    bench.press("3");
    assert_eq!(bench.model.screen, ScreenId::Diff);
    bench.press("1 enter alt-2");
    assert_eq!((bench.model.screen, bench.model.level), (ScreenId::Play, Level::Nav));
    assert_eq!(bench.text(), "# Identity\nabc");
}

#[test]
fn the_mouse_is_given_to_the_terminal_and_taken_back() {
    let mut bench = workbench("");
    assert!(bench.press("f12").contains(&Effect::Mouse(false)));
    assert!(bench.press("f12").contains(&Effect::Mouse(true)));
}

#[test]
fn yank_copies_what_the_focused_pane_shows() {
    let mut bench = prompt("# Identity\nI am {{name}}.").model("offline").set("a", &[("name", "Ada")]).open();
    assert!(bench.press("y").contains(&Effect::Copy("I am {{name}}.".into())));
    bench.press("shift-tab");
    assert!(bench.press("y").contains(&Effect::Copy("# Identity\nI am Ada.".into())));
    bench.press("shift-tab");
    assert!(bench.press("y").contains(&Effect::Copy("Ada".into())));
    bench.exchange("Hello", "Good day.");
    bench.press("esc tab");
    assert!(bench.press("y").contains(&Effect::Copy("Good day.".into())));
}

#[test]
fn the_copied_preview_does_not_give_away_a_masked_value() {
    use crate::prompt::{Declaration, Privacy};
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench = prompt("# Identity\n{{key}}").set("a", &[("key", "k3y")]).declared("key", secret).open();
    let effects = bench.press("shift-tab y");
    let copied: Vec<_> = effects.iter().filter(|effect| format!("{effect:?}").contains("k3y")).collect();
    assert!(copied.is_empty(), "{copied:?}");
}

#[test]
fn suspending_is_an_effect_and_coming_back_changes_nothing() {
    let mut bench = workbench("# Identity\nabc");
    assert!(bench.tell(Msg::Suspend).contains(&Effect::Suspend));
    // the file may have changed meanwhile
    let looks = bench.tell(Msg::Resumed);
    assert_eq!(looks[..2], [Effect::Look("greeter".into()), Effect::LookBeside("greeter".into())]);
}

#[test]
fn with_no_prompt_every_screen_says_what_to_press() {
    let mut bench = Workbench::empty();
    for keys in ["ctrl-s", "f8", "ctrl-r"] {
        bench.press(keys);
        assert!(!bench.said().is_empty() || bench.model.screen != ScreenId::Draft, "{keys} says nothing");
    }
    assert!(bench.press("1 2 3 1 i enter tab down / esc").iter().all(|effect| !matches!(effect, Effect::Quit)));
}
