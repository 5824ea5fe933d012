//! The bytes that show cells on a terminal: the cursor is moved only where one cell does not follow the other, and of
//! the style only what changes is written. Pure; nothing here knows which cells have changed.
//!
//! Sequences are those of ECMA-48 and, for colours, of xterm. The sixteen named colours are written as 30 to 37 and 90
//! to 97, which every terminal with colours has.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What cells look like: all that a terminal keeps from one character to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

impl Pen {
    /// As after `ESC [ 0 m`.
    const PLAIN: Self =
        Self { fg: Color::Reset, bg: Color::Reset, underline: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, underline: cell.underline_color, modifier: cell.modifier }
    }
}

/// Begins a frame: what follows is shown at once, by terminals that know the private mode 2026.
pub const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
/// Ends it.
pub const END_FRAME: &[u8] = b"\x1b[?2026l";
/// Takes the cursor out of sight (DECTCEM).
pub const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
/// Shows it again.
pub const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// The parameter that sets each attribute.
const ATTRIBUTES: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Appends to `out` what shows `cells`, each with its column and row from 0. The terminal's style is plain before and
/// after; its cursor is wherever the last cell left it.
pub fn write_cells<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = (u16, u16, &'a Cell)>) {
    let mut pen = Pen::PLAIN;
    let mut next = None;
    for (x, y, cell) in cells {
        if next != Some((x, y)) {
            move_to(out, x, y);
        }
        // after a wide character the cursor is not where a terminal that counts otherwise would have it
        next = Some((x + 1, y));
        let mut wanted = Pen::of(cell);
        if cell.symbol() == " " && wanted.modifier.is_empty() {
            // no text, no colour of text
            wanted.fg = pen.fg;
        }
        change(out, pen, wanted);
        pen = wanted;
        out.extend_from_slice(cell.symbol().as_bytes());
    }
    if pen != Pen::PLAIN {
        out.extend_from_slice(b"\x1b[m");
    }
}

/// Moves the cursor to a column and a row from 0.
pub fn move_to(out: &mut Vec<u8>, x: u16, y: u16) {
    out.extend_from_slice(b"\x1b[");
    number(out, y.saturating_add(1));
    out.push(b';');
    number(out, x.saturating_add(1));
    out.push(b'H');
}

/// Writes what makes `new` of `old`.
fn change(out: &mut Vec<u8>, old: Pen, new: Pen) {
    if old == new {
        return;
    }
    out.extend_from_slice(b"\x1b[");
    let start = out.len();
    // an attribute cannot be taken away everywhere, so that everything is taken away and what stays is set again
    let old = if (old.modifier - new.modifier).is_empty() {
        old
    } else {
        out.push(b'0');
        Pen::PLAIN
    };
    for (attribute, parameter) in ATTRIBUTES {
        if (new.modifier - old.modifier).contains(attribute) {
            separate(out, start);
            number(out, u16::from(parameter));
        }
    }
    for (before, colour, base) in [(old.fg, new.fg, 30), (old.bg, new.bg, 40), (old.underline, new.underline, 50)] {
        if before != colour {
            separate(out, start);
            paint(out, colour, base);
        }
    }
    out.push(b'm');
}

fn separate(out: &mut Vec<u8>, start: usize) {
    if out.len() > start {
        out.push(b';');
    }
}

/// The parameters of a colour. `base` is 30 for the text, 40 for what is behind it, 50 for the line under it.
fn paint(out: &mut Vec<u8>, colour: Color, base: u16) {
    let mut named = |index: u16| match (index, base) {
        // there are no named colours for the line under the text
        (_, 50) => parameters(out, &[58, 5, index]),
        (0..8, _) => number(out, base + index),
        _ => number(out, base + 60 + index - 8),
    };
    match colour {
        Color::Reset => number(out, base + 9),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(index) => parameters(out, &[base + 8, 5, u16::from(index)]),
        Color::Rgb(red, green, blue) => {
            parameters(out, &[base + 8, 2, u16::from(red), u16::from(green), u16::from(blue)]);
        }
    }
}

fn parameters(out: &mut Vec<u8>, all: &[u16]) {
    for (index, &parameter) in all.iter().enumerate() {
        if index > 0 {
            out.push(b';');
        }
        number(out, parameter);
    }
}

