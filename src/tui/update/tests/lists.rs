//! Lists over the screen: help, palette, library, models, themes; and the lines that are asked for.

use crate::error::Error;
use crate::library::Damage;
use crate::tui::effect::Effect;
use crate::tui::model::ScreenId;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::tests::{Workbench, prompt, workbench};

#[test]
fn help_begins_with_the_keys_of_the_focused_pane() {
    let mut bench = workbench("# Identity\n{{a}}");
    for (keys, context) in [
        ("f1", "Draft (NAV)"),
        ("esc shift-tab shift-tab f1", "Variables (NAV)"),
        ("esc enter f1", "Value of a variable (EDIT)"),
        ("esc esc 3 f1", "Diff (NAV)"),
        ("esc 2 f1", "Play (NAV)"),
        ("esc i f1", "Message (EDIT)"),
    ] {
        bench.press(keys);
        let first = bench.listed().first().cloned().unwrap();
        assert!(first.starts_with(context), "{keys}: {first}");
    }
}

#[test]
fn help_and_palette_are_searched_by_typing() {
    let mut bench = workbench("# Identity\n");
    bench.press("f1 /");
    bench.type_text("value set");
    assert!(bench.listed()[0].contains("value set"), "{:?}", bench.listed());
    bench.press("esc ctrl-p");
    bench.type_text("diff of the draft");
    assert!(bench.listed()[0].starts_with("Diff of the draft"), "{:?}", bench.listed());
    bench.press("enter");
    assert_eq!(bench.model.screen, ScreenId::Diff);
}

#[test]
fn letters_go_into_a_filter_and_are_no_commands() {
    let mut bench = workbench("# Identity\n");
    bench.press("ctrl-p");
    assert_eq!(bench.type_text("q"), []);
    assert!(matches!(&bench.model.overlay, Some(Overlay::Palette(picker)) if picker.filter.text() == "q"));
}

#[test]
fn the_palette_says_why_an_action_is_disabled_and_does_not_do_it() {
    let mut bench = Workbench::empty();
    bench.press("ctrl-p");
    bench.type_text("save the draft");
    assert!(bench.listed()[0].contains("no prompt is open"), "{:?}", bench.listed());
    assert_eq!(bench.press("enter").iter().filter(|effect| matches!(effect, Effect::Save { .. })).count(), 0);
    assert!(bench.said().contains("no prompt is open"), "{}", bench.said());
    let mut bench = workbench("# Identity\n");
    bench.press("ctrl-p");
    bench.type_text("Move the selected lines");
    assert!(bench.listed()[0].contains("no unsorted text"), "{:?}", bench.listed());
}

#[test]
fn the_library_lists_prompts_with_their_versions_and_what_is_damaged() {
    let mut bench = Workbench::empty();
    let mut sound = prompt("").version("1.0.0").version("1.1.0").into_opened("sound").entry;
    sound.environments.push(("production".into(), "1.0.0".parse().unwrap()));
    let mut damaged = prompt("").into_opened("damaged").entry;
    damaged.damaged.push(Damage { file: "config.json".into(), line: Some(3), reason: "no JSON".into() });
    bench.tell(Msg::Listed(Ok(vec![damaged, sound])));
    bench.press("ctrl-o");
    let rows = bench.listed().join("\n");
    for wanted in ["config.json:3: no JSON", "v1.1.0", "runs in production", "2 versions + draft"] {
        assert!(rows.contains(wanted), "{wanted} is not in\n{rows}");
    }
    assert!(bench.press("enter").contains(&Effect::Open("damaged".into())), "it can be tried");
    bench.tell(Msg::Opened(Err(Error::input("config.json, line 3: no JSON"))));
    assert!(bench.said().contains("line 3"), "{}", bench.said());
    assert!(bench.model.draft.is_none());
}

#[test]
fn damage_of_a_prompts_own_folder_is_told_without_a_place() {
    let mut bench = Workbench::empty();
    let mut linked = prompt("").into_opened("linked").entry;
    let reason = "a link leads out of the library".to_owned();
    linked.damaged.push(Damage { file: "prompts/linked".into(), line: None, reason });
    bench.tell(Msg::Listed(Ok(vec![linked])));
    bench.press("ctrl-o");
    assert!(bench.listed()[0].ends_with("! damaged: a link leads out of the library"), "{:?}", bench.listed());
}

#[test]
fn a_new_prompt_is_made_from_the_library_and_opened() {
    let mut bench = Workbench::empty();
    bench.press("ctrl-o n");
    bench.type_text("Bad Name");
    assert_eq!(bench.press("enter").iter().filter(|effect| matches!(effect, Effect::Create(_))).count(), 0);
    assert!(matches!(bench.model.overlay, Some(Overlay::Ask(Ask::PromptName, _))));
    bench.press("home ctrl-k");
    bench.type_text("good_name");
    assert!(bench.press("enter").contains(&Effect::Create("good_name".into())));
    let effects = bench.tell(Msg::Created(Ok("good_name".into())));
    assert!(effects.contains(&Effect::List) && effects.contains(&Effect::Open("good_name".into())));
}

