use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn config(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn texts(from: &str, to: &str) -> Comparison {
    let none = Map::new();
    compare(State { text: from, config: &none }, State { text: to, config: &none })
}

/// The rows of a comparison, a line each: signs, then the changed words in brackets.
fn shown(from: &str, to: &str) -> String {
    let comparison = texts(from, to);
    let mut out = String::new();
    for section in &comparison.sections {
        let _ = writeln!(out, "{} {}", section.id.map_or("unsorted", SectionId::id), section.changes);
        for row in &section.rows {
            let side = |which, text: &str| {
                comparison.line(row, which).map(|line| {
                    let mut shown = text[line.range].to_owned();
                    for span in line.emphasis.iter().rev() {
                        shown.insert(span.end, ']');
                        shown.insert(span.start, '[');
                    }
                    format!("{}{}|{}", row.sign(which), line.number, shown.escape_debug())
                })
            };
            let sides: Vec<String> = [side(Which::From, from), side(Which::To, to)].into_iter().flatten().collect();
            let _ = writeln!(out, "  {}", sides.join("  "));
        }
    }
    out
}

#[test]
fn a_section_that_moved_is_compared_with_itself() {
    let from = "# Role\nYou help.\n# Tone\nBe warm and kind.\n";
    let to = "# Tone\nBe warm and brief.\n# Role\nYou help.\n";
    assert_eq!(
        shown(from, to),
        "identity_and_role 0
   1|# Role\\n   3|# Role\\n
   2|You help.\\n   4|You help.\\n
behavioral_guidelines 1
   3|# Tone\\n   1|# Tone\\n
  ~4|Be warm and [kind].\\n  ~2|Be warm and [brief].\\n
"
    );
}

#[test]
fn lines_that_went_to_another_section_are_moves() {
    let from = "# Role\nYou help people.\nNever promise a refund.\n\nAnd another line of it.\n# Tone\nWarm.\n";
    let to = "# Role\nYou help people.\n# Tone\nWarm.\nNever promise a refund.\n\nAnd another line of it.\n";
    assert_eq!(
        shown(from, to),
        "identity_and_role 1
   1|# Role\\n   1|# Role\\n
   2|You help people.\\n   2|You help people.\\n
  <3|Never promise a refund.\\n
  <4|\\n
  <5|And another line of it.\\n
behavioral_guidelines 1
   6|# Tone\\n   3|# Tone\\n
   7|Warm.\\n   4|Warm.\\n
  >5|Never promise a refund.\\n
  >6|\\n
  >7|And another line of it.\\n
"
    );
}

#[test]
fn lines_that_say_next_to_nothing_do_not_move() {
    let from = "# Role\n\n- yes\n# Tone\nx\n";
    let to = "# Role\n# Tone\nx\n\n- yes\n";
    assert!(!shown(from, to).contains('<'));
}

#[test]
fn like_lines_stand_beside_each_other_and_the_rest_is_added_or_gone() {
    let from = "Lead with the answer.\nUse plain words, always.\nBe kind.\n";
    let to = "A new first line about nothing else.\nLead with the short answer.\nUse plain words.\nBe kind.\n";
    assert_eq!(
        shown(from, to),
        "unsorted 1
  +1|A new first line about nothing else.\\n
  ~1|Lead with the answer.\\n  ~2|Lead with the [short ]answer.\\n
  ~2|Use plain words[, always].\\n  ~3|Use plain words.\\n
   3|Be kind.\\n   4|Be kind.\\n
"
    );
}

#[test]
fn a_line_that_was_replaced_is_no_change_of_words() {
    assert_eq!(
        shown("Never promise a refund.\n", "Answer in the language of the user.\n"),
        "unsorted 1\n  -1|Never promise a refund.\\n  +1|Answer in the language of the user.\\n\n"
    );
}

#[test]
fn other_line_endings_are_seen() {
    assert_eq!(
        shown("a b c\r\nsame\n", "a b c\nsame"),
        "unsorted 1\n  ~1|a b c[\\r\\n]  ~1|a b c[\\n]\n  ~2|same[\\n]  ~2|same\n"
    );
}

#[test]
fn changes_with_unchanged_lines_between_them_are_counted_apart() {
    let comparison = texts("one\ntwo\nthree\nfour\nfive\n", "ONE\ntwo\nTHREE\nFOUR\nfive\nsix\n");
    assert_eq!(comparison.sections[0].changes, 3);
}

#[test]
fn a_section_only_one_text_has_is_all_new() {
    let comparison = texts("# Role\nx\n", "# Role\nx\n\n# Safety\nNo.\n");
    let ids: Vec<_> = comparison.sections.iter().map(|section| (section.id, section.changes)).collect();
    assert_eq!(ids, [(Some(SectionId::IdentityAndRole), 1), (Some(SectionId::SafetyRails), 1)]);
    assert!(texts("same", "same").same_text());
    assert!(texts("", "").sections.is_empty());
}

fn bump(from: &str, to: &str) -> Bump {
    texts(from, to).bump
}

#[test]
fn the_suggested_step_follows_from_what_changed() {
    let text = "# Role\nYou help {{name}}.\n# Output Format\nAt most 200 words.\n";
    assert_eq!(bump(text, text), Bump::None);
    assert_eq!(bump(text, &text.replace("{{name}}", "{{name}} of {{company}}")), Bump::Major);
    assert_eq!(bump(text, &text.replace("{{name}}", "people")), Bump::Major);
    assert_eq!(bump(text, &text.replace("200", "150")), Bump::Major);
    assert_eq!(bump(text, &text.replace("At most 200 words.", "- at most **200** WORDS!")), Bump::Patch);
    assert_eq!(bump(text, &text.replace("You help", "You assist")), Bump::Minor);
    assert_eq!(bump(text, &format!("Hello.\n{text}")), Bump::Minor);
    assert_eq!(bump(text, &text.replace("You help", "you  help —")), Bump::Patch);
    assert_eq!(bump(text, &text.replace("# Output Format", "## Format")), Bump::Patch);
    assert_eq!(bump(text, &text.replace('\n', "\r\n")), Bump::Patch);
    let tags = "<role>\nYou help {{name}}.\n</role>\n<output_format>\nAt most 200 words.\n</output_format>\n";
    assert_eq!(bump(text, tags), Bump::Patch);
    assert_eq!(bump("Schön.", "SCHÖN!"), Bump::Patch);
    assert_eq!(bump("Be kind 🙂", "Be kind 🙁"), Bump::Minor);
}

#[test]
fn the_model_counts_as_behaviour_and_other_settings_as_wording() {
    let states = |from: Value, to: Value| {
        let (from, to) = (config(&from), config(&to));
        compare(State { text: "x", config: &from }, State { text: "x", config: &to })
    };
    let model = states(json!({"model": "a:b", "temperature": 0.3}), json!({"temperature": 0.3, "model": "a:c"}));
    assert_eq!(model.bump, Bump::Minor);
    let change = ConfigChange { key: "model".into(), from: Some(json!("a:b")), to: Some(json!("a:c")) };
    assert_eq!(model.config, [change]);
    assert_eq!(states(json!({"top_p": 1}), json!({})).bump, Bump::Patch);
    assert_eq!(states(json!({"a": 1, "b": {"c": [1]}}), json!({"b": {"c": [1]}, "a": 1})).bump, Bump::None);
    let template = states(json!({}), json!({"user_template": "{{message}} {{b}}"}));
    assert_eq!((template.bump, template.variables.added), (Bump::Major, vec!["message".into(), "b".into()]));
}

#[test]
fn a_patch_has_context_places_and_missing_newlines() {
    let from = "1\n2\n3\n4\n5\n6\n7\n8\n9\nend";
    let to = "1\n2\n3\n4\nfive\n6\n7\n8\n9\nend\n";
    assert_eq!(
        unified(from, to, "a/x", "b/x"),
        "--- a/x\n+++ b/x\n@@ -2,9 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n-end\n\\ No newline at end of file\n+end\n"
    );
    assert_eq!(unified("", "new\n", "/dev/null", "b/x"), "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+new\n");
    assert_eq!(unified("x", "x", "a", "b"), "");
}

/// What `patch` makes of `from`.
fn patched(from: &str, patch: &str) -> String {
    let old: Vec<&str> = from.split_inclusive('\n').collect();
    let (mut made, mut at) = (String::new(), 0);
    let mut lines = patch.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(place) = line.strip_prefix("@@ -") {
            let place = place.split(' ').next().unwrap();
            let (start, count) = place.split_once(',').unwrap_or((place, "1"));
            let start = start.parse::<usize>().unwrap() - usize::from(count != "0");
            made.extend(old[at..start].iter().copied());
            at = start;
            continue;
        }
        let mut text = line[1..].to_owned();
        if lines.peek().is_some_and(|next| next.starts_with('\\')) {
            lines.next();
            text.pop();
        }
        if !line.starts_with('+') {
            assert_eq!(old[at], text);
            at += 1;
        }
        if !line.starts_with('-') {
            made.push_str(&text);
        }
    }
    made.extend(old[at..].iter().copied());
    made
}

