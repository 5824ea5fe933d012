//! What of personal variables leaves this machine: asked for before it happens, in every way in which something goes out.

use crate::model::{Event, Finish, Request};
use crate::prompt::{Declaration, Privacy};
use crate::tui::consent::{Agreement, Sharing};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::tests::{InMemory, Workbench, prompt};

const REMOTE: &str = "anthropic:claude-haiku-4-5";
const HOST: &str = "api.anthropic.com";

fn declared(privacy: Privacy, example: Option<&str>) -> Declaration {
    Declaration { privacy, example: example.map(str::to_owned), ..Declaration::default() }
}

/// A prompt about Ada, for a model elsewhere.
fn about_ada(example: Option<&str>) -> InMemory {
    prompt("# Identity\nFor {{user}}.\n")
        .model(REMOTE)
        .set("a", &[("user", "Ada Lovelace")])
        .declared("user", declared(Privacy::Personal, example))
}

fn with_example() -> Workbench {
    about_ada(Some("Robin")).open()
}

fn requests(effects: &[Effect]) -> Vec<(u64, Request)> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send { run, request } => Some((*run, request.clone())),
        _ => None,
    });
    sent.collect()
}

/// The filled prompts that go out.
fn systems(effects: &[Effect]) -> Vec<String> {
    requests(effects).into_iter().map(|(_, request)| request.system).collect()
}

fn say(bench: &mut Workbench, message: &str) -> Vec<Effect> {
    bench.press("alt-2 i");
    bench.type_text(message);
    bench.press("enter")
}

fn answer(bench: &mut Workbench, run: u64, reply: &str) {
    bench.reply(run, 5, Event::Text(reply.to_owned()));
    bench.reply(run, 9, Event::Done { finish: Finish::End, failure: None });
}

fn question(bench: &Workbench) -> &Confirm {
    match &bench.model.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("nothing is asked, but {other:?}: {}", bench.said()),
    }
}

fn answers(bench: &Workbench) -> Vec<&'static str> {
    question(bench).answers.iter().map(|(label, _)| *label).collect()
}

/// Chooses the answer that is called so.
fn choose(bench: &mut Workbench, label: &str) -> Vec<Effect> {
    let at = answers(bench).iter().position(|one| *one == label);
    let at = at.unwrap_or_else(|| panic!("no {label:?} in {:?}", question(bench)));
    for _ in 0..at {
        bench.press("right");
    }
    bench.press("enter")
}

fn told(bench: &Workbench) -> String {
    let asked = question(bench);
    format!("{}\n{}", asked.question, asked.consequence.join("\n"))
}

#[test]
fn the_question_names_who_gets_what_and_leaves_three_ways() {
    let mut bench = with_example();
    assert!(systems(&say(&mut bench, "Hello")).is_empty());
    let told = told(&bench);
    for word in [HOST, REMOTE, "Personal: user; its declared example can go instead."] {
        assert!(told.contains(word), "{word} is not in {told}");
    }
    assert!(!told.contains("Ada") && !told.contains("Robin"), "{told}");
    assert_eq!(answers(&bench), ["Cancel", "Send examples", "Real this time", "Always real"]);
    assert_eq!(question(&bench).selected, 0);
}

#[test]
fn the_answers_fit_a_small_screen() {
    for example in [Some("Robin"), None] {
        let mut bench = about_ada(example).open();
        bench.tell(Msg::Resize(80, 24));
        say(&mut bench, "Hello");
        let overlay = bench.model.overlay.as_ref().unwrap();
        let area = crate::tui::boxes::area(&bench.model, overlay);
        let row = crate::tui::boxes::forms::answers_row(area);
        let labels = answers(&bench);
        let places = crate::tui::boxes::forms::answers(labels.iter().copied(), row);
        for (label, place) in labels.iter().zip(places) {
            assert_eq!(usize::from(place.width), label.len() + 5, "{label} is cut");
        }
    }
}

