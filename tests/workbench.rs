//! The workbench as a person meets it: the real program in a terminal, from keys to files.
#![cfg(unix)]

#[expect(dead_code, reason = "the tests of what is lost use the rest of it")]
mod pty;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::fs;

use pty::{Home, Session};
use rustix::process::Signal;
use servers::FakeServer;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (160, 45);
const DRAFT: &str = "customer_support/draft/system_prompt.txt";

const CTRL_O: &[u8] = b"\x0f";
const CTRL_Q: &[u8] = b"\x11";
const CTRL_S: &[u8] = b"\x13";
const ENTER: &[u8] = b"\r";
const TAB: &[u8] = b"\t";
const F8: &[u8] = b"\x1b[19~";

/// The workbench on the samples, ready for keys.
fn on_samples(home: &Home, size: (u16, u16)) -> Session {
    let mut session = home.open(size);
    session.sees(" NAV ");
    session
}

/// The same, with a few words typed at the start of the first section.
fn with_words(home: &Home, words: &str) -> Session {
    let mut session = on_samples(home, SMALL);
    session.send(ENTER);
    session.sees(" EDIT ");
    session.type_text(words);
    session.sees(words);
    session
}

fn the_main_job(size: (u16, u16)) {
    let home = Home::new();
    let library = home.library().display().to_string();
    let mut session = home.start(size, &["demo", &library], &[]);
    session.sees("1 Identity & Role");
    session.sees(" NAV ");

    // write: the preview fills as one types
    session.send(ENTER);
    session.sees(" EDIT ");
    session.type_text("Dear {{company_name}}! ");
    session.sees("Dear {{company_name}}! ");
    session.sees("Dear Lanternworks!");
    session.send(CTRL_S);
    session.sees("saved");
    assert!(home.read(DRAFT).contains("Dear {{company_name}}! You are Wren"), "{}", home.read(DRAFT));
    session.escape();

    // playtest: the reply streams in and ends
    session.type_text("2");
    session.sees("[2 Play]");
    session.send(ENTER);
    session.sees(" EDIT ");
    session.type_text("My export stops at 50,000 rows.");
    session.sees("My export stops at 50,000 rows.");
    session.send(ENTER);
    session.sees("ok, done");
    session.escape();

    // freeze a version
    session.send(F8);
    session.sees("Freeze a version of customer_support");
    session.sees("proposed: minor");
    session.type_text("A greeting");
    session.send(TAB);
    session.type_text("Customers missed it");
    session.send(TAB);
    session.sees("[▸ Freeze this version ]");
    session.send(ENTER);
    session.sees("frozen as v1.3.0");
    let frozen = fs::read_dir(home.prompt("customer_support")).expect("the prompt").flatten();
    let folder = frozen.map(|entry| entry.path()).find(|path| path.display().to_string().contains("v1.3.0_"));
    let folder = folder.expect("the version's folder");
    let text = fs::read_to_string(folder.join("system_prompt.txt")).expect("its text");
    assert_eq!(text, home.read(DRAFT));
    let changelog = fs::read_to_string(folder.join("changelog.md")).expect("its changelog");
    for words in ["A greeting", "Customers missed it", "1.2.0"] {
        assert!(changelog.contains(words), "{words} is not in\n{changelog}");
    }
    assert!(home.run(&["--library", &library, "verify"]).status.success(), "the seal holds");

    // compare with the version before, word by word
    session.type_text("3");
    session.sees("[3 Diff]");
    session.sees("draft");
    session.type_text("a");
    session.sees("Left side");
    session.sees("v1.2.0");
    session.type_text("j");
    session.sees("▸ v1.2.0");
    session.send(ENTER);
    session.sees("change 1/");
    session.sees("Dear {{company_name}}!");

    session.type_text("q");
    assert!(session.ended().success());
    session.is_as_it_was();
}

#[test]
fn the_main_job_is_done_at_80x24() {
    the_main_job(SMALL);
}

#[test]
fn the_main_job_is_done_at_160x45() {
    the_main_job(LARGE);
}

#[test]
fn quitting_saves_and_leaves_the_terminal_as_it_was() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    session.send(CTRL_Q);
    assert!(session.ended().success());
    session.is_as_it_was();
    assert!(home.read(DRAFT).contains("Quick words. You are Wren"));
}

