//! The story through the screen: two people at their workbenches, in turns, at a small and at a large terminal.

use std::fs;

use crate::people::{PROMPT, Person, SETTINGS};
use crate::pty::{Home, Session};

const ENTER: &[u8] = b"\r";
const TAB: &[u8] = b"\t";
const RIGHT: &[u8] = b"\x1b[C";
const END: &[u8] = b"\x1b[F";
const CTRL_S: &[u8] = b"\x13";
const F8: &[u8] = b"\x1b[19~";

/// What Paula adds, as a line of its own.
const KIND: &str = "- Be kind before you are clever.";

/// Somebody at a workbench of their own.
struct Seat<'h> {
    home: &'h Home,
    size: (u16, u16),
    person: Person,
}

impl Seat<'_> {
    /// Sits down: the prompt is open on the Draft screen.
    fn sits_down(&self) -> Session {
        let own = self.person.home.display().to_string();
        let mut session = self.home.open_with(self.size, &[PROMPT], &[("HOME", &own)]);
        session.sees("1 Identity & Role");
        session.sees(" NAV ");
        session
    }

    /// Sits down and goes to the Review screen.
    fn reviews(&self) -> Session {
        let mut session = self.sits_down();
        session.type_text("6");
        session.sees("Review of draft");
        session
    }
}

fn leaves(mut session: Session) {
    session.send(b"\x11");
    assert!(session.ended().success());
    session.is_as_it_was();
}

/// Goes down to the row that begins with this number and these words.
fn goes_to_line(session: &mut Session, number: usize, words: &str) {
    session.type_text(&"j".repeat(number - 1));
    session.sees(&format!("▸ {number:>4} {words}"));
}

/// Answers the box that has opened.
fn says(session: &mut Session, title: &str, words: &str, done: &str) {
    session.sees(title);
    session.type_text(words);
    session.sees(words);
    session.send(ENTER);
    session.sees(done);
}

