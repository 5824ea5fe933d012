//! Everything at once: each action in each place, and random use; nothing panics and no text is lost.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::style::Color;

use std::sync::Arc;

use crate::error::Error;
use crate::git::Standing;
use crate::history::{Pace, Rating, Run, Totals};
use crate::library::{FileStamp, Which};
use crate::model::{Event, Finish, ToolCall, Usage, Wire};
use crate::prompt::Assumptions;
use crate::review::{Anchor, Entry, Lines, Reading, Review, Said};
use crate::tui::canvas::Canvas;
use crate::tui::committing::{When, Written};
use crate::tui::counting::Exact;
use crate::tui::draft::DraftText;
use crate::tui::keymap::TABLE;
use crate::tui::linting::ToLint;
use crate::tui::margins::{Beside, ToNote};
use crate::tui::msg::{Msg, OnDisk, Timer};
use crate::tui::outside::Came;
use crate::tui::past::Recalled;
use crate::tui::release::Told;
use crate::tui::tape::{Tape, Use};
use crate::tui::tests::{Workbench, past, prompt, tally_of, to_count};
use crate::tui::theme::Theme;
use crate::tui::update::keys;
use crate::tui::view;

/// Keys that lead to each place from the start.
pub(super) const PLACES: &[&str] = &[
    "1",
    "1 i",
    "1 shift-tab",
    "1 shift-tab shift-tab",
    "1 shift-tab shift-tab i",
    "2",
    "2 tab",
    "2 i",
    "3",
    "f1",
    "ctrl-p",
    "ctrl-o",
    "2 m",
    "3 a",
    "ctrl-f",
    "f8",
    "f8 tab tab",
    "f9",
    "f9 tab x",
    "f9 ctrl-r",
    "V",
    "1 z",
    "f",
    "2 f",
    "3 f",
    "space",
    "ctrl-o n",
    "2 i a enter",
    "M",
    "i { {",
    "i { { n",
    "R",
    "R e tab x tab",
    "f7",
    "f7 a",
    "2 a",
    "f3",
    "f3 / x",
    "f3 d",
    "$",
    "2 C",
    "2 i a enter esc s",
    "f3 x",
    "2 a enter",
    "2 a enter a enter tab",
    "2 o",
    "2 f6",
    "2 p",
    "2 p tab x tab tab right",
    "2 i x f6 /",
    "space D",
    "space D enter",
    "alt-u",
    "1 c",
    "1 c x alt-enter y",
    "1 m",
    "3 c",
    "6",
];

pub(super) fn rich() -> Workbench {
    let mut bench = prompt("Lost line.\n# Identity\nI am {{name}} of {{company}}.\n\n# Safety Rails\nNever.\n")
        .model("offline")
        .version("1.0.0")
        .version("1.1.0")
        .set("first", &[("name", "Ada"), ("company", "Lovelace Ltd")])
        .set("second", &[("name", "Bo")])
        .assumed(Assumptions { budget: Some(20), calls_per_month: Some(1000), reply_tokens: None })
        .open();
    bench.press("tab");
    super::lint::look(&mut bench);
    bench
}

fn draw(bench: &Workbench) {
    let (width, height) = bench.model.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view::draw(&bench.model, frame)).unwrap();
}

/// Asks for each action in each place, and for a few keys after it, which see a state that is in order.
fn ask_for_everything(start: fn() -> Workbench) {
    for place in PLACES {
        for entry in TABLE {
            let mut bench = start();
            bench.press(place);
            let before = bench.model.draft.is_some();
            keys::act(&mut bench.model, entry.action, &mut Vec::new());
            bench.tell(Msg::Resize(80, 24));
            draw(&bench);
            bench.press("x esc enter esc");
            assert_eq!(bench.model.draft.is_some(), before, "{} at {place}", entry.id);
        }
    }
}

#[test]
fn every_action_can_be_asked_for_in_every_place() {
    ask_for_everything(rich);
}

#[test]
fn every_action_can_be_asked_for_in_an_empty_library() {
    ask_for_everything(Workbench::empty);
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let code = prop_oneof![
        4 => prop::char::range('a', 'z').prop_map(KeyCode::Char),
        1 => prop::char::range('A', 'Z').prop_map(KeyCode::Char),
        // what is done with comments
        1 => prop::sample::select(vec!['c', 'm', 's', 'T', '}']).prop_map(KeyCode::Char),
        1 => prop::sample::select(vec!['#', ' ', '{', '}', '/', ':', '?', '1', '2', '3', '[', ']', 'é', '漢', '\u{200d}', '\u{1b}'])
            .prop_map(KeyCode::Char),
        6 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down, KeyCode::Left,
            KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown, KeyCode::Backspace,
            KeyCode::Delete, KeyCode::F(1), KeyCode::F(2), KeyCode::F(3), KeyCode::F(3), KeyCode::F(5), KeyCode::F(6), KeyCode::F(7), KeyCode::F(8), KeyCode::F(9), KeyCode::F(12), KeyCode::Null,
        ]),
    ];
    let modifiers = prop_oneof![
        6 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
        1 => Just(KeyModifiers::SHIFT),
    ];
    (code, modifiers).prop_map(|(code, modifiers)| KeyEvent::new(code, modifiers))
}

