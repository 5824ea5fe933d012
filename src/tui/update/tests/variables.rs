//! The variables as part of the work: declared, renamed, taken from elsewhere, written over the whole screen.

use std::fs;

use crate::library::Which;
use crate::prompt::{Declaration, Freshness, Privacy};
use crate::tui::draft::{PaneId, RowState};
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt};
use crate::tui::variables::{Asked, Plan, VariableBox};

const NAME: &str = "customer_support";

/// On the samples, in the variables, on `user_name`.
fn bench() -> Workbench {
    let mut bench = Workbench::on_samples();
    bench.press("shift-tab shift-tab down");
    assert_eq!(bench.draft().rows[bench.draft().values.selected].name, "user_name");
    bench
}

fn file(bench: &Workbench, file: &str) -> String {
    fs::read_to_string(bench.library().root().join("prompts").join(NAME).join(file)).unwrap()
}

fn pasted(bench: &mut Workbench, text: &str) {
    let effects = bench.tell(Msg::Paste(text.to_owned()));
    bench.perform(effects);
}

fn value<'b>(bench: &'b Workbench, name: &str) -> Option<&'b str> {
    bench.draft().values.values.get(name)
}

#[test]
fn a_declaration_is_written_by_the_form_and_takes_effect_at_once() {
    let mut bench = bench();
    let before = file(&bench, "prompt.toml");
    bench.press("p left tab right tab tab tab");
    bench.press("ctrl-a");
    bench.type_text("33");
    bench.press_and_settle("tab tab tab tab enter");
    assert!(bench.model.overlay.is_none(), "{:?}", bench.model.overlay);
    let declared = bench.draft().values.declarations.get("user_name").unwrap();
    assert_eq!(
        (declared.privacy, declared.freshness, declared.max_tokens),
        (Privacy::Internal, Freshness::Request, Some(33))
    );
    assert!(!bench.draft().values.hidden("user_name"), "{}", bench.said());
    let after = file(&bench, "prompt.toml");
    let changed: Vec<(&str, &str)> = before.lines().zip(after.lines()).filter(|(one, other)| one != other).collect();
    assert_eq!(
        changed,
        [
            ("privacy = \"personal\"", "privacy = \"internal\""),
            ("freshness = \"session\"", "freshness = \"request\""),
            ("max_tokens = 20", "max_tokens = 33")
        ]
    );
}

#[test]
fn a_form_that_was_overtaken_says_so_and_changes_nothing() {
    let mut bench = bench();
    bench.press("p left");
    let path = bench.library().root().join("prompts").join(NAME).join("prompt.toml");
    let theirs = fs::read_to_string(&path).unwrap().replace("max_tokens = 20", "max_tokens = 21");
    fs::write(&path, &theirs).unwrap();
    bench.press_and_settle("tab tab tab tab tab tab tab tab enter");
    let Some(Overlay::Variable(open)) = &bench.model.overlay else { panic!("the form stays") };
    let VariableBox::Properties(form) = open else { panic!("{open:?}") };
    assert!(form.problem.as_deref().is_some_and(|it| it.contains("somebody else")), "{form:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), theirs);
}

#[test]
fn a_form_says_what_is_wrong_before_anything_is_asked_of_the_disk() {
    let mut bench = bench();
    bench.press("p tab tab tab tab");
    bench.type_text("x");
    let effects = bench.press("tab tab tab tab enter");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Variables(Asked::Declare { .. }))));
    bench.press("esc");
    assert!(bench.model.overlay.is_none());
}

