//! One key in the prompt editor: the edit and the frame after it, for texts of every size and shape.
//!
//! What should be seen: the size of the text does not matter, only what is on the screen does.

use divan::{Bencher, black_box};
use greenroom::tui::editor::{Buffer, EditorView, Focus, Motion, Reading, Select};
use greenroom::tui::find::{Query, Search, seek};
use greenroom::tui::theme::{Depth, Role, Theme};
use ratatui::buffer::Buffer as Cells;
use ratatui::layout::Rect;

const PANE: Rect = Rect { x: 0, y: 0, width: 80, height: 45 };

fn main() {
    divan::main();
}

fn line(i: usize) -> String {
    format!(
        "- Line {i} tells {{{{user_name}}}} of {{{{company_name}}}} what to do, in words enough for a row and a half of it.\n"
    )
}

/// The texts, with the cursor in their middle.
const TEXTS: [&str; 7] = [
    "200 lines",
    "20000 lines",
    "1 MB line of words",
    "1 MB line of one word",
    "1 MB line of Chinese",
    "1 MB line of emoji",
    "1 MB of line feeds",
];

fn text(name: &str) -> String {
    match name {
        "200 lines" => (0..200).map(line).collect(),
        "20000 lines" => (0..20_000).map(line).collect(),
        "1 MB line of words" => "some words and {{user_name}} ".repeat(36_000),
        "1 MB line of one word" => "x".repeat(1_000_000),
        "1 MB line of Chinese" => "你好，世界。".repeat(55_000),
        "1 MB line of emoji" => "👨\u{200d}👩\u{200d}👧é你".repeat(42_000),
        _ => "\n".repeat(1_000_000),
    }
}

fn buffer(name: &str) -> Buffer {
    let mut buffer = Buffer::new(&text(name), "\n");
    buffer.set_viewport(PANE.width, PANE.height);
    let middle = buffer.rope().len_chars() / 2;
    buffer.select(middle..middle);
    buffer.deselect();
    buffer
}

fn draw(buffer: &Buffer, theme: &Theme, cells: &mut Cells, area: Rect) {
    let role = |name: &str| if name == "user_name" { Role::VariableKnown } else { Role::VariableMissing };
    let view = EditorView::new(buffer, theme).focus(Focus::Here).variables(&role);
    black_box(view.draw(area, cells));
}

fn theme() -> Theme {
    Theme::built_in("dark").expect("it is built in")
}

#[divan::bench(args = TEXTS)]
fn key(bencher: Bencher<'_, '_>, name: &str) {
    let mut buffer = buffer(name);
    bencher.bench_local(|| {
        black_box(buffer.insert("x"));
        black_box(buffer.backspace());
    });
}

#[divan::bench(args = TEXTS)]
fn enter(bencher: Bencher<'_, '_>, name: &str) {
    let mut buffer = buffer(name);
    bencher.bench_local(|| {
        black_box(buffer.newline());
        black_box(buffer.backspace());
    });
}

/// Whether a placeholder is being typed is looked up with every letter.
#[divan::bench(args = TEXTS)]
fn open_placeholder(bencher: Bencher<'_, '_>, name: &str) {
    let buffer = buffer(name);
    bencher.bench_local(|| black_box(buffer.open_placeholder()));
}

/// On the thread that searches, never on the path of a key.
#[divan::bench(args = ["refund", "the", "user_name", r"\b[a-z]+ing\b", r"(\w+) (\w+)"])]
fn search_in_20000_lines(bencher: Bencher<'_, '_>, pattern: &str) {
    let mut texts: [(u64, ropey::Rope); 6] = Default::default();
    texts[1].1 = ropey::Rope::from_str(&text("20000 lines"));
    let reading = Reading { pattern: true, words: false };
    let query = Query { text: pattern.to_owned(), reading, ..Query::default() };
    let search = Search { number: 1, query, with: Some("$0".to_owned()), texts, eol: "\n" };
    bencher.bench_local(|| black_box(seek(&search, &|| true)));
}

#[divan::bench(args = TEXTS)]
fn row_down_and_up(bencher: Bencher<'_, '_>, name: &str) {
    let mut buffer = buffer(name);
    bencher.bench_local(|| {
        buffer.move_to(Motion::Down, Select::Move);
        buffer.move_to(Motion::Up, Select::Move);
    });
}

#[divan::bench(args = TEXTS)]
fn frame_of_one_pane(bencher: Bencher<'_, '_>, name: &str) {
    let (buffer, theme) = (buffer(name), theme());
    let mut cells = Cells::empty(PANE);
    bencher.bench_local(|| draw(&buffer, &theme, &mut cells, PANE));
}

/// The whole Draft screen: five sections at the left, the preview at the right.
#[divan::bench]
fn frame_of_six_panes_at_160x45(bencher: Bencher<'_, '_>) {
    let theme = theme();
    let areas = (0..5).map(|i| Rect::new(0, i * 9, 80, 9)).chain([Rect::new(80, 0, 80, 45)]);
    let panes: Vec<(Buffer, Rect)> = areas
        .map(|area| {
            let mut buffer = buffer("200 lines");
            buffer.set_viewport(area.width, area.height);
            (buffer, area)
        })
        .collect();
    let mut cells = Cells::empty(Rect::new(0, 0, 160, 45));
    bencher.bench_local(|| {
        for (buffer, area) in &panes {
            draw(buffer, &theme, &mut cells, *area);
        }
    });
}

#[divan::bench]
fn paste_of_a_megabyte(bencher: Bencher<'_, '_>) {
    let pasted = text("20000 lines")[..1_000_000].to_owned();
    bencher.with_inputs(|| buffer("200 lines")).bench_local_values(|mut buffer| {
        black_box(buffer.paste(&pasted));
        buffer
    });
}

#[divan::bench]
fn theme_for_256_colours(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| theme().adapt(black_box(Depth::Indexed)));
}

#[divan::bench]
fn snapshot_of_20000_lines(bencher: Bencher<'_, '_>) {
    let buffer = buffer("20000 lines");
    bencher.bench_local(|| black_box(buffer.snapshot()));
}
