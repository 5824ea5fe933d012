//! Any edits on any text: the buffer against a plain string.

use super::*;
use crate::tui::editor::graphemes::tests::boundaries;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    Insert(String),
    Paste(String),
    Newline,
    Backspace,
    Delete,
    WordBack,
    WordForward,
    LineEnd,
    Cut,
    Indent,
    Outdent,
    Up,
    Down,
    DeleteLines,
    ReplaceAll(String),
    Replace(usize, usize, String),
    SetText(String),
    Move(Motion, Select),
    Click(u16, u16, Select),
    SelectWord(u16, u16),
    SelectLine(u16, u16),
    DragWords(u16, u16, u16, u16),
    Resize(u16, u16),
    Complete(&'static str),
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(vec![
            "a", "word ", "- ", "1. ", "2. ", "\n3. ", "\n4. a", "- [x] ", "> ", "\n- ", "\n> ", "\n```\n", "+ b", "\n", "\r\n", "\r", "\t", "  ", "你好", "。", "é", "e\u{301}", "\u{301}", "👨\u{200d}👩\u{200d}👧",
            "\u{200d}", "🇩🇪", "🇫", "{{", "}}", "{{name}}", "{{ user }}", "\\", "{", "}", "\u{1b}[31m", "\u{0}", "\u{2028}",
            "\u{85}", "\u{b}", "\u{c}", "\u{200b}", "\u{e0041}", "क्षि", "\u{600}", "\u{feff}", ".", "9",
        ])
        .prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn text(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..most).prop_map(|pieces| pieces.concat())
}

fn act() -> impl Strategy<Value = Act> {
    let motion = proptest::sample::select(vec![
        Motion::Left,
        Motion::Right,
        Motion::WordLeft,
        Motion::WordRight,
        Motion::Up,
        Motion::Down,
        Motion::LineStart,
        Motion::LineEnd,
        Motion::ParagraphUp,
        Motion::ParagraphDown,
        Motion::PageUp,
        Motion::PageDown,
        Motion::Start,
        Motion::End,
    ]);
    let select = || proptest::sample::select(vec![Select::Move, Select::Extend]);
    prop_oneof![
        6 => piece().prop_map(Act::Insert),
        1 => text(6).prop_map(Act::Paste),
        2 => proptest::sample::select(vec![Act::Newline, Act::Backspace, Act::Delete]),
        3 => proptest::sample::select(vec![
            Act::Newline, Act::Backspace, Act::Delete, Act::WordBack, Act::WordForward, Act::LineEnd, Act::Cut, Act::Indent,
            Act::Outdent, Act::Up, Act::Down, Act::DeleteLines, Act::Complete("name"), Act::Complete("user.id"),
        ]),
        1 => piece().prop_map(Act::ReplaceAll),
        1 => (0usize..60, 0usize..60, text(3)).prop_map(|(a, b, text)| Act::Replace(a, b, text)),
        1 => text(12).prop_map(Act::SetText),
        8 => (motion, select()).prop_map(|(motion, select)| Act::Move(motion, select)),
        1 => (0u16..20, 0u16..8, select()).prop_map(|(x, y, select)| Act::Click(x, y, select)),
        1 => (0u16..20, 0u16..8).prop_map(|(x, y)| Act::SelectWord(x, y)),
        1 => (0u16..20, 0u16..8).prop_map(|(x, y)| Act::SelectLine(x, y)),
        1 => (0u16..20, 0u16..8, 0u16..20, 0u16..8).prop_map(|(x, y, to_x, to_y)| Act::DragWords(x, y, to_x, to_y)),
        1 => (0u16..30, 0u16..10).prop_map(|(width, height)| Act::Resize(width, height)),
    ]
}

fn search_for_a(rope: ropey::Rope, with: &str) -> crate::tui::find::Search {
    let mut texts: [(u64, ropey::Rope); 6] = Default::default();
    texts[1].1 = rope;
    let query = crate::tui::find::Query { text: "a".into(), ..Default::default() };
    crate::tui::find::Search { number: 1, query, with: Some(with.to_owned()), texts, eol: "\n" }
}

