//! A long reply on the Play screen: a piece of it that comes in, moving in it, and the frame after that.
//! `cargo bench --bench replies`.

mod workbench;

use crossterm::event::{KeyCode, KeyEvent};
use divan::Bencher;
use greenroom::model::Event;
use greenroom::tui::canvas::Canvas;
use greenroom::tui::effect::Effect;
use greenroom::tui::model::Model;
use greenroom::tui::msg::Msg;
use greenroom::tui::update::update;
use workbench::{frame, opened};

fn main() {
    divan::main();
}

/// The Play screen at 160x45 while a reply of so many bytes comes in, and its run.
fn prepared(bytes: usize) -> (Model, Canvas, u64) {
    let mut model = opened(|_| {});
    let keys = [KeyCode::Char('2'), KeyCode::Char('i'), KeyCode::Char('a')].map(KeyEvent::from).map(Msg::Key);
    for msg in keys {
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

/// A word comes in, and the frame is drawn.
#[divan::bench(args = [10_000, 1_000_000])]
fn piece_and_frame(bencher: Bencher<'_, '_>, bytes: usize) {
    let (mut model, mut canvas, run) = prepared(bytes);
    bencher.bench_local(|| {
        piece(&mut model, run, "word ");
        frame(&model, &mut canvas)
    });
}

/// A page up and down again, each with its frame.
#[divan::bench(args = [10_000, 1_000_000])]
fn pages_and_frames(bencher: Bencher<'_, '_>, bytes: usize) {
    let (mut model, mut canvas, _) = prepared(bytes);
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
    let (mut model, mut canvas, _) = prepared(bytes);
    bencher.bench_local(|| {
        for code in ['g', 'G'] {
            update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char(code))));
            frame(&model, &mut canvas);
        }
    });
}
