//! Screens as a person sees them, and what each piece of them means. A snapshot holds the text of the screen, then the
//! pieces whose role matters, by the role's name: so it tests meaning, not colours.
//!
//! `INSTA_UPDATE=always cargo test --lib view::tests` takes the screens as they are now; look at the difference.

mod diff;
mod every;
mod past;
mod play;
mod privacy;
mod reviewing;
mod variables;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer as Cells;
use ratatui::layout::Position;
use ratatui::style::Color;

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
        bench.model.play.column_mut().chosen = crate::model::ModelName::parse("anthropic:claude-sonnet-4-6");
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
fn the_box_that_rolls_back() {
    let ran = || {
        let line = |at: &str, place: &str, version: &str| {
            format!(
                "{{\"at\":\"2024-0{at}-01T00:00:00Z\",\"by\":\"Ana\",\"kind\":\"deploy\",\"environment\":\"{place}\",\
                 \"version\":\"{version}\",\"why\":\"step\"}}\n"
            )
        };
        let log = line("3", "production", "1.1.0") + &line("4", "production", "1.2.0") + &line("5", "staging", "1.2.0");
        let mut bench = Workbench::on_library(|root| {
            fs::write(root.join("prompts/customer_support/releases.jsonl"), log).unwrap();
        });
        bench.open("customer_support");
        bench
    };
    look("rollback", ran, |bench| bench.press_and_settle("space b"));
    look_at("rollback_nowhere", (80, 24), Workbench::on_samples, |bench| bench.press_and_settle("space b"));
    look_at("releases", (80, 24), ran, |bench| bench.press_and_settle("space L"));
    look_at("deploy_which", (80, 24), ran, |bench| bench.press_and_settle("space D"));
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
