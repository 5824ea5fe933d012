//! The history on the screen: the list, its filter, a run beside the prompt now, and what is done with it.

use crate::config::Keeping;
use crate::history::{Rating, Run, Store};
use crate::model::{Event, Finish, Role};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::past::{PAGE, PastRow, Recall, Recalled, Side, rows};
use crate::tui::play::Subject;
use crate::tui::tests::past::{run, turn};
use crate::tui::tests::{Workbench, sent};

/// The samples with these runs in the history, and the box open.
fn listed(runs: impl IntoIterator<Item = Run>) -> Workbench {
    let mut bench = Workbench::on_samples();
    let mut store = Store::open(bench.history().file.as_deref().unwrap()).unwrap();
    for run in runs {
        store.add(run, Keeping { real_values: true, ..Keeping::default() }).unwrap();
    }
    drop(store);
    bench.press_and_settle("f3");
    bench
}

fn two() -> Workbench {
    listed([run(1, "Where is my refund?", "Dear Ada, it is on its way."), run(2, "The export fails", "Try again.")])
}

fn said(bench: &Workbench) -> Vec<String> {
    bench.model.past.entries.iter().map(|entry| entry.brief.said.clone()).collect()
}

/// The rows of a side of the opened run, as text.
fn shown(bench: &Workbench, side: Side) -> String {
    let whole = bench.model.past.open.as_ref().and_then(|open| open.whole.as_ref()).expect("a run is read");
    let text = |row: &PastRow<'_>| match row {
        PastRow::Said(text, _) | PastRow::Told(text) => text.clone(),
        PastRow::Rule(name) => format!("-- {name}"),
        PastRow::Change(change) => format!("{change:?}"),
    };
    rows(whole, side, 400).iter().map(text).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_history_lists_the_runs_of_the_open_prompt_newest_first() {
    let mut other = run(3, "A recipe, please", "Soup.");
    other.prompt = "recipe_ideas".into();
    let mut bench = listed([run(1, "Where is my refund?", ""), run(2, "The export fails", ""), other]);
    assert_eq!(said(&bench), ["The export fails", "Where is my refund?"]);
    bench.press_and_settle("a");
    assert_eq!(said(&bench), ["A recipe, please", "The export fails", "Where is my refund?"]);
    bench.press_and_settle("a");
    assert_eq!(said(&bench).len(), 2);
}

#[test]
fn the_list_follows_what_is_searched_for_and_an_older_answer_is_dropped() {
    let mut bench = two();
    bench.press("/");
    let first = bench.press("r");
    let second = bench.press("e f u");
    bench.perform(second);
    assert_eq!(said(&bench), ["Where is my refund?"]);
    let numbers = |effects: &[Effect]| match effects {
        [Effect::Recall(Recall::List { number, .. }), ..] => *number,
        other => panic!("{other:?}"),
    };
    let late = Recalled::Listed { number: numbers(&first), goes_on: false, result: Ok((Vec::new(), 0)) };
    bench.tell(Msg::Recalled(late));
    assert_eq!(said(&bench), ["Where is my refund?"]);
    bench.press_and_settle("backspace backspace backspace backspace");
    assert_eq!(said(&bench).len(), 2);
}

#[test]
fn enter_that_comes_before_the_answer_opens_the_first_run_of_the_answer() {
    let mut bench = two();
    bench.press_and_settle("/ r e f enter");
    assert_eq!(bench.model.past.open.as_ref().map(|open| open.id), Some(1));
}

#[test]
fn a_long_history_is_read_a_page_at_a_time_as_one_goes_down() {
    let many = i64::try_from(PAGE).unwrap() * 2 + 30;
    let mut bench = listed((0..many).map(|number| run(number, &format!("message {number}"), "")));
    assert_eq!((bench.model.past.entries.len(), bench.model.past.total), (PAGE, Some(230)));
    bench.press_and_settle("G");
    assert_eq!(bench.model.past.entries.len(), 2 * PAGE);
    bench.press_and_settle("G");
    assert_eq!(said(&bench).last().unwrap(), "message 0");
    let all: std::collections::BTreeSet<_> = said(&bench).into_iter().collect();
    assert_eq!(all.len(), 230, "each run stands in the list once");
}