#[test]
fn examples_go_and_are_remembered() {
    let mut bench = with_example();
    say(&mut bench, "Hello");
    let effects = choose(&mut bench, "Send examples");
    assert_eq!(systems(&effects), ["# Identity\nFor Robin.\n"]);
    let kept = Effect::Agreed { prompt: "greeter".into(), host: HOST.into(), sharing: Some(Sharing::Examples) };
    assert!(effects.contains(&kept), "{effects:?}");
    assert_eq!(bench.said(), "sent with declared examples in place of the values of user");
    let run = requests(&effects)[0].0;
    answer(&mut bench, run, "Hello Robin!");
    assert_eq!(systems(&say(&mut bench, "More")), ["# Identity\nFor Robin.\n"]);
}

#[test]
fn real_values_go_this_once_and_the_next_message_asks_again() {
    let mut bench = with_example();
    say(&mut bench, "Hello");
    let effects = choose(&mut bench, "Real this time");
    assert_eq!(systems(&effects), ["# Identity\nFor Ada Lovelace.\n"]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Agreed { .. })), "{effects:?}");
    assert_eq!(bench.said(), "sent with the real values of user");
    let run = requests(&effects)[0].0;
    answer(&mut bench, run, "Hello!");
    assert!(systems(&say(&mut bench, "More")).is_empty());
    assert_eq!(systems(&choose(&mut bench, "Send examples")), ["# Identity\nFor Robin.\n"]);
}

#[test]
fn always_real_is_remembered_shown_and_taken_back() {
    let mut bench = with_example();
    say(&mut bench, "Hello");
    let effects = choose(&mut bench, "Always real");
    assert_eq!(systems(&effects), ["# Identity\nFor Ada Lovelace.\n"]);
    let kept = Effect::Agreed { prompt: "greeter".into(), host: HOST.into(), sharing: Some(Sharing::RealValues) };
    assert!(effects.contains(&kept), "{effects:?}");
    let run = requests(&effects)[0].0;
    answer(&mut bench, run, "Hello Ada!");
    let run = requests(&say(&mut bench, "More"))[0].0;
    answer(&mut bench, run, "More.");
    assert_eq!(crate::tui::update::sharing(&bench.model), Some("real values go"));
    bench.press("esc w");
    assert_eq!(bench.listed(), [format!("{HOST} | real values go")]);
    let effects = bench.press("enter");
    assert_eq!(effects.first(), Some(&Effect::Agreed { prompt: "greeter".into(), host: HOST.into(), sharing: None }));
    assert_eq!(crate::tui::update::sharing(&bench.model), Some("asked first"));
    assert!(systems(&say(&mut bench, "Again")).is_empty(), "it is asked again");
}

#[test]
fn what_was_agreed_to_holds_for_that_prompt_and_that_host_alone() {
    let mut bench = with_example();
    for (prompt, host) in [("other", HOST), ("greeter", "api.openai.com")] {
        let agreed = Agreement { prompt: prompt.into(), host: host.into(), sharing: Sharing::RealValues };
        bench.model.play.agreed.push(agreed);
    }
    assert!(systems(&say(&mut bench, "Hello")).is_empty());
    assert!(told(&bench).contains(HOST));
}

#[test]
fn without_an_example_the_real_value_is_never_sent_silently() {
    let mut bench = about_ada(None).open();
    let agreed = Agreement { prompt: "greeter".into(), host: HOST.into(), sharing: Sharing::Examples };
    bench.model.play.agreed.push(agreed);
    assert!(systems(&say(&mut bench, "Hello")).is_empty());
    assert!(told(&bench).contains("Personal: user, without an example in prompt.toml"), "{}", told(&bench));
    assert_eq!(answers(&bench), ["Cancel", "Add an example", "Real this time", "Always real"]);
    assert!(systems(&choose(&mut bench, "Add an example")).is_empty());
    let Some(Overlay::Variable(crate::tui::variables::VariableBox::Properties(form))) = &bench.model.overlay else {
        panic!("no form: {:?}", bench.model.overlay)
    };
    assert_eq!((form.name.as_str(), form.field), ("user", crate::tui::variables::PropertyField::Example));
    bench.press("esc");
    assert_eq!(bench.model.play.message.buffer.text(), "Hello", "the message waits");
    bench.press("ctrl-r");
    assert_eq!(systems(&choose(&mut bench, "Real this time")), ["# Identity\nFor Ada Lovelace.\n"]);
}

