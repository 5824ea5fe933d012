//! The box in which something is said in a review.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, row};
use crate::tui::boxes;
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::saying::{SayBox, Saying};
use crate::tui::theme::Role;

/// Draws it; gives the place of the cursor.
pub fn draw(model: &Model, open: &SayBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let keys = &model.keymap;
    let (title, says) = match open.saying {
        Saying::Comment => ("Comment on", "says it"),
        Saying::Suggestion => ("Suggest for", "suggests it"),
        Saying::Reply => ("Answer to", "answers"),
        Saying::Approval => ("Approve", "approves"),
        Saying::Changes => ("Request changes to", "requests them"),
    };
    let title = format!("{title} {}", open.words);
    let foot = format!(
        "{} {says}  {} new line  {} says nothing",
        keys.shown(Action::SayIt),
        keys.shown(Action::SayNewLine),
        keys.shown(Action::SayClose)
    );
    painter.border(area, &Border { title: &title, foot: &foot, focused: true, ..Border::default() });
    let (quote, written) = boxes::say_parts(open, area);
    let rows = open.quoted(usize::from(quote.width).max(1), usize::from(quote.height));
    for (y, line) in (0..quote.height).zip(&rows) {
        painter.cut_content(row(quote, y), line, Role::Dim);
    }
    if quote.height > 0 {
        let line = Rect { y: quote.bottom(), height: 1, ..quote };
        painter.text(line, &"─".repeat(usize::from(line.width)), Role::Border);
    }
    let buffer = &open.writing.buffer;
    painter.fill(written, Role::Text);
    let drawn = EditorView::new(buffer, &model.theme).focus(Focus::Here).draw(written, painter.cells);
    if buffer.is_empty() {
        let hint = match open.saying {
            Saying::Comment => "what is to be said; it stays beside these words when lines move",
            Saying::Suggestion => "nothing: the author who takes it takes the lines out",
            Saying::Reply => "the answer",
            Saying::Approval => {
                "a word about it, or nothing; any later change of text, config, variables or evals voids it"
            }
            Saying::Changes => "what has to change before this goes out",
        };
        let unsettled = model.reviewing.board.as_ref().map_or(0, |board| board.review.open().count());
        let open = match (open.saying, unsettled) {
            (Saying::Approval, 1) => "! 1 comment is open; ".to_owned(),
            (Saying::Approval, 2..) => format!("! {unsettled} comments are open; "),
            _ => String::new(),
        };
        painter.paragraph(written, &format!("{open}{hint}"), Role::Dim);
    }
    drawn.cursor
}
