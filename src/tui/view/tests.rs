//! Screens as a person sees them, and what each piece of them means. A snapshot holds the text of the screen, then the
//! pieces whose role matters, by the role's name: so it tests meaning, not colours.
//!
//! `INSTA_UPDATE=always cargo test --lib view::tests` takes the screens as they are now; look at the difference.

mod variables;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer as Cells;
use ratatui::layout::Position;
use ratatui::style::Color;

use crate::model::{Event, Failure, FailureKind, Finish};
use crate::tui::msg::Msg;
use crate::tui::tests::{Workbench, prompt};
use crate::tui::theme::{Role, Theme};
use crate::tui::view;

/// The three sizes every screen is looked at in.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (160, 45)];

/// Roles that most of a screen has, or that its signs tell already.
const PLAIN: &[Role] = &[
    Role::Text,
    Role::Dim,
    Role::Border,
    Role::BorderFocus,
    Role::Title,
    Role::Tab,
    Role::Status,
    Role::HintKey,
    Role::HintText,
    Role::Overlay,
    Role::ModelReply,
];

/// A theme in which every role has a colour of its own, so that a cell tells its role.
static BY_ROLE: LazyLock<Theme> = LazyLock::new(|| {
    let mut text = String::from("[roles]\n");
    for (number, role) in Role::ALL.iter().enumerate() {
        let part = if *role == Role::CursorLine { "bg" } else { "fg" };
        let _ = writeln!(text, "{} = {{ {part} = \"{}\" }}", role.id(), number + 16);
    }
    Theme::parse("roles", &text, Path::new("roles.toml")).unwrap()
});

fn role_of(colour: Color) -> Option<Role> {
    match colour {
        Color::Indexed(number) => Role::ALL.get(usize::from(number).checked_sub(16)?).copied(),
        _ => None,
    }
}

/// Draws the workbench at its size.
fn drawn(bench: &mut Workbench) -> (Cells, Option<Position>) {
    bench.model.theme = BY_ROLE.clone();
    let (width, height) = bench.model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view::draw(&bench.model, frame)).unwrap();
    let backend = terminal.backend();
    let cursor = backend.cursor_visible().then(|| backend.cursor_position());
    (backend.buffer().clone(), cursor)
}

/// The screen as text, then the pieces with a role that matters.
fn shown(bench: &mut Workbench) -> String {
    let (cells, cursor) = drawn(bench);
    let mut screen = String::new();
    let mut roles = String::new();
    for y in 0..cells.area.height {
        let mut row = String::new();
        let mut pieces: Vec<(Role, String)> = Vec::new();
        let mut skip = 0;
        for x in 0..cells.area.width {
            let cell = &cells[(x, y)];
            // the second half of a wide character is a cell without a text of its own
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            row.push_str(cell.symbol());
            let role = role_of(cell.fg).unwrap_or(Role::Text);
            match pieces.last_mut() {
                Some((last, text)) if *last == role => text.push_str(cell.symbol()),
                _ => pieces.push((role, cell.symbol().to_owned())),
            }
        }
        screen.push_str(row.trim_end());
        screen.push('\n');
        let told = pieces.iter().filter(|(role, text)| !PLAIN.contains(role) && !text.trim().is_empty());
        let told: Vec<String> = told.map(|(role, text)| format!("{}[{}]", role.id(), text.trim())).collect();
        if !told.is_empty() {
            let _ = writeln!(roles, "{y:>2} {}", told.join(" "));
        }
    }
    let cursor = cursor.map_or("no cursor".to_owned(), |at| format!("cursor at {},{}", at.x, at.y));
    format!("{screen}\n{cursor}\n{roles}")
}

/// Looks at a scene in the three sizes.
fn look(name: &str, scene: impl Fn() -> Workbench, keys: impl Fn(&mut Workbench)) {
    for size in SIZES {
        look_at(name, size, &scene, &keys);
    }
}

fn look_at(name: &str, (width, height): (u16, u16), scene: impl Fn() -> Workbench, keys: impl Fn(&mut Workbench)) {
    let mut bench = scene();
    bench.tell(Msg::Resize(width, height));
    keys(&mut bench);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), shown(&mut bench));
    });
}

fn samples() -> Workbench {
    Workbench::on_samples()
}

/// A prompt with text before its headings, a section without text, and absent ones.
fn unfinished() -> Workbench {
    prompt("This stood in the old file.\nSo did this.\n# Identity & Role\nYou are {{name}}.\n\n# Output Format\n")
        .model("offline")
        .set("first", &[("name", "Ada"), ("forgotten", "1")])
        .open()
}