/// What somebody has said, beside a text that the draft may have had: comments, a suggestion, one that is settled, one whose
/// words are gone; or nobody any more.
fn noted() -> impl Strategy<Value = Msg> {
    let text = "Lost line.\n# Identity\nI am {{name}} of {{company}}.\n\n# Safety Rails\nNever.\n";
    let anchor = |line| Reading::of(text).anchor(line, line).unwrap();
    let gone = Lines { line: 3, quote: vec!["gone".into()], ..Lines::default() };
    let comment = |anchor, replacement: Option<&str>| Said::Comment {
        anchor,
        text: "Why \u{1b}[31m漢字?\nReally?".into(),
        replacement: replacement.map(str::to_owned),
    };
    let said = [
        ("a", comment(anchor(1), None)),
        ("b", comment(anchor(3), Some("I am {{name}}.\nHello."))),
        ("c", comment(anchor(6), None)),
        ("d", comment(Anchor::Lines(gone), None)),
        ("a", Said::Reply("Because.".into())),
        ("c", Said::Resolve { taken: false }),
    ];
    let entry = |(second, (id, said)): (usize, (&str, Said))| Entry {
        at: jiff::Timestamp::from_second(i64::try_from(second).unwrap() + 1).unwrap(),
        git: None,
        by: "Ben\u{202e}".into(),
        id: id.into(),
        said,
    };
    let review = Arc::new(Review::of(said.into_iter().enumerate().map(entry).collect()));
    (0..4_u64, prop::bool::weighted(0.8)).prop_map(move |(moment, any)| {
        let asked = ToNote {
            prompt: "greeter".into(),
            which: Which::Draft,
            beside: Beside::Draft((1, moment), DraftText::new(text)),
            known: None,
        };
        let review = if any { Arc::clone(&review) } else { Arc::default() };
        Msg::Noted(Box::new(asked.note(FileStamp::default(), review)))
    })
}

/// Findings of the text at the start, or none, as if they had just come.
fn found() -> impl Strategy<Value = Msg> {
    let bench = rich();
    let marks = std::sync::Arc::new(ToLint::of(bench.draft(), &bench.model.linting.table, bench.model.today).marks());
    assert!(marks.len() > 2, "{marks:?}");
    prop_oneof![
        2 => Just(Msg::Linted { moment: (1, 0, 0, 0), marks }),
        1 => Just(Msg::Linted { moment: (1, 1, 0, 0), marks: std::sync::Arc::default() }),
    ]
}

