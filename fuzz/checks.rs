//! What has to hold for any bytes, one function a target. The fuzz targets call it with random bytes; `tests/seeds.rs`
//! with the committed ones, so that what was found once stays mended without a fuzzer.

use std::path::Path;

use greenroom::diff::{Row, RowKind, State, Which, compare, unified};
use greenroom::library::journal::{MAGIC, Record, Story, decode};
use greenroom::library::{PromptConfig, ValueSet, read_about};
use greenroom::lint::{Input, lint as findings};
use greenroom::prompt::{Document, Eol, SectionId, fill as filling, template, wrap};
use greenroom::vars::import::{Pick, read};
use greenroom::vars::rename;
use greenroom::vars::{Format, Property, declare};

/// The text of `data`, where it is one.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// `data` as two texts, cut at its first zero byte.
fn two(data: &[u8]) -> Option<(&str, &str)> {
    let text = text(data)?;
    Some(text.split_once('\0').unwrap_or((text, "")))
}

/// Reading a text into sections and writing it changes no byte; writing into one section changes no other.
pub fn sections(data: &[u8]) {
    let Some((text, body)) = two(data) else { return };
    let document = Document::parse(text);
    assert_eq!(document.to_text(), text);
    let places = || SectionId::ALL.into_iter().map(Some).chain([None]);
    for id in places() {
        let mut edited = Document::parse(text);
        edited.set_body(id, body);
        for other in places().filter(|other| *other != id) {
            assert_eq!(edited.body(other), document.body(other), "{other:?} after an edit of {id:?}");
        }
        let written = edited.to_text();
        assert_eq!(Document::parse(&written).to_text(), written);
        assert!(document.heading_line(id).is_none_or(|line| line >= 1));
    }
    for line in text.split('\n').take(64) {
        for width in [1, 7, 40] {
            let rows = wrap::rows(line, width);
            assert_eq!(rows.iter().map(|row| &line[row.clone()]).collect::<String>(), line);
        }
    }
    let _ = Eol::of(text);
}

/// A fill puts values where the placeholders were and nothing else anywhere; values are not scanned again.
pub fn fill(data: &[u8]) {
    let Some((text, value)) = two(data) else { return };
    let names = template::names(text);
    assert!(names.iter().all(|name| template::is_name(name)));
    let filled = filling::fill(text, |name| (name.len() % 2 == 1).then_some(value));
    let mut last = 0;
    for (name, span) in filled.values() {
        assert!(last <= span.start && span.end <= filled.text.len());
        assert_eq!(&filled.text[span.start..span.end], value, "{name}");
        last = span.end;
    }
    let unfilled = filling::fill(text, |_| None);
    assert_eq!(unfilled.missing().collect::<Vec<_>>(), names);
    if !text.contains("\\{{") {
        assert_eq!(unfilled.text, text);
    }
    // a new name goes in everywhere and comes out again
    if let Some(name) = names.first().filter(|_| !names.contains(&"other_name")) {
        let renamed = rename::apply(text, &rename::in_text(text, name, "other_name"));
        assert_eq!(template::names(&renamed).len(), names.len());
        assert!(!template::names(&renamed).contains(name));
    }
}

/// The rows of a comparison rebuild both texts, and the words that are not marked are the same.
pub fn diff(data: &[u8]) {
    let Some((from, to)) = two(data) else { return };
    let none = serde_json::Map::new();
    let comparison = compare(State { text: from, config: &none }, State { text: to, config: &none });
    let rows = || comparison.sections.iter().flat_map(|section| &section.rows);
    for (which, text) in [(Which::From, from), (Which::To, to)] {
        let mut lines: Vec<_> = rows().filter_map(|row| comparison.line(row, which)).collect();
        lines.sort_by_key(|line| line.number);
        assert_eq!(lines.iter().map(|line| &text[line.range.clone()]).collect::<String>(), text);
    }
    let paired = |row: &&Row| {
        matches!(row.kind, RowKind::Equal | RowKind::Change | RowKind::Blanks | RowKind::Ending | RowKind::Renumber)
    };
    for row in rows().filter(paired) {
        let rest = |which, text: &str| {
            let line = comparison.line(row, which)?;
            let mut rest = text[line.range].to_owned();
            line.emphasis.iter().rev().for_each(|span| rest.replace_range(span.clone(), ""));
            Some(rest)
        };
        assert_eq!(rest(Which::From, from), rest(Which::To, to));
    }
    assert_eq!(comparison.same_text(), from == to);
    assert_eq!(unified(from, to, "a", "b").is_empty(), from == to);
}