#[test]
fn the_box_with_the_costs() {
    let scene = || {
        let mut bench = Workbench::on_samples();
        bench.press("2 m");
        bench.press("esc 1");
        bench.model.play.chosen = crate::model::ModelName::parse("anthropic:claude-sonnet-4-6");
        bench
    };
    look("costs", scene, |bench| {
        bench.press_and_settle("f9");
        bench.type_text("1.2m");
        bench.press("tab");
        bench.type_text("180");
    });
    look_at("costs_end", (80, 24), scene, |bench| {
        bench.press_and_settle("f9");
        bench.press("tab tab tab shift-tab x pagedown pagedown pagedown pagedown enter");
    });
}

#[test]
fn a_budget_that_is_crossed_is_told_in_words() {
    let scene = || {
        let mut bench = Workbench::on_samples();
        let budget = bench.draft().counts.total().unwrap().tokens as u64;
        bench.model.draft.as_mut().unwrap().assumptions.budget = Some(budget - 1);
        bench
    };
    look("draft_over_budget", scene, |bench| {
        bench.press("enter x");
    });
}

#[test]
fn draft_in_nav() {
    look("draft_nav", samples, |_| {});
}

#[test]
fn draft_in_edit() {
    look("draft_edit", samples, |bench| {
        bench.press("tab enter");
        bench.type_text("X{{unknown}}");
        bench.press("shift-left shift-left");
    });
}

#[test]
fn draft_with_a_missing_variable() {
    look("draft_missing", samples, |bench| {
        bench.press("shift-tab shift-tab down d");
    });
}

#[test]
fn draft_with_unsorted_text_and_an_empty_section() {
    look("draft_unsorted", unfinished, |_| {});
    look_at("draft_empty_section", (80, 24), unfinished, |bench| {
        bench.press("tab tab");
    });
}

#[test]
fn draft_while_a_value_is_written() {
    look("draft_value", samples, |bench| {
        bench.press("shift-tab shift-tab down down enter");
        bench.type_text(" new");
    });
}

#[test]
fn draft_with_a_match_of_a_search() {
    look_at("draft_find", (80, 24), samples, |bench| {
        bench.press("/");
        bench.type_text("colleague");
        bench.press("enter n");
    });
}

#[test]
fn draft_on_a_screen_that_shows_one_pane() {
    look_at("draft_narrow", (70, 20), samples, |_| {});
    look_at("draft_zoomed", (120, 40), samples, |bench| {
        bench.press("tab z");
    });
}

#[test]
fn draft_without_a_prompt() {
    look_at("draft_no_prompt", (80, 24), Workbench::empty, |_| {});
}

#[test]
fn play_before_the_first_message() {
    look("play_empty", samples, |bench| {
        bench.press("2");
    });
}

#[test]
fn play_while_a_reply_comes_in() {
    look("play_streaming", samples, |bench| {
        let run = bench.send("My export stops at 50,000 rows.");
        bench.reply(run, 300, Event::Text("A single file holds 50,000 rows, so a larger ".into()));
    });
}

#[test]
fn play_with_a_reply() {
    look("play_done", samples, |bench| {
        bench.exchange(
            "My export stops at 50,000 rows.",
            "A single file holds 50,000 rows, so a larger board is exported in parts.\n\n\
             1. **Board menu > Filter**: choose a date range, for example January to March, and keep in mind that it wraps.\n\
             2. **Board menu > Export > CSV**\n\n## Then\n```\ncode {{x}}\n```\nIs the first one complete?",
        );
    });
}

#[test]
fn play_with_a_run_that_failed() {
    look("play_failed", samples, |bench| {
        let run = bench.send("Hello");
        let failure = Failure {
            detail: Some("rate_limit_error: slow down".into()),
            hint: Some("wait a minute, then Ctrl-R".into()),
            status: Some(429),
            ..Failure::new(FailureKind::RateLimited, "the server takes no more requests now (429)")
        };
        bench.reply(run, 800, Event::Done { finish: Finish::Error, failure: Some(failure) });
    });
}

#[test]
fn play_with_a_reply_that_broke_off() {
    look_at("play_incomplete", (80, 24), samples, |bench| {
        let run = bench.send("Hello");
        bench.reply(run, 300, Event::Thinking("let me see now".into()));
        bench.reply(run, 500, Event::Text("A single file".into()));
        let failure = Failure::new(FailureKind::BadAnswer, "the stream ended before its end");
        bench.reply(run, 900, Event::Done { finish: Finish::Incomplete, failure: Some(failure) });
    });
}

#[test]
fn play_scrolled_in_a_long_conversation() {
    look_at("play_scrolled", (80, 24), samples, |bench| {
        for turn in 1..=6 {
            bench.exchange(&format!("Question {turn}"), &format!("Answer {turn}, in a few words.\nAnd a second line."));
        }
        bench.press("esc tab pageup up");
    });
}

