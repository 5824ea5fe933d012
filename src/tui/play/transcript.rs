//! The conversation as lines, newest last. A reply may be long, so lines are made from the end, and only as many as are
//! asked for.

use std::borrow::Cow;

use std::ops::Range;
use std::rc::Rc;

use super::Reading;
use super::column::Column;
use super::exchange::Exchange;
use super::markdown::{Block, Emphasis, Rich};
use super::told::{around, said};
use crate::model::Finish;
use crate::prompt::wrap;

pub use super::told::{facts, finish_words};

/// What a line of the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// What the user said.
    User,
    /// What the model said.
    Reply,
    /// A heading in it.
    Heading,
    /// Code in it.
    Code,
    /// What the model thought.
    Thinking,
    /// How it went.
    Facts,
    /// Why it failed.
    Failure,
    /// Between two exchanges.
    Gap,
}

/// One line, not wrapped yet.
pub type Line<'a> = (Cow<'a, str>, LineKind);

/// A row of the conversation as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkRow {
    /// What it says.
    pub text: String,
    /// The turn it belongs to, counted from 0.
    pub turn: usize,
    /// What its line is.
    pub kind: LineKind,
    /// Its bytes that the reply it is compared with does not have.
    pub marks: Vec<Range<usize>>,
    /// Its bytes that look otherwise.
    pub styles: Vec<(Range<usize>, Emphasis)>,
}

/// A piece of an exchange: a line, or a part of a reply that was rendered.
enum Piece<'a> {
    Line(Line<'a>),
    Rich(&'a Rich),
}

/// What a conversation is drawn with besides its words.
#[derive(Debug, Clone, Copy)]
pub struct Drawing {
    /// Columns there are.
    pub width: u16,
    /// Frame of the spinner.
    pub spin: usize,
    /// Whether what tells who answers is left out: names, times, counts, the words of a failure.
    pub blind: bool,
    /// The turn from which on replies are held back, because another column's has not ended: how fast one comes would tell
    /// who it is. Only in a blind comparison.
    pub held: Option<usize>,
    /// How replies are shown.
    pub reading: Reading,
}

/// The lines of one exchange, its reply as it came.
#[cfg(test)]
pub fn lines(exchange: &Exchange, spin: usize) -> Vec<Line<'_>> {
    let (mut before, after) = around(exchange, spin, false);
    before.extend(said(&exchange.reply));
    before.extend(after);
    before
}

/// The pieces of one exchange, in a blind comparison without anything that tells who answers.
fn pieces(exchange: &Exchange, with: Drawing, marked: bool, held: bool) -> Vec<Piece<'_>> {
    let (mut before, mut after) = around(exchange, with.spin, with.reading.unfolded);
    if with.blind {
        before.retain(|(_, kind)| matches!(kind, LineKind::User | LineKind::Gap));
        let state = match exchange.finish {
            _ if held => "── both are answering; the replies are shown when both are whole",
            None => "── coming in",
            Some(Finish::Error | Finish::Incomplete) => "── failed",
            Some(Finish::Cancelled) => "── stopped by you",
            Some(_) => "── done",
        };
        after = vec![(Cow::Borrowed(state), LineKind::Facts)];
    }
    let mut pieces: Vec<Piece<'_>> = before.into_iter().map(Piece::Line).collect();
    // marks are about the words as they came
    match &exchange.rendered {
        _ if held => {}
        Some(blocks) if !with.reading.raw && !marked && !blocks.is_empty() => {
            for block in blocks {
                match block {
                    Block::Line(line) => pieces.push(Piece::Rich(line)),
                    Block::Table(table) => {
                        let lines = table.lines(usize::from(with.width)).into_iter();
                        pieces.extend(lines.map(|line| Piece::Line((Cow::Owned(line), LineKind::Code))));
                    }
                }
            }
        }
        _ => pieces.extend(said(&exchange.reply).into_iter().map(Piece::Line)),
    }
    pieces.extend(after.into_iter().map(Piece::Line));
    pieces
}

/// A row that is known to be there and has no text yet: one that is only passed by costs no text.
pub struct Place<'a> {
    piece: Rc<Piece<'a>>,
    exchange: &'a Exchange,
    marks: &'a [Range<usize>],
    turn: usize,
    /// The bytes of the piece that it shows, behind so many blanks.
    from: Range<usize>,
    lead: usize,
}

impl Place<'_> {
    /// The row as it is drawn.
    pub fn row(&self) -> TalkRow {
        let lead = " ".repeat(self.lead);
        let (turn, from) = (self.turn, self.from.clone());
        match &*self.piece {
            Piece::Line((line, kind)) => {
                let at = place_in(&self.exchange.reply, line).filter(|_| matches!(line, Cow::Borrowed(_)));
                let text = lead + &line[from.clone()];
                let marks = marks_on(&text, at, from, self.marks);
                TalkRow { text, turn, kind: *kind, marks, styles: Vec::new() }
            }
            Piece::Rich(line) => {
                let text = lead + &line.text[from.clone()];
                let styles = styles_on(&text, &from, &line.spans);
                TalkRow { text, turn, kind: line.look.kind(), marks: Vec::new(), styles }
            }
        }
    }
}

