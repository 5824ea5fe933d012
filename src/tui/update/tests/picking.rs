//! A log of requests: its fields are picked once, in the box, and remembered for the prompt.

use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::Workbench;
use crate::tui::variables::{Asked, Intake, VariableBox};

const LOG: &str = "{\"request\": {\"user\": {\"name\": \"Ada Lovelace\"}, \"tier\": \"Team\"}, \"turns\": [{\"text\": \"hi\"}]}\n{\"request\": {\"user\": {\"name\": \"Bo\"}, \"tier\": \"Free\"}, \"turns\": []}\n";

fn bench() -> Workbench {
    let mut bench = Workbench::on_samples();
    bench.press("shift-tab shift-tab I");
    let effects = bench.tell(Msg::Paste(LOG.to_owned()));
    bench.perform(effects);
    bench
}

fn intake(bench: &Workbench) -> &Intake {
    match &bench.model.overlay {
        Some(Overlay::Variable(VariableBox::Intake(intake))) => intake,
        other => panic!("{other:?}"),
    }
}

fn paths(bench: &Workbench) -> Vec<(String, String)> {
    let picking = intake(bench).picking.as_ref().expect("fields are picked");
    let path = |row: &crate::tui::picking::PickedRow| (row.variable.clone(), row.line.text());
    picking.rows.iter().map(path).filter(|(_, path)| !path.is_empty()).collect()
}

fn file(bench: &Workbench) -> String {
    std::fs::read_to_string(bench.library().root().join("prompts/customer_support/prompt.toml")).unwrap()
}

#[test]
fn fields_are_proposed_picked_taken_masked_and_remembered() {
    let mut bench = bench();
    assert_eq!(paths(&bench), [("user_name".to_owned(), "request.user.name".to_owned())]);
    let before = file(&bench);
    bench.press("tab tab");
    bench.type_text("tier");
    bench.press("right");
    bench.press_and_settle("enter");
    assert!(intake(&bench).picking.is_none(), "the review is next");
    assert_eq!(file(&bench), before, "nothing is written before it is taken");
    bench.press_and_settle("enter");
    let value = |name: &str| bench.draft().values.values.get(name).map(str::to_owned);
    assert_eq!(value("account_type").as_deref(), Some("Team"));
    assert_eq!(value("user_name").as_deref(), Some("user_name-1"), "personal values are masked on the way in");
    let after = file(&bench);
    assert!(after.contains("import_from = \"request.user.name\"") && after.contains("import_from = \"request.tier\""));
    assert!(bench.said().starts_with("took 2 values"), "{}", bench.said());

    bench.press("I");
    let effects = bench.tell(Msg::Paste(LOG.to_owned()));
    bench.perform(effects);
    assert!(intake(&bench).picking.is_none(), "they are picked once");
    bench.press("shift-tab shift-tab shift-tab shift-tab enter");
    assert_eq!(paths(&bench).len(), 2, "and can be changed");
}

#[test]
fn a_click_goes_to_a_variable_and_back_to_the_fields_from_the_review() {
    let mut bench = bench();
    let inner = |bench: &Workbench| {
        let overlay = bench.model.overlay.as_ref().unwrap();
        crate::tui::boxes::inner(crate::tui::boxes::area(&bench.model, overlay))
    };
    let place = inner(&bench);
    bench.click(place.x + 3, place.y + 3);
    assert_eq!(intake(&bench).picking.as_ref().unwrap().selected, 2);
    bench.press_and_settle("enter");
    let place = inner(&bench);
    bench.click(place.x + 3, place.bottom() - 5);
    assert!(intake(&bench).picking.is_some());
}

#[test]
fn a_path_into_a_list_can_be_typed_and_what_is_not_there_is_missing_in_the_review() {
    let mut bench = bench();
    bench.press("shift-tab");
    bench.type_text("/turns/0/text");
    bench.press_and_settle("enter");
    let row = |name: &str| intake(&bench).review.rows.iter().find(|row| row.name == name).cloned().unwrap();
    assert_eq!(row("conversation_history").value.as_deref(), Some("conversation_history-1"));
    assert!(row("user_name").masked);
}

#[test]
fn a_variable_that_is_not_picked_any_more_is_forgotten() {
    let mut bench = bench();
    bench.press_and_settle("enter");
    bench.press_and_settle("enter");
    assert!(file(&bench).contains("import_from"));
    bench.press("I");
    let effects = bench.tell(Msg::Paste(LOG.to_owned()));
    bench.perform(effects);
    bench.press("shift-tab shift-tab shift-tab shift-tab enter tab ctrl-u tab");
    bench.type_text("request.tier");
    bench.press_and_settle("enter");
    bench.press_and_settle("enter");
    let toml = file(&bench);
    assert!(!toml.contains("request.user.name") && toml.contains("request.tier"), "{toml}");
}

#[test]
fn picking_nothing_is_no_way_on_and_a_log_with_the_variables_own_names_needs_none() {
    let mut bench = bench();
    bench.press("tab ctrl-u");
    assert_eq!(
        bench.press("enter").iter().filter(|it| matches!(it, Effect::Variables(Asked::ReadValues { .. }))).count(),
        0
    );
    let problem = intake(&bench).picking.as_ref().unwrap().problem.clone();
    assert!(problem.unwrap().contains("at least one variable"));
    bench.press("esc");
    assert!(bench.model.overlay.is_none());

    let mut plain = crate::tui::tests::prompt("# Identity\n{{name}}\n").open();
    plain.press("shift-tab shift-tab I");
    let log = "{\"name\": \"a\"}\n{\"name\": \"b\"}\n";
    let source = crate::tui::variables::Source::Text(log.to_owned());
    plain.tell(Msg::Paste(log.to_owned()));
    let records =
        crate::vars::import::read(std::path::Path::new("x"), log, crate::vars::import::Format::Jsonl, &[]).unwrap();
    let taken = crate::tui::variables::Taken {
        format: crate::vars::import::Format::Jsonl,
        records: records.all,
        remarks: Vec::new(),
        picks: Vec::new(),
        picked_here: false,
    };
    plain.tell(Msg::ValuesRead { source, result: Ok(std::sync::Arc::new(taken)) });
    assert!(intake(&plain).picking.is_none());
}