#[test]
fn a_rename_shows_its_places_then_reaches_text_and_files_and_undo_takes_all_of_it_back() {
    let mut bench = bench();
    let (text, about, set) = (bench.text(), file(&bench, "prompt.toml"), file(&bench, "values/new_free_user.json"));
    let value_before = value(&bench, "user_name").unwrap().to_owned();
    bench.press("R");
    bench.type_text("customer");
    bench.press_and_settle("enter");
    let Some(Overlay::Variable(open)) = &bench.model.overlay else { panic!("the places are shown") };
    let VariableBox::Renaming(renaming) = open else { panic!("{open:?}") };
    let Plan::Ready(plan) = &renaming.plan else { panic!("{renaming:?}") };
    assert_eq!((plan.draft.len(), plan.files.files.len()), (1, 4));
    assert_eq!((bench.text(), file(&bench, "prompt.toml")), (text.clone(), about.clone()), "nothing is changed yet");
    bench.press_and_settle("enter");
    assert_eq!(bench.text(), text.replace("{{user_name}}", "{{customer}}"));
    assert_eq!(file(&bench, "prompt.toml"), about.replace("[variables.user_name]", "[variables.customer]"));
    assert_eq!(value(&bench, "customer"), Some(value_before.as_str()));
    assert_eq!(bench.draft().values.declarations.privacy("customer"), Privacy::Personal);
    assert!(!bench.draft().values.changed, "the set was renamed too");
    bench.press_and_settle("u");
    assert_eq!((bench.text(), file(&bench, "prompt.toml")), (text.clone(), about.clone()), "{}", bench.said());
    assert_eq!(file(&bench, "values/new_free_user.json"), set);
    assert_eq!(value(&bench, "user_name"), Some(value_before.as_str()));
    for keys in ["ctrl-y", "ctrl-z", "shift-tab i ctrl-y"] {
        bench.press_and_settle(keys);
        let renamed = keys != "ctrl-z";
        assert_eq!(bench.text().contains("{{customer}}"), renamed, "{keys}");
        let declared = file(&bench, "prompt.toml").contains("[variables.customer]");
        assert_eq!(declared, renamed, "{keys} takes the files along: {}", bench.said());
    }
}

#[test]
fn a_name_that_is_taken_or_none_is_refused_in_the_box() {
    for (name, word) in [("company_name", "there already"), ("user-name", "cannot be the name")] {
        let mut bench = bench();
        bench.press("R");
        bench.type_text(name);
        bench.press_and_settle("enter");
        let Some(Overlay::Variable(open)) = &bench.model.overlay else { panic!("the box stays") };
        let VariableBox::Renaming(renaming) = open else { panic!("{open:?}") };
        assert!(matches!(&renaming.plan, Plan::Refused(error) if error.message.contains(word)), "{renaming:?}");
    }
}

#[test]
fn undo_past_a_rename_that_the_files_no_longer_allow_says_so() {
    let mut bench = bench();
    bench.press("R");
    bench.type_text("customer");
    bench.press_and_settle("enter");
    bench.press_and_settle("enter");
    let path = bench.library().root().join("prompts").join(NAME).join("prompt.toml");
    fs::write(&path, "[variables.user_name]\n").unwrap();
    bench.press_and_settle("u");
    assert!(bench.text().contains("{{user_name}}"));
    assert!(bench.said().contains("the files are not"), "{}", bench.said());
}

#[test]
fn pasted_values_are_shown_then_taken_masked_and_given_back_by_undo() {
    let mut bench = bench();
    let before = bench.draft().values.values.clone();
    bench.press("I");
    pasted(&mut bench, "user_name=Grace\rSHOE=1\raccount_type='Free'\r");
    assert_eq!(bench.draft().values.values, before, "nothing is taken yet");
    bench.press("enter");
    assert_eq!((value(&bench, "user_name"), value(&bench, "account_type")), (Some("user_name-1"), Some("Free")));
    assert_eq!(value(&bench, "SHOE"), None);
    assert!(bench.draft().values.changed && bench.said().contains("took 2 values"), "{}", bench.said());
    bench.press("u");
    assert_eq!(bench.draft().values.values, before);
    bench.press("I");
    pasted(&mut bench, "{\"user_name\": \"Grace\"}");
    bench.press("tab tab right enter");
    assert_eq!(value(&bench, "user_name"), Some("Grace"), "as they are, when that is chosen");
    bench.press("I");
    pasted(&mut bench, "{\"user_name\": \"Ada\"}");
    bench.press("esc");
    assert_eq!(value(&bench, "user_name"), Some("Grace"));
}