fn carry_out(buffer: &mut Buffer, act: &Act) -> Option<Change> {
    match act {
        Act::Insert(text) => buffer.insert(text),
        Act::Paste(text) => buffer.paste(text),
        Act::Newline => buffer.newline(),
        Act::Backspace => buffer.backspace(),
        Act::Delete => buffer.delete(),
        Act::WordBack => buffer.delete_word_back(),
        Act::WordForward => buffer.delete_word_forward(),
        Act::LineEnd => buffer.delete_to_line_end(),
        Act::Cut => buffer.cut().map(|(_, change)| change),
        Act::Indent => buffer.indent(),
        Act::Outdent => buffer.outdent(),
        Act::Up => buffer.move_lines_up(),
        Act::Down => buffer.move_lines_down(),
        Act::DeleteLines => buffer.delete_lines(),
        Act::ReplaceAll(text) => {
            let mut search = search_for_a(buffer.rope().clone(), text);
            search.query.letters = crate::tui::find::Letters::Any;
            let edits = crate::tui::find::replace_all(&search, &std::collections::BTreeSet::new());
            edits.first().and_then(|edit| buffer.replace(edit.chars.clone(), &edit.text))
        }
        Act::Replace(from, to, text) => buffer.replace(*from..*to, text),
        Act::SetText(text) => buffer.set_text(text),
        Act::Complete(name) => buffer.complete_placeholder(name),
        _ => {
            match act {
                Act::Move(motion, select) => buffer.move_to(*motion, *select),
                Act::Click(x, y, select) => buffer.click(*x, *y, *select),
                Act::SelectWord(x, y) => {
                    buffer.click(*x, *y, Select::Move);
                    buffer.select_word();
                }
                Act::SelectLine(x, y) => {
                    buffer.click(*x, *y, Select::Move);
                    buffer.select_line();
                }
                Act::DragWords(x, y, to_x, to_y) => {
                    buffer.click(*x, *y, Select::Move);
                    let word = buffer.select_word();
                    buffer.drag(*to_x, *to_y, &word);
                }
                Act::Resize(width, height) => buffer.set_viewport(*width, *height),
                _ => unreachable!("every edit is above"),
            }
            None
        }
    }
}