/// The rows of a column from the end of its conversation backwards.
pub fn rows_from_end(column: &Column, with: Drawing) -> impl Iterator<Item = TalkRow> + '_ {
    places_from_end(column, with).map(|place| place.row())
}

/// The same, without their texts.
pub fn places_from_end(column: &Column, with: Drawing) -> impl Iterator<Item = Place<'_>> + '_ {
    let columns = usize::from(with.width.max(1));
    let said: Vec<&Exchange> = column.talk.shown().collect();
    said.into_iter().enumerate().rev().flat_map(move |(turn, exchange)| {
        let marks = column.marks.as_ref().filter(|marks| marks.run == exchange.run);
        let marks: &[Range<usize>] = marks.map_or(&[], |marks| &marks.words);
        let mut of_exchange: Vec<Piece<'_>> = Vec::new();
        if turn > 0 {
            of_exchange.push(Piece::Line((Cow::Borrowed(""), LineKind::Gap)));
        }
        let held = with.held.is_some_and(|from| turn >= from);
        of_exchange.extend(pieces(exchange, with, !marks.is_empty(), held));
        let branch = column.talk.branch(turn).filter(|(_, count)| *count > 1);
        if let (Some((at, count)), Some(Piece::Line(last))) = (branch, of_exchange.last_mut()) {
            last.0 = Cow::Owned(format!("{} · branch {} of {count}", last.0, at + 1));
        }
        of_exchange.into_iter().rev().flat_map(move |piece| {
            let rows = match &piece {
                Piece::Line((line, kind)) => {
                    let indent = match kind {
                        LineKind::User => 2,
                        LineKind::Reply => hanging(line),
                        _ => 0,
                    };
                    wrapped(line, columns, indent)
                }
                Piece::Rich(line) => wrapped(&line.text, columns, line.indent),
            };
            let piece = Rc::new(piece);
            let place = move |(from, lead)| Place { piece: Rc::clone(&piece), exchange, marks, turn, from, lead };
            rows.into_iter().rev().map(place)
        })
    })
}

/// The spans that fall on a row, in bytes of it.
fn styles_on(text: &str, from: &Range<usize>, spans: &[(Range<usize>, Emphasis)]) -> Vec<(Range<usize>, Emphasis)> {
    let lead = text.len() - from.len();
    let within = spans.iter().filter(|(at, _)| at.start < from.end && at.end > from.start);
    let clip = |byte: usize| lead + byte.clamp(from.start, from.end) - from.start;
    within.map(|(at, emphasis)| (clip(at.start)..clip(at.end), *emphasis)).collect()
}

/// Where a line that was taken from `reply` stands in it; `None` for one that was not.
fn place_in(reply: &str, line: &str) -> Option<usize> {
    let at = line.as_ptr().addr().checked_sub(reply.as_ptr().addr())?;
    (at + line.len() <= reply.len()).then_some(at)
}

/// The marks that fall on a row, in bytes of it. Its text is what stands at `from` of the line, after some blanks.
fn marks_on(text: &str, at: Option<usize>, from: Range<usize>, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let lead = text.len() - from.len();
    let within = |at: usize| {
        let (start, end) = (at + from.start, at + from.end);
        let clip = move |mark: &Range<usize>| {
            lead + mark.start.clamp(start, end) - start..lead + mark.end.clamp(start, end) - start
        };
        marks.iter().filter(|mark| mark.start < end && mark.end > start).map(clip).collect()
    };
    at.map(within).unwrap_or_default()
}

