use proptest::prelude::*;

use super::*;

fn declared(text: &str, name: &str, properties: &[Property]) -> String {
    declare(Path::new("prompt.toml"), text, name, properties).unwrap()
}

fn personal() -> [Property; 1] {
    [Property::Privacy(Some(Privacy::Personal))]
}

#[test]
fn a_new_variable_comes_after_the_others_and_nothing_else_moves() {
    let text = "# top\r\ntitle = \"T\"   # why\r\n\r\n[variables.a]\r\n# of a\r\nprivacy = 'public'\r\n\r\n[budget]\r\ntokens = 2_000\r\n# end";
    assert_eq!(
        declared(text, "b", &personal()),
        "# top\r\ntitle = \"T\"   # why\r\n\r\n[variables.a]\r\n# of a\r\nprivacy = 'public'\r\n\r\n[variables.b]\r\nprivacy = \"personal\"\r\n\r\n[budget]\r\ntokens = 2_000\r\n# end"
    );
}

#[test]
fn every_form_of_a_declaration_is_changed_where_it_stands() {
    for (text, expected) in [
        ("", "[variables.a]\nprivacy = \"personal\"\n"),
        ("x = 1", "x = 1\n\n[variables.a]\nprivacy = \"personal\"\n"),
        ("[variables.a]\nprivacy = \"public\" # c\n", "[variables.a]\nprivacy = \"personal\" # c\n"),
        ("[variables.a]\nzeta = 1 # z\n\n[x]\n", "[variables.a]\nzeta = 1 # z\nprivacy = \"personal\"\n\n[x]\n"),
        (
            "[variables]\na = { zeta = 1 } # c\nb = {}\n",
            "[variables]\na = { zeta = 1 , privacy = \"personal\" } # c\nb = {}\n",
        ),
        ("[variables]\na.zeta = 1 # c\n", "[variables]\na.zeta = 1 # c\na.privacy = \"personal\"\n"),
        ("\u{feff}[variables.a]\n", "\u{feff}[variables.a]\nprivacy = \"personal\"\n"),
    ] {
        assert_eq!(declared(text, "a", &personal()), expected, "{text:?}");
    }
    assert_eq!(
        declared("[variables.user.name]\n", "user.name", &personal()),
        "[variables.user.name]\nprivacy = \"personal\"\n"
    );
    assert_eq!(declared("", "user.name", &personal()), "[variables.\"user.name\"]\nprivacy = \"personal\"\n");
}

#[test]
fn what_the_file_says_already_keeps_its_form() {
    let text = "[variables.a]\nprivacy = 'personal'\nexample = 1.10\nmax_tokens = 1_000\n";
    let same = [
        Property::Privacy(Some(Privacy::Personal)),
        Property::Example(Some("1.10".into())),
        Property::MaxTokens(Some(1000)),
        Property::Default(None),
    ];
    assert_eq!(declared(text, "a", &same), text);
}

#[test]
fn a_key_that_is_taken_out_leaves_the_comment_above_it() {
    let text = "[variables.a]\n# why it is long\nmax_tokens = 9 # nine\nprivacy = \"public\"\n";
    assert_eq!(
        declared(text, "a", &[Property::MaxTokens(None)]),
        "[variables.a]\n# why it is long\nprivacy = \"public\"\n"
    );
    assert_eq!(
        declared("[variables]\na = { x = 1, max_tokens = 2 }\n", "a", &[Property::MaxTokens(None)]),
        "[variables]\na = { x = 1}\n"
    );
}

#[test]
fn a_text_of_any_kind_reads_back() {
    for text in ["plain", "say \"hi\"", "two\nlines\n", "back\\slash", "'''\"\"\"", "\u{1b}[2J", "é漢"] {
        let written = declared("# c\n", "a", &[Property::Description(Some(text.to_owned()))]);
        let table: toml::Table = toml::from_str(&written).unwrap();
        assert_eq!(table["variables"]["a"]["description"].as_str(), Some(text), "{written}");
    }
}

