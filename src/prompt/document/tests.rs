use proptest::prelude::*;

use super::*;

fn ids(text: &str) -> (Style, Vec<(SectionId, usize)>) {
    let document = Document::parse(text);
    let found = document.parts()[1..].iter().filter_map(|part| {
        let id = part.id?;
        Some((id, document.heading_line(Some(id))?))
    });
    (document.style, found.collect())
}

use SectionId::{BehavioralGuidelines, CapabilitiesAndLimitations, IdentityAndRole, OutputFormat, SafetyRails};

#[test]
fn markdown_headings_of_any_level_and_letter_case_open_sections() {
    let text =
        "# IDENTITY & role\nx\n###### tone  \ny\n#\tOutput Format\n####### Safety\n#Safety\n # Safety\n# Safety!\n";
    let expected = vec![(IdentityAndRole, 1), (BehavioralGuidelines, 3), (OutputFormat, 5)];
    assert_eq!(ids(text), (Style::Markdown, expected));
}

#[test]
fn xml_tags_are_titles_and_aliases_with_underscores() {
    let text =
        "<identity_and_role>\nx\n</identity_and_role>\n<communication_style>\ny\n</communication_style>\n<Output>\n";
    assert_eq!(ids(text), (Style::Xml, vec![(IdentityAndRole, 1), (BehavioralGuidelines, 4)]));
}

#[test]
fn titles_end_in_a_colon_or_are_underlined() {
    let text = "Persona:\nx\nScope\n-----\ny\nFormat\n==\nSafety Rails\n===  \nz\nOutput: short\n";
    let expected = vec![(IdentityAndRole, 1), (CapabilitiesAndLimitations, 3), (SafetyRails, 8)];
    assert_eq!(ids(text), (Style::Title, expected));
    let document = Document::parse(text);
    let scope = document.part(Some(CapabilitiesAndLimitations)).unwrap();
    assert_eq!((scope.heading_text(), &*scope.content()), (Some("Scope"), "y\nFormat\n==\n"));
}

#[test]
fn the_style_with_the_most_different_sections_wins_and_the_first_on_a_tie() {
    assert_eq!(ids("Identity:\n# Tone\n# Style\n"), (Style::Title, vec![(IdentityAndRole, 1)]));
    assert_eq!(ids("# Tone\nIdentity:\n"), (Style::Markdown, vec![(BehavioralGuidelines, 1)]));
    assert_eq!(ids("Identity:\n# Tone\n# Output\n").0, Style::Markdown);
    assert_eq!(ids("no headings\n"), (Style::Plain, vec![]));
}

#[test]
fn headings_inside_code_fences_are_text() {
    let text = "# Identity\n```md\n# Tone\n~~~\n```\n# Output\n~~~~\n# Safety\n~~~\n~~~~~\n# Safety\n";
    assert_eq!(ids(text).1, vec![(IdentityAndRole, 1), (OutputFormat, 6), (SafetyRails, 11)]);
    assert_eq!(ids("# Identity\n``` code ``` in a line\n# Tone\n").1.len(), 2);
}

#[test]
fn a_second_heading_of_a_section_is_text_where_it_stands() {
    let document = Document::parse("# Identity\na\n# Tone\nb\n# Role\nc\n");
    assert_eq!(document.body(Some(BehavioralGuidelines)), "b\n# Role\nc");
    assert_eq!(document.body(Some(IdentityAndRole)), "a");
}

#[test]
fn text_before_the_first_heading_is_unsorted() {
    let document = Document::parse("Hello.\n\n# Tone\n\nWarm.\n");
    assert_eq!(document.body(None), "Hello.");
    assert_eq!(document.part(None).unwrap().content(), "Hello.\n\n");
    assert_eq!(document.body_line(Some(BehavioralGuidelines)), Some(5));
}

#[test]
fn a_closing_tag_is_hidden_only_when_nothing_follows_it() {
    let document =
        Document::parse("<tone>\na\n</tone>\n\n<role>\nb\n</role>\nmore\n<output>\n```\n</output>\n```\n</output>");
    let tone = document.part(Some(BehavioralGuidelines)).unwrap();
    assert_eq!((&*tone.body, &*tone.tail, &*tone.content()), ("a", "\n</tone>\n\n", "a\n\n"));
    let role = document.part(Some(IdentityAndRole)).unwrap();
    assert_eq!((&*role.body, &*role.content()), ("b\n</role>\nmore", "b\nmore\n"));
    assert_eq!(document.body(Some(OutputFormat)), "```\n</output>\n```");
}