/// Columns that the rows after the first of a list item are moved in by.
fn hanging(line: &str) -> usize {
    let rest = line.trim_start_matches(' ');
    let lead = line.len() - rest.len();
    if rest.starts_with("- ") || rest.starts_with("* ") {
        return lead + 2;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && (rest[digits..].starts_with(". ") || rest[digits..].starts_with(") ")) {
        return lead + digits + 2;
    }
    0
}

/// The rows of a line: the bytes of it that each shows, and behind how many blanks of a hanging indent.
fn wrapped(line: &str, width: usize, indent: usize) -> Vec<(Range<usize>, usize)> {
    let indent = if indent * 2 < width { indent } else { 0 };
    let mut rows = wrap::rows(line, width);
    if indent > 0
        && let Some(first) = rows.first().map(|first| first.end).filter(|end| *end < line.len())
    {
        rows.truncate(1);
        let rest = wrap::rows(&line[first..], width - indent).into_iter();
        rows.extend(rest.map(|row| first + row.start..first + row.end));
    }
    rows.into_iter().enumerate().map(|(at, row)| (row, if at == 0 { 0 } else { indent })).collect()
}

/// How many rows a turn and everything after it have.
pub fn rows_of(column: &Column, turn: usize, with: Drawing) -> usize {
    // the gap before an exchange is not its own
    places_from_end(column, with).take_while(|place| place.turn >= turn).count().saturating_sub(usize::from(turn > 0))
}

/// How many rows the conversation of a column has, or `enough` where it has more: those before them are not wrapped.
pub fn rows_up_to(column: &Column, with: Drawing, enough: usize) -> usize {
    places_from_end(column, with).take(enough).count()
}

#[cfg(test)]
mod tests {
    use super::super::told::{LONGEST_PIECE, pieces_of};
    use super::LineKind as K;
    use super::*;
    use crate::model::{Failure, FailureKind, ModelName, Usage};

    fn exchange(reply: &str) -> Exchange {
        Exchange {
            reply: reply.into(),
            first_ms: Some(400),
            elapsed_ms: 2400,
            usage: Usage { input: Some(10), output: Some(100), ..Usage::default() },
            finish: Some(Finish::End),
            ..Exchange::new(1, ModelName::offline(), "Hello".into(), "Hello".into())
        }
    }

    #[test]
    fn facts_give_time_to_first_text_tokens_speed_and_how_it_ended() {
        let facts = facts(&exchange("x"), 0);
        assert_eq!(facts, "── offline, no model · ok, done · first 0.40s · 2.40s · 10 in · 100 out · 50 tok/s");
    }

    #[test]
    fn code_and_headings_of_a_reply_are_told_apart_and_nothing_is_left_out() {
        let exchange = exchange("# A\ntext\n```\n# no heading\n```\nend");
        let kinds: Vec<LineKind> = lines(&exchange, 0).into_iter().map(|(_, kind)| kind).collect();
        assert_eq!(kinds, [K::User, K::Gap, K::Heading, K::Reply, K::Code, K::Code, K::Code, K::Reply, K::Facts]);
    }

    #[test]
    fn a_failure_is_told_with_the_servers_own_words() {
        let mut exchange = exchange("");
        exchange.finish = Some(Finish::Error);
        exchange.failure = Some(Failure {
            kind: FailureKind::RateLimited,
            message: "too many requests".into(),
            detail: Some("slow down".into()),
            status: Some(429),
            hint: Some("wait a minute".into()),
        });
        let texts: Vec<String> = lines(&exchange, 0).into_iter().map(|(text, _)| text.into_owned()).collect();
        assert!(texts.iter().any(|text| text.contains("the server says: slow down")), "{texts:?}");
    }

    #[test]
    fn a_failure_on_the_way_is_not_laid_to_the_server() {
        let mut exchange = exchange("");
        exchange.failure = Some(Failure {
            detail: Some("no such host".into()),
            ..Failure::new(FailureKind::Network, "nobody answers")
        });
        let text: String = lines(&exchange, 0).into_iter().map(|(text, _)| text.into_owned() + "\n").collect();
        assert!(text.contains("in detail: no such host") && !text.contains("the server says"), "{text}");
    }

    #[test]
    fn a_line_without_an_end_is_wrapped_piece_by_piece_and_nothing_of_it_is_lost() {
        let reply = "some words and 漢字 ".repeat(2_000) + &"x".repeat(10_000);
        let pieces: Vec<&str> = pieces_of(&reply).collect();
        assert_eq!(pieces.concat(), reply);
        assert!(pieces.iter().all(|piece| (1..=LONGEST_PIECE).contains(&piece.len())));
        assert!(pieces[0].ends_with(' ') && pieces_of("").eq([""]));
    }

    #[test]
    fn a_list_item_hangs_under_its_own_text() {
        let line = "- one two three";
        let rows = wrapped(line, 9, hanging(line));
        assert_eq!(
            rows.into_iter().map(|(row, lead)| (&line[row], lead)).collect::<Vec<_>>(),
            [("- one two ", 0), ("three", 2)]
        );
    }

    #[test]
    fn marks_fall_on_the_rows_of_the_words_they_mean() {
        let mut column = Column::default();
        column.talk.say(0, exchange("- one two three\nfour"));
        column.marks = Some(super::super::Marks { run: 1, words: vec![6..15, 16..18] });
        let rows = rows_from_end(
            &column,
            Drawing { width: 9, spin: 0, blind: false, held: None, reading: Reading::default() },
        );
        let marked: Vec<String> = rows
            .filter(|row| !row.marks.is_empty())
            .map(|row| row.marks.iter().map(|mark| &row.text[mark.clone()]).collect())
            .collect();
        assert_eq!(marked, ["fo", "three", "two "]);
    }
}
