//! What is asked before something leaves this machine, and where it is seen what goes.

use super::{look, look_at};
use crate::config::Provider;
use crate::model::ModelName;
use crate::prompt::{Declaration, Privacy};
use crate::tui::consent::{Agreement, Sharing};
use crate::tui::tests::{Workbench, prompt};

fn personal(example: Option<&str>) -> Declaration {
    Declaration { privacy: Privacy::Personal, example: example.map(str::to_owned), ..Declaration::default() }
}

/// A prompt about two people, one of whom has an example.
fn about_people() -> Workbench {
    prompt("# Identity\nYou help {{user_name}}, whose manager is {{manager}}.\n\n# Safety Rails\nNever guess.\n")
        .model("anthropic:claude-haiku-4-5")
        .config("max_tokens", 500.into())
        .set("real", &[("user_name", "Ada Lovelace"), ("manager", "Charles B.")])
        .declared("user_name", personal(Some("Robin Example")))
        .declared("manager", personal(None))
        .open()
}

fn with_examples() -> Workbench {
    let mut bench = about_people();
    let values = &mut bench.model.draft.as_mut().unwrap().values;
    values.declare(crate::prompt::Declarations(vec![
        ("user_name".into(), personal(Some("Robin Example"))),
        ("manager".into(), personal(Some("Kim Example"))),
    ]));
    bench
}

fn say_hello(bench: &mut Workbench) {
    let effects = bench.press("2 i");
    if crate::tui::tests::to_count(&effects).is_some() {
        bench.counted(&effects);
    }
    bench.type_text("Hello");
    bench.press("enter");
}

#[test]
fn the_question_before_something_personal_leaves() {
    for size in [(80, 24), (160, 45)] {
        look_at("send_personal", size, with_examples, say_hello);
    }
    look_at("send_without_example", (80, 24), about_people, say_hello);
}

#[test]
fn the_question_about_four_hosts_fits_a_small_screen() {
    look_at("send_to_four", (80, 24), with_examples, |bench| {
        let mut names = Vec::new();
        for (name, base_url) in [
            ("first", "https://models.example.com/v1"),
            ("second", "http://gpu.example.org:8080/v1"),
            ("third", "https://inference.a-longer-name.example.net/openai/v1"),
        ] {
            let like = bench.model.settings.providers["openai"].clone();
            let provider = Provider { base_url: base_url.into(), ..like };
            bench.model.settings.providers.insert(name.into(), provider);
            names.push(ModelName::parse(&format!("{name}:some-large-model-2026-10")));
        }
        for (at, name) in names.into_iter().enumerate() {
            bench.press("esc 2 a enter");
            bench.model.play.columns[at + 1].chosen = name;
        }
        say_hello(bench);
    });
}

#[test]
fn what_goes_out_is_shown_before_it_goes() {
    look("draft_with_examples", with_examples, |bench| {
        bench.press("tab");
    });
    look("play_real_values", with_examples, |bench| {
        let host = "api.anthropic.com".to_owned();
        let agreed = Agreement { prompt: "greeter".into(), host, sharing: Sharing::RealValues };
        bench.model.play.agreed.push(agreed);
        bench.press("2");
    });
    look_at("agreements", (80, 24), with_examples, |bench| {
        for (host, sharing) in [("api.anthropic.com", Sharing::RealValues), ("api.openai.com", Sharing::Examples)] {
            let agreed = Agreement { prompt: "greeter".into(), host: host.into(), sharing };
            bench.model.play.agreed.push(agreed);
        }
        bench.press("2 w");
    });
}
