//! The bytes of the terminal → keys, mouse, pasted text. Reads standard input when there is something to read, never
//! waits, and says when the terminal is gone.
//!
//! Sequences are told apart by `termina`'s parser. Pasted text is taken out before: it may be large, and every byte of it
//! is text.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::time::Duration;

use crossterm::event as to;
use memchr::memmem;
use rustix::buffer::spare_capacity;
use termina::escape::osc::{ColorOrQuery, DynamicColorNumber, Osc};
use termina::event as from;
use termina::{Event, Parser};

use crate::tui::msg::Msg;
use crate::tui::theme::Background;

const PASTE: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";
/// An escape byte alone is the Esc key only if nothing follows it for so long; over a slow line the rest may come later.
const PATIENCE: Duration = Duration::from_millis(12);
/// The terminal's answer to what its background is takes a slow line's time.
const PATIENCE_FOR_ANSWER: Duration = Duration::from_millis(300);
/// What an answer begins with.
const ANSWER: &[u8] = b"\x1b]1";
/// So many bytes are read at once.
const AT_ONCE: usize = 8192;
/// No answer and no key is longer than this.
const LONGEST: usize = 256;
/// Pasted text beyond this is not taken in, so that nobody's memory is filled by a terminal.
const LARGEST_PASTE: usize = 64 << 20;

/// What comes from the terminal.
#[derive(Debug, Default)]
pub struct Keyboard {
    parser: Parser,
    /// Bytes that may be the beginning of something longer.
    held: Vec<u8>,
    /// The pasted text so far, while it comes in.
    pasting: Option<Vec<u8>>,
    gone: bool,
    /// What was read last.
    bytes: Vec<u8>,
}

impl Keyboard {
    /// Whether the terminal is gone.
    pub fn is_gone(&self) -> bool {
        self.gone
    }

    /// How long to wait for the rest of what came, when it may be the beginning of something.
    pub fn patience(&self) -> Option<Duration> {
        let answer = self.held.starts_with(ANSWER);
        (!self.held.is_empty()).then_some(if answer { PATIENCE_FOR_ANSWER } else { PATIENCE })
    }

    /// Reads what there is.
    pub fn read(&mut self, input: &OwnedFd, out: &mut VecDeque<Msg>) {
        // kept from one key to the next, so that nothing is filled with zeros first
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        bytes.reserve(AT_ONCE);
        match rustix::io::read(input, spare_capacity(&mut bytes)) {
            Ok(0) => self.gone(out),
            Ok(_) => self.take(&bytes, out),
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            Err(_) => self.gone(out),
        }
        self.bytes = bytes;
    }

    /// The terminal went away.
    pub fn gone(&mut self, out: &mut VecDeque<Msg>) {
        self.gone = true;
        out.push_back(Msg::Terminate);
    }

    /// Nothing followed what was held: it is what it is.
    pub fn give_up_waiting(&mut self, out: &mut VecDeque<Msg>) {
        let held = std::mem::take(&mut self.held);
        // the parser would take Alt-] or Alt-P for the beginning of something and swallow all that is typed after it
        let rest = match held.as_slice() {
            [0x1b, key @ (b']' | b'P' | b'[' | b'O'), rest @ ..] => {
                out.push_back(Msg::Key(to::KeyEvent::new(to::KeyCode::Char(char::from(*key)), to::KeyModifiers::ALT)));
                rest
            }
            all => all,
        };
        self.parse(rest, false, out);
        self.parser = Parser::default();
    }

