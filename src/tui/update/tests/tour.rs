//! The tour, played from its first step to its last with keys as a person presses them; and the page of the first start.

use crate::model::{Event, Finish};
use crate::tui::canvas::Canvas;
use crate::tui::effect::Effect;
use crate::tui::keymap::TABLE;
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::{Overlay, WELCOME};
use crate::tui::tests::{Workbench, sent};
use crate::tui::theme::Signs;
use crate::tui::tour::{STEPS, words};
use crate::tui::view;

fn screen(bench: &Workbench) -> String {
    let (width, height) = bench.model.drawn_size();
    let mut canvas = Canvas::new(width, height);
    view::draw_on(&bench.model, &mut canvas);
    let row = |y| (0..width).map(|x| canvas.cells[(x, y)].symbol().to_owned()).collect::<String>() + "\n";
    (0..height).map(row).collect()
}

/// The tour on the samples in a terminal of this size.
fn tour(size: (u16, u16)) -> Workbench {
    let mut bench = Workbench::on_samples();
    bench.tell(Msg::Tour);
    bench.tell(Msg::Resize(size.0, size.1));
    bench
}

fn assert_at(bench: &Workbench, step: usize) {
    let (at, count) = bench.model.tour.unwrap().progress();
    assert_eq!((at, count), (step, STEPS.len()), "{}", screen(bench));
    let shown = screen(bench);
    assert!(shown.contains(&format!("{step}/{count} {}", STEPS[step - 1].title)), "{shown}");
}

/// Does what each step asks for, and looks at the strip after each.
fn play_all(bench: &mut Workbench) {
    assert_at(bench, 1);
    bench.press("enter");
    bench.type_text("A line. ");
    assert_at(bench, 1);
    bench.press("esc");
    assert_at(bench, 2);
    assert!(screen(bench).contains("well done!"));
    bench.press("u");
    assert_at(bench, 3);
    let goal = crate::tui::jump::Goal::Variable(1);
    bench.press("f");
    let targets = crate::tui::jump::targets(&bench.model);
    let letter = targets.iter().find(|target| target.goal == goal).map(|target| target.letter.to_string());
    match letter {
        Some(letter) => _ = bench.press(&letter),
        // where one pane is shown at a time, Tab goes to the variables
        None => _ = bench.press("esc shift-tab shift-tab down"),
    }
    bench.press("enter");
    bench.type_text("x");
    assert_at(bench, 3);
    bench.press("enter");
    assert_at(bench, 4);
    bench.press("v");
    assert_at(bench, 5);
    bench.press("2 enter");
    bench.type_text("Hello");
    let effects = bench.press("enter");
    let run = sent(&effects).expect("a message goes out").0;
    bench.reply(run, 5, Event::Text("Hi".into()));
    assert_at(bench, 5);
    bench.reply(run, 9, Event::Done { finish: Finish::End, failure: None });
    assert_at(bench, 6);
    bench.press("esc");
    bench.press_and_settle("3");
    assert_at(bench, 7);
    bench.press_and_settle("f8");
    bench.type_text("What");
    bench.press("tab");
    bench.type_text("Why");
    bench.press("tab");
    assert_at(bench, 7);
    bench.press_and_settle("enter");
    assert_at(bench, 8);
    bench.press("ctrl-p");
    assert_at(bench, 9);
    bench.press("esc");
    let effects = bench.press("q");
    let others = bench.perform(effects);
    assert!(others.contains(&Effect::Quit), "{others:?}");
}

#[test]
fn the_whole_tour_can_be_played_at_every_size() {
    for size in [(60, 21), (80, 24), (120, 40), (160, 45)] {
        play_all(&mut tour(size));
    }
}