#[test]
fn a_run_opens_masked_beside_what_became_of_its_prompt() {
    let mut bench = two();
    bench.press_and_settle("down enter");
    assert_eq!(shown(&bench, Side::Talk), "> Where is my refund?\n-- reply\nDear [user_name], it is on its way.");
    let prompt = shown(&bench, Side::Prompt);
    assert!(prompt.contains("both filled") && prompt.ends_with("You help [user_name]."), "{prompt}");
    bench.press("esc");
    assert!(bench.model.past.open.is_none() && matches!(bench.model.overlay, Some(Overlay::Past)));
    bench.press("esc");
    assert!(bench.model.overlay.is_none());
}

#[test]
fn a_text_that_is_still_known_is_compared_with_its_placeholders() {
    let mut bench = Workbench::on_samples();
    let draft = bench.text();
    let of = |text: &str, version: &str| {
        let mut run = run(1, "Hi", "Ho");
        (run.sha256, run.version) = (crate::history::fingerprint(text), version.to_owned());
        run
    };
    let version = crate::library::Which::Version("1.1.0".parse().unwrap());
    let frozen = bench.library().read("customer_support", &version).unwrap().text;
    let mut store = Store::open(bench.history().file.as_deref().unwrap()).unwrap();
    for run in [of(&frozen, "1.1.0"), of(&draft, "draft")] {
        store.add(run, Keeping::default()).unwrap();
    }
    bench.press_and_settle("f3");
    bench.press_and_settle("enter");
    assert!(shown(&bench, Side::Prompt).starts_with("The draft is the text that was sent, byte for byte;"));
    bench.press_and_settle("esc");
    bench.press_and_settle("down enter");
    let changed = shown(&bench, Side::Prompt);
    assert!(changed.starts_with("What made v1.1.0 then into the draft now") && changed.contains("marks"), "{changed}");
}

#[test]
fn a_run_is_sent_again_and_both_replies_stand_side_by_side() {
    let mut bench = two();
    let effects = bench.press("r");
    assert!(sent(&effects).is_none(), "the run is not read yet");
    let read = effects.into_iter().find(|effect| matches!(effect, Effect::Recall(_))).unwrap();
    let Effect::Recall(recall) = read else { unreachable!() };
    let answer = crate::tui::runner::recall::recalled(&bench.history(), recall);
    let effects = bench.tell(Msg::Recalled(answer));
    let (number, request) = sent(&effects).unwrap_or_else(|| panic!("not sent: {}", bench.said()));
    assert_eq!(request.turns, [turn(Role::User, "The export fails")]);
    assert!(bench.model.overlay.is_none());
    assert_eq!(bench.model.play.columns.len(), 2);
    assert!(matches!(bench.model.play.columns[0].subject, Subject::Kept { run: 2, .. }));
    assert_eq!(bench.model.play.columns[0].talk.last().unwrap().reply, "Try again.");
    bench.reply(number, 100, Event::Text("Try again tomorrow.".into()));
    let effects = bench.reply(number, 200, Event::Done { finish: Finish::End, failure: None });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::CompareReplies { .. })), "{effects:?}");
    // what is written next is for the one that answers
    let effects = {
        bench.press("i");
        bench.type_text("And now?");
        bench.press("enter")
    };
    let asked = effects.iter().filter(|effect| matches!(effect, Effect::Send { .. })).count();
    assert_eq!((asked, bench.model.play.columns[0].talk.shown().count()), (1, 1));
}

#[test]
fn the_turns_before_are_sent_again_as_they_were_and_a_given_beginning_too() {
    let mut long = run(1, "", "three.");
    long.turns = [("user", "one"), ("assistant", "two"), ("user", "and?"), ("assistant", "It is ")]
        .map(|(role, content)| crate::history::Said { role: role.into(), content: content.into() })
        .to_vec();
    let mut bench = listed([long]);
    assert_eq!(said(&bench), ["and?"]);
    let effects = bench.press("enter");
    bench.perform(effects);
    let effects = bench.press("r");
    let (_, request) = sent(&effects).unwrap_or_else(|| panic!("not sent: {}", bench.said()));
    let texts: Vec<_> = request.turns.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(texts, ["one", "two", "and?", "It is "]);
    assert_eq!(bench.model.play.columns[0].talk.last().unwrap().reply, "It is three.");
}

#[test]
fn a_run_whose_messages_were_masked_is_sent_again_only_when_the_user_knows_it() {
    let mut bench = listed([run(1, "I am Ada Lovelace, where is my refund?", "It is on its way.")]);
    bench.press_and_settle("enter");
    assert!(sent(&bench.press("r")).is_none());
    let Some(Overlay::Confirm(asked)) = &bench.model.overlay else { panic!("{}", bench.said()) };
    assert!(asked.question.contains("[user_name]") && asked.answers[asked.selected].0 == "Cancel", "{asked:?}");
    bench.press("esc");
    assert!(matches!(bench.model.overlay, Some(Overlay::Past)) && bench.model.play.columns.len() == 1);
    bench.press("r right");
    let (_, request) = sent(&bench.press("enter")).unwrap_or_else(|| panic!("not sent: {}", bench.said()));
    assert_eq!(request.turns, [turn(Role::User, "I am [user_name], where is my refund?")]);
    assert!(bench.model.overlay.is_none());
}

