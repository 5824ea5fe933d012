use proptest::prelude::*;

use super::*;

/// What the workbench does, in the form in which the journal hears of it.
#[derive(Debug, Clone)]
enum Act {
    Type(String),
    Step,
    Undo,
    Redo,
    Save,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => "[a-cé\n]{0,8}".prop_map(Act::Type),
        4 => Just(Act::Step),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => Just(Act::Save),
    ]
}

/// A history as simple as can be: all texts in whole.
#[derive(Debug, Clone, Default)]
struct Texts {
    past: Vec<String>,
    now: String,
    undone: Vec<String>,
}

/// Does it to both; the records that told the story.
fn live(acts: &[Act]) -> (Texts, Story, Vec<Record>) {
    let mut texts = Texts { now: "start".into(), ..Texts::default() };
    let mut story = Story::new("start", 1);
    let mut records = vec![Record::Text { at_ms: 1, text: "start".into() }];
    for (index, act) in acts.iter().enumerate() {
        let record = match act {
            Act::Type(text) if texts.past.is_empty() || !texts.undone.is_empty() => {
                // the first change of all, and the first one after an undo, begin a step
                texts.past.push(std::mem::replace(&mut texts.now, text.clone()));
                texts.undone.clear();
                story.tell(&Record::Step);
                records.push(Record::Step);
                Record::Now { at_ms: index as u64, edit: Edit::between(story.text(), text) }
            }
            Act::Type(text) => {
                texts.now.clone_from(text);
                Record::Now { at_ms: index as u64, edit: Edit::between(story.text(), text) }
            }
            Act::Step => {
                texts.past.push(texts.now.clone());
                texts.undone.clear();
                Record::Step
            }
            Act::Undo => {
                let Some(before) = texts.past.pop() else { continue };
                texts.undone.push(std::mem::replace(&mut texts.now, before));
                Record::Undo
            }
            Act::Redo => {
                let Some(next) = texts.undone.pop() else { continue };
                texts.past.push(std::mem::replace(&mut texts.now, next));
                Record::Redo
            }
            Act::Save => {
                let saving = Record::Saving { edit: Edit::default() };
                assert!(story.tell(&saving));
                records.push(saving);
                Record::Saved
            }
        };
        assert!(story.tell(&record), "{record:?} does not fit");
        records.push(record);
        assert_eq!(*story.text(), *texts.now);
    }
    (texts, story, records)
}

/// The texts that undo and redo lead to, repeated ones once.
fn walked(now: &str, edits: &[Edit], back: bool) -> Vec<String> {
    let mut text = Rope::from_str(now);
    let mut found = Vec::new();
    for edit in edits.iter().rev() {
        let edit = if back { edit.clone().reversed() } else { edit.clone() };
        assert!(edit.apply(&mut text), "{edit:?} does not fit {text}");
        found.push(text.to_string());
    }
    found
}

fn without_repeats(start: &str, texts: &[String]) -> Vec<String> {
    let mut found: Vec<String> = std::iter::once(start.to_owned()).chain(texts.iter().rev().cloned()).collect();
    found.dedup();
    found.remove(0);
    found
}