#[test]
fn a_yes_to_real_values_covers_the_variables_it_named_and_no_others() {
    let mut bench = with_example();
    say(&mut bench, "Hello");
    // prompt.toml changes while it is asked
    let draft = bench.model.draft.as_mut().unwrap();
    draft.values.declarations.0.push(("note".into(), declared(Privacy::Personal, None)));
    draft.values.give("note", Some("Has a cat.".into()));
    bench.model.draft.as_mut().unwrap().config.0.insert("user_template".into(), "{{note}} {{message}}".into());
    assert!(systems(&choose(&mut bench, "Real this time")).is_empty(), "it is asked again");
    assert!(told(&bench).contains("note"), "{}", told(&bench));
}

#[test]
fn a_secret_goes_nowhere_and_its_place_is_said() {
    for model in [REMOTE, "ollama:small", "offline"] {
        let mut bench = prompt("# Identity\nOne.\n{{key}}\n")
            .model(model)
            .set("a", &[("key", "k3y-value")])
            .declared("key", declared(Privacy::Secret, None))
            .open();
        assert!(systems(&say(&mut bench, "Hello")).is_empty());
        assert!(bench.model.overlay.is_none());
        assert!(bench.said().contains("key, used in line 3, has no example"), "{}", bench.said());
        assert!(!bench.said().contains("k3y-value"));
    }
}

/// Two columns whose models are on two hosts.
fn two_hosts() -> Workbench {
    let mut bench = with_example();
    let mut provider = bench.model.settings.providers["anthropic"].clone();
    provider.base_url = "https://models.example.com/v1".into();
    bench.model.settings.providers.insert("other".into(), provider);
    bench.press("2 a enter");
    bench.model.play.columns[1].chosen = crate::model::ModelName::parse("other:big");
    bench
}

#[test]
fn several_hosts_are_asked_about_in_one_question() {
    let mut bench = two_hosts();
    assert!(systems(&say(&mut bench, "Hello")).is_empty());
    let asked = told(&bench);
    assert!(asked.starts_with("Send this to 2 hosts?"), "{asked}");
    for word in [format!("{HOST}: {REMOTE}"), "models.example.com: other:big".into(), "Personal: user;".into()] {
        assert!(asked.contains(&word), "{word} is not in {asked}");
    }
    let effects = choose(&mut bench, "Always real");
    assert_eq!(systems(&effects), ["# Identity\nFor Ada Lovelace.\n"; 2]);
    let kept = effects.iter().filter(|effect| matches!(effect, Effect::Agreed { .. })).count();
    assert_eq!(kept, 2);
}

#[test]
fn only_the_host_that_was_not_agreed_to_is_asked_about_and_each_gets_its_own() {
    let mut bench = two_hosts();
    let agreed = Agreement { prompt: "greeter".into(), host: HOST.into(), sharing: Sharing::RealValues };
    bench.model.play.agreed.push(agreed);
    say(&mut bench, "Hello");
    assert!(told(&bench).starts_with("Send this to models.example.com?"), "{}", told(&bench));
    let mut systems = systems(&choose(&mut bench, "Send examples"));
    systems.sort();
    assert_eq!(systems, ["# Identity\nFor Ada Lovelace.\n", "# Identity\nFor Robin.\n"]);
}

#[test]
fn asked_again_and_said_differently_are_asked_about_like_the_first() {
    for keys in ["r", "ctrl-r", "e esc ctrl-r"] {
        let mut bench = with_example();
        say(&mut bench, "Hello");
        let run = requests(&choose(&mut bench, "Real this time"))[0].0;
        answer(&mut bench, run, "Hi.");
        bench.press("esc");
        assert!(systems(&bench.press(keys)).is_empty(), "{keys}");
        assert!(told(&bench).contains("Personal: user"), "{keys}");
        let sent = choose(&mut bench, "Send examples");
        assert_eq!(systems(&sent), ["# Identity\nFor Robin.\n"], "{keys}");
    }
}

