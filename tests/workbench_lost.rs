//! Nothing is lost: the real program is killed, its files are taken away from under it, and it is started again.
#![cfg(unix)]

#[expect(dead_code, reason = "the other tests of the workbench use the rest of it")]
mod pty;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use pty::{Home, Session};
use rustix::process::Signal;

const SMALL: (u16, u16) = (80, 24);
const DRAFT: &str = "customer_support/draft/system_prompt.txt";

const CTRL_S: &[u8] = b"\x13";
const CTRL_Z: &[u8] = b"\x1a";
const ENTER: &[u8] = b"\r";

fn on_samples(home: &Home) -> Session {
    let mut session = home.open(SMALL);
    session.sees(" NAV ");
    session
}

/// The workbench with a few words typed at the start of the first section.
fn with_words(home: &Home, words: &str) -> Session {
    let mut session = on_samples(home);
    session.edits();
    // pasted, so that they are one undo step
    session.send(format!("\x1b[200~{words}\x1b[201~").as_bytes());
    session.sees(words);
    session
}

/// Makes the draft's file one that cannot be written, and gives back what it held.
fn taken_away(home: &Home) -> String {
    let text = home.read(DRAFT);
    fs::remove_file(home.prompt(DRAFT)).expect("the draft");
    fs::create_dir(home.prompt(DRAFT)).expect("a folder in its place");
    text
}

fn given_back(home: &Home, text: &str) {
    fs::remove_dir(home.prompt(DRAFT)).expect("the folder in its place");
    home.write(DRAFT, text);
}

fn state(home: &Home, folder: &str) -> Vec<PathBuf> {
    let folder = home.path().join(".local/state/greenroom").join(folder);
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    found.map(|entry| entry.expect("an entry").path()).collect()
}

/// The workbench with words that are in the journal and not in the file, which cannot be written; and what it held.
fn unsaved(home: &Home, words: &str) -> (Session, String) {
    let mut session = on_samples(home);
    let before = taken_away(home);
    session.edits();
    session.type_text(words);
    // the journal is written before it is tried to write the file
    session.sees("not saved");
    (session, before)
}

/// Types words that are in the journal and not in the file, and is killed.
fn killed_with(home: &Home, words: &str) -> String {
    let (mut session, before) = unsaved(home, words);
    session.signal(Signal::KILL);
    session.ended();
    given_back(home, &before);
    before
}

/// Chooses to merge when that is asked.
fn merges(session: &mut Session) {
    session.sees("was changed by somebody else");
    session.send(b"\x1b[C\x1b[C\x1b[C");
    session.sees("[▸ Merge ]");
    session.send(ENTER);
}

#[test]
fn what_was_typed_before_a_kill_is_offered_and_enter_restores_it() {
    let home = Home::with_samples();
    let before = killed_with(&home, "Quick words. ");
    let mut session = home.open(SMALL);
    session.sees("Unsaved text of customer_support");
    session.sees("Quick words.");
    assert_eq!(home.read(DRAFT), before, "nothing is done before somebody decides");
    session.send(ENTER);
    session.sees("restored what was typed");
    session.is_saved();
    assert!(home.read(DRAFT).contains("Quick words. You are Wren"));
    // one step, which undo takes back
    session.type_text("u");
    session.loses("Quick words.");
    session.quit();
    assert_eq!(home.read(DRAFT), before);
    let mut session = on_samples(&home);
    session.quit();
}

#[test]
fn escape_keeps_the_file_and_puts_the_found_text_into_a_file_that_is_told() {
    let home = Home::with_samples();
    let before = killed_with(&home, "Quick words. ");
    let mut session = home.open(SMALL);
    session.sees("Unsaved text of customer_support");
    session.escape();
    session.sees("rescued/customer_support-1.txt");
    let text = fs::read_to_string(&state(&home, "rescued")[0]).expect("the rescued text");
    assert!(text.contains("Quick words. You are Wren"));
    assert_eq!(home.read(DRAFT), before);
    session.quit();
    let mut session = on_samples(&home);
    assert!(!session.text().contains("Unsaved text"));
    session.quit();
}