fn any_msg() -> impl Strategy<Value = Msg> {
    let kind = prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
        MouseEventKind::Moved,
    ]);
    prop_oneof![
        20 => any_key().prop_map(Msg::Key),
        3 => (kind, 0..130_u16, 0..45_u16).prop_map(|(kind, column, row)| {
            Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
        }),
        1 => (0..170_u16, 0..50_u16).prop_map(|(width, height)| Msg::Resize(width, height)),
        1 => prop::sample::select(vec!["x\r\ny", "# Output Format\nz", "", "{{name}}\u{202e}", "name=Bo\nx=1"])
            .prop_map(|text| Msg::Paste(text.to_owned())),
        1 => Just(Msg::Timer(Timer::Autosave)),
        1 => Just(Msg::Timer(Timer::Status)),
        1 => Just(Msg::Timer(Timer::Held)),
        1 => prop::sample::select(vec![Came::Unchanged, Came::Text("# Tone\nback".into()), Came::StillOpen("file".into())])
            .prop_map(|came| Msg::CameBack(Ok(came))),
        1 => Just(Msg::Timer(Timer::Journal)),
        2 => prop::option::of("(theirs |# Identity\n|# Safety Rails\n|\\{\\{x\\}\\}|\r\n){0,4}").prop_map(looked),
        1 => Just(Msg::Timer(Timer::Followers)),
        1 => Just(Msg::Timer(Timer::Lint)),
        2 => found(),
        3 => noted(),
        1 => (0..3_u64).prop_map(|dollars| Msg::Spent(Totals { today: dollars as f64, ..Totals::default() })),
        1 => (1..4_u64).prop_map(|count| Msg::Paces(vec![pace(count)])),
        1 => (0..3_u64, any::<bool>()).prop_map(|(number, replay)| Msg::Inserted { number, result: Ok(Some(tape(replay))) }),
        1 => (0..3_u64).prop_map(|number| Msg::Inserted { number, result: Ok(None) }),
        1 => Just(Msg::Cassettes(vec!["/l/cassettes/a.jsonl".into()])),
        3 => recalled().prop_map(Msg::Recalled),
        1 => (0..4_u64).prop_map(Msg::Shuffled),
        1 => (1..4_u64).prop_map(|number| Msg::Release(Told::Planned { number, plan: Err(Error::input("nothing 漢字 runs there")) })),
        1 => (0..3_usize).prop_map(|uncommitted| Msg::Git(Some(Standing { branch: "main".into(), uncommitted }))),
        1 => (0..3_u64).prop_map(|number| {
            let written = Written { files: vec!["/l/a".into()], what: format!("漢字 {number}"), when: if number % 2 == 0 { When::AtOnce } else { When::Gathered } };
            Msg::Wrote(written, Box::new(Msg::Judged(Ok(()))))
        }),
        1 => any::<bool>().prop_map(|is_done| Msg::Committed(if is_done { Ok(vec!["abc: 漢字".into()]) } else { Err(Error::input("no")) })),
        1 => (1..6_u64).prop_map(|run| {
            let blocks = crate::tui::play::render("**漢字** and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |");
            Msg::ReplyRendered { run, blocks }
        }),
        1 => (1..6_u64).prop_map(|opened| Msg::LaidOut { number: (opened << 20) + 1, shown: ("POST\n漢字".into(), true) }),
        4 => (1..6_u64, 0..13_u64).prop_map(|(run, kind)| Msg::Run { run, at_ms: 100 * kind, event: happened(kind) }),
    ]
}

/// A cassette that is in.
fn tape(replay: bool) -> Tape {
    let what = if replay { Use::Replay } else { Use::Record };
    Tape { what, file: "/l/cassettes/a.jsonl".into(), messages: vec!["Hello".into()], damaged: Vec::new(), fit: None }
}

/// How fast the offline model was in so many runs.
fn pace(count: u64) -> Pace {
    let figures = (0..count).map(|run| 100.0 + run as f64 * 30.0).collect::<Vec<_>>();
    Pace { model: "offline".into(), speed: figures.clone(), first_ms: figures }
}

/// What the history answers, to a question that was asked or to another one.
fn recalled() -> impl Strategy<Value = Recalled> {
    let runs = || {
        (1..4).map(|number| Run { id: number, prompt: "greeter".into(), ..past::run(number, "Hi\nthere 漢字", "Ho") })
    };
    prop_oneof![
        3 => (1..8_u64, any::<bool>()).prop_map(move |(number, goes_on)| past::listed(number, goes_on, &runs().collect::<Vec<_>>())),
        2 => (1..4_i64).prop_map(move |id| past::read(runs().nth(id as usize - 1).unwrap())),
        1 => (1..4_i64).prop_map(|id| Recalled::Rated { id, rating: Some(Rating::Good), result: Ok(true) }),
        1 => (1..4_i64).prop_map(|id| Recalled::Deleted { id, result: Ok(()) }),
        1 => (1..8_u64).prop_map(|number| Recalled::Listed { number, goes_on: false, result: Err(Error::input("damaged")) }),
    ]
}

/// Something that happens while a reply comes in.
fn happened(kind: u64) -> Event {
    match kind {
        0 => Event::Started,
        1..=4 => Event::Text(["word ", "\n- item two three ", "\n```\n", "漢字 "][kind as usize - 1].to_owned()),
        5 => Event::Thinking("hm ".into()),
        6 => Event::Usage(Usage { output: Some(7), ..Usage::default() }),
        8 => Event::Wire(Wire::Request(super::wire::envelope("{\"system\":\"I am Ada of Lovelace Ltd\"}"))),
        9 => Event::Wire(Wire::Head("HTTP/1.1 200 OK\nx-y: z\n".into())),
        10 => Event::Wire(Wire::Body("data: {\"a\": \"漢字\"}\r\n\r\n".into())),
        11 => Event::Wire(Wire::Cut),
        7 => Event::Tool(ToolCall { name: "look_up".into(), ..ToolCall::default() }),
        _ => Event::Done { finish: Finish::End, failure: None },
    }
}

/// Two columns side by side, a message, and both replies on their way.
fn playing() -> Workbench {
    let mut bench = rich();
    bench.press("2 a home enter i");
    bench.type_text("Hello");
    bench.press("enter");
    assert_eq!(bench.model.play.running().count(), 2, "{}", bench.said());
    bench
}

