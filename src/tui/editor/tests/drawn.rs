//! What a buffer looks like drawn.

use ratatui::buffer::Buffer as Cells;
use ratatui::layout::{Position, Rect};

use super::super::*;
use super::buffer;
use crate::tui::theme::{Role, Theme};

pub(super) fn draw_with(
    buffer: &Buffer,
    width: u16,
    height: u16,
    needle: Option<&Needle>,
) -> (Cells, Option<Position>) {
    let mut cells = Cells::empty(Rect::new(0, 0, width, height));
    let theme = Theme::built_in("none").expect("built in");
    let role = |name: &str| if name == "known" { Role::VariableKnown } else { Role::VariableMissing };
    let view = EditorView::new(buffer, &theme).focus(Focus::Here).variables(&role).needle(needle);
    let cursor = view.draw(cells.area, &mut cells).cursor;
    (cells, cursor)
}

/// Whether there are rows above and below those that are drawn.
pub(super) fn more(buffer: &Buffer, width: u16, height: u16) -> (bool, bool) {
    let mut cells = Cells::empty(Rect::new(0, 0, width, height));
    let drawn = EditorView::new(buffer, &Theme::built_in("none").expect("built in")).draw(cells.area, &mut cells);
    (drawn.above, drawn.below)
}

pub(super) fn draw(buffer: &Buffer, width: u16, height: u16) -> (Cells, Option<Position>) {
    draw_with(buffer, width, height, None)
}

/// The rows as text, and under each the shape of its cells: `b`old, `u`nderlined, `r`eversed, or several as a number.
fn picture(cells: &Cells) -> String {
    let mut out = String::new();
    for y in 0..cells.area.height {
        let row = || (0..cells.area.width).map(|x| &cells[(x, y)]);
        let mut skip = 0;
        for cell in row() {
            if skip == 0 {
                out.push_str(cell.symbol());
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
            }
            skip -= 1;
        }
        out.push_str("│\n");
        if row().any(|cell| !cell.modifier.is_empty()) {
            out.extend(row().map(|cell| match cell.modifier {
                ratatui::style::Modifier::BOLD => 'b',
                ratatui::style::Modifier::UNDERLINED => 'u',
                ratatui::style::Modifier::REVERSED => 'r',
                none if none.is_empty() => ' ',
                several => char::from(b'0' + (several.bits() % 10) as u8),
            }));
            out.push_str("│\n");
        }
    }
    out
}

#[test]
fn text_is_wrapped_and_variables_are_marked() {
    let mut buffer = buffer("Help {{ known }} and {{missing}}.\n\ta\u{1b}[2J你好👨\u{200d}👩\u{200d}👧e\u{301}\r\nend");
    buffer.set_viewport(20, 5);
    buffer.move_to(Motion::Right, Select::Extend);
    let (cells, cursor) = draw(&buffer, 20, 5);
    insta::assert_snapshot!(picture(&cells));
    assert_eq!(cursor, Some(Position::new(1, 0)));
}

#[test]
fn matches_are_marked_and_the_selected_one_differs() {
    let mut buffer = buffer("one two one\none");
    let needle = Needle::new("one", Case::Exact).expect("a needle");
    buffer.select(8..11);
    let (cells, _) = draw_with(&buffer, 12, 3, Some(&needle));
    insta::assert_snapshot!(picture(&cells));
}

#[test]
fn a_selection_over_a_line_ending_shows_it() {
    let mut buffer = buffer("ab\r\n\r\nc");
    buffer.select_all();
    let (cells, _) = draw(&buffer, 6, 4);
    insta::assert_snapshot!(picture(&cells));
}

#[test]
fn the_cursor_after_a_full_row_has_a_cell() {
    let mut buffer = buffer("abcd");
    buffer.set_viewport(5, 2);
    buffer.move_to(Motion::End, Select::Move);
    assert_eq!(draw(&buffer, 5, 2).1, Some(Position::new(4, 0)));
    buffer.insert(" ");
    assert_eq!(draw(&buffer, 5, 2).1, Some(Position::new(4, 0)));
    buffer.insert("e");
    assert_eq!(draw(&buffer, 5, 2).1, Some(Position::new(1, 1)));
}

#[test]
fn an_area_the_buffer_was_not_told_about_still_shows_the_cursor() {
    let mut buffer = buffer(&"some words to wrap\n".repeat(50));
    buffer.set_viewport(80, 24);
    buffer.move_to(Motion::End, Select::Move);
    assert!(draw(&buffer, 9, 4).1.is_some());
    assert_eq!(buffer.top().line, 27, "drawing changes nothing");
}

#[test]
fn placeholders_across_the_blocks_of_a_long_line_are_marked() {
    let text = "{{ known }}".repeat(4000);
    let mut buffer = buffer(&text);
    buffer.set_viewport(60, 10);
    for _ in 0..80 {
        buffer.move_to(Motion::PageDown, Select::Move);
        let (cells, _) = draw(&buffer, 60, 10);
        for cell in &cells.content {
            assert!(cell.symbol() == " " || cell.modifier.contains(ratatui::style::Modifier::BOLD), "{cells:?}");
        }
    }
}