/// A `prompt.toml` is read whatever it holds; what is declared in one that is sound can be read again.
pub fn prompt_toml(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let file = Path::new("prompt.toml");
    let (_, errors) = read_about(file, text);
    let properties =
        [Property::Description(Some("\"a\"\n'b'".into())), Property::MaxTokens(Some(7)), Property::Example(None)];
    if let Ok(declared) = declare::declare(file, text, "new_one", &properties) {
        let (about, after) = read_about(file, &declared);
        assert!(declared.parse::<toml_edit::DocumentMut>().is_ok());
        if errors.is_empty() {
            assert_eq!(after.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
            let variable = about.variables.get("new_one").expect("it is declared");
            assert_eq!((variable.description.as_deref(), variable.max_tokens), (Some("\"a\"\n'b'"), Some(7)));
        }
    }
}

/// A value set that is written is the one that was meant, whatever form the file had; so is a config read.
pub fn values(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let file = Path::new("values/a.json");
    let _ = PromptConfig::parse(file, text);
    let Ok(mut set) = ValueSet::parse("a", file, text) else { return };
    let same = set.written(file, Some(text)).expect("what was read can be written");
    assert_eq!(ValueSet::parse("a", file, &same).expect("what was written can be read"), set);
    set.values.0.insert("new".into(), "7".into());
    set.values.0.pop_first();
    let changed = set.written(file, Some(text)).expect("what was read can be written");
    assert_eq!(ValueSet::parse("a", file, &changed).expect("what was written can be read"), set);
    for (old, new) in [("a", "other_name"), ("name", "b")] {
        if let Ok(edits) = rename::in_values(file, text, old, new) {
            // a set that has both names is refused by who asks for this
            let has_both = ValueSet::parse("a", file, text).is_ok_and(|set| set.values.get(new).is_some());
            let renamed = rename::apply(text, &edits);
            assert!(has_both || ValueSet::parse("a", file, &renamed).is_ok());
        }
    }
}

/// A journal of any bytes is read up to where it is torn, tells its story, and tells the same when it is written anew.
pub fn journal(data: &[u8]) {
    let _ = decode(data);
    let mut story: Option<Story> = None;
    let plain = [MAGIC, data].concat();
    for record in decode(&plain).records {
        tell(&mut story, &record);
    }
    // whole records of anything: checksums would keep a fuzzer out
    for body in data.split(|byte| *byte == 0xff).take(256) {
        if let Some(record) = record_of(body) {
            let mut bytes = MAGIC.to_vec();
            record.encode(&mut bytes);
            let decoded = decode(&bytes);
            assert_eq!((decoded.records.as_slice(), decoded.valid), (&[record.clone()][..], bytes.len()));
            for cut in [bytes.len() - 1, MAGIC.len() + 1] {
                assert_eq!(decode(&bytes[..cut]).records, []);
            }
            tell(&mut story, &record);
        }
    }
    let Some(story) = story else { return };
    let mut bytes = MAGIC.to_vec();
    for record in story.records() {
        record.encode(&mut bytes);
    }
    let again = Story::replay(&decode(&bytes).records).expect("a story begins with a text");
    assert_eq!(again.text(), story.text());
    assert_eq!(again.compared_with("x"), story.compared_with("x"));
    let _ = story.compared_with(&story.text().to_string());
}

fn tell(story: &mut Option<Story>, record: &Record) {
    match story {
        Some(story) => _ = story.tell(record),
        None => *story = Story::replay([record]),
    }
}

/// A record of a few bytes: what kind, then its parts.
fn record_of(bytes: &[u8]) -> Option<Record> {
    let (kind, rest) = bytes.split_first()?;
    let text = || String::from_utf8_lossy(rest).into_owned();
    let edit = || {
        let mut parts = rest.splitn(3, |byte| *byte == 0xfe);
        let mut part = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let (place, removed, inserted) = (part(), part(), part());
        greenroom::library::journal::Edit { at: place.len(), removed, inserted }
    };
    Some(match kind % 8 {
        0 => Record::About { library: text(), prompt: "p".into() },
        1 => Record::Text { at_ms: rest.len() as u64, text: text() },
        2 | 3 => Record::Now { at_ms: rest.len() as u64, edit: edit() },
        4 => Record::Step,
        5 => Record::Undo,
        6 => Record::Redo,
        _ if rest.is_empty() => Record::Saved,
        _ => Record::Saving { edit: edit() },
    })
}

/// Values of other programs are read or refused with a place; what is read has a record.
pub fn imports(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let picks = [Pick { variable: "picked".into(), path: "/a/0/b".into() }];
    let _ = Format::recognise(None, text);
    for format in [Format::Json, Format::Jsonl, Format::Yaml, Format::Csv, Format::Env] {
        match read(Path::new("file"), text, format, &picks) {
            Ok(records) => assert!(!records.all.is_empty()),
            Err(error) => assert!(error.hint.is_some() || error.place.is_some(), "{error:?}"),
        }
    }
    let _ = rename::in_cases(text, "a", "b");
    let _ = rename::in_declarations(text, "a", "b");
}

/// Every finding stands inside of the text, and its fix can be applied.
pub fn lint(data: &[u8]) {
    let Some(text) = text(data) else { return };
    for finding in findings(&Input::of(text)) {
        assert!(text.get(finding.range.clone()).is_some(), "{} at {:?}", finding.rule.id, finding.range);
        assert!(finding.line >= 1 && finding.column >= 1);
        let mut last = 0;
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(last <= edit.range.start && text.get(edit.range.clone()).is_some(), "{}", finding.rule.id);
            last = edit.range.end;
        }
    }
}