#[test]
fn a_name_that_is_none_and_a_file_that_is_no_toml_are_refused_with_their_place() {
    let file = Path::new("prompt.toml");
    assert!(declare(file, "", "user-name", &[]).unwrap_err().message.contains("`user-name`"));
    let error = declare(file, "a = 1\nb = \n", "a", &[]).unwrap_err();
    assert_eq!(error.place.unwrap().line, Some(2));
    assert!(declare(file, "variables = 3\n", "a", &[]).unwrap_err().message.contains("no table"));
}

fn any_file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("# é comment".to_owned()),
        Just(String::new()),
        Just("  ".to_owned()),
        "[x-z]{1,2} = (1|'a'|\"b\"|\\[1, 2\\]|\\{q = 1\\})( # c)?",
    ];
    let table = (
        prop::sample::select(vec!["variables.b", "variables.a", "variables.\"c.d\"", "budget", "lint"]),
        prop::collection::vec(line, 0..4),
    );
    (prop::collection::vec(table, 0..5), prop::sample::select(vec!["\n", "\r\n"]), any::<bool>()).prop_map(
        |(tables, eol, last)| {
            let mut seen: Vec<&str> = Vec::new();
            let mut text = String::new();
            for (name, lines) in tables {
                if seen.contains(&name) {
                    continue;
                }
                seen.push(name);
                let mut keys: Vec<String> = Vec::new();
                text.extend(["[", name, "]", eol]);
                for line in lines {
                    let key = line.split(' ').next().unwrap_or_default().to_owned();
                    if line.starts_with('#') || line.trim().is_empty() || !keys.contains(&key) {
                        keys.push(key);
                        text += &line;
                        text += eol;
                    }
                }
            }
            if last { text } else { text.trim_end().to_owned() }
        },
    )
}

proptest! {
    #[test]
    fn declaring_keeps_every_other_byte(text in any_file(), name in prop::sample::select(vec!["a", "b", "c.d", "new"])) {
        prop_assume!(toml::from_str::<toml::Table>(&text).is_ok());
        let after = declared(&text, name, &[Property::Untrusted(Some(true)), Property::MaxTokens(Some(7))]);
        let table: toml::Table = toml::from_str(&after).unwrap();
        prop_assert_eq!(table["variables"][name]["max_tokens"].as_integer(), Some(7));
        // every byte of the old text stands in the new one, in its order
        let mut rest = after.as_str();
        for line in text.split_inclusive('\n') {
            let at = rest.find(line);
            prop_assert!(at.is_some(), "{:?} is lost: {:?} -> {:?}", line, text, after);
            rest = &rest[at.unwrap() + line.len()..];
        }
        // and without what was added it is the old one
        let again = declared(&after, name, &[Property::Untrusted(None), Property::MaxTokens(None)]);
        prop_assert_eq!(again.lines().filter(|line| !line.starts_with("[variables") && !line.trim().is_empty()).collect::<Vec<_>>(),
            text.lines().filter(|line| !line.starts_with("[variables") && !line.trim().is_empty()).collect::<Vec<_>>());
    }

    #[test]
    fn any_text_is_changed_or_refused(text in "[\\[\\]=.a1\"'#{},é\\n\\r \u{feff}-]{0,40}") {
        let _ = declare(Path::new("prompt.toml"), &text, "a", &[Property::Untrusted(Some(true)), Property::Required(None)]);
    }
}

#[test]
fn a_value_of_several_lines_is_itself_in_a_file_with_other_line_endings() {
    let file = Path::new("prompt.toml");
    let said = "one\n\"two\"\u{7f}\r\nthree";
    for before in ["title = \"y\"\r\n", "title = \"y\"\n", ""] {
        let properties = [Property::Description(Some(said.to_owned()))];
        let after = declare(file, before, "a", &properties).unwrap();
        let (about, errors) = crate::library::read_about(file, &after);
        assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{after:?}");
        assert_eq!(about.variables.get("a").unwrap().description.as_deref(), Some(said), "{after:?}");
    }
}
