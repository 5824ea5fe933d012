//! The whole text of a draft at one moment, and how it is cut into panes and put together again.

use std::sync::Arc;

use ropey::Rope;

use super::{history, places, section_of};
use crate::prompt::Document;
use crate::tui::editor::Buffer;

/// The whole text of a draft at one moment, cheap to copy; put together where it is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftText {
    pub(super) skeleton: Arc<Document>,
    pub(super) bodies: [Rope; 6],
}

impl DraftText {
    /// The text of a file. Takes time in proportion to it.
    pub fn new(text: &str) -> Self {
        let (skeleton, panes) = split(text);
        Self { skeleton, bodies: panes.map(|pane| pane.rope().clone()) }
    }

    /// About how long it is: the bytes of the panes, without headings.
    pub fn bytes(&self) -> usize {
        self.bodies.iter().map(ropey::Rope::len_bytes).sum()
    }

    /// The text of a remembered state.
    pub(super) fn of(past: &history::Past) -> Self {
        let bodies = past.panes.each_ref().map(|pane| pane.rope().clone());
        Self { skeleton: Arc::clone(&past.skeleton), bodies }
    }

    /// The exact bytes of the file. Takes time in proportion to the text: not for the path of a key press.
    pub fn to_text(&self) -> String {
        self.to_document().to_text()
    }

    /// The sections with their bodies. Takes time in proportion to the text.
    pub fn to_document(&self) -> Document {
        let mut document = (*self.skeleton).clone();
        self.fill(&mut document);
        document
    }

    /// The pane of every placeholder of `name`, and the line in it.
    pub fn places_of(&self, name: &str) -> Vec<(usize, usize)> {
        let bodies = self.bodies.iter().enumerate();
        bodies.flat_map(|(pane, body)| places::lines_of(body, name).into_iter().map(move |line| (pane, line))).collect()
    }

    /// Puts the bodies into `document`.
    pub(super) fn fill(&self, document: &mut Document) {
        for (index, body) in self.bodies.iter().enumerate() {
            document.set_body(section_of(index), &body.to_string());
        }
    }
}

/// The headings and what stands between, and the panes.
pub(super) fn split(text: &str) -> (Arc<Document>, [Buffer; 6]) {
    let document = Document::parse(text);
    let eol = document.eol.as_str();
    let panes = std::array::from_fn(|index| Buffer::new(document.body(section_of(index)), eol));
    (Arc::new(hollow(document)), panes)
}

/// The document without its bodies: those live in the panes.
pub(super) fn hollow(mut document: Document) -> Document {
    for index in 0..6 {
        document.set_body(section_of(index), "");
    }
    document
}
