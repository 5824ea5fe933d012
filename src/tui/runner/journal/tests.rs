//! Journals that are written, found again, and left behind.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::tui::tests::{Workbench, workbench};

const START: &str = "# Identity\nabc\n";

/// A state folder and a workbench on a prompt whose journal lies in it.
struct Place {
    state: tempfile::TempDir,
    journals: Journals,
    bench: Workbench,
}

impl Place {
    fn new() -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut place = Self { journals: journals(&state), state, bench: workbench(START) };
        assert_eq!(place.journals.open("one", START, 1).unwrap(), Found::default());
        place.bench.press("enter");
        place
    }

    fn note(&mut self) {
        let draft = self.bench.model.draft.as_mut().unwrap();
        let (passed, moment) = (draft.history.take_passed(), draft.moment);
        self.journals.note("one", &passed, &draft.text(), (moment, 2)).unwrap();
    }

    fn save(&mut self) {
        let (text, moment) = (self.bench.text(), self.bench.draft().moment);
        self.journals.saving("one", &text, (moment, 3)).unwrap();
        self.journals.saved("one").unwrap();
    }

    /// What the next start finds, the file holding `text`.
    fn next_start(&mut self, text: &str) -> Found {
        self.journals = journals(&self.state);
        self.journals.open("one", text, 9).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(found) = fs::read_dir(self.state.path().join("journal")) else { return Vec::new() };
        found.map(|entry| entry.unwrap().path()).collect()
    }
}

fn journals(state: &tempfile::TempDir) -> Journals {
    Journals::new(Path::new("/library"), Some(state.path().to_owned()))
}

fn text_of(found: &Found) -> Option<&str> {
    found.unsaved.as_ref().map(|unsaved| unsaved.text.as_str())
}

#[test]
fn what_was_noted_and_not_saved_is_found_at_the_next_start() {
    let mut place = Place::new();
    assert_eq!(place.files(), Vec::<PathBuf>::new(), "nothing is written before anything is typed");
    place.bench.type_text("Hi");
    place.note();
    place.bench.type_text("you");
    place.note();
    let text = place.bench.text();
    assert_eq!(text_of(&place.next_start(START)), Some(&*text));
    assert_eq!(text_of(&place.next_start(START)), Some(&*text), "and again, until somebody decides");
    assert_eq!(place.next_start(&text).unsaved, None);
}

#[test]
fn only_the_user_can_read_it() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    let file = &place.files()[0];
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    for folder in ["journal", "locks"] {
        let folder = fs::metadata(place.state.path().join(folder)).unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn undo_goes_back_over_a_restart_and_a_save() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    place.save();
    place.bench.press("left");
    place.bench.type_text("!");
    place.note();
    place.save();
    let text = place.bench.text();
    let steps = place.next_start(&text).steps;
    assert_eq!(steps.past.len(), 2);
    // the journal goes on from there
    place.bench.type_text("?");
    place.note();
    place.save();
    let text = place.bench.text();
    assert_eq!(place.next_start(&text).steps.past.len(), 2, "the third belongs to the second");
}

#[test]
fn a_save_before_its_note_is_known_as_ours_and_the_newer_text() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.save();
    let text = place.bench.text();
    assert_eq!(place.next_start(&text).unsaved, None);
    let mut place = Place::new();
    place.bench.type_text("Hi");
    let (text, moment) = (place.bench.text(), place.bench.draft().moment);
    place.journals.saving("one", &text, (moment, 3)).unwrap();
    assert_eq!(place.next_start(&text).unsaved, None, "it was written and nobody heard of it");
}

#[test]
fn a_journal_with_a_torn_end_tells_what_is_whole() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    let whole = place.bench.text();
    place.bench.type_text("you");
    place.note();
    let file = place.files()[0].clone();
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(text_of(&place.next_start(START)), Some(&*whole));
    fs::write(&file, b"something else entirely").unwrap();
    assert_eq!(place.next_start(START), Found::default());
}

