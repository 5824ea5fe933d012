//! A key press and the frame it leads to, as the workbench does it but without a terminal: `update`, `view::draw_on` the
//! cells of the last frame, the comparison that decides what is written, and its bytes. `cargo bench --bench frame`.

use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent};
use divan::Bencher;
use greenroom::library::{Library, Which};
use greenroom::tui::ansi;
use greenroom::tui::canvas::Canvas;
use greenroom::tui::keymap::Keymap;
use greenroom::tui::model::{Model, ScreenId, Start};
use greenroom::tui::msg::{Msg, Opened};
use greenroom::tui::theme::{Depth, Theme};
use greenroom::tui::update::update;
use greenroom::tui::view;

fn main() {
    divan::main();
}

/// The workbench on a prompt of the samples whose first section is repeated until the text has so many lines.
fn workbench(lines: usize) -> (Model, Canvas) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-prompts");
    let library = Library::at(&root).expect("the samples");
    let entry = library.entry("customer_support").expect("a sample");
    let mut snapshot = library.read("customer_support", &Which::Draft).expect("its draft");
    let missing = lines.saturating_sub(snapshot.text.lines().count());
    let heading = snapshot.text.find("# Behavioral").expect("a second section");
    snapshot.text.insert_str(
        heading,
        &"Greet {{user_name}} of {{company_name}} by name and lead with the answer.\n".repeat(missing),
    );
    let sets = entry.value_sets.iter().filter_map(|set| library.value_set("customer_support", set).ok()).collect();
    let mut model = Model::new(Start {
        theme: Theme::built_in("dark").expect("a theme").adapt(Depth::Indexed),
        themes: Vec::new(),
        depth: Depth::Indexed,
        keymap: Keymap::default(),
        settings: greenroom::config::Settings::default(),
        library: String::new(),
        demo: true,
        today: jiff::civil::date(2026, 1, 1),
    });
    let opened = Opened {
        entry,
        snapshot,
        stamp: None,
        sets,
        written: std::collections::BTreeMap::new(),
        kept: None,
        agreed: Vec::new(),
        left: greenroom::tui::msg::Left::default(),
        problems: Vec::new(),
    };
    for msg in [Msg::Resize(160, 45), Msg::Opened(Ok(Box::new(opened))), Msg::Key(KeyEvent::from(KeyCode::Enter))] {
        update(&mut model, msg);
    }
    let mut canvas = Canvas::new(160, 45);
    frame(&model, &mut canvas);
    (model, canvas)
}

/// The bytes of the next frame.
fn frame(model: &Model, canvas: &mut Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    view::draw_on(model, canvas);
    let changes = canvas.take_changes();
    ansi::write_cells(&mut bytes, changes.iter().map(|&(x, y)| (x, y, &canvas.cells[(x, y)])));
    bytes
}

/// A character is typed on the Draft screen at 160x45, and the frame is drawn with the preview following.
#[divan::bench(args = [100, 20_000])]
fn key_and_frame_on_draft(bencher: Bencher<'_, '_>, lines: usize) {
    let (mut model, mut canvas) = workbench(lines);
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char('x'))));
        frame(&model, &mut canvas)
    });
}

/// The state machine alone.
#[divan::bench(args = [100, 20_000])]
fn key_on_draft(bencher: Bencher<'_, '_>, lines: usize) {
    let (mut model, _) = workbench(lines);
    bencher.bench_local(|| update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char('x')))));
}

/// A megabyte is pasted and the frame is drawn.
#[divan::bench(sample_count = 20)]
fn paste_of_a_megabyte_and_frame(bencher: Bencher<'_, '_>) {
    let text = "a line of pasted text with some words in it\n".repeat(24_000);
    bencher.with_inputs(|| workbench(100)).bench_local_values(|(mut model, mut canvas)| {
        update(&mut model, Msg::Paste(text.clone()));
        let _bytes = frame(&model, &mut canvas);
        model
    });
}

/// A frame of the Play screen.
#[divan::bench]
fn frame_of_play(bencher: Bencher<'_, '_>) {
    let (mut model, mut canvas) = workbench(100);
    update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Esc)));
    model.screen = ScreenId::Play;
    bencher.bench_local(|| frame(&model, &mut canvas));
}
