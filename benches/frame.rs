//! A key press and the frame it leads to, as the workbench does it but without a terminal: `update`, `view::draw_on` the
//! cells of the last frame, the comparison that decides what is written, and its bytes. `cargo bench --bench frame`.

mod workbench;

use crossterm::event::{KeyCode, KeyEvent};
use divan::Bencher;
use greenroom::tui::canvas::Canvas;
use greenroom::tui::model::{Model, ScreenId};
use greenroom::tui::msg::Msg;
use greenroom::tui::update::update;
use workbench::{frame, opened};

fn main() {
    divan::main();
}

/// The workbench on a prompt of the samples whose first section is repeated until the text has so many lines.
fn prepared(lines: usize) -> (Model, Canvas) {
    let mut model = opened(|snapshot| {
        let missing = lines.saturating_sub(snapshot.text.lines().count());
        let heading = snapshot.text.find("# Behavioral").expect("a second section");
        let line = "Greet {{user_name}} of {{company_name}} by name and lead with the answer.\n";
        snapshot.text.insert_str(heading, &line.repeat(missing));
    });
    update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Enter)));
    let mut canvas = Canvas::new(160, 45);
    frame(&model, &mut canvas);
    (model, canvas)
}

/// A character is typed on the Draft screen at 160x45, and the frame is drawn with the preview following.
#[divan::bench(args = [100, 20_000])]
fn key_and_frame_on_draft(bencher: Bencher<'_, '_>, lines: usize) {
    let (mut model, mut canvas) = prepared(lines);
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char('x'))));
        frame(&model, &mut canvas)
    });
}

/// The state machine alone.
#[divan::bench(args = [100, 20_000])]
fn key_on_draft(bencher: Bencher<'_, '_>, lines: usize) {
    let (mut model, _) = prepared(lines);
    bencher.bench_local(|| update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Char('x')))));
}

/// A megabyte is pasted and the frame is drawn.
#[divan::bench(sample_count = 20)]
fn paste_of_a_megabyte_and_frame(bencher: Bencher<'_, '_>) {
    let text = "a line of pasted text with some words in it\n".repeat(24_000);
    bencher.with_inputs(|| prepared(100)).bench_local_values(|(mut model, mut canvas)| {
        update(&mut model, Msg::Paste(text.clone()));
        let _bytes = frame(&model, &mut canvas);
        model
    });
}

/// A frame of the Play screen.
#[divan::bench]
fn frame_of_play(bencher: Bencher<'_, '_>) {
    let (mut model, mut canvas) = prepared(100);
    update(&mut model, Msg::Key(KeyEvent::from(KeyCode::Esc)));
    model.screen = ScreenId::Play;
    bencher.bench_local(|| frame(&model, &mut canvas));
}
