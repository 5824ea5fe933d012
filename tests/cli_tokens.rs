//! `tokens` as a script meets it: what is counted, what it costs, and what is asked of a server and remembered.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

mod place;

use std::fs;
use std::process::Output;

use place::Place;
use serde_json::{Value, json};
use servers::{FakeServer, json as json_answer};

const PROMPT: &str = "Before.\n# Identity\nYou help {{user}} of {{company}}.\n\n# Safety\nNever lie to {{user}}.\n";
const DECLARED: &str = "# what is planned\n[budget]\ntokens = 25\n[cost]\ncalls_per_month = 1_000_000\nreply_tokens = 100\n\
    [variables.company]\nfreshness = \"static\"\ndefault = \"Lanternworks\"\n\
    [variables.user]\nfreshness = \"session\"\nprivacy = \"personal\"\nexample = \"Robin\"\n";

impl Place {
    fn new() -> Self {
        Self::with_files(&[
            ("library/prompts/hello/draft/system_prompt.txt", PROMPT),
            ("library/prompts/hello/prompt.toml", DECLARED),
            ("library/prompts/hello/values/ada.json", r#"{"user": "Ada Lovelace"}"#),
        ])
    }

    /// With Anthropic as a host elsewhere that this server answers for.
    fn at(self, server: &FakeServer) -> Self {
        self.with("ANTHROPIC_API_KEY", "sk-test")
            .with("http_proxy", server.url())
            .with("ANTHROPIC_BASE_URL", "http://models.example.test")
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn tokens(text: &str) -> u64 {
    tiktoken_rs::o200k_base_singleton().encode_ordinary(text).len() as u64
}

#[test]
fn the_total_is_the_filled_text_and_sections_and_variables_are_parts_of_it() {
    let place = Place::new();
    let said = place.json(&["tokens", "hello", "--values", "ada", "--model", "openai:gpt-4o"]);
    let filled = place.run(&["fill", "hello", "--values", "ada"]);
    assert_eq!(said["total"], tokens(&String::from_utf8(filled.stdout).unwrap()));
    assert_eq!((&said["tokenizer"], &said["exact"]), (&json!("o200k_base"), &json!(true)));
    let keys: Vec<_> = said.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["tokenizer", "exact", "total", "sections", "variables", "cacheable_prefix", "cost"]);
    let sections = said["sections"].as_object().unwrap();
    let names: Vec<_> = sections.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "unsorted",
            "identity_and_role",
            "behavioral_guidelines",
            "capabilities_and_limitations",
            "output_format",
            "safety_rails"
        ]
    );
    assert_eq!(sections.values().map(|tokens| tokens.as_u64().unwrap()).sum::<u64>(), said["total"].as_u64().unwrap());
    assert_eq!(
        said["variables"],
        json!({"user": 2 * tokens("Ada Lovelace"), "company": tokens("Lanternworks")}),
        "a value costs as often as it stands there"
    );
    assert_eq!(said["cacheable_prefix"], tokens("Before.\n# Identity\nYou help "));
}

#[test]
fn the_cost_is_from_the_list_of_prices_or_the_config_and_never_guessed() {
    let place = Place::new();
    let ask = |model: &str| place.json(&["tokens", "hello", "--values", "ada", "--model", model]);
    let listed = ask("anthropic:claude-sonnet-4-6");
    let cost = &listed["cost"];
    assert_eq!((&listed["exact"], &cost["prices"]), (&json!(false), &json!("Anthropic")));
    assert!(cost["as_of"].as_str().unwrap().starts_with("20"), "{cost}");
    let total = listed["total"].as_f64().unwrap();
    let call = (total * 3.0 + 100.0 * 15.0) / 1e6;
    assert!((cost["per_call"].as_f64().unwrap() - call).abs() < 1e-9, "{cost}");
    assert!((cost["per_month"].as_f64().unwrap() - call * 1e6).abs() < 1e-3, "{cost}");
    assert_eq!(ask("nobody:nothing")["cost"], Value::Null);
    assert_eq!(ask("offline")["cost"]["per_month"], 0.0);
    assert_eq!(ask("ollama:llama3.2")["cost"]["per_call"], 0.0);
    place.write("config/greenroom/config.toml", "[prices.\"nobody:nothing\"]\ninput = 10.0\noutput = 0.0\n");
    let own = ask("nobody:nothing");
    assert!((own["cost"]["input"].as_f64().unwrap() - own["total"].as_f64().unwrap() / 1e5).abs() < 1e-9, "{own}");
    let more = place.json(&["tokens", "hello", "--model", "nobody:nothing", "--calls", "7", "--reply", "9"]);
    assert_eq!((&more["cost"]["calls_per_month"], &more["cost"]["reply_tokens"]), (&json!(7), &json!(9)));
}

