//! Frames and marks in ASCII: every screen and box is drawn on texts that are ASCII, so whatever is not was drawn by
//! greenroom itself.

use ratatui::layout::Rect;

use super::every::{PLACES, rich};
use crate::model::{Event, Failure, FailureKind, Finish};
use crate::tui::canvas::Canvas;
use crate::tui::msg::Msg;
use crate::tui::tests::{Workbench, prompt};
use crate::tui::theme::Signs;
use crate::tui::view;

const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 40), (160, 45)];

fn in_ascii(mut bench: Workbench) -> Workbench {
    bench.model.theme = bench.model.theme.clone().with_signs(Signs::Ascii);
    bench
}

/// The screen as it is drawn.
fn screen(bench: &Workbench) -> String {
    let (width, height) = bench.model.size;
    let mut canvas = Canvas::new(width, height);
    view::draw_on(&bench.model, &mut canvas);
    let row = |y| (0..width).map(|x| canvas.cells[(x, y)].symbol().to_owned()).collect::<String>() + "\n";
    let Rect { height, .. } = canvas.cells.area;
    (0..height).map(row).collect()
}

fn assert_ascii(bench: &Workbench, place: &str) {
    let screen = screen(bench);
    let strange: String = screen.chars().filter(|c| !c.is_ascii()).collect();
    assert!(strange.is_empty(), "{place} at {:?} draws {strange:?}:\n{screen}", bench.model.size);
}

#[test]
fn every_screen_and_every_box_is_drawn_in_ascii() {
    for (width, height) in SIZES {
        for place in PLACES {
            let mut bench = in_ascii(rich());
            bench.tell(Msg::Resize(width, height));
            bench.press(place);
            assert_ascii(&bench, place);
        }
    }
}

#[test]
fn a_comparison_a_conversation_and_a_failure_are_drawn_in_ascii() {
    for (width, height) in SIZES {
        let mut bench = in_ascii(Workbench::on_samples());
        bench.tell(Msg::Resize(width, height));
        bench.press_and_settle("3");
        bench.press_and_settle("a down down enter");
        assert_ascii(&bench, "a comparison");
        bench.press("s");
        assert_ascii(&bench, "a comparison in one column");
        bench.exchange("Hello", "A reply\n\n- with `code` and **more**\n```\nlet x;\n```\n");
        assert_ascii(&bench, "a reply");
        let run = bench.send("Again");
        assert_ascii(&bench, "a message that was sent");
        bench.reply(run, 300, Event::Thinking("let me see now".into()));
        bench.reply(run, 300, Event::Text("Some".into()));
        assert_ascii(&bench, "a reply that streams in");
        let failure = Failure { hint: Some("wait".into()), ..Failure::new(FailureKind::RateLimited, "too many") };
        bench.reply(run, 900, Event::Done { finish: Finish::Error, failure: Some(failure) });
        assert_ascii(&bench, "a failure");
    }
}

#[test]
fn the_users_own_text_is_drawn_as_it_is_and_a_hidden_character_has_a_mark() {
    let mut bench = in_ascii(
        prompt("# Identity\nZoë → 漢 … █ {{name}}\u{202e}\n").set("first", &[("name", "▸ Ada →\nsecond line")]).open(),
    );
    for keys in ["1", "V enter", "shift-tab shift-tab", "1"] {
        bench.press(keys);
        let screen = screen(&bench);
        for own in ["Zoë → ", "漢", "… █", "▸ Ada →"].into_iter().filter(|own| keys != "1" || !own.contains("Ada"))
        {
            assert!(screen.contains(own), "{own} is not in\n{screen}");
        }
        assert!(!screen.contains('\u{2937}') && !screen.contains('╔'), "{screen}");
    }
}

#[test]
fn another_theme_keeps_the_signs() {
    let mut bench = in_ascii(rich());
    bench.press("ctrl-p");
    bench.type_text("choose a theme");
    bench.press("enter down enter");
    assert_ne!(bench.model.theme.name(), "dark");
    assert_ascii(&bench, "after another theme was chosen");
}