    /// Takes in bytes as they come, in pieces of any size.
    pub fn take(&mut self, bytes: &[u8], out: &mut VecDeque<Msg>) {
        // a letter is what it says, and nearly every key is one
        if let ([letter @ b' '..=b'~'], true, None) = (bytes, self.held.is_empty(), &self.pasting) {
            return out.push_back(letter_key(*letter));
        }
        let mut bytes = [std::mem::take(&mut self.held).as_slice(), bytes].concat();
        while !bytes.is_empty() {
            if self.pasting.is_some() {
                bytes = self.paste(&bytes, out);
                continue;
            }
            if let Some(start) = memmem::find(&bytes, PASTE) {
                self.parse(&bytes[..start], false, out);
                self.pasting = Some(Vec::new());
                bytes.drain(..start + PASTE.len());
                continue;
            }
            // what may be the beginning of a sequence waits for its rest
            let rest = beginning(&bytes);
            self.parse(&bytes[..bytes.len() - rest], rest > 0, out);
            self.held = bytes.split_off(bytes.len() - rest);
            return;
        }
    }

    /// Adds to the pasted text; gives what comes after its end.
    fn paste(&mut self, bytes: &[u8], out: &mut VecDeque<Msg>) -> Vec<u8> {
        let Some(pasted) = &mut self.pasting else { return bytes.to_vec() };
        // the end may have begun in the piece before
        let from = pasted.len().saturating_sub(PASTE_END.len() - 1);
        pasted.extend_from_slice(bytes);
        let Some(end) = memmem::find(&pasted[from..], PASTE_END) else {
            pasted.truncate(LARGEST_PASTE);
            return Vec::new();
        };
        let rest = pasted.split_off(from + end + PASTE_END.len());
        pasted.truncate(from + end);
        out.push_back(Msg::Paste(String::from_utf8_lossy(pasted).into_owned()));
        self.pasting = None;
        rest
    }

    fn parse(&mut self, mut bytes: &[u8], more: bool, out: &mut VecDeque<Msg>) {
        // an escape before another one is the Esc key: the parser would take both for one key, and the rest of the
        // second's sequence for text
        while let Some(escape) = memmem::find(bytes, b"\x1b\x1b") {
            self.parser.parse(&bytes[..=escape], false);
            bytes = &bytes[escape + 1..];
        }
        self.parser.parse(bytes, more && !bytes.ends_with(b"\x1b"));
        while let Some(event) = self.parser.pop() {
            out.extend(translate(event));
        }
    }
}

/// The key of a printable ASCII character.
fn letter_key(letter: u8) -> Msg {
    let shift = if letter.is_ascii_uppercase() { to::KeyModifiers::SHIFT } else { to::KeyModifiers::NONE };
    Msg::Key(to::KeyEvent::new(to::KeyCode::Char(char::from(letter)), shift))
}

/// How many bytes at the end may be the beginning of a sequence or of a character.
fn beginning(bytes: &[u8]) -> usize {
    let from = bytes.len().saturating_sub(LONGEST);
    if let Some(escape) = memchr::memrchr(0x1b, &bytes[from..]) {
        let tail = &bytes[from + escape..];
        let open = match tail.get(1) {
            None => true,
            Some(b'[') => !tail[2..].iter().any(|byte| (0x40..=0x7e).contains(byte)),
            Some(b'O') => tail.len() == 2,
            Some(b']' | b'P') => !tail.contains(&0x07),
            Some(_) => false,
        };
        if open {
            return tail.len();
        }
    }
    // a character that is cut off
    let lead = bytes.iter().rev().take(4).position(|byte| *byte >= 0xc0);
    lead.filter(|back| {
        let wanted = match bytes[bytes.len() - 1 - back] {
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        back + 1 < wanted
    })
    .map_or(0, |back| back + 1)
}

fn translate(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != from::KeyEventKind::Release => {
            Some(Msg::Key(to::KeyEvent::new(code(key.code)?, modifiers(key.modifiers))))
        }
        Event::Mouse(mouse) => Some(Msg::Mouse(to::MouseEvent {
            kind: mouse_kind(mouse.kind),
            column: mouse.column,
            row: mouse.row,
            modifiers: modifiers(mouse.modifiers),
        })),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::FocusIn => Some(Msg::FocusGained),
        Event::Osc(Osc::ChangeDynamicColors(DynamicColorNumber::TextBackgroundColor, colours)) => {
            let ColorOrQuery::Color(colour) = colours.first()? else { return None };
            Some(Msg::Background(Background::of(colour.red, colour.green, colour.blue)))
        }
        _ => None,
    }
}

