//! What holds for every screen at every size.

use super::{drawn, look_at, samples};
use crate::model::{Event, Failure, FailureKind, Finish};
use crate::tui::msg::Msg;
use crate::tui::tests::prompt;

#[test]
fn a_screen_that_is_too_small_says_so() {
    look_at("too_small", (59, 15), samples, |_| {});
    look_at("smallest", (60, 16), samples, |_| {});
}

/// Scenes whose drawing must hold at every size: keys from the samples.
const SCENES: &[&str] = &[
    "1",
    "1 enter",
    "1 shift-tab",
    "1 shift-tab shift-tab enter",
    "1 z",
    "2",
    "2 i",
    "3",
    "3 s",
    "3 n n",
    "f1",
    "ctrl-p",
    "ctrl-o",
    "f8",
    "ctrl-f",
    "2 m",
    "f3",
    "f3 /",
];

#[test]
fn every_screen_is_drawn_at_every_size() {
    let mut bench = samples();
    bench.exchange("Hello 漢字 👨‍👩‍👧", &"A reply\twith tabs, 漢字 and 👨‍👩‍👧.\n".repeat(30));
    bench.press("esc");
    for keys in SCENES {
        bench.tell(Msg::Resize(120, 40));
        bench.press("esc esc esc");
        bench.press_and_settle(keys);
        for width in [0, 1, 2, 3, 9, 20, 40, 59, 60, 61, 79, 80, 81, 99, 119, 120, 159, 160, 220] {
            for height in [0, 1, 2, 3, 8, 15, 16, 17, 23, 24, 33, 60] {
                bench.tell(Msg::Resize(width, height));
                let (cells, cursor) = drawn(&mut bench);
                if let Some(cursor) = cursor {
                    assert!(cells.area.contains(cursor), "{keys} at {width}x{height}: cursor at {cursor}");
                }
            }
        }
    }
}

/// Everything that must never reach a terminal as it is.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}]52;c;eA==\u{7} \u{9b}31m \u{202e}evil\u{202c} a\u{200b}b \u{0}\u{8}\u{7f} \u{e0041} \u{2028}end\r\n\ttab\rcr";

#[test]
fn no_cell_of_any_screen_holds_a_control_character() {
    let text = format!("{HOSTILE}\n# Identity\n{HOSTILE}\n{{{{name}}}}\n# Safety\n{HOSTILE}");
    let hostile = prompt(&text).model("offline").version("1.0.0").set("a", &[("name", HOSTILE)]);
    let mut bench = hostile.open();
    let mut entry = bench.draft().entry.clone();
    entry.title = HOSTILE.to_owned();
    bench.tell(Msg::Listed(Ok(vec![entry])));
    bench.exchange("x", HOSTILE);
    let run = bench.send("y");
    let failure = Failure { detail: Some(HOSTILE.into()), ..Failure::new(FailureKind::Server, HOSTILE) };
    bench.reply(run, 5, Event::Done { finish: Finish::Error, failure: Some(failure) });
    bench.tell(Msg::Models(vec![format!("ollama:{HOSTILE}")]));
    for keys in [
        "esc 1",
        "tab z",
        "z shift-tab shift-tab shift-tab",
        "2",
        "tab",
        "3",
        "ctrl-o",
        "esc 2 m",
        "esc f8",
        "esc ctrl-p",
    ] {
        bench.press(keys);
        bench.tell(Msg::Paste(HOSTILE.into()));
        let (cells, _) = drawn(&mut bench);
        for (index, cell) in cells.content().iter().enumerate() {
            let bad = cell.symbol().chars().find(|c| *c != '\u{200d}' && crate::sanitize::visible(*c).is_some());
            assert_eq!(bad, None, "after {keys} at cell {index}: {:?}", cell.symbol());
        }
    }
}
