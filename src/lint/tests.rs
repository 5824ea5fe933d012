//! What holds for all rules at once.

use std::collections::BTreeMap;

use super::*;
use crate::lint::trial::said;

#[test]
fn every_rule_has_an_id_of_its_own_in_kebab_case_and_a_whole_page() {
    let mut ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    for rule in rules::ALL {
        assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
        let page = &rule.page;
        for part in [rule.summary, rule.help, page.what, page.why, page.before, page.after] {
            assert!(part.len() > 5, "{} has an empty page", rule.id);
        }
        assert!(!rule.help.ends_with('.') && !rule.summary.ends_with('.'), "{}", rule.id);
        assert!(page.what.ends_with('.') && page.why.ends_with('.'), "{}", rule.id);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules::ALL.len());
    assert!(ids.len() >= 30);
}

#[test]
fn the_text_of_a_page_before_is_found_and_the_one_after_is_not() {
    for rule in rules::ALL.iter().filter(|rule| rule.group != Group::Variables && rule.id != "long-line") {
        assert!(!said(rule, rule.page.before).is_empty(), "{} finds nothing in its own page", rule.id);
        assert!(said(rule, rule.page.after).is_empty(), "{}: {:?}", rule.id, said(rule, rule.page.after));
    }
}

#[test]
fn a_rule_that_has_fixes_gives_one_and_no_other_does() {
    for rule in rules::ALL.iter().filter(|rule| rule.group != Group::Variables && rule.id != "unclosed-fence") {
        let fixed = trial::found(rule, &Input::of(rule.page.before)).iter().any(|one| one.fix.is_some());
        assert_eq!(fixed, rule.fixes, "{}", rule.id);
    }
}

#[test]
fn a_level_replaces_the_rules_own_and_off_is_not_looked_for() {
    let mut levels = Levels::default();
    levels.levels.insert("shouting".into(), Level::Error);
    levels.levels.insert("section-missing".into(), Level::Off);
    let found = lint(&Input { levels: &levels, ..Input::of("Answer now!!") });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule.id, found[0].severity), ("shouting", Severity::Error));
}

#[test]
fn what_is_allowed_is_left_out_where_its_text_stands_and_nowhere_else() {
    let text = "Contact press@northmail.net.\nContact jane@northmail.net.\n";
    let allow = Allow { rule: "email-address".into(), text: "press@".into(), reason: "public".into() };
    let levels = Levels { levels: BTreeMap::new(), allows: vec![allow] };
    let rule = rules::find("email-address").unwrap();
    let lines: Vec<usize> = lint(&Input { levels: &levels, ..Input::of(text) })
        .into_iter()
        .filter(|one| one.rule == rule)
        .map(|one| one.line)
        .collect();
    assert_eq!(lines, [2]);
}

#[test]
fn places_count_characters_and_lines_of_every_ending() {
    let text = "é\u{200b}\r\n\rüü\u{200b}\u{200b}z\n";
    let found: Vec<_> = trial::found(rules::find("invisible-characters").unwrap(), &Input::of(text))
        .into_iter()
        .map(|one| (one.line, one.column, one.end))
        .collect();
    assert_eq!(found, [(1, 2, Point { line: 1, column: 3 }), (3, 3, Point { line: 3, column: 5 })]);
}

#[test]
fn a_text_with_thousands_of_findings_lists_some_of_them_and_counts_the_rest() {
    let found = trial::found(rules::find("lone-braces").unwrap(), &Input::of(&"{{ ".repeat(5000)));
    assert_eq!(found.len(), 201);
    assert!(found.last().unwrap().message.ends_with("(and 4799 more)"), "{:?}", found.last());
}

#[test]
fn sentences_go_on_over_wrapped_lines_and_end_at_items() {
    let view = View::of(
        "A paragraph that is wrapped because its line became long and\ngoes on here. New one.\n- item one\n- item two\n\nHead:\nx",
    );
    let said: Vec<&str> = view.sentences.iter().map(|one| &view.text[view.range(&one.words)]).collect();
    assert_eq!(
        said,
        [
            "A paragraph that is wrapped because its line became long and\ngoes on here",
            "New one",
            "item one",
            "item two",
            "Head",
            "x"
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_text_is_linted_and_every_finding_has_a_place_in_it(
        text in r#"([a-zA-Z0-9 .,:;!?"'`@+<>{}()\r\n\t\\-]|# Role\n|# Tone\n|</?role>\n|\{\{x\}\}|```\n|é|\u{200b}|\u{1b}|а|\u{e0041}|- |always |never |You can |cannot |TODO: |2024|be concise |comprehensive ){0,60}"#
    ) {
        let found = lint(&Input::of(&text));
        let lines = crate::prompt::lines::lines(&text).count().max(1);
        for one in &found {
            proptest::prop_assert!(text.get(one.range.clone()).is_some(), "{:?}", one);
            proptest::prop_assert!((1..=lines).contains(&one.line) && one.column >= 1, "{:?}", one);
            proptest::prop_assert!((one.end.line, one.end.column) >= (one.line, one.column), "{:?}", one);
            if let Some(fix) = &one.fix {
                let fixed = apply(&text, &fix.edits);
                proptest::prop_assert!(fixed != text, "{:?} changes nothing", one);
            }
        }
        proptest::prop_assert_eq!(found, lint(&Input::of(&text)));
    }
}
