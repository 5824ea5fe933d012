use proptest::prelude::*;

use super::*;

fn file() -> &'static Path {
    Path::new("x")
}

fn taken(text: &str, format: Format) -> Vec<Vec<String>> {
    let records = read(file(), text, format, &[]).unwrap();
    let shown =
        |record: &Record| record.fields.iter().map(|it| format!("{}:{}={}", it.line, it.name, it.value)).collect();
    records.all.iter().map(shown).collect()
}

fn refused(text: &str, format: Format) -> String {
    read(file(), text, format, &[]).unwrap_err().to_string()
}

#[test]
fn json_is_flat_or_gives_names_with_dots() {
    assert_eq!(
        taken(
            "{\n \"a\": 1.10,\n \"b\": {\"c\": \"x\\ny\", \"d\": {\"e\": true}},\n \"l\": [1, 2], \"n\": null}",
            Format::Json
        ),
        [["2:a=1.10", "3:b.c=x\ny", "3:b.d.e=true", "4:l=[1, 2]"]]
    );
    assert_eq!(taken("[{\"a\": 1},\n {\"a\": 2}]", Format::Json), [["1:a=1"], ["2:a=2"]]);
    let records = read(file(), "{\"l\": [1], \"n\": null}", Format::Json, &[]).unwrap();
    assert_eq!(records.remarks.len(), 2);
}

#[test]
fn a_mistake_in_json_has_its_line_and_column_also_within() {
    assert_eq!(refused("{\n  \"a\": }", Format::Json), "x:2:8: is not the JSON that is expected: expected value");
    assert!(refused("{\"a\": {\n  \"b\": 1, \"b\": 2}}", Format::Json).starts_with("x:2:16: the key `b` stands twice"));
    assert!(
        refused("{\"a\": 1}\n\n{\"a\": x}", Format::Jsonl).starts_with("x:3:7: "),
        "{}",
        refused("{\"a\": 1}\n\n{\"a\": x}", Format::Jsonl)
    );
    assert!(refused("[1]", Format::Json).contains("an object"));
    assert!(refused("", Format::Jsonl).contains("no JSON lines record"));
}

#[test]
fn fields_of_a_log_are_picked_by_pointer_or_by_path() {
    let log = "{\"input\": {\"user\": {\"na/me\": \"Ada\"}}, \"turns\": [{\"text\": \"hi\"}, {\"text\": 3}]}\n";
    let pick = |variable: &str, path: &str| Pick { variable: variable.into(), path: path.into() };
    let picks = [
        pick("user", "/input/user/na~1me"),
        pick("first", "$.turns[0].text"),
        pick("second", "turns.1.text"),
        pick("all", "/turns"),
        pick("gone", "/input/plan"),
    ];
    let records = read(file(), log, Format::Jsonl, &picks).unwrap();
    let record = &records.all[0];
    assert_eq!((record.get("user"), record.get("first"), record.get("second")), (Some("Ada"), Some("hi"), Some("3")));
    assert_eq!(record.get("all"), Some("[{\"text\": \"hi\"}, {\"text\": 3}]"));
    assert_eq!(record.get("gone"), None);
}

#[test]
fn yaml_keeps_every_scalar_as_it_is_written() {
    let text = "a: no\nb: 1.10\nc: \"x\\ny\"\nd: |\n  two\n  lines\ne:\n  f: 0123\n  g: 'yes'\nn: ~\nl: [p, q]\n";
    assert_eq!(
        taken(text, Format::Yaml),
        [["1:a=no", "2:b=1.10", "3:c=x\ny", "5:d=two\nlines\n", "8:e.f=0123", "9:e.g=yes", "11:l=p\nq"]]
    );
    let records = read(file(), text, Format::Yaml, &[]).unwrap();
    let remarks: Vec<String> = records.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(remarks[0], "x:1:4: `a` is the text `no`; other readers of YAML may take it for false");
    assert_eq!(remarks.len(), 4, "{remarks:?}");
    assert_eq!(taken("- a: 1\n- a: 2\n", Format::Yaml), [["1:a=1"], ["2:a=2"]]);
}

#[test]
fn a_mistake_in_yaml_has_its_place() {
    assert!(refused("a: 1\nb: [\n", Format::Yaml).starts_with("x:"));
    assert!(refused("just a text\n", Format::Yaml).contains("names and values"));
    assert!(refused("a: [[1]]\n", Format::Yaml).starts_with("x:1:5: "));
    assert!(refused("? [a]\n: 1\n", Format::Yaml).contains("a list cannot be a name"));
}