#[test]
fn what_was_sent_once_is_in_its_template_already_and_is_not_put_into_it_again() {
    let mut bench = two();
    let draft = bench.model.draft.as_mut().unwrap();
    draft.config.0.insert("user_template".into(), "<q>{{message}}</q>".into());
    let effects = bench.press("enter");
    bench.perform(effects);
    let said = |effects: &[Effect]| sent(effects).map(|(number, request)| (number, request.turns[0].text.clone()));
    let (number, text) = said(&bench.press("r")).unwrap_or_else(|| panic!("not sent: {}", bench.said()));
    assert_eq!(text, "The export fails");
    bench.reply(number, 200, Event::Done { finish: Finish::End, failure: None });
    // asked once more, by one column and by all, and said differently
    for keys in ["r", "ctrl-r", "e enter"] {
        let (number, text) = said(&bench.press(keys)).unwrap_or_else(|| panic!("{keys}: {}", bench.said()));
        assert_eq!(text, "The export fails", "{keys}");
        bench.reply(number, 200, Event::Done { finish: Finish::End, failure: None });
        bench.press("esc");
    }
}

#[test]
fn a_run_of_another_prompt_is_not_sent_under_this_one() {
    let mut other = run(3, "A recipe, please", "Soup.");
    other.prompt = "recipe_ideas".into();
    let mut bench = listed([other]);
    bench.press_and_settle("a");
    bench.press_and_settle("r");
    assert!(bench.said().contains("open that prompt"), "{}", bench.said());
    assert_eq!(bench.model.play.columns.len(), 1);
}

#[test]
fn a_reply_is_rated_and_the_rating_taken_back() {
    let mut bench = two();
    let rating = |bench: &Workbench| bench.model.past.entries[0].brief.rating;
    bench.press_and_settle("+");
    assert_eq!((rating(&bench), bench.said()), (Some(Rating::Good), "run 2 is rated good"));
    bench.press_and_settle("-");
    assert_eq!(rating(&bench), Some(Rating::Bad));
    bench.press_and_settle("-");
    assert_eq!(rating(&bench), None);
}

#[test]
fn a_run_is_deleted_for_good_only_after_a_yes() {
    let mut bench = two();
    bench.press_and_settle("d enter");
    assert_eq!(said(&bench).len(), 2, "Cancel was chosen");
    assert!(matches!(bench.model.overlay, Some(Overlay::Past)));
    bench.press_and_settle("d right enter");
    assert_eq!(said(&bench), ["Where is my refund?"]);
    let store = Store::read(bench.history().file.as_deref().unwrap()).unwrap().unwrap();
    assert!(store.get(2).unwrap().is_none() && store.get(1).unwrap().is_some());
}

#[test]
fn the_listed_runs_are_exported_masked_into_a_file_that_was_not_there() {
    let mut bench = two();
    let file = bench.library().root().parent().unwrap().join("out.jsonl");
    bench.press_and_settle("/ r e f enter");
    bench.press("esc");
    bench.press("x");
    bench.type_text(&file.display().to_string());
    bench.press_and_settle("enter");
    let written = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{}", bench.said()));
    assert_eq!(written.lines().count(), 1);
    assert!(written.contains("Dear [user_name], it is") && !written.contains("Ada"), "{written}");
    bench.press("x");
    bench.type_text(&file.display().to_string());
    bench.press_and_settle("enter");
    assert!(bench.said().contains("is there already"), "{}", bench.said());
    assert!(matches!(bench.model.overlay, Some(Overlay::Past)), "the list is still there");
}

#[test]
fn a_history_that_cannot_be_read_says_why_and_an_empty_one_what_to_do() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("f3");
    assert_eq!((bench.model.past.total, bench.model.past.problem.as_deref()), (Some(0), None));
    bench.press("esc");
    let file = bench.history().file.unwrap();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "no database at all, whatever it is called").unwrap();
    bench.press_and_settle("f3");
    let problem = bench.model.past.problem.clone().unwrap();
    assert!(problem.contains("damaged") && problem.contains("runs.db"), "{problem}");
}
