use std::path::Path;

use proptest::prelude::*;

use super::*;

fn text(text: &str, old: &str, new: &str) -> String {
    apply(text, &in_text(text, old, new))
}

fn cases(text: &str, old: &str, new: &str) -> String {
    apply(text, &in_cases(text, old, new).unwrap())
}

fn about(text: &str, old: &str, new: &str) -> String {
    apply(text, &in_declarations(text, old, new))
}

#[test]
fn only_real_placeholders_are_renamed_and_their_blanks_stay() {
    assert_eq!(
        text(r"{{a}} {{ a	}} \{{a}} {{{a}}} {{ab}} a {{a.b}} {{a", "a", "new.name"),
        r"{{new.name}} {{ new.name	}} \{{a}} {{{new.name}}} {{ab}} a {{a.b}} {{a"
    );
}

#[test]
fn a_value_set_keeps_its_order_and_its_bytes() {
    let file = Path::new("v.json");
    let before = "\u{feff}{ \"b\" : 1.10,\r\n\t\"a\"\t:\"\\u00e9 {{a}} \\\"a\\\": 1\", \"c\":true }\n";
    let after = apply(before, &in_values(file, before, "a", "new").unwrap());
    assert_eq!(after, before.replace("\"a\"\t:", "\"new\"\t:"));
    assert!(in_values(file, before, "z", "new").unwrap().is_empty());
}

#[test]
fn the_template_of_the_message_is_renamed_within_its_json_text() {
    let file = Path::new("config.json");
    let before =
        r#"{"x": "{{a}}", "user_template": "\u007b{a}} \\{{a}} \t\ud83d\ude00 {{ a }} é", "model": "offline"}"#;
    let after = apply(before, &in_config(file, before, "a", "new").unwrap());
    assert_eq!(
        after,
        r#"{"x": "{{a}}", "user_template": "\u007b{new}} \\{{a}} \t\ud83d\ude00 {{ new }} é", "model": "offline"}"#
    );
}

#[test]
fn a_declaration_is_renamed_in_every_form_it_can_have() {
    for (before, after) in [
        ("[variables.a] # c\nprivacy = \"public\"\n", "[variables.new] # c\nprivacy = \"public\"\n"),
        ("[ variables . \"a\" ]\n", "[ variables . \"new\" ]\n"),
        (
            "[variables]\na = { example = \"{{a}} a = 1\" }\nb.a = 1\n",
            "[variables]\nnew = { example = \"{{a}} a = 1\" }\nb.a = 1\n",
        ),
        (
            "[variables]\na.privacy = \"public\"\na.example = 'a'\n",
            "[variables]\nnew.privacy = \"public\"\nnew.example = 'a'\n",
        ),
        ("variables.a.privacy = \"public\"\n", "variables.new.privacy = \"public\"\n"),
        (
            "variables = { a = { privacy = \"public\" }, b = {} }\n",
            "variables = { new = { privacy = \"public\" }, b = {} }\n",
        ),
        ("[variables.a]\n[variables.a.b]\nx = 1\n", "[variables.new]\n[variables.a.b]\nx = 1\n"),
        (
            "[a]\na = 1\n[lint]\na = \"\"\"\n[variables.a]\n\"\"\"\n",
            "[a]\na = 1\n[lint]\na = \"\"\"\n[variables.a]\n\"\"\"\n",
        ),
    ] {
        assert_eq!(about(before, "a", "new"), after);
    }
    assert_eq!(about("[variables.user.name]\n", "user.name", "who"), "[variables.who]\n");
    assert_eq!(about("\u{feff}[variables.é]\n[variables.a]", "a", "b"), "\u{feff}[variables.é]\n[variables.b]");
}

#[test]
fn eval_cases_change_in_their_keys_and_their_texts_alone() {
    let before = "# {{a}} here\n- description: about {{ a }}\n  vars:\n    a: Ada # a\n    'b': |\n      vars:\n        a: {{a}}\n      \\{{a}}\n  assert:\n    - type: contains\n      value: \"{{a}}\"\n- vars: {b: 1, \"a\": [x, 'y {{b}}']}\n- a: 1\n";
    let after = "# {{a}} here\n- description: about {{ new }}\n  vars:\n    new: Ada # a\n    'b': |\n      vars:\n        a: {{new}}\n      \\{{a}}\n  assert:\n    - type: contains\n      value: \"{{new}}\"\n- vars: {b: 1, \"new\": [x, 'y {{b}}']}\n- a: 1\n";
    assert_eq!(cases(before, "a", "new"), after);
}

#[test]
fn what_cannot_be_changed_without_guessing_is_refused_with_its_place() {
    let tangled = in_cases("- vars:\n    x: \"\\x7b{a}}\"\n", "a", "new").unwrap_err();
    assert_eq!(tangled.offset, 15);
    assert!(in_cases("- a: [\n", "a", "new").unwrap_err().reason.contains("YAML"));
}

#[test]
fn a_new_name_that_yaml_takes_for_something_else_stands_in_quotes() {
    assert_eq!(cases("- vars:\n    a: 1\n", "a", "no"), "- vars:\n    \"no\": 1\n");
}

#[test]
fn words_that_are_left_are_found_by_line() {
    assert_eq!(mentions("context.vars.a\nab\nx a\n", "a"), [1, 3]);
    assert_eq!(mentions("ab a_b", "a"), Vec::<usize>::new());
}

proptest! {
    #[test]
    fn renaming_there_and_back_gives_the_same_bytes(before in r"([{}\\ \t\n:'#é-]|\{\{ ?a\}\}|\{\{b|vars: ?|a: ?1|\[variables\.a\]|\{\{\{a)\n?{0,24}") {
        prop_assert_eq!(text(&text(&before, "a", "new"), "new", "a"), before.clone());
        prop_assert_eq!(about(&about(&before, "a", "new"), "new", "a"), before.clone());
        if let Ok(edits) = in_cases(&before, "a", "new") {
            let after = apply(&before, &edits);
            prop_assert_eq!(cases(&after, "new", "a"), before);
        }
    }

    #[test]
    fn no_text_of_json_stops_it(before in "[{}\\[\\]:,\"\\\\a1.éuser_template\\n \u{feff}-]{0,60}") {
        let file = Path::new("v.json");
        for edits in [in_values(file, &before, "a", "b"), in_config(file, &before, "a", "b")].into_iter().flatten() {
            let _ = apply(&before, &edits);
        }
    }

    #[test]
    fn a_template_within_json_is_renamed_as_its_text_is(template in r#"([{}\\ "é😀\n]|\{\{a\}\}|\{\{ a \}\}){0,16}"#) {
        let file = Path::new("config.json");
        let json = serde_json::json!({ "user_template": template }).to_string();
        let after = apply(&json, &in_config(file, &json, "a", "new").unwrap());
        let read: serde_json::Value = serde_json::from_str(&after).unwrap();
        let expected = text(&template, "a", "new");
        prop_assert_eq!(read["user_template"].as_str(), Some(expected.as_str()));
    }
}