#[test]
fn diff_side_by_side() {
    look("diff", samples, |bench| {
        bench.press_and_settle("3");
        bench.press_and_settle("a down down enter");
        bench.press("n");
    });
}

#[test]
fn diff_inline_on_a_narrow_screen() {
    look_at("diff_inline", (70, 24), samples, |bench| {
        bench.press_and_settle("3");
    });
}

#[test]
fn diff_of_the_same_and_of_nothing() {
    look_at("diff_same", (80, 24), samples, |bench| {
        bench.press_and_settle("3");
        bench.press_and_settle("a g enter");
    });
    look_at("diff_nothing", (80, 24), unfinished, |bench| {
        bench.press("3");
    });
}

#[test]
fn the_change_one_steps_to_is_in_sight_at_every_size() {
    for size in [(60, 16), (70, 24), (80, 24), (120, 40), (200, 60)] {
        let mut bench = samples();
        bench.tell(Msg::Resize(size.0, size.1));
        bench.press_and_settle("3");
        bench.press_and_settle("a G enter");
        let count = bench.model.diffing.changes().len();
        for change in 1..=count {
            let screen = shown(&mut bench);
            assert!(screen.contains(&format!("change {change}/{count}")), "{screen}");
            let marked = ["▸~", "▸+", "▸-", "▸<", "▸>"].into_iter().any(|mark| screen.contains(mark));
            assert!(marked, "change {change} at {size:?}:\n{screen}");
            bench.press("n");
        }
    }
}

#[test]
fn lists_over_the_screen() {
    look("library", samples, |bench| {
        bench.press("ctrl-o");
    });
    look_at("palette", (80, 24), unfinished, |bench| {
        bench.press("ctrl-p");
    });
    look_at("palette_filtered", (80, 24), unfinished, |bench| {
        bench.press("ctrl-p");
        bench.type_text("next");
    });
    look("help", samples, |bench| {
        bench.press("f1");
    });
    look_at("versions", (80, 24), samples, |bench| {
        bench.press_and_settle("3");
        bench.press("a");
    });
    look_at("models", (80, 24), samples, |bench| {
        bench.press("2 m");
        bench.tell(Msg::Models(vec!["ollama:llama3.2".into()]));
    });
}

#[test]
fn the_boxes_of_writing() {
    look_at("complete", (80, 24), samples, |bench| {
        bench.press("i");
        bench.type_text("{{");
    });
    look_at("complete_above", (80, 24), samples, |bench| {
        bench.press("tab tab tab tab i ctrl-end");
        bench.type_text("\n{{us");
    });
    look_at("find", (120, 40), samples, |bench| {
        bench.press("ctrl-f");
        bench.type_text("customer");
    });
    look_at("replace", (80, 24), samples, |bench| {
        bench.press("alt-r");
        bench.type_text("answer");
        bench.press("tab");
        bench.type_text("reply");
        bench.press("tab s");
    });
    look_at("replace_wrong", (80, 24), samples, |bench| {
        bench.press("alt-r alt-x");
        bench.type_text("(you");
    });
}

#[test]
fn findings_in_the_margin_the_message_row_and_their_list() {
    let linted = || {
        let text = "# Role\nYou help people.\n\n# Tone\n\nBe kind now!!\nBe \u{200b}brief, as appropriate.\n\n# Format\n\nText.\n";
        let mut bench = prompt(text).open();
        crate::tui::update::tests::look(&mut bench);
        bench.press("tab");
        bench
    };
    look_at("lint_margin", (120, 40), linted, |_| {});
    look_at("lint_list", (80, 24), linted, |bench| {
        bench.press("f7");
    });
}

#[test]
fn library_with_a_damaged_prompt() {
    let damaged = || {
        let mut bench = Workbench::on_library(|root| {
            fs::write(root.join("prompts/recipe_ideas/draft/config.json"), "{\n  \"model\": ,\n}\n").unwrap();
        });
        bench.open("customer_support");
        bench
    };
    look_at("library_damaged", (80, 24), damaged, |bench| {
        bench.press("ctrl-o");
    });
}

#[test]
fn the_form_that_freezes() {
    look("freeze", samples, |bench| {
        bench.press_and_settle("f8");
        bench.type_text("Answers name the plan that an action needs");
        bench.press("tab");
    });
    // the last row of the changelog, which says how to go back, can be read on a small screen
    look_at("freeze_end", (80, 24), samples, |bench| {
        bench.press_and_settle("f8");
        bench.press("pagedown pagedown pagedown pagedown");
    });
    look_at("freeze_refused", (80, 24), samples, |bench| {
        bench.press_and_settle("f8");
        bench.press("tab tab enter");
    });
    look_at("freeze_first", (80, 24), unfinished, |bench| {
        bench.press("f8");
    });
}

