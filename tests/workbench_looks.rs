//! How the workbench looks on terminals that can do little: the real program, and every byte that it sends.
#![cfg(unix)]

#[expect(dead_code, reason = "the tests of the workbench's main job use the rest of it")]
mod pty;

use pty::Home;

/// Opens the workbench in this environment, walks over its screens and leaves; every byte it has sent.
fn bytes(args: &[&str], environment: &[(&str, &str)]) -> String {
    let home = Home::new();
    home.write("greeter/draft/system_prompt.txt", "# Identity & Role\nYou are {{name}}.\n");
    let mut session = home.open_with((100, 30), args, environment);
    session.sees(" NAV ");
    session.type_text("23?");
    session.sees("Help: the keys");
    session.escape();
    session.loses("Help: the keys");
    session.type_text("q");
    session.ended();
    String::from_utf8_lossy(&session.raw).into_owned()
}

fn is_ascii(args: &[&str], environment: &[(&str, &str)]) -> bool {
    bytes(args, environment).is_ascii()
}

#[test]
fn ascii_alone_is_sent_where_it_is_asked_for_or_where_the_terminal_can_show_nothing_else() {
    assert!(is_ascii(&["--ascii"], &[]));
    assert!(is_ascii(&[], &[("TERM", "linux")]));
    assert!(is_ascii(&[], &[("LANG", "en_GB.ISO-8859-1")]));
    assert!(!is_ascii(&[], &[]), "lines are drawn where they can be");
}

#[test]
fn each_depth_of_colour_gets_its_own_codes_and_no_others() {
    let any = |text: &str| text.contains("[38;2;") || text.contains(";38;2;");
    let indexed = |text: &str| text.contains("38;5;");
    let of_16 = bytes(&[], &[("TERM", "xterm")]);
    let of_256 = bytes(&[], &[("TERM", "xterm-256color")]);
    let of_all = bytes(&[], &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]);
    assert!(any(&of_all) && !any(&of_256) && !any(&of_16));
    assert!(indexed(&of_256), "256 colours are used by their number");
    // the sixteen are written by their number too, which is at most 15
    let numbers = of_16.split("8;5;").skip(1).filter_map(|rest| {
        rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse::<u8>().ok())
    });
    assert!(numbers.into_iter().all(|number| number < 16));
}

#[test]
fn nothing_blinks() {
    let sent = bytes(&[], &[("COLORTERM", "truecolor")]);
    for blinking in ["[5m", ";5m", "[6m", "\u{1b}[?12h", "\u{1b}[1 q", "\u{1b}[3 q", "\u{1b}[5 q"] {
        let places: Vec<_> = sent.match_indices(blinking).map(|(at, _)| &sent[at.saturating_sub(12)..at + 3]).collect();
        // `38;5;5m` is a colour
        assert!(places.iter().all(|place| place.contains("8;5;")), "{blinking:?} in {places:?}");
    }
}
