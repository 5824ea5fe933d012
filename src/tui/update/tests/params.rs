//! The form of a column's parameters, and what it says about the model.

use serde_json::json;

use crate::library::PromptConfig;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::params::{Note, ParamField, ParamsForm};
use crate::tui::tests::{Workbench, prompt, sent};

fn form(bench: &Workbench) -> &ParamsForm {
    match &bench.model.overlay {
        Some(Overlay::Params(form)) => form,
        other => panic!("{other:?}"),
    }
}

fn on(model: &str) -> Workbench {
    let mut bench = prompt("# Identity\nHi")
        .model(model)
        .config("temperature", json!(0.3))
        .config("house_key", json!({"b": 1, "a": 2}))
        .open();
    bench.press("2 p");
    bench
}

#[test]
fn what_is_changed_counts_for_the_column_alone_and_the_file_stays() {
    let mut bench = on("ollama:m");
    bench.press("ctrl-u");
    bench.type_text("0.9");
    bench.press("tab tab");
    bench.type_text("300");
    bench.press("tab right tab");
    bench.type_text("END, \\n\\nUser:");
    bench.press("tab");
    bench.type_text("Says: {{message}}");
    let effects = bench.press("enter");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::SaveConfig { .. })), "{effects:?}");
    assert_eq!(bench.draft().config.temperature(), Some(0.3));
    bench.press("i");
    bench.type_text("Hello");
    let (_, request) = sent(&bench.press("enter")).unwrap();
    let params = &request.params;
    assert_eq!((params.temperature, params.top_p, params.max_tokens), (Some(0.9), None, Some(300)));
    assert_eq!(
        (params.stop.as_slice(), params.thinking),
        (["END".to_owned(), "\n\nUser:".to_owned()].as_slice(), Some(true))
    );
    assert_eq!(request.turns[0].text, "Says: Hello");
}

#[test]
fn what_is_saved_goes_into_the_drafts_file_with_all_that_is_not_known_in_its_place() {
    let mut bench = on("ollama:m");
    bench.press("ctrl-u");
    bench.type_text("0.9");
    let effects = bench.press("shift-tab enter");
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::SaveConfig { config, expected, .. } => Some((config.clone(), expected.clone())),
        _ => None,
    });
    let (config, expected) = saved.unwrap_or_else(|| panic!("{effects:?}"));
    assert_eq!(expected, bench.draft().config);
    let keys: Vec<&String> = config.0.keys().collect();
    assert_eq!(keys, ["model", "temperature", "house_key"]);
    assert_eq!(config.temperature(), Some(0.9));
    bench.tell(Msg::ConfigSaved { prompt: "greeter".into(), result: Ok(config.clone()) });
    assert_eq!(bench.draft().config, config);
    assert!(bench.model.play.columns[0].changes.0.is_empty());
}

#[test]
fn what_a_model_does_not_take_is_said_by_the_rules_that_make_the_request() {
    let bench = on("anthropic:claude-opus-5-5");
    let Note::Unsent(why) = form(&bench).note(ParamField::Temperature) else { panic!() };
    assert!(why.contains("takes none"), "{why}");
    let Note::Plain(why) = form(&bench).note(ParamField::TopP) else { panic!() };
    assert!(why.starts_with("not taken: "), "also of what is not set: {why}");
    let mut bench = on("anthropic:claude-haiku-4-5");
    assert_eq!(form(&bench).note(ParamField::Temperature), Note::Plain("0 to 1".into()));
    bench.press("ctrl-u");
    bench.type_text("1.5");
    assert!(matches!(form(&bench).note(ParamField::Temperature), Note::Unsent(why) if why.contains("outside 0 to 1")));
    // asked to think, it takes no temperature
    bench.press("tab tab tab right");
    assert!(matches!(form(&bench).note(ParamField::Temperature), Note::Unsent(why) if why.contains("while it thinks")));
}

#[test]
fn what_cannot_be_read_stays_in_the_form_with_the_reason() {
    let mut bench = on("ollama:m");
    bench.press("ctrl-u");
    bench.type_text("warm");
    bench.press("enter");
    assert_eq!(form(&bench).problem.as_deref(), Some("temperature is a number such as 0.7, or empty"));
    bench.press("ctrl-u enter");
    assert_eq!(
        bench.model.play.columns[0].changes,
        PromptConfig(json!({"temperature": null}).as_object().unwrap().clone())
    );
    assert!(bench.said().contains("no temperature"), "{}", bench.said());
}

#[test]
fn a_reply_is_checked_against_the_schema_that_the_configuration_names_and_the_place_is_said() {
    use crate::model::schema::{Breach, Verdict};
    use crate::model::{Event, Finish};
    let mut bench = prompt("# Identity\nHi").model("ollama:m").config("schema", json!({"type": "object"})).open();
    let run = bench.send("Hello");
    bench.reply(run, 1, Event::Text("[1]".into()));
    let effects = bench.reply(run, 2, Event::Done { finish: Finish::End, failure: None });
    let asked = effects.iter().filter(|effect| matches!(effect, Effect::CheckReply { reply, .. } if reply == "[1]"));
    assert_eq!(asked.count(), 1, "{effects:?}");
    assert!(!bench.press("esc").iter().any(|effect| matches!(effect, Effect::CheckReply { .. })), "it is asked once");
    let breach = Breach { pointer: "/0".into(), message: "is no object".into() };
    bench.tell(Msg::ReplyChecked { run, verdict: Verdict::Breaks(vec![breach], 2) });
    let column = &bench.model.play.columns[0];
    let with = crate::tui::play::transcript::Drawing {
        width: 80,
        spin: 0,
        blind: false,
        held: None,
        reading: bench.model.play.reading,
    };
    let rows: Vec<String> = crate::tui::play::transcript::rows_from_end(column, with).map(|row| row.text).collect();
    assert!(
        rows.contains(&"schema: ! at /0: is no object".to_owned()) && rows.contains(&"schema: ! and 2 more".to_owned()),
        "{rows:?}"
    );
}
