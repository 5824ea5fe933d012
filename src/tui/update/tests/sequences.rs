//! Keys one after the other, the box of what may follow, and jump mode.

use crossterm::event::MouseEventKind;

use super::every::rich;
use crate::tui::canvas::Canvas;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::jump::{Goal, targets};
use crate::tui::keymap::Keymap;
use crate::tui::model::{Focus, Level};
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::tests::Workbench;
use crate::tui::update::FOLLOWERS_MS;
use crate::tui::view;

fn screen(bench: &Workbench) -> String {
    let (width, height) = bench.model.size;
    let mut canvas = Canvas::new(width, height);
    view::draw_on(&bench.model, &mut canvas);
    let row = |y| (0..width).map(|x| canvas.cells[(x, y)].symbol().to_owned()).collect::<String>() + "\n";
    (0..height).map(row).collect()
}

#[test]
fn an_unfinished_sequence_shows_what_may_follow_after_a_moment() {
    let mut bench = rich();
    let effects = bench.press("space");
    assert!(effects.contains(&Effect::After(Timer::Followers, FOLLOWERS_MS)), "{effects:?}");
    assert_eq!(FOLLOWERS_MS, 300);
    assert!(!screen(&bench).contains("Every action by name"), "whoever knows the keys never sees the box");
    assert!(screen(&bench).contains("Space and then?"));
    bench.tell(Msg::Timer(Timer::Followers));
    let shown = screen(&bench);
    for label in ["p Every action by name", "f Freeze the draft as a version", "Esc cancels"] {
        assert!(shown.contains(label), "{label} is not in\n{shown}");
    }
    bench.press("p");
    assert!(matches!(bench.model.overlay, Some(Overlay::Palette(_))));
    assert_eq!(bench.model.unfinished, None);
}

#[test]
fn the_box_shows_all_that_may_follow_at_every_size() {
    for size in [(60, 16), (80, 24), (160, 45)] {
        let mut bench = rich();
        bench.tell(Msg::Resize(size.0, size.1));
        bench.press("space");
        bench.tell(Msg::Timer(Timer::Followers));
        let shown = screen(&bench);
        let contexts = bench.model.contexts();
        let pressed = bench.model.unfinished.clone().unwrap().pressed;
        for (key, action) in bench.model.keymap.followers(&contexts, &pressed) {
            let begins: String = format!("{key} {}", action.entry().label).chars().take(12).collect();
            assert!(shown.contains(&begins), "{begins} is not in {size:?}\n{shown}");
        }
    }
}

#[test]
fn escape_cancels_a_sequence_and_does_nothing_else() {
    let mut bench = rich();
    bench.press("z space");
    bench.press("esc");
    assert_eq!(bench.model.unfinished, None);
    assert!(bench.model.zoomed, "escape took back the sequence, not the zoom");
    // a timer that is due afterwards has nothing to show
    bench.tell(Msg::Timer(Timer::Followers));
    assert_eq!(bench.model.unfinished, None);
}

#[test]
fn a_click_or_a_paste_ends_a_sequence() {
    let mut bench = rich();
    bench.press("space");
    bench.mouse(MouseEventKind::Down(crossterm::event::MouseButton::Left), 5, 5);
    assert_eq!(bench.model.unfinished, None);
    bench.press("esc space");
    bench.tell(Msg::Paste("p".into()));
    assert_eq!(bench.model.unfinished, None);
}

#[test]
fn a_key_that_follows_nothing_is_said_and_is_not_taken_for_a_command() {
    let mut bench = rich();
    bench.press("space G");
    assert_eq!(bench.model.unfinished, None);
    assert!(bench.said().starts_with("Space G does nothing here"), "{}", bench.said());
}

#[test]
fn a_blank_in_edit_is_a_blank_and_a_sequence_of_the_users_works_there() {
    let mut bench = rich();
    let own = std::collections::BTreeMap::from([("draft.save".to_owned(), vec!["ctrl-g s".to_owned()])]);
    bench.model.keymap = Keymap::with(&own).0;
    bench.press("i");
    bench.type_text(" ");
    assert!(bench.text().contains("\n I am"), "{}", bench.text());
    bench.press("x ctrl-g");
    assert!(bench.model.unfinished.is_some());
    let effects = bench.press("s");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Save { .. })), "{effects:?}");
    assert!(!bench.text().contains("xs"), "the last key of a sequence is not typed: {}", bench.text());
}

#[test]
fn a_letter_of_jump_mode_focuses_the_pane_that_it_stands_on() {
    let mut bench = rich();
    bench.press("f");
    assert!(matches!(bench.model.overlay, Some(Overlay::Jump)));
    let targets = targets(&bench.model);
    let goal = |wanted: Goal| targets.iter().find(|target| target.goal == wanted).unwrap().letter.to_string();
    let preview = goal(Goal::Pane(PaneId::Preview));
    bench.press(&preview);
    assert_eq!(bench.model.focus(), Focus::Draft(PaneId::Preview));
    assert!(bench.model.overlay.is_none());
    bench.press("f");
    let second = goal(Goal::Variable(1));
    bench.press(&second);
    assert_eq!((bench.model.focus(), bench.draft().values.selected), (Focus::Draft(PaneId::Variables), 1));
    assert_eq!(bench.model.level, Level::Nav);
}

#[test]
fn every_target_is_on_the_screen_under_a_letter_of_its_own_at_every_size() {
    for size in [(60, 16), (80, 24), (120, 40), (160, 45)] {
        for place in ["1", "2", "3"] {
            let mut bench = Workbench::on_samples();
            bench.tell(Msg::Resize(size.0, size.1));
            bench.press_and_settle(place);
            bench.press("f");
            let targets = targets(&bench.model);
            assert!(!targets.is_empty(), "{place} at {size:?}");
            let screen = screen(&bench);
            let rows: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
            for target in &targets {
                let drawn = rows[usize::from(target.at.y)][usize::from(target.at.x)];
                assert_eq!(drawn, target.letter, "{target:?} at {size:?}\n{screen}");
                assert_eq!(targets.iter().filter(|other| other.letter == target.letter).count(), 1);
            }
        }
    }
}

#[test]
fn escape_leaves_jump_mode_where_one_was_and_a_stranger_is_said() {
    let mut bench = rich();
    let before = bench.model.focus();
    bench.press("f esc");
    assert!(bench.model.overlay.is_none());
    bench.press("f Z");
    assert!(bench.said().contains("no Z"), "{}", bench.said());
    assert_eq!(bench.model.focus(), before);
}