#[test]
fn a_byte_order_mark_does_not_hide_the_first_heading() {
    let document = Document::parse("\u{feff}# Role\nx");
    assert_eq!(document.body(Some(IdentityAndRole)), "x");
    assert_eq!(document.body(None), "");
    assert_eq!(document.part(None).unwrap().content(), "\u{feff}");
    assert_eq!(document.to_text(), "\u{feff}# Role\nx");
}

#[test]
fn the_ending_that_is_used_most_is_what_enter_types() {
    for (text, eol) in [("a", Eol::Lf), ("a\r\nb\n", Eol::Lf), ("a\r\nb\r\nc\n", Eol::CrLf), ("a\rb\r", Eol::Cr)] {
        assert_eq!(Document::parse(text).eol, eol, "{text:?}");
    }
}

fn put(text: &str, id: SectionId, body: &str) -> String {
    let mut document = Document::parse(text);
    document.set_body(Some(id), body);
    document.to_text()
}

#[test]
fn a_section_that_was_absent_gets_its_heading_in_the_style_of_the_file() {
    assert_eq!(put("", IdentityAndRole, "x"), "# Identity & Role\n\nx\n");
    assert_eq!(put("Hello.", OutputFormat, "x"), "Hello.\n\n# Output Format\n\nx\n");
    assert_eq!(
        put("## Role\r\n\r\na\r\n\r\n## Safety\r\n\r\nb\r\n", BehavioralGuidelines, "x"),
        "## Role\r\n\r\na\r\n\r\n## Behavioral Guidelines\r\n\r\nx\r\n\r\n## Safety\r\n\r\nb\r\n"
    );
    assert_eq!(
        put("<role>\na\n</role>\n", SafetyRails, "x"),
        "<role>\na\n</role>\n\n<safety_rails>\nx\n</safety_rails>\n"
    );
    assert_eq!(put("Role:\na", OutputFormat, "x"), "Role:\na\n\nOutput Format:\nx\n");
    assert_eq!(
        put("Tone\n====\na\n", IdentityAndRole, "x"),
        "Identity & Role\n===============\n\nx\n\nTone\n====\na\n"
    );
    assert_eq!(put("# Role", OutputFormat, "x"), "# Role\n\n# Output Format\n\nx\n");
    assert_eq!(put("# Role", OutputFormat, ""), "# Role");
    // an open code fence would swallow the new heading
    assert_eq!(put("# Role\n~~~~\na", OutputFormat, "x"), "# Role\n~~~~\na\n~~~~\n\n# Output Format\n\nx\n");
}

#[test]
fn text_typed_into_an_empty_section_never_runs_into_what_is_next_to_it() {
    assert_eq!(put("# Role\n# Tone\n", IdentityAndRole, "x"), "# Role\nx\n\n# Tone\n");
    assert_eq!(put("# Role\n\n# Tone\n", IdentityAndRole, "x"), "# Role\n\nx\n\n# Tone\n");
    assert_eq!(put("# Role\n\n\n\n# Tone\n", IdentityAndRole, "x"), "# Role\n\nx\n\n# Tone\n");
    assert_eq!(put("# Role", IdentityAndRole, "x"), "# Role\nx\n");
    assert_eq!(put("<role>\n</role>\n", IdentityAndRole, "x"), "<role>\nx\n</role>\n");
    assert_eq!(put("<role>\n\n</role>", IdentityAndRole, "x\n"), "<role>\nx\n\n</role>");
    let mut document = Document::parse("# Role\n");
    document.set_body(None, "Hi.");
    assert_eq!(document.to_text(), "Hi.\n\n# Role\n");
}

#[test]
fn a_section_that_becomes_empty_keeps_its_heading() {
    assert_eq!(put("# Role\n\na\n\n# Tone\nb", IdentityAndRole, ""), "# Role\n\n\n\n# Tone\nb");
    for text in ["# Role\n# Tone\n", "# Role\n\n\n# Tone", "<role>\n</role>\n", "", "# Role"] {
        let mut document = Document::parse(text);
        document.set_body(Some(IdentityAndRole), "typed");
        if document.part(Some(IdentityAndRole)).is_some() && !text.is_empty() {
            document.set_body(Some(IdentityAndRole), "");
            assert_eq!(document.to_text(), text, "typed and deleted again");
        }
    }
}