/// Somebody else has written this into the file, or taken it away.
fn looked(text: Option<String>) -> Msg {
    let found = text.map_or(OnDisk::Missing, |text| {
        let stamp = crate::library::Stamp::of(&text);
        OnDisk::Text { text: text.into(), stamp }
    });
    Msg::Looked { prompt: "greeter".into(), found: Some(found), others: Vec::new() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_frame_that_draws_only_what_changed_is_the_whole_frame(
        play: bool,
        ground: bool,
        msgs in prop::collection::vec(any_msg(), 1..80),
    ) {
        let mut bench = if play { playing() } else { rich() };
        if ground {
            bench.model.theme = Theme::built_in("light").unwrap().with_ground();
        }
        let (width, height) = bench.model.size;
        let mut canvas = Canvas::new(width, height);
        let mut asked = None;
        for (at, msg) in msgs.iter().enumerate() {
            let effects = bench.tell(msg.clone());
            // counts come in late, some of them for a text that has changed since
            asked = to_count(&effects).or(asked);
            if at % 3 == 2 && let Some(asked) = asked.take() {
                let mut tally = tally_of(&asked);
                // of some texts the model's own server has said it
                tally.exact = (at % 2 == 0).then(|| Exact { tokens: tally.counts.total, replaced: Vec::new() });
                bench.tell(Msg::Counted(std::sync::Arc::new(tally)));
            }
            if canvas.size() != bench.model.size {
                canvas = Canvas::new(bench.model.size.0, bench.model.size.1);
            }
            let cursor = view::draw_on(&bench.model, &mut canvas);
            canvas.take_changes();
            prop_assert_eq!(canvas.forgotten(), None, "drawn and not shown after {:?}", &msgs[..=at]);
            let mut whole = Canvas::new(bench.model.size.0, bench.model.size.1);
            prop_assert_eq!(cursor, view::draw_on(&bench.model, &mut whole), "the cursor after {:?}", &msgs[..=at]);
            if let Some(draft) = &bench.model.draft {
                let template = draft.panes.iter().map(|pane| pane.rope().len_bytes()).sum();
                let anew = draft.values.rows(&crate::tui::draft::used(draft), template);
                prop_assert_eq!(&draft.rows, &anew, "the variables after {:?}", &msgs[..=at]);
            }
            for (index, (cell, wanted)) in canvas.cells.content.iter().zip(&whole.cells.content).enumerate() {
                // a blank looks the same in any colour of text
                let looks = |cell: &Cell| (cell.symbol().to_owned(), cell.bg, cell.modifier, cell.symbol() == " " || cell.fg == wanted.fg);
                prop_assert_eq!(looks(cell), looks(wanted), "cell {} after {:?}", index, &msgs[..=at]);
            }
            let hole = whole.cells.content.iter().position(|cell| ground && cell.bg == Color::Reset);
            prop_assert_eq!(hole, None, "the terminal's own ground after {:?}", &msgs[..=at]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_use_never_panics_and_undoing_everything_restores_the_text(msgs in prop::collection::vec(any_msg(), 1..160)) {
        let mut bench = rich();
        let before = bench.text();
        for (at, msg) in msgs.into_iter().enumerate() {
            let effects = bench.tell(msg);
            bench.reconciled(&effects);
            if at % 8 == 0 {
                draw(&bench);
            }
        }
        // what a later parse of the file would show is what the panes hold
        let after = bench.text();
        prop_assert_eq!(crate::prompt::Document::parse(&after).to_text(), after);
        let draft = bench.model.draft.as_mut().unwrap();
        while draft.undo() {}
        prop_assert_eq!(bench.text(), before);
    }
}

#[test]
fn a_line_of_the_preview_that_comes_back_to_a_row_that_was_blank_is_drawn() {
    let mut bench = rich();
    let (width, height) = bench.model.size;
    let mut canvas = Canvas::new(width, height);
    let wheel = MouseEvent { kind: MouseEventKind::ScrollDown, column: 72, row: 13, modifiers: KeyModifiers::NONE };
    let back = KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE);
    for msg in [Msg::Resize(width, height), Msg::Mouse(wheel), Msg::Key(back)] {
        bench.tell(msg);
        view::draw_on(&bench.model, &mut canvas);
        canvas.take_changes();
    }
    let mut whole = Canvas::new(width, height);
    view::draw_on(&bench.model, &mut whole);
    let text = |canvas: &Canvas| canvas.cells.content.iter().map(|cell| cell.symbol().to_owned()).collect::<String>();
    assert_eq!(text(&canvas), text(&whole));
}