#[test]
fn a_question_that_nobody_answered_is_asked_again() {
    let home = Home::with_samples();
    killed_with(&home, "Quick words. ");
    for _ in 0..2 {
        let mut session = home.open(SMALL);
        session.sees("Unsaved text of customer_support");
        session.quit();
    }
}

#[test]
fn undo_works_after_a_restart() {
    let home = Home::with_samples();
    let before = home.read(DRAFT);
    let mut session = with_words(&home, "Quick words. ");
    session.send(CTRL_S);
    session.sees("saved");
    session.quit();
    let mut session = on_samples(&home);
    session.sees("Quick words. ");
    session.edits();
    session.send(CTRL_Z);
    session.loses("Quick words. ");
    session.quit();
    assert_eq!(home.read(DRAFT), before);
    // and redo after the next one
    let mut session = on_samples(&home);
    session.edits();
    session.send(b"\x19");
    session.sees("Quick words. ");
    session.quit();
}

#[test]
fn the_journal_is_readable_only_by_the_user() {
    let home = Home::with_samples();
    let mut session = with_words(&home, "Quick words. ");
    session.send(CTRL_S);
    session.sees("saved");
    let files = state(&home, "journal");
    assert_eq!(files.len(), 1);
    assert_eq!(fs::metadata(&files[0]).expect("the journal").permissions().mode() & 0o777, 0o600);
    session.quit();
}

#[test]
fn a_draft_that_somebody_else_changes_is_asked_about_when_there_are_unsaved_changes() {
    let home = Home::with_samples();
    let (mut session, _) = unsaved(&home, "Quick words. ");
    given_back(&home, "# Identity\nTheirs entirely.\n");
    session.sees("somebody else has changed the file");
    assert!(session.text().contains(" EDIT "), "nothing opens while one types");
    session.send(CTRL_S);
    session.sees("was changed by somebody else");
    session.sees("+ Theirs entirely.");
    session.send(b"\x1b[C");
    session.sees("[▸ Take theirs ]");
    session.send(ENTER);
    session.loses("was changed by somebody else");
    session.sees("Theirs entirely.");
    session.escape();
    session.type_text("u");
    session.sees("Quick words. ");
    session.quit();
    assert!(home.read(DRAFT).contains("Quick words. You are Wren"));
}