#[test]
fn questions_that_need_a_yes() {
    look_at("conflict", (80, 24), unfinished, |bench| {
        bench.press("enter");
        bench.type_text("x");
        bench.press("ctrl-s");
        let theirs = bench.text().replace("You are", "Hello, you are").replace("So did this.\n", "");
        let effects = bench.tell(Msg::SaveConflict { prompt: "greeter".into(), theirs: theirs.into_bytes() });
        bench.reconciled(&effects);
    });
    look_at("merge", (80, 24), unfinished, |bench| {
        bench.press("enter");
        bench.type_text("x");
        bench.press("esc");
        let effects = bench.on_disk("This stood in an old file.\n# Identity & Role\nHello.\n");
        assert_eq!(effects.len(), 1, "{effects:?}");
        bench.press("right right right enter");
    });
    let remote = || prompt("# Identity\nHello").model("anthropic:claude-haiku-4-5").open();
    look_at("send_abroad", (80, 24), remote, |bench| {
        bench.press("2 i");
        bench.type_text("Hello");
        bench.press("enter");
    });
    look_at("ask_set_name", (80, 24), unfinished, |bench| {
        bench.press("shift-tab shift-tab W");
    });
}

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

#[test]
fn a_message_that_does_not_fit_its_row_is_shown_to_its_end() {
    let mut bench = prompt("# Identity\nabc").open();
    bench.model.size = (80, 24);
    let what = "prompts/greeter/draft/system_prompt.txt: cannot write: no storage space";
    bench.model.trouble = Some(format!("not saved: {what} (nothing was changed: make room on the disk and try again)"));
    let screen = shown(&mut bench);
    assert!(screen.contains("make room on the disk and try again)"), "{screen}");
    bench.model.trouble = Some("word ".repeat(200));
    let screen = shown(&mut bench);
    assert!(screen.contains("word…") || screen.contains("…\n"), "what is left out is marked: {screen}");
}

#[test]
fn a_long_message_never_covers_the_row_that_is_written_in() {
    let mut bench = prompt("# Identity\nabc").model("offline").open();
    bench.model.size = (80, 24);
    bench.press("2 i");
    bench.type_text("seen while it is typed");
    bench.model.trouble = Some("word ".repeat(200));
    let screen = shown(&mut bench);
    assert!(screen.contains("seen while it is typed"), "{screen}");
}

#[test]
fn the_name_of_a_value_set_is_cut_and_not_left_out() {
    let mut bench = prompt("# Identity\n{{x}}").open();
    bench.model.size = (80, 24);
    if let Some(draft) = &mut bench.model.draft {
        draft.values.set = Some("a_set_with_a_really_long_name".into());
    }
    assert!(shown(&mut bench).contains("a_set_with_a"));
}

/// The row of hints as it is drawn.
fn hints(bench: &mut Workbench) -> String {
    let (cells, _) = drawn(bench);
    let last = cells.area.height - 1;
    (0..cells.area.width).map(|x| cells[(x, last)].symbol()).collect()
}

#[test]
fn hints_offer_only_what_works_in_the_focused_pane() {
    let mut bench = samples();
    assert!(hints(&mut bench).contains("write"), "a section is written in");
    bench.press("shift-tab");
    let offered = hints(&mut bench);
    assert!(!offered.contains("write") && offered.contains("save"), "the preview is not: {offered}");

    let mut bench = Workbench::empty();
    let offered = hints(&mut bench);
    for action in ["write", "save", "send", "diff", "copy"] {
        assert!(!offered.contains(action), "there is no prompt for {action}: {offered}");
    }
    assert!(offered.contains("library"), "{offered}");

    let mut bench = samples();
    bench.press("ctrl-o");
    assert!(hints(&mut bench).contains("/ filter"));
    bench.press("/");
    assert!(!hints(&mut bench).contains("filter"), "the letter goes into the filter");
}

#[test]
fn found_text_is_shown_with_what_it_would_change() {
    let file = "# Identity\nI am Wren of {{company}}, and I answer questions about invoices and exports.\n\n# Safety Rails\nNever guess.\n";
    let typed = file.replace("Wren", "Robin").replace("Never guess.", "Never guess.\nHand over when money moves.");
    for size in [(80, 24), (160, 45)] {
        look_at(
            "found",
            size,
            || {
                let mut bench = Workbench::empty();
                let mut opened = prompt(file).into_opened("greeter");
                opened.left.unsaved = Some(crate::tui::msg::Unsaved {
                    when: "today at 14:02".into(),
                    changes: std::sync::Arc::new(crate::tui::changes::Changes::between(file, &typed)),
                    text: typed.clone(),
                    base: None,
                });
                bench.tell(Msg::Opened(Ok(Box::new(opened))));
                bench
            },
            |_| {},
        );
    }
}