proptest! {
    #[test]
    fn undo_and_redo_lead_where_they_led_before(acts in prop::collection::vec(act(), 0..60)) {
        let (texts, story, _) = live(&acts);
        let found = story.compared_with(&texts.now);
        prop_assert_eq!(&found.unsaved, &None);
        prop_assert_eq!(walked(&texts.now, &found.steps.past, true), without_repeats(&texts.now, &texts.past));
        prop_assert_eq!(walked(&texts.now, &found.steps.undone, false), without_repeats(&texts.now, &texts.undone));
    }

    #[test]
    fn a_journal_that_is_read_tells_the_same(acts in prop::collection::vec(act(), 0..60), cut in any::<prop::sample::Index>()) {
        let (_, story, records) = live(&acts);
        let read = Story::replay(&records).unwrap();
        prop_assert_eq!(read.records(), story.records());
        // from any place where it was torn off, every text it tells is one that was there
        prop_assert!(Story::replay(&records[..=cut.index(records.len())]).is_some());
    }

    #[test]
    fn fewer_records_tell_the_same_about_every_file(acts in prop::collection::vec(act(), 0..60), file in "[a-cé\n]{0,3}") {
        let (texts, story, _) = live(&acts);
        let short = Story::replay(&story.records()).unwrap();
        prop_assert_eq!(short.records(), story.records());
        let saved = story.file.to_string();
        for file in [texts.now, saved, file, "start".to_owned()] {
            let (mut one, mut other) = (short.compared_with(&file), story.compared_with(&file));
            for found in [&mut one, &mut other] {
                found.unsaved.as_mut().into_iter().for_each(|unsaved| unsaved.at_ms = 0);
            }
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn what_leads_to_the_file_fits_it(acts in prop::collection::vec(act(), 0..60)) {
        let (_, story, _) = live(&acts);
        let file = story.file.to_string();
        let found = story.compared_with(&file);
        walked(&file, &found.steps.past, true);
        prop_assert_eq!(found.unsaved.is_some(), *story.text() != *file);
    }

    #[test]
    fn a_text_that_jumps_keeps_undo_and_redo_in_order(acts in prop::collection::vec(act(), 0..40), jump in "[a-c]{0,6}") {
        let (_, mut story, _) = live(&acts);
        let now = Record::Now { at_ms: 9, edit: Edit::between(story.text(), &jump) };
        prop_assert!(story.tell(&now));
        let found = story.compared_with(&jump);
        walked(&jump, &found.steps.past, true);
        walked(&jump, &found.steps.undone, false);
    }
}

fn typed(story: &mut Story, text: &str) {
    story.tell(&Record::Step);
    assert!(story.tell(&Record::Now { at_ms: 7, edit: Edit::between(story.text(), text) }));
}

#[test]
fn what_is_not_in_the_file_is_found() {
    let mut story = Story::new("one", 1);
    typed(&mut story, "one two");
    let found = story.compared_with("one");
    assert_eq!(found.unsaved, Some(Unsaved { at_ms: 7, text: "one two".into(), base: None }));
    let found = story.compared_with("theirs");
    assert_eq!(found.unsaved, Some(Unsaved { at_ms: 7, text: "one two".into(), base: Some("one".into()) }));
    assert!(found.dropped);
}

#[test]
fn a_save_that_nobody_heard_the_end_of_is_ours() {
    let mut story = Story::new("one", 1);
    typed(&mut story, "one two");
    story.tell(&Record::Saving { edit: Edit::default() });
    typed(&mut story, "one two three");
    let found = story.compared_with("one two");
    assert_eq!(found.unsaved.unwrap().base, None);
    assert_eq!(story.compared_with("one").unsaved.unwrap().base, None, "or it never began");
}

#[test]
fn a_file_that_somebody_else_changed_drops_the_steps() {
    let mut story = Story::new("one", 1);
    typed(&mut story, "one two");
    story.tell(&Record::Saving { edit: Edit::default() });
    story.tell(&Record::Saved);
    let found = story.compared_with("theirs");
    assert_eq!(found, Found { dropped: true, ..Found::default() });
}

#[test]
fn a_file_that_was_written_within_a_step_has_that_part_as_a_step() {
    let mut story = Story::new("one", 1);
    typed(&mut story, "one two");
    story.tell(&Record::Saving { edit: Edit::default() });
    story.tell(&Record::Saved);
    story.tell(&Record::Now { at_ms: 8, edit: Edit::between(story.text(), "one two three") });
    let found = story.compared_with("one two");
    assert_eq!(walked("one two", &found.steps.past, true), ["one"]);
    assert_eq!(found.unsaved.unwrap().text, "one two three");
}

#[test]
fn steps_are_bounded_in_number_and_weight() {
    let mut story = Story::new("", 1);
    for number in 0..MOST_STEPS + 50 {
        typed(&mut story, &number.to_string());
    }
    let last = (MOST_STEPS + 49).to_string();
    assert_eq!(story.compared_with(&last).steps.past.len(), MOST_STEPS);
    let large = "x".repeat(MOST_BYTES / 3);
    for number in 0..5 {
        typed(&mut story, &format!("{large}{number}"));
        typed(&mut story, "");
    }
    let steps = story.compared_with("").steps;
    assert!(steps.past.iter().map(Edit::weight).sum::<usize>() <= MOST_BYTES);
    walked("", &steps.past, true);
}

#[test]
fn steps_that_the_journal_does_not_know_weigh_nothing_when_they_are_undone() {
    let mut story = Story::new("abc", 1);
    for record in [Record::Undo, Record::Redo, Record::Redo, Record::Undo, Record::Undo, Record::Step] {
        assert!(story.tell(&record), "{record:?}");
    }
    let weighed: usize = story.past.iter().chain(&story.undone).map(Edit::weight).sum();
    assert_eq!(story.weight, weighed);
}