fn number(out: &mut Vec<u8>, number: u16) {
    let mut digits = [0; 5];
    let mut first = digits.len();
    let mut rest = number;
    while first == digits.len() || rest > 0 {
        first -= 1;
        digits[first] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    out.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Style;

    use super::*;
    use crate::tui::theme::NAMED;

    fn rows(count: u16) -> std::num::NonZero<u16> {
        std::num::NonZero::new(count).unwrap()
    }

    fn colours() -> impl Strategy<Value = Color> {
        prop_oneof![
            Just(Color::Reset),
            (0_usize..16).prop_map(|index| NAMED[index]),
            any::<u8>().prop_map(Color::Indexed),
            any::<[u8; 3]>().prop_map(|[r, g, b]| Color::Rgb(r, g, b)),
        ]
    }

    fn styles() -> impl Strategy<Value = Style> {
        let known = Modifier::BOLD | Modifier::DIM | Modifier::ITALIC | Modifier::UNDERLINED | Modifier::REVERSED;
        (colours(), colours(), any::<u16>()).prop_map(move |(fg, bg, bits)| {
            let modifier = Modifier::from_bits_truncate(bits) & known;
            // to this terminal bold and dim are one intensity, of which it keeps the last
            let dim = if modifier.contains(Modifier::BOLD) { Modifier::DIM } else { Modifier::empty() };
            Style::new().fg(fg).bg(bg).add_modifier(modifier - dim)
        })
    }

    fn emulated(colour: Color) -> vt100::Color {
        match colour {
            Color::Reset => vt100::Color::Default,
            Color::Indexed(index) => vt100::Color::Idx(index),
            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
            named => vt100::Color::Idx(NAMED.iter().position(|known| *known == named).unwrap().try_into().unwrap()),
        }
    }

    proptest! {
        #[test]
        fn a_terminal_shows_what_was_written(
            cells in proptest::collection::vec((0_u16..30, 0_u16..6, "[a-zé│]", styles()), 1..60),
        ) {
            let mut out = Vec::new();
            let cells: Vec<_> = cells.into_iter().map(|(x, y, symbol, style)| {
                let mut cell = Cell::default();
                cell.set_symbol(&symbol).set_style(style);
                (x, y, cell)
            }).collect();
            write_cells(&mut out, cells.iter().map(|(x, y, cell)| (*x, *y, cell)));
            // the style is plain afterwards
            out.extend_from_slice(b"\x1b[8;1Hplain");
            let mut terminal = vt100::Parser::new(rows(8), rows(30), 0);
            terminal.process(&out);
            let screen = terminal.screen();
            for (index, (x, y, cell)) in cells.iter().enumerate() {
                if cells[index + 1..].iter().any(|(later, row, _)| (later, row) == (x, y)) {
                    continue;
                }
                let shown = screen.cell(*y, *x).unwrap();
                prop_assert_eq!(shown.contents(), cell.symbol());
                prop_assert_eq!((shown.fgcolor(), shown.bgcolor()), (emulated(cell.fg), emulated(cell.bg)));
                let modifier = [
                    (shown.bold(), Modifier::BOLD),
                    (shown.dim(), Modifier::DIM),
                    (shown.italic(), Modifier::ITALIC),
                    (shown.underline(), Modifier::UNDERLINED),
                    (shown.inverse(), Modifier::REVERSED),
                ];
                for (has, which) in modifier {
                    prop_assert_eq!(has, cell.modifier.contains(which), "{:?}", which);
                }
            }
            let plain = screen.cell(7, 0).unwrap();
            prop_assert_eq!((plain.fgcolor(), plain.bold(), plain.inverse()), (vt100::Color::Default, false, false));
        }
    }

    #[test]
    fn a_run_of_one_style_is_one_move_one_style_and_its_text() {
        let mut out = Vec::new();
        let mut cell = Cell::default();
        cell.set_symbol("a").set_style(Style::new().fg(Color::Indexed(120)).add_modifier(Modifier::BOLD));
        write_cells(&mut out, [(4, 2, &cell), (5, 2, &cell), (6, 2, &cell)].into_iter());
        assert_eq!(out, b"\x1b[3;5H\x1b[1;38;5;120maaa\x1b[m");
    }

    #[test]
    fn a_line_under_the_text_has_its_own_colour() {
        let mut out = Vec::new();
        let mut cell = Cell::default();
        cell.set_symbol("a").set_style(Style::new().underline_color(Color::Red).add_modifier(Modifier::UNDERLINED));
        write_cells(&mut out, [(0, 0, &cell)].into_iter());
        assert_eq!(out, b"\x1b[1;1H\x1b[4;58;5;1ma\x1b[m");
    }
}