#[test]
fn being_ended_saves_and_leaves_the_terminal_as_it_was() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let home = Home::with_samples();
        let mut session = with_words(&home, "Quick words. ");
        session.signal(signal);
        let status = session.ended();
        assert_eq!(status.exit_code(), 128 + signal.as_raw().unsigned_abs(), "after {signal:?}");
        session.is_as_it_was();
        assert!(home.read(DRAFT).contains("Quick words. You are Wren"), "after {signal:?}");
    }
}

#[test]
fn what_was_typed_is_on_disk_when_the_terminal_goes_away() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    let status = session.terminal_goes_away();
    let text = home.read(DRAFT);
    assert!(text.contains("Quick words. You are Wren"), "it ended with {status:?} and left\n{text}");
}

#[test]
fn a_pause_in_typing_saves_so_that_a_kill_loses_nothing() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    session.is_saved();
    session.signal(Signal::KILL);
    session.ended();
    assert!(home.read(DRAFT).contains("Quick words. You are Wren"));
}

#[test]
fn a_message_that_was_not_sent_is_there_at_the_next_start() {
    let home = Home::with_samples();
    let mut session = on_samples(&home, SMALL);
    session.type_text("2i");
    session.sees(" EDIT ");
    session.type_text("Not sent yet");
    session.sees("Not sent yet");
    session.send(CTRL_Q);
    session.ended();
    let mut session = on_samples(&home, SMALL);
    session.type_text("2");
    session.sees("Not sent yet");
}

#[test]
fn a_stop_gives_the_terminal_back_and_going_on_takes_it_again() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    session.signal(Signal::TSTP);
    session.is_stopped();
    session.is_as_it_was();
    session.signal(Signal::CONT);
    session.sees("back again");
    assert!(session.screen().alternate_screen());
    session.sees("Quick words. ");
    session.type_text("And more. ");
    session.sees("Quick words. And more. ");
    session.send(CTRL_Q);
    session.ended();
    session.is_as_it_was();
}

#[test]
fn a_paste_with_foreign_line_endings_takes_those_of_the_file() {
    let home = Home::with_samples();
    let mut session = on_samples(&home, SMALL);
    session.send(ENTER);
    session.sees(" EDIT ");
    session.send(b"\x1b[200~One\r\nTwo\rq\x1b[201~");
    session.sees("One");
    session.send(CTRL_Q);
    session.ended();
    assert!(home.read(DRAFT).contains("One\nTwo\nqYou are Wren"), "{}", home.read(DRAFT));
}

#[test]
fn a_click_places_the_cursor_and_a_tab_can_be_clicked() {
    let home = Home::with_samples();
    let mut session = on_samples(&home, SMALL);
    let (column, row) = session.place("Hand over at once");
    session.click(column, row);
    session.sees(" EDIT ");
    session.type_text("Quick words. ");
    session.sees("Quick words. Hand over");
    let (column, row) = session.place("3 Diff");
    session.click(column, row);
    session.sees("[3 Diff]");
    session.send(CTRL_Q);
    session.ended();
    assert!(home.read(DRAFT).contains("# Safety Rails\n\nQuick words. Hand over at once"));
}

#[test]
fn a_resize_is_followed_and_loses_nothing() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    session.resize((40, 10));
    session.sees("greenroom needs 60x16");
    session.type_text("And more. ");
    session.resize((20, 4));
    session.sees("this is 20x4");
    session.resize(LARGE);
    session.sees("Quick words. And more. ");
    session.sees("~/library");
}

#[test]
fn a_terminal_that_wants_no_colours_gets_none() {
    let home = Home::with_samples();
    let mut session = home.open_with(SMALL, &[], &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    session.sees(" NAV ");
    session.type_text("23?");
    session.sees("Help: the keys");
    session.escape();
    session.type_text("q");
    session.ended();
    assert_eq!(colours(&session.raw), Vec::<String>::new());
}

/// Every sequence that sets a colour.
fn colours(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    let sets = |part: &str| {
        part.parse::<u8>().is_ok_and(|number| matches!(number, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107))
    };
    sequences.filter(|sequence| sequence.split([';', ':']).any(sets)).collect()
}

#[test]
fn a_terminal_that_cannot_move_the_cursor_is_told_what_to_use_instead() {
    let home = Home::with_samples();
    let mut session = home.open_with(SMALL, &[], &[("TERM", "dumb")]);
    assert_eq!(session.ended().exit_code(), 2);
    assert!(session.text().contains("TERM is dumb"), "{}", session.text());
    assert!(session.text().contains("greenroom list"), "{}", session.text());
}

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let home = Home::with_samples();
    let library = home.library().display().to_string();
    for args in [&["--library", &library][..], &["demo"], &["demo", "fresh"]] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("needs a terminal") && said.contains("greenroom list"), "{said}");
    }
    assert!(!home.path().join("fresh").exists(), "nothing is copied for a workbench that cannot open");
}