fn modifiers(modifiers: from::Modifiers) -> to::KeyModifiers {
    [
        (from::Modifiers::SHIFT, to::KeyModifiers::SHIFT),
        (from::Modifiers::ALT, to::KeyModifiers::ALT),
        (from::Modifiers::CONTROL, to::KeyModifiers::CONTROL),
        (from::Modifiers::SUPER, to::KeyModifiers::SUPER),
    ]
    .into_iter()
    .filter(|(known, _)| modifiers.contains(*known))
    .fold(to::KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}

fn code(code: from::KeyCode) -> Option<to::KeyCode> {
    use from::KeyCode as From;
    use to::KeyCode as To;
    Some(match code {
        From::Char(c) => To::Char(c),
        From::Enter => To::Enter,
        From::Backspace => To::Backspace,
        From::Tab => To::Tab,
        From::BackTab => To::BackTab,
        From::Escape => To::Esc,
        From::Left => To::Left,
        From::Right => To::Right,
        From::Up => To::Up,
        From::Down => To::Down,
        From::Home => To::Home,
        From::End => To::End,
        From::PageUp => To::PageUp,
        From::PageDown => To::PageDown,
        From::Insert => To::Insert,
        From::Delete => To::Delete,
        From::Function(number) => To::F(number),
        _ => return None,
    })
}

fn mouse_kind(kind: from::MouseEventKind) -> to::MouseEventKind {
    use from::MouseEventKind as From;
    use to::MouseEventKind as To;
    let button = |button: from::MouseButton| match button {
        from::MouseButton::Left => to::MouseButton::Left,
        from::MouseButton::Right => to::MouseButton::Right,
        from::MouseButton::Middle => to::MouseButton::Middle,
    };
    match kind {
        From::Down(pressed) => To::Down(button(pressed)),
        From::Up(pressed) => To::Up(button(pressed)),
        From::Drag(pressed) => To::Drag(button(pressed)),
        From::Moved => To::Moved,
        From::ScrollDown => To::ScrollDown,
        From::ScrollUp => To::ScrollUp,
        From::ScrollLeft => To::ScrollLeft,
        From::ScrollRight => To::ScrollRight,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the bytes mean when they come in these pieces and then nothing more.
    fn read(pieces: &[&[u8]]) -> Vec<Msg> {
        let (mut keyboard, mut out) = (Keyboard::default(), VecDeque::new());
        for piece in pieces {
            keyboard.take(piece, &mut out);
        }
        if keyboard.patience().is_some() {
            keyboard.give_up_waiting(&mut out);
        }
        out.into()
    }

    fn key(code: to::KeyCode) -> Msg {
        Msg::Key(to::KeyEvent::new(code, to::KeyModifiers::NONE))
    }

    #[test]
    fn a_letter_is_the_key_that_the_parser_makes_of_it() {
        for letter in b' '..=b'~' {
            let (mut keyboard, mut out) = (Keyboard::default(), VecDeque::new());
            keyboard.parse(&[letter], false, &mut out);
            assert_eq!(read(&[&[letter]]), Vec::from(out), "{}", char::from(letter));
        }
    }

    #[test]
    fn an_escape_byte_alone_is_the_esc_key_and_with_more_a_sequence() {
        assert_eq!(read(&[b"\x1b"]), [key(to::KeyCode::Esc)]);
        assert_eq!(read(&[b"\x1b[A"]), [key(to::KeyCode::Up)]);
        assert_eq!(read(&[b"\x1b", b"[A"]), [key(to::KeyCode::Up)]);
        assert_eq!(
            read(&[b"\x1b[", b"1;5", b"D"]),
            [Msg::Key(to::KeyEvent::new(to::KeyCode::Left, to::KeyModifiers::CONTROL))]
        );
    }

    #[test]
    fn the_esc_key_right_before_another_key_swallows_nothing_of_it() {
        let bytes = b"\x1b\x1b[20~\x1b\x1b[Ax";
        let esc = || key(to::KeyCode::Esc);
        let wanted = [esc(), key(to::KeyCode::F(9)), esc(), key(to::KeyCode::Up), key(to::KeyCode::Char('x'))];
        for cut in 0..=bytes.len() {
            assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), wanted, "cut at {cut}");
        }
    }

    #[test]
    fn the_terminals_background_is_read_however_it_is_cut_and_keys_around_it_stay() {
        for bytes in [&b"a\x1b]11;rgb:2828/2828/2828\x07b"[..], b"a\x1b]11;rgb:2828/2828/2828\x1b\\b"] {
            let wanted = [key(to::KeyCode::Char('a')), Msg::Background(Background::Dark), key(to::KeyCode::Char('b'))];
            for cut in 0..=bytes.len() {
                assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), wanted, "cut at {cut}");
            }
        }
    }

    #[test]
    fn alt_with_a_bracket_or_a_capital_p_is_a_key_and_swallows_nothing() {
        for c in [']', 'P', '[', 'O'] {
            let mut keyboard = Keyboard::default();
            let mut out = VecDeque::new();
            keyboard.take(format!("\x1b{c}").as_bytes(), &mut out);
            keyboard.give_up_waiting(&mut out);
            keyboard.take(b"x", &mut out);
            let alt = Msg::Key(to::KeyEvent::new(to::KeyCode::Char(c), to::KeyModifiers::ALT));
            assert_eq!(Vec::from(out), [alt, key(to::KeyCode::Char('x'))], "{c}");
        }
    }

    #[test]
    fn pasted_text_is_one_message_however_it_is_cut() {
        let bytes = b"a\x1b[200~x\r\ny\x1b[31m\x1b[201~b";
        let wanted = [key(to::KeyCode::Char('a')), Msg::Paste("x\r\ny\x1b[31m".into()), key(to::KeyCode::Char('b'))];
        for cut in 0..=bytes.len() {
            assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), wanted, "cut at {cut}");
        }
    }

    #[test]
    fn a_character_that_is_cut_in_two_is_one_key() {
        for text in ["é", "漢", "👩"] {
            let (bytes, c) = (text.as_bytes(), text.chars().next().unwrap());
            for cut in 0..=bytes.len() {
                assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), [key(to::KeyCode::Char(c))]);
            }
        }
    }

    #[test]
    fn a_click_has_its_place() {
        let wanted = to::MouseEvent {
            kind: to::MouseEventKind::Down(to::MouseButton::Left),
            column: 4,
            row: 9,
            modifiers: to::KeyModifiers::NONE,
        };
        assert_eq!(read(&[b"\x1b[<0;5;10M"]), [Msg::Mouse(wanted)]);
    }

    #[test]
    fn a_large_paste_in_small_pieces_is_whole() {
        let text = "line of text\r".repeat(40_000);
        let bytes = [PASTE, text.as_bytes(), PASTE_END].concat();
        let pieces: Vec<&[u8]> = bytes.chunks(1000).collect();
        assert_eq!(read(&pieces), [Msg::Paste(text)]);
    }

    proptest! {
        #[test]
        fn plain_text_is_typed_as_it_is_however_it_is_cut(text in "[a-z éß漢👍]{0,20}", cut in 0_usize..80) {
            let bytes = text.as_bytes();
            let cut = cut.min(bytes.len());
            let typed: String = read(&[&bytes[..cut], &bytes[cut..]])
                .into_iter()
                .filter_map(|msg| match msg {
                    Msg::Key(to::KeyEvent { code: to::KeyCode::Char(c), .. }) => Some(c),
                    _ => None,
                })
                .collect();
            prop_assert_eq!(typed, text);
        }

        #[test]
        fn no_bytes_make_it_panic(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6)) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            read(&pieces);
        }
    }
}