#[test]
fn a_model_is_chosen_from_what_is_found_or_by_name() {
    let mut bench = prompt("# Identity\n").model("openai:gpt-x").open();
    assert!(bench.press("2 m").contains(&Effect::FindModels));
    bench.press("down");
    bench.tell(Msg::Models(vec!["ollama:llama3.2".into(), "openai:gpt-x".into()]));
    let rows = bench.listed();
    assert_eq!(rows.iter().filter(|row| row.starts_with("openai:gpt-x")).count(), 1, "{rows:?}");
    assert!(rows.iter().any(|row| row.starts_with("ollama:llama3.2")), "{rows:?}");
    bench.press("G enter");
    bench.type_text("no model");
    bench.press("enter");
    assert!(bench.said().contains("PROVIDER:MODEL"), "{}", bench.said());
    bench.press("m G enter");
    bench.type_text("ollama:x");
    bench.press("enter");
    assert_eq!(bench.model.play.column().chosen.as_ref().map(ToString::to_string).as_deref(), Some("ollama:x"));
}

#[test]
fn a_model_that_no_list_has_is_chosen_by_writing_its_name_into_the_filter() {
    let mut bench = prompt("# Identity\n").model("offline").open();
    bench.press("2 m /");
    bench.type_text("anthropic:claude-next");
    bench.press("enter");
    assert_eq!(
        bench.model.play.column().chosen.as_ref().map(ToString::to_string).as_deref(),
        Some("anthropic:claude-next")
    );
    bench.press("m /");
    bench.type_text("antropic:x");
    bench.press("enter");
    assert!(bench.said().contains("did you mean `anthropic`"), "{}", bench.said());
    bench.press("m /");
    bench.type_text("nothing such");
    bench.press("enter");
    assert!(matches!(bench.model.overlay, Some(Overlay::Pick(..))), "the list stays until something is chosen");
}

#[test]
fn a_theme_is_chosen_by_name_and_the_screen_takes_it() {
    let mut bench = workbench("# Identity\n");
    bench.press("ctrl-p");
    bench.type_text("choose a theme");
    bench.press("enter /");
    bench.type_text("light");
    bench.press("enter");
    assert_eq!(bench.model.theme.name(), "light");
}

#[test]
fn a_list_ends_at_both_ends_and_an_empty_filter_result_chooses_nothing() {
    let mut bench = workbench("# Identity\n");
    bench.press("f1 G down down pagedown");
    bench.press("g up up pageup");
    assert!(matches!(&bench.model.overlay, Some(Overlay::Help(picker, _)) if picker.selected == 0));
    bench.press("esc ctrl-p");
    bench.type_text("zzzzzz");
    assert!(bench.listed().is_empty());
    bench.press("down up enter");
    assert!(bench.model.overlay.is_none());
}

#[test]
fn a_list_that_cannot_be_read_says_why_and_keeps_what_is_known() {
    let mut bench = workbench("# Identity\n");
    bench.tell(Msg::Listed(Err(Error::input("prompts/ cannot be read"))));
    assert!(bench.said().contains("cannot be read"));
    assert_eq!(bench.model.prompts.len(), 1);
}

#[test]
fn a_paste_into_a_line_becomes_one_line() {
    let mut bench = workbench("# Identity\none two");
    bench.press("ctrl-f");
    bench.tell(Msg::Paste("one\r\ntwo".into()));
    bench.press("enter");
    assert_eq!(bench.draft().panes[1].selected_text().as_deref(), Some("one two"));
}

#[test]
fn help_opens_over_a_box_and_what_was_written_there_is_there_again() {
    let mut bench = Workbench::on_samples();
    bench.press("f8");
    bench.type_text("Warmer");
    bench.press("f1");
    let Some(Overlay::Help(picker, Some(_))) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert_eq!(picker.rows[0].label, "Forms");
    for away in ["esc", "f1 enter"] {
        bench.press(away);
        let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
        assert_eq!(form.what.text(), "Warmer");
    }
}

#[test]
fn what_comes_for_a_box_finds_it_below_the_help() {
    let mut bench = Workbench::on_samples();
    bench.press("f8 f1");
    bench.tell(Msg::Weighed(Err(Error::input("it cannot be compared"))));
    assert!(matches!(&bench.model.overlay, Some(Overlay::Help(..))));
    bench.press("esc");
    let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert!(form.problem.as_deref().unwrap_or_default().contains("it cannot be compared"));
}

#[test]
fn a_capital_letter_that_means_nothing_is_told_like_a_small_one() {
    let mut bench = workbench("# Identity\nHi\n");
    bench.press("Q");
    assert!(bench.said().starts_with("Q does nothing here"), "{}", bench.said());
}