#[test]
fn a_file_that_is_named_is_read_and_its_records_can_be_chosen() {
    let mut bench = bench();
    let path = bench.library().root().join("people.csv");
    fs::write(&path, "account_type,company_name\nFree,A\nTeam,B\n").unwrap();
    bench.press("I");
    bench.type_text(&path.display().to_string());
    bench.press_and_settle("enter");
    bench.press("tab right enter");
    assert_eq!((value(&bench, "account_type"), value(&bench, "company_name")), (Some("Team"), Some("B")));
    bench.press("I");
    bench.type_text("/no/such/file.json");
    bench.press_and_settle("enter");
    let Some(Overlay::Variable(open)) = &bench.model.overlay else { panic!("the box stays") };
    let VariableBox::Intake(intake) = open else { panic!("{open:?}") };
    assert!(intake.problem.as_deref().is_some_and(|it| it.contains("/no/such/file.json")), "{intake:?}");
}

#[test]
fn what_was_read_for_another_text_is_dropped() {
    let mut bench = bench();
    bench.press("I");
    let first = bench.tell(Msg::Paste("account_type=Old\nx=1".into()));
    pasted(&mut bench, "account_type=New\ny=1");
    bench.perform(first);
    bench.press("enter");
    assert_eq!(value(&bench, "account_type"), Some("New"));
}

#[test]
fn a_value_has_the_whole_screen_and_gives_it_back() {
    let mut bench = bench();
    bench.press("down o");
    assert!(bench.model.zoomed && bench.model.level == Level::Edit);
    bench.type_text("!\n?");
    bench.press("esc");
    assert!(!bench.model.zoomed);
    assert_eq!(value(&bench, "account_type"), Some("Team (23 members)!\n?"), "Enter begins a line");
    bench.press("z o esc");
    assert!(bench.model.zoomed, "a pane that was zoomed before stays so");
}

#[test]
fn a_hidden_personal_value_stays_hidden_and_stays_until_something_is_typed() {
    let mut bench = bench();
    let before = value(&bench, "user_name").unwrap().to_owned();
    bench.press("enter");
    assert!(bench.draft().values.editing.as_ref().unwrap().writing.buffer.is_empty());
    assert!(bench.said().contains("stays hidden"), "{}", bench.said());
    bench.type_text("x");
    assert_eq!(value(&bench, "user_name"), Some("x"));
    bench.press("backspace esc");
    assert_eq!(value(&bench, "user_name"), Some(before.as_str()));
    bench.press("v enter");
    assert_eq!(bench.draft().values.editing.as_ref().unwrap().writing.buffer.text(), before);
}

#[test]
fn a_secret_is_typed_blind_kept_in_no_file_and_saved_in_no_set() {
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench = prompt("# Identity\n{{key}} {{other}}").declared("key", secret).open();
    bench.press("shift-tab shift-tab");
    assert_eq!(bench.draft().focus, PaneId::Variables);
    bench.press("enter");
    bench.type_text("k3y");
    bench.press("esc down enter");
    bench.type_text("o");
    bench.press("esc");
    assert_eq!(value(&bench, "key"), Some("k3y"), "the session has it");
    let effects = bench.pause();
    let kept = effects.iter().find_map(|effect| if let Effect::Keep { kept, .. } = effect { Some(kept) } else { None });
    let (_, values) = kept.unwrap().values.clone().unwrap();
    assert_eq!(values.0.keys().collect::<Vec<_>>(), ["other"], "a secret is in no file");
    bench.press("W");
    assert!(bench.model.overlay.is_none() && bench.said().contains("key is secret"), "{}", bench.said());
    bench.press("up enter");
    let editing = bench.draft().values.editing.as_ref().unwrap();
    assert!(editing.writing.buffer.is_empty(), "what was typed is not shown again");
}

#[test]
fn the_rows_know_what_a_value_costs_and_where_it_stands() {
    let bench = bench();
    let draft = bench.draft();
    let company = draft.rows.iter().find(|row| row.name == "company_name").unwrap();
    assert_eq!((company.state, company.uses), (RowState::Given, 3));
    assert!(company.tokens > 0 && company.share > 0);
    assert_eq!(draft.places.of("company_name", draft.moment).unwrap(), [(1, 1), (5, 22)]);
    let snapshot = bench.library().read(NAME, &Which::Draft).unwrap();
    assert!(snapshot.text.lines().count() > 22);
}