#[test]
fn csv_has_a_heading_and_rows_or_names_and_values() {
    assert_eq!(
        taken("a,b\r\n1,\"x, y\"\n2,\"two\nlines\"\n", Format::Csv),
        [["2:a=1", "2:b=x, y"], ["3:a=2", "3:b=two\nlines"]]
    );
    assert_eq!(taken("a;b\n1;2,5\n", Format::Csv), [["2:a=1", "2:b=2,5"]]);
    assert_eq!(taken("name,value\nuser,Ada\nplan,free\n", Format::Csv), [["2:user=Ada", "3:plan=free"]]);
    assert_eq!(
        refused("a,b\n1,2\n3\n", Format::Csv).split(" (").next(),
        Some("x:3:1: a row has 1 fields, and the heading has 2")
    );
    assert!(refused("a,a\n1,2\n", Format::Csv).contains("two columns"));
    assert!(refused("a,b\n", Format::Csv).contains("no CSV record"));
}

#[test]
fn env_files_are_read_as_shells_write_them() {
    let text = "# c\nexport A=1 # one\nB=\"x\\ny \\\"q\\\"\" # b\nC='it''s'\n";
    assert!(refused(text, Format::Env).starts_with("x:4:7: something stands behind the closing quote"));
    let text = "# c\nexport A=1 # one\nB=\"x\\ny \\\"q\\\" \\z\"\nC='$A\ntwo'\r\nD=a#b\nE=\n  F = g h \n";
    assert_eq!(
        taken(text, Format::Env),
        [["2:A=1", "3:B=x\ny \"q\" \\z", "4:C=$A\ntwo", "6:D=a#b", "7:E=", "8:F=g h"]]
    );
    assert!(refused("A=1\nB=\"x\n\n", Format::Env).starts_with("x:2:3: the quote"));
    assert!(refused("A=1\nnothing\n", Format::Env).starts_with("x:2:1: this line assigns nothing"));
    assert!(refused("1A=2\n", Format::Env).contains("`1A`"));
}

#[test]
fn the_format_is_recognised_by_the_name_or_by_the_text() {
    for (name, text, format) in [
        (Some("a.json"), "", Format::Json),
        (Some("a.json"), "{}\n{}\n", Format::Jsonl),
        (Some("log.ndjson"), "", Format::Jsonl),
        (Some("a.YML"), "", Format::Yaml),
        (Some(".env.local"), "", Format::Env),
        (None, "\u{feff}{\n\"a\": 1}", Format::Json),
        (None, "[{}]", Format::Json),
        (None, "{\"a\": 1}\n{\"a\": 2}\n", Format::Jsonl),
        (None, "# c\n\nexport A=1", Format::Env),
        (None, "A=\"x: y\"", Format::Env),
        (None, "a: 1\nb: 2", Format::Yaml),
        (None, "- a: 1", Format::Yaml),
        (None, "---\na: 1", Format::Yaml),
        (None, "user:\n  name: Ada", Format::Yaml),
        (None, "name,plan\nAda,free", Format::Csv),
        (None, "name\tplan", Format::Csv),
        (None, "", Format::Json),
    ] {
        assert_eq!(Format::recognise(name.map(Path::new), text), format, "{name:?} {text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_stops_an_importer(text in "([{}\\[\\]:,;=\"'\\\\#é\\n\\r\\t a1|>*&!~-]|name|export |\u{feff}|null){0,40}", format in prop::sample::select(Format::ALL.to_vec())) {
        let pick = Pick { variable: "v".into(), path: "/a/0".into() };
        match read(file(), &text, format, &[pick]) {
            Ok(records) => prop_assert!(!records.all.is_empty()),
            Err(error) => {
                let line = error.place.as_ref().and_then(|place| place.line).unwrap_or(1);
                prop_assert!((1..=text.matches('\n').count() + 2).contains(&line), "{}", error);
            }
        }
        let _ = Format::recognise(None, &text);
    }

    #[test]
    fn no_bytes_stop_an_importer(bytes in prop::collection::vec(any::<u8>(), 0..200), format in prop::sample::select(Format::ALL.to_vec())) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = read(file(), &text, format, &[]);
    }

    #[test]
    fn any_value_in_quotes_of_an_env_file_reads_back(value in "[a-z\"'\\\\$`#\n é=]{0,20}") {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let records = read(file(), &format!("A=\"{quoted}\"\n"), Format::Env, &[]).unwrap();
        prop_assert_eq!(records.all[0].get("A"), Some(value.as_str()));
    }
}