#[test]
fn what_is_not_utf_8_is_refused_with_its_offset() {
    assert_eq!(decode(b"ok \xed\xa0\x80".to_vec()), Err(InvalidUtf8 { offset: 3 }));
    assert_eq!(decode(b"ok\0".to_vec()), Ok("ok\0".to_owned()));
}

/// Lines that matter to the structure, and some that nearly do.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z \u{feff}\0é]{0,6}",
        2 => Just(String::new()),
        6 => prop::sample::select(vec![
            "# Identity & Role", "## tone", "# Output Format", "#Safety", "<safety_rails>", "</safety_rails>", "<role>",
            "</role>", "Scope:", "Format", "===", "---", "```", "~~~", "   ````", "\u{feff}# Role", "\u{feff}", "Role:  ",
            "<tone>", "</tone>", "Safety",
        ]).prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let ending = prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n", "\r", "\n\r", " \n"]);
    (prop::collection::vec((line(), ending), 0..14), line())
        .prop_map(|(lines, last)| lines.into_iter().map(|(line, ending)| line + ending).chain([last]).collect())
}

fn section() -> impl Strategy<Value = Option<SectionId>> {
    prop::option::of(prop::sample::select(SectionId::ALL.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn reading_and_writing_changes_no_byte(text in text()) {
        prop_assert_eq!(Document::parse(&text).to_text(), text);
    }

    #[test]
    fn reading_and_writing_changes_no_byte_of_any_text(text in any::<String>()) {
        prop_assert_eq!(Document::parse(&text).to_text(), text);
    }

    #[test]
    fn lines_of_headings_and_bodies_are_counted_as_the_text_has_them(text in text()) {
        let document = Document::parse(&text);
        for heading in crate::prompt::heading::outline(&text).headings {
            let part = document.part(Some(heading.id)).unwrap();
            prop_assert_eq!(document.heading_line(Some(heading.id)), Some(heading.line));
            let before = heading.end + part.lead.len();
            prop_assert_eq!(document.body_line(Some(heading.id)), Some(1 + endings(&text[..before])));
        }
    }

    #[test]
    fn an_edit_changes_no_byte_of_another_section(text in text(), id in section(), body in "[a-y \n]{0,12}") {
        prop_assume!(!lines(&body).any(|range| crate::prompt::is_structural(&body[range])));
        let before = Document::parse(&text);
        let mut after = before.clone();
        after.set_body(id, &body);
        // what was read and not touched is still there, in memory and when it is read again
        let again = Document::parse(&after.to_text());
        for part in before.parts().iter().filter(|part| part.id != id) {
            for read in [&after, &again] {
                let kept = read.part(part.id).unwrap();
                prop_assert_eq!(&kept.heading[..].trim_end_matches(['\r', '\n']), &part.heading[..].trim_end_matches(['\r', '\n']));
                let fence = Fence::left_open(&part.content());
                prop_assert!(kept.body == part.body || fence.is_some());
                let (kept, part) = (kept.content(), part.content());
                prop_assert!(kept.starts_with(&*part), "{:?} {:?}", kept, part);
                let added = kept[part.len()..].trim_matches(['\r', '\n']);
                prop_assert_eq!(added, fence.filter(|_| !added.is_empty()).map_or(String::new(), Fence::closing));
            }
        }
        if !body.is_empty() {
            prop_assert_eq!(again.body(id).trim_matches('\n'), body.trim_matches('\n'));
        }
    }

    #[test]
    fn a_line_that_is_not_structural_moves_no_section(text in text(), at in any::<prop::sample::Index>(), new in "[a-y ]{0,5}") {
        let structural = |line: &str| crate::prompt::is_structural(line);
        let plain: Vec<_> = lines(&text).filter(|range| !structural(&text[range.clone()])).collect();
        if plain.is_empty() || structural(&new) {
            return Ok(());
        }
        let range = at.get(&plain).clone();
        let ending = &text[range.start + without_ending(&text[range.clone()]).len()..];
        let edited = [&text[..range.start], &new, ending].concat();
        // an empty line between a return and a feed joins them, which moves lines and no section
        let sections = |text: &str| ids(text).1.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        prop_assert_eq!(sections(&edited), sections(&text));
    }
}