#[test]
fn a_conversation_that_repeats_a_real_value_does_not_go_to_who_gets_examples() {
    let mut bench = with_example();
    bench.model.play.columns[0].chosen = crate::model::ModelName::parse("ollama:small");
    let run = requests(&say(&mut bench, "Hello"))[0].0;
    answer(&mut bench, run, "Hello Ada, how can I help?");
    bench.model.play.columns[0].chosen = None;
    let agreed = Agreement { prompt: "greeter".into(), host: HOST.into(), sharing: Sharing::Examples };
    bench.model.play.agreed.push(agreed);
    assert!(systems(&say(&mut bench, "More")).is_empty());
    let asked = told(&bench);
    assert!(asked.contains("The conversation so far repeats user"), "{asked}");
    assert_eq!(answers(&bench), ["Cancel", "Real this time", "Always real"]);
    bench.press("esc esc ctrl-n");
    let sent = bench.press("ctrl-r");
    assert_eq!(systems(&sent), ["# Identity\nFor Robin.\n"], "a new conversation repeats nothing");
}

#[test]
fn a_conversation_that_repeats_nothing_goes_on_with_examples() {
    let mut bench = with_example();
    bench.model.play.columns[0].chosen = crate::model::ModelName::parse("ollama:small");
    let run = requests(&say(&mut bench, "Hello"))[0].0;
    answer(&mut bench, run, "How can I help?");
    bench.model.play.columns[0].chosen = None;
    let agreed = Agreement { prompt: "greeter".into(), host: HOST.into(), sharing: Sharing::Examples };
    bench.model.play.agreed.push(agreed);
    assert_eq!(systems(&say(&mut bench, "More")), ["# Identity\nFor Robin.\n"]);
}

#[test]
fn a_blind_question_about_one_side_names_both() {
    let mut bench = two_hosts();
    bench.press("esc");
    bench.tell(Msg::Shuffled(7));
    let sent = {
        say(&mut bench, "Hello");
        choose(&mut bench, "Real this time")
    };
    for (run, _) in requests(&sent) {
        answer(&mut bench, run, "Hi.");
    }
    bench.press("esc r");
    let asked = told(&bench);
    assert!(asked.contains(HOST) && asked.contains("models.example.com"), "{asked}");
    assert_eq!(systems(&choose(&mut bench, "Send examples")).len(), 1, "one side is asked");
}

#[test]
fn a_count_by_the_server_is_asked_about_in_the_same_way() {
    let counted = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::CountExactly { system, .. } => Some(system.clone()),
            _ => None,
        })
    };
    for (label, expected) in [("Send examples", "Robin"), ("Real this time", "Ada"), ("Always real", "Ada")] {
        let mut bench = with_example();
        assert_eq!(counted(&bench.press("f9 ctrl-r")), None);
        assert!(counted(&choose(&mut bench, label)).is_some_and(|system| system.contains(expected)), "{label}");
        assert!(bench.model.play.once.is_empty());
    }
    let mut bench = about_ada(None).open();
    bench.press("f9 ctrl-r");
    assert_eq!(answers(&bench), ["Cancel", "Add an example", "Real this time", "Always real"]);
    choose(&mut bench, "Add an example");
    bench.press("esc");
    assert!(bench.model.overlay.is_none() && bench.model.exactly.aside.is_none());
}

#[test]
fn the_preview_and_its_copy_show_what_is_sent() {
    let mut bench = with_example();
    let preview = |bench: &Workbench| {
        let draft = bench.draft();
        let source = crate::tui::draft::PreviewSource::new(draft, "");
        source.line(source.place(1, 0).unwrap()).text
    };
    assert_eq!(preview(&bench), "For Robin.");
    assert_eq!(crate::tui::update::play::filled(&bench.model).as_deref(), Some("# Identity\nFor Robin.\n"));
    bench.press("v");
    assert_eq!(preview(&bench), "For Ada Lovelace.", "shown on demand, and the title says that it is not sent");
    bench.press("v");
    let agreed = Agreement { prompt: "greeter".into(), host: HOST.into(), sharing: Sharing::RealValues };
    bench.model.play.agreed.push(agreed);
    bench.tell(Msg::Resize(120, 40));
    assert!(preview(&bench).contains("hidden"), "{}", preview(&bench));
    bench.model.play.agreed.clear();
    bench.model.play.columns[0].chosen = crate::model::ModelName::parse("ollama:small");
    bench.tell(Msg::Resize(120, 40));
    assert!(preview(&bench).contains("hidden"), "{}", preview(&bench));
}
