//! The workbench with a sample open, as it stands before the first key, and the frames that it writes.

use std::path::Path;

use greenroom::library::{Library, Snapshot, Which};
use greenroom::tui::ansi;
use greenroom::tui::canvas::Canvas;
use greenroom::tui::keymap::Keymap;
use greenroom::tui::model::{Model, Start};
use greenroom::tui::msg::{Msg, Opened};
use greenroom::tui::theme::{Depth, Theme};
use greenroom::tui::update::update;
use greenroom::tui::view;

/// At 160x45, with the draft of `customer_support` after `change`.
pub fn opened(change: impl FnOnce(&mut Snapshot)) -> Model {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-prompts");
    let library = Library::at(&root).expect("the samples");
    let entry = library.entry("customer_support").expect("a sample");
    let mut snapshot = library.read("customer_support", &Which::Draft).expect("its draft");
    change(&mut snapshot);
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
    for msg in [Msg::Resize(160, 45), Msg::Opened(Ok(Box::new(opened)))] {
        update(&mut model, msg);
    }
    model
}

/// The bytes of the next frame.
pub fn frame(model: &Model, canvas: &mut Canvas) -> Vec<u8> {
    let mut bytes = Vec::new();
    view::draw_on(model, canvas);
    let changes = canvas.take_changes();
    ansi::write_cells(&mut bytes, changes.iter().map(|&(x, y)| (x, y, &canvas.cells[(x, y)])));
    bytes
}