fn from_draft_to_production_and_back(size: (u16, u16)) {
    let home = Home::with_samples();
    fs::write(home.library().join("greenroom.toml"), SETTINGS).unwrap();
    let [paula, emil] = ["Paula", "Emil"].map(|name| Seat {
        home: &home,
        size,
        person: Person::new(name, home.path(), home.library()),
    });
    emil.person.reviews("customer_support@1.2.0", &["approve"]);
    emil.person.does(&["deploy", "customer_support@1.2.0", "--why", "What runs already"]);

    // Paula writes and hands over
    let mut session = paula.sits_down();
    session.send(TAB);
    session.edits();
    session.send(END);
    session.send(ENTER);
    session.type_text(KIND);
    session.sees(KIND);
    session.send(CTRL_S);
    session.is_saved();
    session.escape();
    session.type_text("6");
    session.sees("Review of draft");
    session.sees("you: Paula");
    session.type_text("W");
    session.sees("handed over for review");
    leaves(session);

    // Emil has two comments and a suggestion, and wants changes
    let line: usize = emil.person.line_of(KIND).parse().unwrap();
    let mut session = emil.reviews();
    goes_to_line(&mut session, line, KIND);
    session.type_text("c");
    says(&mut session, "Comment", "Kind in which way?", "ok said");
    session.sees("1 said, 1 open");
    session.sees("│ Kind in which way?");
    session.type_text("s");
    says(&mut session, &format!("Suggest for line {line}"), " Always.", "ok suggested");
    session.sees("│ + - Be kind before you are clever. Always.");
    session.type_text("g");
    session.sees("▸    1 # Identity & Role");
    session.type_text("c");
    says(&mut session, "Comment", "Who tells support?", "ok said");
    session.sees("│ Who tells support?");
    session.type_text("X");
    says(&mut session, "Request changes", "See what I said", "changes are requested");
    session.sees("3 said, 3 open");
    leaves(session);

    // Paula answers, settles and takes
    let mut session = paula.reviews();
    session.sees("wants changes");
    session.sees("See what I said");
    session.type_text("n");
    session.type_text("r");
    says(&mut session, "Answer", "I do, today", "ok answered");
    session.type_text("x");
    session.sees("ok settled");
    session.sees("3 said, 2 open");
    session.type_text("n");
    session.sees("▸      │ Emil");
    session.type_text("x");
    session.sees("3 said, 1 open");
    session.type_text("n");
    session.type_text("T");
    session.sees("3 said, 0 open");
    session.is_saved();
    leaves(session);
    let draft = "customer_support/draft/system_prompt.txt";
    assert!(home.read(draft).contains("- Be kind before you are clever. Always.\n"));

    // Emil approves
    let mut session = emil.reviews();
    session.sees("wanted changes of other bytes");
    session.type_text("A");
    says(&mut session, "Approve exactly these bytes, ", "Good", "approved: exactly these bytes");
    session.sees("approves exactly these bytes");
    leaves(session);

    // one byte changes, and the approval is void; frozen all the same, it is not released
    let mut session = paula.sits_down();
    session.edits();
    session.type_text("X");
    session.send(CTRL_S);
    session.is_saved();
    session.escape();
    session.type_text("6");
    session.sees("approved other bytes: void");
    session.send(F8);
    session.sees("[minor 1.3.0]");
    session.type_text("Kinder");
    session.send(TAB);
    session.type_text("The survey");
    session.send(TAB);
    session.sees("[▸ Freeze this version ]");
    session.send(ENTER);
    session.sees("frozen as v1.3.0");
    session.type_text(" D");
    session.sees("▸ v1.3.0");
    session.send(ENTER);
    session.sees("! not met: approval: nobody has approved these bytes");
    session.sees("[▸ Cancel ]");
    session.send(ENTER);
    session.loses("Deploy customer_support");
    leaves(session);
    assert_eq!(paula.person.ledger("releases.jsonl").len(), 1);

    // approved as it was frozen, and deployed
    let mut session = emil.reviews();
    session.type_text("a");
    session.sees("What is reviewed");
    session.type_text("j");
    session.sees("▸ v1.3.0");
    session.send(ENTER);
    session.sees("Review of v1.3.0");
    session.type_text("A");
    says(&mut session, "Approve exactly these bytes, ", "Read again", "approved: exactly these bytes");
    leaves(session);
    let mut session = paula.sits_down();
    session.type_text(" D");
    session.sees("▸ v1.3.0");
    session.send(ENTER);
    session.sees("ok approval: approved by Emil");
    session.type_text("Survey");
    session.send(RIGHT);
    session.sees("[▸ Deploy ]");
    session.send(ENTER);
    session.sees("production runs 1.3.0");

    // an incident is noticed and begun; back it goes: two keys and a yes
    session.type_text("2");
    session.sees("[2 Play]");
    session.edits();
    session.type_text("Where is Full export?");
    session.send(ENTER);
    session.sees("ok, done");
    session.escape();
    session.type_text("s");
    session.sees("Keep this turn as");
    session.type_text("jj");
    session.sees("▸ the start of an incident");
    session.send(ENTER);
    session.sees("What happened");
    session.send(ENTER);
    session.sees("[▸ Examples ]");
    session.send(ENTER);
    session.sees("ok begun as");
    session.type_text(" b");
    session.sees("production runs 1.3.0 now, and 1.2.0 from then on");
    session.sees("takes back 1.3.0");
    session.sees("[▸ Cancel ]");
    session.type_text("Full export is not found");
    session.send(RIGHT);
    session.sees("[▸ Roll back ]");
    session.send(ENTER);
    session.sees("production is back at 1.2.0");
    session.type_text(" L");
    session.sees("rollback 1.2.0");
    session.sees("Paula: Full export");
    session.escape();
    leaves(session);

    // the same is told by the commands
    let kinds: Vec<_> = paula.person.ledger("releases.jsonl").iter().map(|line| line["kind"].clone()).collect();
    assert_eq!(kinds, ["deploy", "deploy", "rollback"]);
    let log = emil.person.does(&["log", PROMPT]);
    for told in [
        "changes requested by Emil, void since something changed: See what I said",
        "approved by Emil, void since something changed: Good",
        "approved by Emil: Read again",
        "deployed to production by Paula: Survey",
        "rolled back in production to 1.2.0 by Paula: Full export is not found",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    let incidents = fs::read_dir(paula.person.file("incidents")).unwrap().count();
    assert_eq!(incidents, 1);
    assert!(emil.person.does(&["verify"]).lines().all(|line| line.starts_with("ok ")));
}

#[test]
fn from_a_draft_to_production_and_back_at_80x24() {
    from_draft_to_production_and_back((80, 24));
}

#[test]
fn from_a_draft_to_production_and_back_at_160x45() {
    from_draft_to_production_and_back((160, 45));
}