#[test]
fn a_prompt_that_is_not_there_is_named_before_the_screen_is_taken() {
    let home = Home::with_samples();
    let mut session = home.open_with(SMALL, &["custmer_support"], &[]);
    assert_eq!(session.ended().exit_code(), 2);
    assert!(session.text().contains("custmer_support"), "{}", session.text());
    assert!(!session.raw.windows(8).any(|bytes| bytes == b"\x1b[?1049h"), "the screen was taken");
}

/// The workbench with `Quick words. ` typed, the second word since the file cannot be written.
fn with_words_that_cannot_be_saved(home: &Home) -> Session {
    let mut session = with_words(home, "Quick ");
    session.is_saved();
    fs::remove_file(home.prompt(DRAFT)).expect("the draft");
    fs::create_dir(home.prompt(DRAFT)).expect("a folder in its place");
    session.type_text("words. ");
    session.sees("Quick words. ");
    session
}

#[test]
fn a_draft_that_cannot_be_written_is_said_and_the_text_is_kept() {
    let home = Home::with_samples();
    let mut session = with_words_that_cannot_be_saved(&home);
    session.send(CTRL_S);
    session.sees("not saved");
    session.send(CTRL_Q);
    session.sees("Leave all the same?");
    session.send(ENTER);
    session.loses("Leave all the same?");
    session.sees("Quick words. ");
    session.send(CTRL_Q);
    session.sees("Leave all the same?");
    session.send(b"\x1b[C");
    session.sees("[▸ Leave, put it aside ]");
    session.send(ENTER);
    session.ended();
    session.is_as_it_was();
}

#[test]
fn what_cannot_be_written_when_the_program_is_ended_is_put_aside() {
    let home = Home::with_samples();
    let mut session = with_words_that_cannot_be_saved(&home);
    session.signal(Signal::TERM);
    assert_ne!(session.ended().exit_code(), 0);
    session.is_as_it_was();
    let rescued = home.path().join(".local/state/greenroom/rescued/customer_support-1.txt");
    let text = fs::read_to_string(&rescued).unwrap_or_else(|error| panic!("{error}; it said\n{}", session.text()));
    assert!(text.contains("Quick words. You are Wren"));
}

#[test]
fn a_damaged_prompt_is_shown_and_the_others_open() {
    let home = Home::with_samples();
    home.write("customer_support/draft/config.json", "{\n  \"model\": ,\n}\n");
    let mut session = on_samples(&home, LARGE);
    session.sees("recipe_ideas");
    session.send(CTRL_O);
    session.sees("! damaged");
    session.sees("draft/config.json:2");
    session.type_text("g");
    session.send(ENTER);
    session.sees("prompts/customer_support/draft/config.json");
    session.sees("Pepper");
}

#[test]
fn escape_stops_a_server_that_never_answers_and_closes_its_socket() {
    let home = Home::with_samples();
    let server = FakeServer::always(vec![servers::Step::Hold]);
    home.write("customer_support/draft/config.json", "{\"model\": \"openai:test\"}\n");
    let url = format!("{}/v1", server.url());
    let environment = [("OPENAI_BASE_URL", url.as_str()), ("OPENAI_API_KEY", "sk-secret-in-tests")];
    let mut session = home.open_with(SMALL, &[], &environment);
    session.sees(" NAV ");
    session.type_text("2i");
    session.sees(" EDIT ");
    session.type_text("Hello");
    session.send(ENTER);
    assert!(server.request_came());
    session.sees("waiting");
    session.send(b"\x1b");
    session.sees("stopped by you");
    assert!(server.client_went_away());
    session.send(CTRL_Q);
    session.ended();
    assert!(!String::from_utf8_lossy(&session.raw).contains("sk-secret"), "the key is on the screen");
}