#[test]
fn every_step_is_told_whole_at_80x24_and_names_keys_that_exist() {
    for (size, signs) in [((80, 24), Signs::Unicode), ((80, 24), Signs::Ascii), ((60, 21), Signs::Ascii)] {
        let mut bench = tour(size);
        bench.model.theme = bench.model.theme.clone().with_signs(signs);
        for step in STEPS {
            let shown = screen(&bench);
            let strip: Vec<&str> = shown.lines().rev().take(4).collect();
            let strip: String = strip.into_iter().rev().map(|line| line.trim().to_owned() + " ").collect();
            let told = words(&bench.model, step.text);
            assert_eq!(strip.split_whitespace().collect::<Vec<_>>(), told.split_whitespace().collect::<Vec<_>>());
            assert!(!told.contains(['<', '>']), "{told}");
            bench.press("alt-.");
        }
    }
    let ids = STEPS.iter().map(|step| step.text).chain(WELCOME).flat_map(|text| {
        text.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| id).collect::<Vec<_>>()
    });
    for id in ids {
        let entry = TABLE.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("there is no {id}"));
        assert!(!entry.keys.is_empty(), "{id} has no key");
    }
}

#[test]
fn a_step_can_be_skipped_and_taken_back_in_nav_in_edit_and_over_a_box() {
    let mut bench = tour((80, 24));
    bench.press("alt-.");
    assert_at(&bench, 2);
    assert!(!screen(&bench).contains("well done!"), "a step that was skipped was not done");
    bench.press("alt-,");
    assert_at(&bench, 1);
    bench.press("alt-,");
    assert_at(&bench, 1);
    bench.press("i f10");
    assert_at(&bench, 2);
    bench.press("esc ctrl-o alt-.");
    assert_at(&bench, 3);
    for _ in 0..20 {
        bench.press("alt-.");
    }
    assert_at(&bench, STEPS.len());
}

#[test]
fn the_strip_takes_its_rows_from_the_screen_and_a_click_on_it_does_nothing() {
    let mut bench = tour((80, 24));
    assert_eq!((bench.model.size, bench.model.drawn_size()), ((80, 19), (80, 24)));
    let before = screen(&bench);
    bench.click(10, 21);
    assert_eq!(screen(&bench), before);
    bench.tell(Msg::Resize(60, 18));
    assert!(screen(&bench).contains("needs 60x21"), "{}", screen(&bench));
    bench.tell(Msg::Resize(3, 2));
    screen(&bench);
    bench.tell(Msg::Resize(80, 24));
    assert_eq!(screen(&bench), before);
}

#[test]
fn without_the_tour_its_keys_say_what_opens_it() {
    let mut bench = Workbench::on_samples();
    bench.press("alt-.");
    assert!(bench.said().contains("greenroom tutor"), "{}", bench.said());
}

#[test]
fn the_page_of_the_first_start_goes_with_any_key_and_is_remembered() {
    for size in [(60, 16), (80, 24), (160, 45)] {
        let mut bench = Workbench::on_samples();
        bench.tell(Msg::Resize(size.0, size.1));
        bench.tell(Msg::FirstStart);
        let shown = screen(&bench);
        assert!(shown.contains("Welcome to greenroom") && shown.contains("any key begins"), "{shown}");
        let hints = shown.lines().last().unwrap_or_default();
        assert!(hints.contains("any key begins") && !hints.contains("next field"), "{hints}");
        if size.0 >= 80 {
            for line in WELCOME {
                assert!(shown.contains(&words(&bench.model, line)), "{line} is not in\n{shown}");
            }
        }
        let before = bench.text();
        let effects = bench.press("d");
        assert!(effects.contains(&Effect::Welcomed), "{effects:?}");
        assert!(bench.model.overlay.is_none());
        assert_eq!(bench.text(), before, "the key that closes the page does nothing else");
        assert!(!bench.press("x").contains(&Effect::Welcomed));
    }
}

#[test]
fn the_page_gives_way_to_what_is_more_important() {
    let mut bench = Workbench::on_samples();
    bench.press("ctrl-o");
    bench.tell(Msg::FirstStart);
    assert!(matches!(bench.model.overlay, Some(Overlay::Pick(..))));
    bench.tell(Msg::Timer(Timer::Status));
}
