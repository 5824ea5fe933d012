//! Somebody else changes `prompt.toml` or `config.json` of the open prompt.

use crate::prompt::Privacy;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::Workbench;
use crate::tui::variables::VariableBox;

/// Changes a file of the open prompt, and tells that something has happened near it.
fn changed(bench: &mut Workbench, file: &str, change: impl FnOnce(&str) -> String) {
    let path = bench.library().root().join("prompts/customer_support").join(file);
    let before = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, change(&before)).unwrap();
    let effects = bench.tell(Msg::Touched);
    bench.perform(effects);
}

#[test]
fn a_changed_declaration_budget_or_model_counts_at_once() {
    let mut bench = Workbench::on_samples();
    changed(&mut bench, "prompt.toml", |text| text.replacen("privacy = \"personal\"", "privacy = \"internal\"", 1));
    assert_eq!(bench.draft().values.declarations.privacy("user_name"), Privacy::Internal);
    assert!(bench.said().starts_with("prompt.toml was changed by somebody else"), "{}", bench.said());
    changed(&mut bench, "prompt.toml", |text| text.replace("tokens = 3000", "tokens = 17"));
    assert_eq!(bench.draft().assumptions.budget, Some(17));
    changed(&mut bench, "draft/config.json", |_| "{\"model\": \"openai:gpt-4o\"}".to_owned());
    assert_eq!(bench.draft().config.model(), Some("openai:gpt-4o"));
    assert!(bench.said().starts_with("config.json was changed"), "{}", bench.said());
}

#[test]
fn nothing_is_said_when_nothing_has_changed_or_we_have_changed_it_ourselves() {
    let mut bench = Workbench::on_samples();
    changed(&mut bench, "prompt.toml", str::to_owned);
    assert_eq!(bench.said(), "");
    bench.press("f9 5");
    bench.press_and_settle("enter");
    let said = bench.said().to_owned();
    changed(&mut bench, "prompt.toml", str::to_owned);
    assert_eq!(bench.said(), said);
}

#[test]
fn a_file_that_cannot_be_read_is_said_once_and_what_it_said_before_counts() {
    let mut bench = Workbench::on_samples();
    let before = bench.draft().values.declarations.clone();
    changed(&mut bench, "prompt.toml", |text| format!("{text}\n[variables"));
    assert!(bench.said().contains("prompt.toml") && bench.said().contains("still counts"), "{}", bench.said());
    assert_eq!(bench.draft().values.declarations, before);
    bench.model.status = None;
    changed(&mut bench, "draft/config.json", str::to_owned);
    assert_eq!(bench.said(), "");
    changed(&mut bench, "prompt.toml", |text| text.trim_end_matches("\n[variables").to_owned());
    assert_eq!(bench.said(), "");
}

#[test]
fn what_is_written_in_an_open_box_stays() {
    let mut bench = Workbench::on_samples();
    bench.press("f9 7");
    changed(&mut bench, "prompt.toml", |text| text.replace("tokens = 3000", "tokens = 17"));
    let Some(Overlay::Costs(open)) = &bench.model.overlay else { panic!("the box is closed") };
    assert_eq!(open.lines[0].text(), "7");
    bench.press("esc shift-tab shift-tab down p shift-tab shift-tab tab tab tab tab tab");
    bench.type_text("mine");
    changed(&mut bench, "prompt.toml", |text| text.replacen("privacy = \"personal\"", "privacy = \"internal\"", 1));
    let Some(Overlay::Variable(VariableBox::Properties(form))) = &bench.model.overlay else { panic!("no form") };
    assert!(form.description.text().ends_with("mine"), "{form:?}");
    bench.press_and_settle("tab tab tab enter");
    let Some(Overlay::Variable(VariableBox::Properties(form))) = &bench.model.overlay else {
        panic!("the form is gone")
    };
    assert!(form.problem.is_some() && form.description.text().ends_with("mine"), "{form:?}");
}