#[test]
fn a_person_reads_the_table_the_budget_the_change_and_the_advice() {
    let place = Place::new();
    place.write(
        "library/prompts/hello/v1.0.0_2024-01-15/system_prompt.txt",
        &PROMPT.replace("Never lie to {{user}}", "x"),
    );
    let output = place.run(&["tokens", "hello", "--values", "ada", "--model", "anthropic:claude-sonnet-4-6"]);
    let said = String::from_utf8(output.stdout).unwrap();
    for wanted in [
        "hello@draft under anthropic:claude-sonnet-4-6",
        "an estimate by o200k_base × 1.12",
        "of the budget of 25, !! over the budget",
        "Identity & Role",
        "it ends at {{user}}",
        "against 1.0.0",
        " a month\n",
        "list price of Anthropic, as of 20",
        "move {{user}} (lines 3, 6) to the end of the prompt",
    ] {
        assert!(said.contains(wanted), "{wanted:?} is not in\n{said}");
    }
    assert!(output.stderr.is_empty(), "{:?}", String::from_utf8_lossy(&output.stderr));
    let output = place.run(&["tokens", "hello"]);
    assert_eq!(output.status.code(), Some(0));
    let noted = String::from_utf8(output.stderr).unwrap();
    assert_eq!(noted, "no value for {{user}}: counted as it stands in the text\n");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("no model is chosen"));
    assert!(said.lines().any(|line| line.starts_with("user ") && line.ends_with("missing")), "{said}");
    let counted = place.json(&["tokens", "hello"]);
    assert_eq!(counted["variables"]["user"], json!(0));
    assert!(counted["variables"]["company"].is_u64(), "{counted}");
}

#[test]
fn the_counting_endpoint_is_asked_only_when_it_is_wanted_and_once_for_a_text() {
    let count = |tokens: u64| json_answer("200 OK", &json!({ "input_tokens": tokens }).to_string());
    let server = FakeServer::start(vec![count(8), count(50)]);
    let place = Place::new().at(&server);
    let ask = |flag: &[&str]| {
        place.json(&[&["tokens", "hello", "--values", "ada", "--model", "anthropic:claude-haiku-4-5"], flag].concat())
    };
    assert_eq!(ask(&[])["exact"], false);
    assert_eq!(server.received().len(), 0, "nobody has asked for it");
    let exact = ask(&["--exact"]);
    assert_eq!((&exact["total"], &exact["exact"]), (&json!(42), &json!(true)));
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(received[1].head.contains("/v1/messages/count_tokens"), "{}", received[1].head);
    let sent = received[1].body["system"].as_str().unwrap();
    assert!(sent.contains("Robin") && !sent.contains("Ada"), "personal values stay here: {sent}");
    assert_eq!(ask(&[])["total"], 42, "it is remembered");
    assert_eq!(ask(&["--exact"])["total"], 42);
    assert_eq!(server.received().len(), 2, "the same text is not sent again");
    let kept = fs::read_to_string(place.path("state/greenroom/tokens/exact.json")).unwrap();
    assert!(!kept.contains("Robin") && !kept.contains("help"), "{kept}");
}

#[test]
fn a_secret_is_never_sent_to_be_counted_and_who_cannot_count_is_told() {
    let server = FakeServer::always(json_answer("200 OK", "{\"input_tokens\": 9}"));
    let place = Place::new().at(&server);
    place.write(
        "library/prompts/hello/prompt.toml",
        "[variables.user]\nprivacy = \"secret\"\n[variables.company]\ndefault = \"L\"\n",
    );
    let exact = |model: &str| place.run(&["tokens", "hello", "--values", "ada", "--exact", "--model", model]);
    let output = exact("anthropic:claude-haiku-4-5");
    assert_eq!((output.status.code(), server.received().len()), (Some(2), 0), "{output:?}");
    let output = exact("ollama:llama3.2");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("does not count tokens"));
}