#[test]
fn a_patch_of_more_lines_than_are_compared_in_the_exact_way_holds_too() {
    let from = (0..100_001).fold(String::new(), |text, line: u32| text + &line.to_string() + "\n");
    let to = from.replace("500\n", "five hundred\n").replace("99999\n", "");
    assert_eq!(patched(&from, &unified(&from, &to, "a", "b")), to);
}

/// Texts that are like prompts, and pairs that are like edits of them.
fn pair() -> impl Strategy<Value = (String, String)> {
    let line = prop_oneof![
        4 => prop::sample::select(vec![
            "# Identity & Role", "# Tone", "## Output Format", "# Safety", "Scope:", "<role>", "</role>", "```", "---", "",
            "Always lead with the answer, then give details.", "Always lead with an answer and then details.",
            "Never promise a refund to anyone.", "- be warm", "- be kind", "日本語で答えてください", "Répondez à {{name}}.",
        ]).prop_map(str::to_owned),
        1 => "[a-c \té\u{301}👩\0]{0,8}",
    ];
    let ending = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r", " \n"]);
    let lines = prop::collection::vec((line, ending), 0..14);
    (lines.clone(), lines, any::<bool>(), any::<bool>(), any::<u16>()).prop_map(|(from, other, cut, keep, mask)| {
        let text =
            |lines: &[(String, &str)]| lines.iter().flat_map(|(line, end)| [line.as_str(), end]).collect::<String>();
        // half of the pairs share most of their lines
        let mut to = other.clone();
        if keep {
            to.clone_from(&from);
            for (index, line) in other.into_iter().enumerate().filter(|(index, _)| mask >> (index % 16) & 3 == 3) {
                let at = index.min(to.len());
                to.insert(at, line);
            }
        }
        let mut to = text(&to);
        if cut {
            to.truncate(to.trim_end_matches(['\n', '\r']).len());
        }
        (text(&from), to)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_rows_sorted_by_line_rebuild_both_texts((from, to) in pair()) {
        let comparison = texts(&from, &to);
        for (which, text) in [(Which::From, &from), (Which::To, &to)] {
            let mut lines = Vec::new();
            for section in &comparison.sections {
                let mut last = 0;
                for row in &section.rows {
                    if let Some(line) = comparison.line(row, which) {
                        prop_assert!(line.number > last, "a section's lines rise");
                        last = line.number;
                        let mut at = 0;
                        for span in line.emphasis {
                            prop_assert!(at <= span.start && span.start < span.end && span.end <= line.range.len());
                            prop_assert!(text[line.range.clone()].get(span.clone()).is_some(), "on characters");
                            at = span.end;
                        }
                        lines.push(line);
                    }
                }
            }
            lines.sort_by_key(|line| line.number);
            let numbers: Vec<usize> = lines.iter().map(|line| line.number).collect();
            prop_assert_eq!(numbers, (1..=lines.len()).collect::<Vec<_>>());
            let rebuilt: String = lines.into_iter().map(|line| &text[line.range]).collect();
            prop_assert_eq!(&rebuilt, text);
        }
        prop_assert_eq!(comparison.same_text(), from == to);
        prop_assert_eq!(comparison.same(), from == to);
    }

    #[test]
    fn a_patch_makes_the_second_text_of_the_first((from, to) in pair()) {
        let patch = unified(&from, &to, "a", "b");
        prop_assert_eq!(patched(&from, &patch), to);
    }

    #[test]
    fn unmarked_words_of_a_changed_line_are_the_same_on_both_sides((from, to) in pair()) {
        let comparison = texts(&from, &to);
        for row in comparison.sections.iter().flat_map(|section| &section.rows) {
            let rest = |which, text: &str| {
                let line = comparison.line(row, which)?;
                let mut rest = text[line.range].to_owned();
                line.emphasis.iter().rev().for_each(|span| rest.replace_range(span.clone(), ""));
                Some(rest)
            };
            match row.kind {
                RowKind::Equal | RowKind::Change | RowKind::Blanks | RowKind::Ending | RowKind::Renumber => {
                    prop_assert_eq!(rest(Which::From, &from), rest(Which::To, &to));
                }
                RowKind::MoveFrom => prop_assert!(row.moved().is_some()),
                _ => {}
            }
        }
    }

    #[test]
    fn unmarked_words_of_a_paragraph_that_was_wrapped_anew_are_the_same_on_both_sides((from, to) in wrapped_pair()) {
        let comparison = texts(&from, &to);
        let mut rests = [String::new(), String::new()];
        for row in comparison.sections.iter().flat_map(|section| &section.rows) {
            let flows = matches!(row.kind, RowKind::Wrap | RowKind::WrapChange);
            for (side, (which, text)) in [(Which::From, &from), (Which::To, &to)].into_iter().enumerate() {
                let Some(line) = comparison.line(row, which).filter(|_| flows) else { continue };
                let mut rest = text[line.range].to_owned();
                line.emphasis.iter().rev().for_each(|span| rest.replace_range(span.clone(), " "));
                rests[side].push_str(&rest);
            }
        }
        let full = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(full(&rests[0]), full(&rests[1]));
    }

    #[test]
    fn a_paragraph_that_was_only_wrapped_anew_has_no_change(
        words in prop::collection::vec("[a-z]{2,9}", 8..60), widths in (16_usize..60, 16_usize..60),
    ) {
        let (from, to) = (wrapped_at(&words, widths.0), wrapped_at(&words, widths.1));
        prop_assert_eq!(texts(&from, &to).sections[0].changes, 0);
    }
}

/// Words in lines of at most so many bytes.
fn wrapped_at(words: &[String], width: usize) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in words {
        if column > 0 && column + 1 + word.len() > width {
            text.push('\n');
            column = 0;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += word.len();
    }
    text + "\n"
}

/// Two paragraphs at different widths; some words of the second are others.
fn wrapped_pair() -> impl Strategy<Value = (String, String)> {
    let words = prop::collection::vec("[a-e]{1,4}[.,]?", 4..80);
    (words, 12_usize..50, 12_usize..50, prop::collection::vec((0..80_usize, "[a-e]{1,4}"), 0..6)).prop_map(
        |(words, one, other, changes)| {
            let mut changed = words.clone();
            for (at, word) in changes {
                let at = at % changed.len();
                changed[at] = word;
            }
            (wrapped_at(&words, one), wrapped_at(&changed, other))
        },
    )
}