#[test]
fn a_text_that_was_put_aside_is_not_found_again() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    let text = place.bench.text();
    place.next_start(START);
    let put = place.journals.put_aside("one", |found| Ok(found.to_owned()));
    assert_eq!(put.unwrap().unwrap(), text);
    assert!(place.journals.put_aside("one", |_| Ok(())).is_none());
    assert_eq!(place.next_start(START), Found::default());
}

#[test]
fn a_text_that_was_restored_is_in_the_journal_as_one_step() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    let text = place.bench.text();
    place.next_start(START);
    place.bench = workbench(START);
    place.journals.restored("one");
    place.bench.model.draft.as_mut().unwrap().replace_text(&text);
    place.note();
    place.save();
    let found = place.next_start(&text);
    assert_eq!((found.unsaved, found.steps.past.len()), (None, 1));
}

#[test]
fn a_second_greenroom_has_a_journal_of_its_own_and_what_it_left_is_found() {
    let mut place = Place::new();
    let mut second = journals(&place.state);
    assert_eq!(second.open("one", START, 1).unwrap(), Found::default());
    place.bench.type_text("Hi");
    let draft = place.bench.model.draft.as_mut().unwrap();
    let text = draft.text();
    second.note("one", &draft.history.take_passed(), &text, (draft.moment, 2)).unwrap();
    let third = journals(&place.state).open("one", START, 1).unwrap();
    assert_eq!(third, Found::default(), "both are still there");
    drop(second);
    let found = place.next_start(START);
    assert_eq!(text_of(&found), Some(&*text.to_text()));
    place.journals.put_aside("one", |_| Ok(())).unwrap().unwrap();
    assert_eq!(place.next_start(START), Found::default());
}

#[test]
fn a_journal_that_grows_is_written_anew() {
    let mut place = Place::new();
    for round in 0..40 {
        place.bench.tell(crate::tui::msg::Msg::Paste("x".repeat(100_000)));
        place.note();
        if round % 2 == 1 {
            place.bench.press("ctrl-z ctrl-z");
            place.note();
        }
    }
    let size = fs::metadata(&place.files()[0]).unwrap().len();
    assert!(size < 2_000_000, "{size} bytes");
    assert_eq!(place.files().len(), 1, "and leaves no litter");
}

#[test]
fn a_journal_that_cannot_be_written_says_so_and_goes_on_when_it_can() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    let folder = place.state.path().join("journal");
    fs::write(&folder, "a file where the folder should be").unwrap();
    let draft = place.bench.model.draft.as_mut().unwrap();
    let (passed, text, moment) = (draft.history.take_passed(), draft.text(), draft.moment);
    assert!(place.journals.note("one", &passed, &text, (moment, 2)).is_err());
    fs::remove_file(&folder).unwrap();
    place.bench.type_text("you");
    place.note();
    let text = place.bench.text();
    assert_eq!(text_of(&place.next_start(START)), Some(&*text));
}

#[test]
fn a_journal_that_is_damaged_or_of_a_newer_greenroom_is_kept_beside_the_new_one() {
    let mut place = Place::new();
    place.bench.type_text("Hi");
    place.note();
    let file = place.files().remove(0);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let newer = String::from_utf8_lossy(&whole).replacen("journal 1", "journal 2", 1).into_bytes();
    for damaged in [flipped, newer] {
        fs::write(&file, &damaged).unwrap();
        place.next_start(START);
        let told = place.journals.copied_aside();
        assert_eq!(told.iter().map(|copy| fs::read(copy).unwrap()).collect::<Vec<_>>(), [damaged]);
        assert_eq!(place.journals.copied_aside(), Vec::<PathBuf>::new(), "it is told once");
        assert_eq!(fs::metadata(&told[0]).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for end in [whole.len() - 1, whole.len() / 2, 5, 0] {
        fs::write(&file, &whole[..end]).unwrap();
        place.next_start(START);
        assert_eq!(place.journals.copied_aside(), Vec::<PathBuf>::new(), "a torn end is a crash's, and nobody's words");
    }
}

#[test]
fn without_a_state_folder_nothing_is_written() {
    let mut journals = Journals::new(Path::new("/library"), None);
    assert_eq!(journals.open("one", START, 1).unwrap(), Found::default());
    journals.saving("one", "x", (1, 1)).unwrap();
}
