//! The Review screen.

use std::fs;
use std::path::Path;

use super::{look, look_at, unfinished};
use crate::review::{Anchor, Decision, Entry, Reading, Said};
use crate::tui::tests::Workbench;

/// The samples, where two people have said something about the draft.
fn said() -> Workbench {
    let mut bench = Workbench::on_library(|root| {
        let draft = root.join("prompts/customer_support/draft");
        let text = fs::read_to_string(draft.join("system_prompt.txt")).unwrap();
        let line = |number| Reading::of(&text).anchor(number, number).unwrap();
        let comment = |anchor, text: &str, replacement: Option<&str>| Said::Comment {
            anchor,
            text: text.into(),
            replacement: replacement.map(str::to_owned),
        };
        let gone = Reading::of("a line of yesterday\n").anchor(1, 1).unwrap();
        let lines = [
            ("Ben", "c1", comment(Anchor::Whole, "Reads well.\u{1b}[31m", None)),
            ("Ben", "c2", comment(line(5), "Which job? Say it in ten words.", None)),
            ("Ana", "c2", Said::Reply("Getting them back to work.".into())),
            ("Ben", "c3", comment(line(7), "", Some("You are software, and you say so."))),
            ("Ben", "c4", comment(gone, "Is this still true?", None)),
            ("Ben", "c4", Said::Resolve { taken: false }),
            ("Cleo", "d1", Said::Decide { decision: Decision::Approve, sha256: "0123".into(), text: String::new() }),
        ];
        write(&draft.join("review.jsonl"), &lines);
    });
    bench.open("customer_support");
    bench.model.status = None;
    bench.model.settings.author = Some("Ana".into());
    bench
}

fn write(file: &Path, lines: &[(&str, &str, Said)]) {
    let mut text = String::new();
    for (index, (by, id, said)) in lines.iter().enumerate() {
        let keys = serde_json::to_value(said.keys(id)).unwrap();
        let mut line = serde_json::json!({ "at": format!("2026-05-0{}T10:00:00Z", index + 1), "by": by });
        line.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        let whole = line.to_string();
        assert!(Entry::read("2026-05-01T10:00:00Z".parse().unwrap(), by, &whole).is_ok());
        text += &whole;
        text.push('\n');
    }
    fs::write(file, text).unwrap();
}

#[test]
fn review_of_a_draft() {
    look("review", said, |bench| {
        bench.press_and_settle("6");
        bench.press("n n n");
    });
}

#[test]
fn the_box_that_approves_says_what_is_open_and_which_keys_do_what() {
    let mut bench = said();
    bench.model.size = (80, 24);
    bench.press_and_settle("6");
    bench.press("A");
    let screen = super::shown(&mut bench);
    assert!(screen.contains("! 3 comments are open; a word about it"), "{screen}");
    assert!(screen.contains("Enter approves"), "{screen}");
}

#[test]
fn what_is_said_about_a_moved_line_is_whole_in_its_history() {
    let mut bench = Workbench::on_samples();
    bench.model.size = (80, 24);
    bench.press_and_settle("3");
    bench.press("n");
    bench.press_and_settle("L");
    let screen = super::shown(&mut bench);
    assert!(screen.contains("(moved to line") && screen.contains("115)"), "{screen}");
}

#[test]
fn review_where_nothing_was_said_and_where_there_is_no_file() {
    look_at("review_empty", (80, 24), Workbench::on_samples, |bench| {
        bench.model.settings.author = Some("Ana".into());
        bench.press_and_settle("6");
    });
    look_at("review_nothing", (80, 24), unfinished, |bench| {
        bench.press("6");
    });
}
