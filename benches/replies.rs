//! A long reply on the Play screen: a piece of it that comes in, moving in it, and the frame after that.
//! `cargo bench --bench replies`.

use std::path::Path;

use crossterm::event::{KeyCode, KeyEvent};
use divan::Bencher;
use greenroom::library::{Library, Which};
use greenroom::model::Event;
use greenroom::tui::ansi;
use greenroom::tui::canvas::Canvas;
use greenroom::tui::effect::Effect;
use greenroom::tui::keymap::Keymap;
use greenroom::tui::model::{Model, Start};
use greenroom::tui::msg::{Msg, Opened};
use greenroom::tui::theme::{Depth, Theme};
use greenroom::tui::update::update;
use greenroom::tui::view;

fn main() {
    divan::main();
}

/// The Play screen at 160x45 while a reply of so many bytes comes in, and its run.
fn workbench(bytes: usize) -> (Model, Canvas, u64) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-prompts");
    let library = Library::at(&root).expect("the samples");
    let entry = library.entry("customer_support").expect("a sample");
    let snapshot = library.read("customer_support", &Which::Draft).expect("its draft");
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
    let keys = [KeyCode::Char('2'), KeyCode::Char('i'), KeyCode::Char('a')].map(KeyEvent::from).map(Msg::Key);
    for msg in [Msg::Resize(160, 45), Msg::Opened(Ok(Box::new(opened)))].into_iter().chain(keys) {
        update(&mut model, msg);
    }
    let effects = update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Enter)));
    let sent = |effect| if let Effect::Send { run, .. } = effect { Some(run) } else { None };
    let run = effects.into_iter().find_map(sent).expect("the message is sent");
    let line = "A **bold** line of a reply with some `code` and words in it.\n";
    piece(&mut model, run, &line.repeat(bytes / line.len()));
    model.level = greenroom::tui::model::Level::Nav;
    model.play.in_message = false;
    let mut canvas = Canvas::new(160, 45);
    frame(&model, &mut canvas);
    (model, canvas, run)
}

fn piece(model: &mut Model, run: u64, text: &str) {
    update(model, Msg::Run { run, at_ms: 1, event: Event::Text(text.to_owned()) });
}

/// The bytes of the next frame.
fn frame(model: &Model, canvas: &mut Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    view::draw_on(model, canvas);
    let changes = canvas.take_changes();
    ansi::write_cells(&mut bytes, changes.iter().map(|&(x, y)| (x, y, &canvas.cells[(x, y)])));
    bytes
}

/// A word comes in, and the frame is drawn.
#[divan::bench(args = [10_000, 1_000_000])]
fn piece_and_frame(bencher: Bencher<'_, '_>, bytes: usize) {
    let (mut model, mut canvas, run) = workbench(bytes);
    bencher.bench_local(|| {
        piece(&mut model, run, "word ");
        frame(&model, &mut canvas)
    });
}

/// A page up and down again, each with its frame.
#[divan::bench(args = [10_000, 1_000_000])]
fn pages_and_frames(bencher: Bencher<'_, '_>, bytes: usize) {
    let (mut model, mut canvas, _) = workbench(bytes);
    bencher.bench_local(|| {
        for code in [KeyCode::PageUp, KeyCode::PageDown] {
            update(&mut model, Msg::Key(KeyEvent::from(code)));
            frame(&model, &mut canvas);
        }
    });
}

/// To the beginning of the reply and back to its end: every row of it is counted.
#[divan::bench(args = [10_000, 1_000_000], sample_count = 20)]
fn to_the_beginning_and_back(bencher: Bencher<'_, '_>, bytes: usize) {
    let (mut model, mut canvas, _) = workbench(bytes);
    bencher.bench_local(|| {
        for code in ['g', 'G'] {
            update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char(code))));
            frame(&model, &mut canvas);
        }
    });
}