#[test]
fn the_prompt_is_counted_by_its_models_server_after_a_yes_and_the_count_is_there_at_the_next_start() {
    let home = Home::with_samples();
    let count = |tokens: u64| servers::json("200 OK", &format!("{{\"input_tokens\": {tokens}}}"));
    let server = FakeServer::start(vec![count(8), count(1242)]);
    home.write("customer_support/draft/config.json", "{\"model\": \"anthropic:claude-haiku-4-5\"}\n");
    let proxy = server.url();
    let environment = [
        ("http_proxy", proxy.as_str()),
        ("ANTHROPIC_BASE_URL", "http://models.example.test"),
        ("ANTHROPIC_API_KEY", "sk-secret-in-tests"),
    ];
    let mut session = home.open_with(LARGE, &[], &environment);
    session.sees(" NAV ");
    session.send(b"\x1b[20~");
    session.sees("an estimate, by");
    session.send(b"\x12");
    session.sees("Send this to models.example.test?");
    assert!(server.received().is_empty(), "nothing is sent before the answer");
    session.send(b"\x1b[C\r");
    session.sees("exactly 1,234 with the declared examples of user_name");
    session.send(CTRL_Q);
    session.ended();
    assert!(!String::from_utf8_lossy(&session.raw).contains("sk-secret"), "the key is on the screen");
    let mut again = home.open_with(LARGE, &[], &environment);
    again.sees(" NAV ");
    again.send(b"\x1b[20~");
    again.sees("exactly 1,234 with the declared examples of user_name");
    assert_eq!(server.received().len(), 2, "the same text is not sent again");
}

#[test]
fn a_reply_full_of_escape_sequences_drives_no_terminal() {
    let home = Home::with_samples();
    let hostile = "\u{1b}[?1049l\u{1b}]0;owned\u{7}\u{1b}[2Jplain end";
    let server = FakeServer::always(servers::stream(&servers::openai_reply(&[hostile])));
    home.write("customer_support/draft/config.json", "{\"model\": \"openai:test\"}\n");
    let url = format!("{}/v1", server.url());
    let mut session = home.open_with(SMALL, &[], &[("OPENAI_BASE_URL", url.as_str()), ("OPENAI_API_KEY", "k")]);
    session.sees(" NAV ");
    session.type_text("2i");
    session.sees(" EDIT ");
    session.type_text("Hello");
    session.send(ENTER);
    session.sees("ok, done");
    session.sees("plain end");
    assert!(session.screen().alternate_screen());
    assert!(!String::from_utf8_lossy(&session.raw).contains("\u{1b}]0;owned"));
}

#[test]
fn a_first_start_without_a_library_opens_the_samples() {
    let home = Home::new();
    let mut session = home.start(SMALL, &[], &[]);
    session.sees("customer_support");
    session.sees("Welcome to greenroom");
    session.sees("greenroom tutor");
    // any key closes the page, and does nothing else
    session.type_text("q");
    session.loses("Welcome to greenroom");
    session.sees(" NAV ");
    session.type_text("q");
    assert!(session.ended().success());
    assert!(home.path().join(".local/share/greenroom/library/prompts/customer_support").is_dir());

    let mut again = home.start(SMALL, &[], &[]);
    again.sees(" NAV ");
    assert!(!again.text().contains("Welcome to greenroom"), "{}", again.text());
    again.type_text("q");
    assert!(again.ended().success());
}

#[test]
fn the_tour_opens_on_a_copy_that_goes_away() {
    let home = Home::new();
    let temporary = home.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let count = || fs::read_dir(&temporary).unwrap().count();
    let mut session = home.start(SMALL, &["tutor"], &[("TMPDIR", temporary.to_str().unwrap())]);
    session.sees("1/9 Write a line");
    assert_eq!(count(), 1);
    session.send(ENTER);
    session.sees(" EDIT ");
    session.type_text("A line");
    session.sees("A line");
    session.escape();
    session.sees("well done! 2/9");
    session.send(CTRL_Q);
    assert!(session.ended().success());
    assert_eq!(count(), 0, "the copy is gone");
    assert!(!home.path().join(".local/share/greenroom").exists(), "nothing else was made");
}