/// The text and cursor that an act must lead to, where a plain string can say it.
fn expected(before: &Buffer, act: &Act) -> Option<(String, usize)> {
    let text: Vec<char> = before.text().chars().collect();
    let boundaries = boundaries(&before.text());
    let cursor = before.cursor;
    let back = boundaries.iter().rev().find(|&&at| at < cursor).copied().unwrap_or(0);
    let on = boundaries.iter().find(|&&at| at > cursor).copied().unwrap_or(text.len());
    let without = |range: std::ops::Range<usize>, put: &str| {
        let left: String = text[..range.start].iter().collect();
        let right: String = text[range.end..].iter().collect();
        let made = format!("{left}{put}{right}");
        let at = range.start + put.chars().count();
        let at = super::properties::boundaries(&made)
            .into_iter()
            .find(|&boundary| boundary >= at)
            .expect("the end is a boundary");
        Some((made, at))
    };
    let unchanged = |at: usize| Some((text.iter().collect(), at));
    match (act, before.selection()) {
        (Act::Insert(put), selection) => {
            let place = before.unfinished.unwrap_or(cursor);
            without(selection.unwrap_or(place..place), put)
        }
        (Act::Backspace | Act::Delete | Act::Cut, Some(selection)) => without(selection, ""),
        (Act::Backspace, None) => without(back..cursor, ""),
        (Act::Delete, None) => without(cursor..on, ""),
        (Act::Cut, None) | (Act::Resize(..), _) => unchanged(cursor),
        (Act::Newline, None) => {
            // a sign that joins with what follows is gone on from behind it, as in typing
            let place = before.unfinished.unwrap_or(cursor);
            let (left, right, at) = models::newline(&text[..place], &text[place..]);
            let made = left + &right;
            // an accent that stood behind the cursor takes the blank of a bullet as its own
            let at = super::properties::boundaries(&made).into_iter().find(|&boundary| boundary >= at);
            Some((made, at.expect("the end is a boundary")))
        }
        (Act::Indent | Act::Outdent | Act::Up | Act::Down, _) => {
            let selection = before.selection().unwrap_or(cursor..cursor);
            let made = models::lines(&before.text(), selection, act);
            // the cursor stays with its text, which the plain string does not know
            Some((made, usize::MAX))
        }
        (Act::ReplaceAll(put), _) => {
            let text = before.text();
            let one = |piece: &str| if piece.eq_ignore_ascii_case("a") { put.clone() } else { piece.to_owned() };
            let made = unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true).map(one).collect();
            Some((made, usize::MAX))
        }
        (Act::Complete(name), None) => {
            models::completed(&text[..cursor], &text[cursor..], name).map(|(left, right)| {
                let at = left.chars().count();
                let made = left + &right;
                let at = super::properties::boundaries(&made).into_iter().find(|&boundary| boundary >= at);
                (made, at.expect("the end is a boundary"))
            })
        }
        (Act::Move(Motion::Left, Select::Move), Some(selection)) => unchanged(selection.start),
        (Act::Move(Motion::Right, Select::Move), Some(selection)) => unchanged(selection.end),
        (Act::Move(Motion::Left, _), _) => unchanged(back),
        (Act::Move(Motion::Right, _), _) => unchanged(on),
        (Act::Move(Motion::Start, _), _) => unchanged(0),
        (Act::Move(Motion::End, _), _) => unchanged(text.len()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_do_to_the_buffer_what_they_say_they_did(start in text(20), acts in proptest::collection::vec(act(), 1..30)) {
        let mut buffer = Buffer::new(&start, "\n");
        buffer.set_viewport(12, 4);
        let mut model = start.clone();
        let mut history = Vec::new();
        for act in &acts {
            let before = buffer.clone();
            history.push((buffer.snapshot(), marked(&buffer)));
            let change = carry_out(&mut buffer, act);
            if let Some(change) = &change {
                let chars: Vec<char> = model.chars().collect();
                let (left, right) = (&chars[..change.range.start], &chars[change.range.end..]);
                model = left.iter().chain(&change.inserted.chars().collect::<Vec<_>>()).chain(right).collect();
                prop_assert_ne!(buffer.revision(), before.revision());
            } else {
                prop_assert_eq!(buffer.revision(), before.revision());
            }
            prop_assert_eq!(&buffer.text(), &model, "{:?}", act);
            if let Some((text, cursor)) = expected(&before, act) {
                prop_assert_eq!(&text, &model, "{:?}", act);
                prop_assert!(cursor == usize::MAX || cursor == buffer.cursor, "{:?} put the cursor elsewhere", act);
            }
            let boundaries = boundaries(&model);
            prop_assert!(boundaries.contains(&buffer.cursor), "{:?} left the cursor in a grapheme", act);
            prop_assert!(buffer.anchor.is_none_or(|anchor| boundaries.contains(&anchor)), "{:?} left the anchor in one", act);
            prop_assert!(cursor_in_sight(&buffer), "{:?} lost the cursor", act);
            let mut uses = Uses::default();
            uses.learn(&model);
            prop_assert_eq!(buffer.variables(), &uses, "{:?}", act);
        }
        for (snapshot, was) in history.iter().rev() {
            buffer.restore(snapshot);
            prop_assert_eq!(&marked(&buffer), was);
        }
        prop_assert_eq!(buffer.text(), start);
    }

    #[test]
    fn a_frame_never_shows_a_control_character_nor_leaves_its_area(
        text in text(30), width in 1u16..30, height in 1u16..8, cursor in 0usize..60,
    ) {
        let mut buffer = Buffer::new(&text, "\n");
        buffer.set_viewport(width, height);
        buffer.select(0..cursor);
        let needle = Needle::new("a", Case::Ignore);
        let (cells, place) = drawn::draw_with(&buffer, width, height, needle.as_ref());
        for cell in &cells.content {
            prop_assert!(cell.symbol().chars().all(|c| crate::sanitize::visible(c).is_none()), "{:?}", cell.symbol());
        }
        prop_assert!(place.is_some_and(|place| cells.area.contains(place)));
    }
}

/// What edits of lines and placeholders do to a plain string, said another way than the buffer does it.
mod models {
    use std::ops::Range;
    use std::sync::LazyLock;

    use regex::Regex;

    use super::Act;

    static START: LazyLock<Regex> = LazyLock::new(|| {
        let start = r"^(?P<quote>(?:[ \t]*>)* |)(?P<indent>[ \t]*)(?:(?P<bullet>[-*+]|(?P<number>[0-9]+)(?P<point>[.)]))(?P<gap> +)(?P<tick>\[[ xX]\] )?)?";
        Regex::new(start).expect("a pattern")
    });
    static OPEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[^\\])\{\{([ \t]*)([A-Za-z0-9._]*)$").expect("a pattern"));
    static CLOSE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([A-Za-z0-9._]*)([ \t]*)\}\}").expect("a pattern"));

    fn string(chars: &[char]) -> String {
        chars.iter().collect()
    }

    /// What a numbered line begins with, its number, and what stands behind that.
    fn numbered(line: &str) -> Option<(String, u32, String)> {
        let found = START.captures(line)?;
        let number = found.name("number")?.as_str();
        let value = number.parse().ok().filter(|value: &u32| value.to_string() == number)?;
        Some((format!("{}{}", &found["quote"], &found["indent"]), value, found["point"].to_owned()))
    }

    /// The items of the list around the line `at`, when they count up by one: their lines and numbers.
    fn list(lines: &[&str], at: usize) -> Option<Vec<(usize, u32)>> {
        let (lead, _, point) = numbered(lines[at])?;
        let item = |line: &str| numbered(line).filter(|(other, _, sign)| *other == lead && *sign == point);
        let goes_on = |line: &&str| {
            let deeper = line.strip_prefix(lead.as_str()).is_some_and(|rest| rest.starts_with([' ', '\t']));
            item(line).is_some() || line.trim().is_empty() || deeper
        };
        let first = at - lines[..at].iter().rev().take_while(|line| goes_on(line)).count();
        let last = at + lines[at + 1..].iter().take_while(|line| goes_on(line)).count();
        let items: Vec<_> = (first..=last).filter_map(|line| Some((line, item(lines[line])?.1))).collect();
        items.windows(2).all(|two| two[0].1 + 1 == two[1].1).then_some(items)
    }

    fn with_number(line: &str, number: u32) -> String {
        let place = START.captures(line).and_then(|found| found.name("number")).expect("a number").range();
        format!("{}{number}{}", &line[..place.start], &line[place.end..])
    }

    /// Left and right of the cursor after Enter, and where it stands.
    pub fn newline(left: &[char], right: &[char]) -> (String, String, usize) {
        let (mut left, right) = (string(left), string(right));
        let line_start = left.rfind('\n').map_or(0, |at| at + 1);
        let line = left[line_start..].to_owned();
        let whole = format!("{left}{right}");
        let lines: Vec<&str> = whole.split('\n').collect();
        let own = left.matches('\n').count();
        let items = list(&lines, own).unwrap_or_default();
        // what stands behind the line of the cursor, its items with other numbers
        let behind = |by: i64| -> String {
            let lines = (own + 1..lines.len()).map(|line| match items.iter().find(|(item, _)| *item == line) {
                Some((_, number)) => {
                    with_number(lines[line], u32::try_from(i64::from(*number) + by).expect("a number"))
                }
                None => lines[line].to_owned(),
            });
            lines.flat_map(|line| ["\n".to_owned(), line]).collect()
        };
        let rest = right.split('\n').next().unwrap_or_default();
        let rest = if right.contains('\n') { rest.strip_suffix('\r').unwrap_or(rest) } else { rest };
        let found = START.captures(&line).expect("it may be empty");
        let part = |name: &str| found.name(name).map_or("", |found| found.as_str());
        let in_code = fences(&left[..line_start]);
        let quoted = part("quote").contains('>');
        if in_code || (!quoted && part("bullet").is_empty()) {
            let indent: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
            left = format!("{left}\n{indent}");
        } else if line[found.get(0).expect("all of it").end()..].trim().is_empty() && rest.trim().is_empty() {
            let stays = if part("bullet").is_empty() || !quoted { "" } else { part("quote") };
            left = format!("{}{stays}", &left[..line_start]);
            let at = left.chars().count();
            let ending = if right[rest.len()..].starts_with('\r') { "\r" } else { "" };
            return (left, format!("{ending}{}", behind(-1)), at);
        } else {
            let bullet = match part("number").parse::<u32>() {
                Ok(number) => format!("{}{}", number + 1, part("point")),
                Err(_) => part("bullet").to_owned(),
            };
            let tick = if part("tick").is_empty() { "" } else { "[ ] " };
            left = format!("{left}\n{}{}{bullet}{}{tick}", part("quote"), part("indent"), part("gap"));
            let at = left.chars().count();
            let own = right.find('\n').map_or(right.len(), |at| at);
            return (left, format!("{}{}", &right[..own], behind(1)), at);
        }
        let at = left.chars().count();
        (left, right, at)
    }

    /// Whether a fence is open after these lines; the texts of the test have fences of one kind.
    fn fences(above: &str) -> bool {
        let is_fence = |line: &&str| line.trim_start_matches([' ', '\t', '>']).starts_with("```");
        above
            .split('\n')
            .filter(is_fence)
            .filter(|line| !line.trim_start_matches([' ', '\t', '>'])[3..].contains('`'))
            .fold(false, |open, line| {
                let words = !line.trim_start_matches([' ', '\t', '>'])[3..].trim().is_empty();
                if open { words } else { true }
            })
    }

    /// The text after lines were moved or indented.
    pub fn lines(text: &str, selection: Range<usize>, act: &Act) -> String {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at + 1))
            .collect();
        let line_of = |at: usize| starts.iter().rposition(|start| *start <= at).unwrap_or(0);
        let first = line_of(selection.start);
        let mut last = line_of(selection.end);
        if last > first && starts[last] == selection.end {
            last -= 1;
        }
        let mut bodies = Vec::new();
        let mut endings = Vec::new();
        let pieces: Vec<&str> = text.split('\n').collect();
        for (index, piece) in pieces.iter().enumerate() {
            let ended = index + 1 < pieces.len();
            let body = if ended { piece.strip_suffix('\r').unwrap_or(piece) } else { piece };
            endings.push(format!("{}{}", &piece[body.len()..], if ended { "\n" } else { "" }));
            bodies.push(body.to_owned());
        }
        let (from, to) = match act {
            Act::Up if first > 0 => (first - 1, last + 1),
            Act::Down if last + 1 < bodies.len() => (first, last + 2),
            _ => (0, 0),
        };
        let before: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let in_code = from < to && fences(&before[..from].join("\n"));
        let items = (from..to).find_map(|line| list(&before, line)).filter(|_| !in_code);
        let lead = items.as_ref().map(|items| numbered(before[items[0].0]).map(|(lead, _, point)| (lead, point)));
        match act {
            Act::Up if first > 0 => bodies[first - 1..=last].rotate_left(1),
            Act::Down if last + 1 < bodies.len() => bodies[first..=last + 1].rotate_right(1),
            Act::Indent => {
                for body in &mut bodies[first..=last] {
                    if first == last || !body.is_empty() {
                        body.insert_str(0, "  ");
                    }
                }
            }
            Act::Outdent => {
                for body in &mut bodies[first..=last] {
                    let less = body.strip_prefix('\t').or(body.strip_prefix("  ")).or(body.strip_prefix(' '));
                    *body = less.unwrap_or(body).to_owned();
                }
            }
            _ => {}
        }
        let items = items.into_iter().flatten().filter(|(line, _)| (from..to).contains(line));
        let mut numbers = items.map(|(_, number)| number);
        for body in &mut bodies[from..to] {
            if lead == Some(numbered(body).map(|(lead, _, point)| (lead, point)))
                && let Some(number) = numbers.next()
            {
                *body = with_number(body, number);
            }
        }
        bodies.iter().zip(&endings).flat_map(|(body, ending)| [body.as_str(), ending.as_str()]).collect()
    }

    /// Left and right of the cursor after a name was written to its end; `None` where a plain pattern cannot say.
    pub fn completed(left: &[char], right: &[char], name: &str) -> Option<(String, String)> {
        let (left, right) = (string(left), string(right));
        let open = OPEN.captures(&left)?;
        let typed = open.get(2)?;
        let before = &left[..typed.start()];
        let after_blank = right.chars().next().is_none_or(char::is_whitespace);
        if typed.is_empty() && !open[1].is_empty() && !after_blank {
            return Some((left.clone(), right.clone()));
        }
        if let Some(close) = CLOSE.captures(&right) {
            return Some((format!("{before}{name}{}}}}}", &close[2]), right[close[0].len()..].to_owned()));
        }
        if let Some(rest) = right.strip_prefix('}') {
            return Some((format!("{before}{name}}}}}"), rest.to_owned()));
        }
        let blank = if before.ends_with(' ') { " " } else { "" };
        Some((format!("{before}{name}{blank}}}}}"), right))
    }
}