#[test]
fn texts_that_both_changed_are_merged_and_conflicts_are_shown_by_section() {
    let home = Home::with_samples();
    let (mut session, before) = unsaved(&home, "Quick words. ");
    session.escape();
    given_back(
        &home,
        &before
            .replace("You are Wren", "You are Robin")
            .replace("# Safety Rails\n", "# Safety Rails\n\nFirst of all.\n"),
    );
    // nobody types: the question opens by itself
    merges(&mut session);
    session.sees("Merge: Identity & Role, 1 of 1");
    session.send(b"\x1b[C\x1b[C");
    session.sees("[▸ Both ]");
    session.send(ENTER);
    session.loses("Merge: Identity");
    session.is_saved();
    let text = home.read(DRAFT);
    for words in ["Quick words. You are Wren", "You are Robin", "First of all."] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn a_change_by_somebody_else_is_seen_without_a_key_and_undo_brings_ours_back() {
    let home = Home::with_samples();
    let before = home.read(DRAFT);
    let mut session = on_samples(&home);
    // written in place, as some editors do
    home.write(DRAFT, &before.replace("You are Wren", "You are Robin"));
    session.sees("somebody else has changed the file");
    session.sees("You are Robin");
    // put in its place, as git and other editors do
    let beside = home.prompt("customer_support/draft/system_prompt.txt~");
    fs::write(&beside, before.replace("You are Wren", "You are Jay")).expect("a file");
    fs::rename(&beside, home.prompt(DRAFT)).expect("in its place");
    session.sees("You are Jay");
    session.type_text("uu");
    session.sees("You are Wren");
    session.quit();
    assert_eq!(home.read(DRAFT), before);
}

#[test]
fn a_file_that_goes_away_is_said_and_a_save_writes_it_again() {
    let home = Home::with_samples();
    let before = home.read(DRAFT);
    let mut session = on_samples(&home);
    fs::remove_dir_all(home.prompt("customer_support/draft")).expect("the draft's folder");
    session.sees("the file of this draft is gone");
    session.send(CTRL_S);
    session.loses("is gone");
    assert_eq!(home.read(DRAFT), before);
    // what happens to the folder that was made anew is seen too
    home.write(DRAFT, &before.replace("You are Wren", "You are Robin"));
    session.sees("You are Robin");
}

#[test]
fn two_greenrooms_on_one_draft_know_of_each_other_until_one_is_gone() {
    let home = Home::with_samples();
    let told = "another greenroom is on this draft";
    let mut first = on_samples(&home);
    let mut second = on_samples(&home);
    second.sees(told);
    first.sees(told);
    // what one saves the other shows
    second.edits();
    second.type_text("Quick words. ");
    first.sees("Quick words. ");
    second.signal(Signal::KILL);
    second.ended();
    first.loses(told);
    let mut third = on_samples(&home);
    third.sees(told);
    first.sees(told);
    third.quit();
    first.loses(told);
}

#[test]
fn a_disk_without_room_is_said_until_there_is_room_and_nothing_is_lost() {
    let home = Home::with_samples();
    let before = home.read(DRAFT);
    let mut session = home.open_with_room(SMALL, 64);
    session.sees(" NAV ");
    session.edits();
    // more than the largest file that can be written, in one step
    session.send(format!("\x1b[200~{}the end\x1b[201~", "many words ".repeat(8_000)).as_bytes());
    session.sees("the end");
    session.sees("not saved");
    assert_eq!(home.read(DRAFT), before, "the file is as it was");
    session.send(CTRL_Z);
    session.loses("not saved");
    session.type_text("Few words. ");
    session.sees("Few words. ");
    session.is_saved();
    assert!(home.read(DRAFT).contains("Few words. You are Wren"));
    let folder = home.prompt("customer_support/draft");
    let litter = fs::read_dir(folder)
        .expect("the folder")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(litter.count(), 0, "no half-written file is left");
}

#[test]
fn a_folder_that_became_a_file_is_said_and_the_text_can_be_copied_elsewhere() {
    let home = Home::with_samples();
    let mut session = on_samples(&home);
    let folder = home.prompt("customer_support/draft");
    fs::remove_dir_all(&folder).expect("the draft's folder");
    fs::write(&folder, "a file").expect("a file in its place");
    session.edits();
    session.type_text("Quick words. ");
    session.sees("not saved");
    session.send(b"\x1bo");
    session.sees("Save a copy of the draft");
    session.type_text("~/mine.txt");
    session.send(ENTER);
    session.sees("a copy of the draft is in");
    let copy = fs::read_to_string(home.path().join("mine.txt")).expect("the copy");
    assert!(copy.contains("Quick words. You are Wren"));
    // solved: the next try writes it
    fs::remove_file(&folder).expect("the file");
    session.send(CTRL_S);
    session.loses("not saved");
    session.is_saved();
    assert!(home.read(DRAFT).contains("Quick words. You are Wren"));
}

#[test]
fn unsaved_text_and_a_file_that_went_another_way_are_merged_at_the_next_start() {
    let home = Home::with_samples();
    let before = killed_with(&home, "Quick words. ");
    home.write(DRAFT, &before.replace("# Safety Rails\n", "# Safety Rails\n\nFirst of all.\n"));
    let mut session = home.open(SMALL);
    session.sees("Unsaved text of customer_support");
    session.sees("Somebody else has changed the file");
    session.send(ENTER);
    merges(&mut session);
    session.sees("put together");
    session.is_saved();
    let text = home.read(DRAFT);
    assert!(text.contains("Quick words. You are Wren") && text.contains("First of all."), "{text}");
}
