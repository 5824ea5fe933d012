//! Every file that greenroom reads and writes again, damaged in every way that a crash, an editor, a merge or a newer
//! greenroom damages files: what cannot be read is said with file and line, is never overwritten, and nothing that is not
//! known is lost.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use greenroom::config::Settings;
use greenroom::error::Error;
use greenroom::library::{Expected, Judgement, Library, PromptConfig, Seen, Step, ValueSet, Vote, Which};
use greenroom::lint::Allow;
use greenroom::prompt::{Assumptions, Privacy};
use greenroom::review::{Anchor, Said};
use greenroom::vars::{Case, Property};

/// How greenroom writes a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// One line more at the end, whatever stands there.
    AddedTo,
    /// As a whole, when it could be read.
    Anew,
    /// Never again.
    Never,
}

/// One file of a library, and what is done with it.
struct Kind {
    /// Below the library.
    file: &'static str,
    /// What it holds when all is well, with keys that only a newer greenroom knows.
    sample: &'static str,
    /// What of the sample this greenroom does not know, and must not lose.
    newer: &'static [&'static str],
    written: Written,
    /// What is wrong with it.
    wrong: fn(&Library) -> Vec<Wrong>,
    /// Everything that writes it. Whether it worked is told by the file.
    write: fn(&Library),
}

/// A mistake as a user is told it: the file, below the library, the line, and the words.
type Wrong = (PathBuf, Option<usize>, String);

const PROMPT: &str = "prompts/p/prompt.toml";
const VALUES: &str = "prompts/p/values/ana.json";
const CONFIG: &str = "prompts/p/draft/config.json";
const TEXT: &str = "prompts/p/draft/system_prompt.txt";
const SUMS: &str = "prompts/p/v1.0.0_2024-01-15/SHA256SUMS";
const RELEASES: &str = "prompts/p/releases.jsonl";
const REVIEW: &str = "prompts/p/draft/review.jsonl";

const KINDS: &[Kind] = &[
    Kind {
        file: PROMPT,
        sample: "title = \"P\"\nlater = 1\n\n[variables.name]\nprivacy = \"personal\" # why\nlater = [\"x\"]\n\n[newest]\nx = 1\n",
        newer: &["later = 1\n", "later = [\"x\"]", "[newest]\nx = 1", "# why"],
        written: Written::Anew,
        wrong: listed,
        write: |library| {
            let _ = library.declare("p", "other", &[Property::Privacy(Some(Privacy::Public))], &Seen::Anything);
            let budget = Assumptions { budget: Some(2000), ..Assumptions::default() };
            let _ = library.save_assumptions("p", &budget);
            let allow = Allow { rule: "bare-prohibition".into(), text: "x".into(), reason: "y".into() };
            let _ = library.allow("p", &allow);
            rename(library);
        },
    },
    Kind {
        file: VALUES,
        sample: "{\n  \"name\": \"Ana\",\n  \"age\": 41.50,\n  \"later\": true\n}\n",
        newer: &["\"later\": true", "41.50"],
        written: Written::Anew,
        wrong: listed,
        write: |library| {
            let read = library.value_set("p", "ana");
            if let Ok(ValueSet { name, mut values }) = read {
                let before = values.clone();
                values.0.insert("name".into(), "Bo".into());
                let _ = library.save_value_set("p", &ValueSet { name, values }, &Expected::This(before));
            } else {
                // who has seen no file, and who wants theirs whatever it holds
                let mine = ValueSet { name: "ana".into(), values: greenroom::prompt::Values::default() };
                for expected in [Expected::Nothing, Expected::Anything] {
                    assert!(library.save_value_set("p", &mine, &expected).is_err());
                }
            }
            let _ = library.take_secrets_out("p");
            rename(library);
        },
    },
    Kind {
        file: CONFIG,
        sample: "{\n  \"model\": \"offline\",\n  \"temperature\": 0.30,\n  \"later\": { \"x\": [1,  2] }\n}\n",
        newer: &["\"later\": { \"x\": [1,  2] }", "0.30"],
        written: Written::Anew,
        wrong: listed,
        write: |library| {
            if let Ok(before) = library.draft_config("p") {
                let mut config = before.clone();
                config.0.insert("max_tokens".into(), 7.into());
                let _ = library.save_draft_config("p", &config, &Expected::This(before));
            } else {
                let mine = PromptConfig::default();
                assert!(library.save_draft_config("p", &mine, &Expected::Anything).is_err());
            }
            rename(library);
        },
    },
    Kind {
        file: TEXT,
        sample: "# Identity\n\nYou help {{name}}.\r\n",
        newer: &[],
        written: Written::Never,
        wrong: listed,
        // a draft that nobody could read is somebody else's
        write: |library| {
            let seen = Expected::This(greenroom::library::Stamp::of("something else"));
            let _ = library.save_draft_text("p", "mine", seen);
        },
    },
    Kind {
        file: RELEASES,
        sample: concat!(
            r#"{"at":"2024-01-16T10:00:00Z","by":"Ana","kind":"deploy","environment":"production","version":"1.0.0","why":"first","sha256":null,"forced":false,"later":1}"#,
            "\n",
            r#"{"at":"2024-01-17T10:00:00Z","by":"Ana","kind":"drill","environment":"production","version":"1.0.0","ok":true,"problems":[],"took_ms":3,"covers":"x"}"#,
            "\n",
            r#"{"at":"2024-01-18T10:00:00Z","by":"Ana","kind":"later","environment":"staging"}"#,
            "\n",
        ),
        newer: &["\"later\":1", "\"kind\":\"later\""],
        written: Written::AddedTo,
        wrong: listed,
        write: |library| {
            let line = serde_json::json!({"kind": "deploy", "environment": "staging", "version": "1.0.0", "why": "x"});
            library.append(&library.root().join(RELEASES), &line, "Bo", now()).unwrap();
        },
    },
    Kind {
        file: REVIEW,
        sample: concat!(
            r#"{"at":"2024-01-16T10:00:00Z","by":"Ana","kind":"comment","id":"a","anchor":{"whole":true},"text":"hm","later":1}"#,
            "\n",
            r#"{"at":"2024-01-16T11:00:00Z","by":"Bo","kind":"reply","id":"a","text":"é"}"#,
            "\n",
            r#"{"at":"2024-01-16T12:00:00Z","by":"Bo","kind":"later","id":"b"}"#,
            "\n",
        ),
        newer: &["\"later\":1", "\"kind\":\"later\""],
        written: Written::AddedTo,
        wrong: listed,
        write: |library| {
            let snapshot = library.read("p", &Which::Draft).unwrap();
            let said = Said::Comment { anchor: Anchor::Whole, text: "new".into(), replacement: None };
            library.say(&snapshot, &said, None, &"Bo".into(), now()).unwrap();
            assert!(library.reviewed(&snapshot).unwrap().review.threads.iter().any(|thread| thread.text == "new"));
        },
    },
    Kind {
        file: "prompts/p/judgements.jsonl",
        sample: concat!(
            r#"{"at":"2024-01-16T10:00:00Z","by":"Ana","message":"Hi","left":"p@draft offline","right":"p@1.0.0 offline","vote":"left","note":"","later":1}"#,
            "\n",
            r#"{"at":"2024-01-16T10:00:01Z","by":"Ana","message":"Hi","left":"p@draft offline","right":"p@1.0.0 offline","vote":"later"}"#,
            "\n",
        ),
        newer: &["\"later\":1", "\"vote\":\"later\""],
        written: Written::AddedTo,
        wrong: listed,
        write: |library| {
            let (message, left, right) = ("Hi".into(), "a".into(), "b".into());
            let vote = Judgement { message, left, right, vote: Vote::Tie, note: String::new() };
            library.judge("p", &vote, "Bo", now()).unwrap();
        },
    },
    Kind {
        file: "prompts/p/maintenance.jsonl",
        sample: "{\"at\":\"2024-01-16T10:00:00Z\",\"by\":\"Ana\",\"kind\":\"review\",\"later\":1}\n",
        newer: &["\"later\":1"],
        written: Written::Never,
        wrong: listed,
        write: |_| {},
    },
    Kind {
        file: "prompts/p/draft/eval_results.json",
        sample: "{\n  \"runs\": [\n    {\"sha256\": \"0a\", \"passed\": 3, \"failed\": 0, \"later\": 1}\n  ],\n  \"later\": 1\n}\n",
        newer: &["\"later\": 1}"],
        written: Written::Never,
        wrong: listed,
        write: |library| {
            let _ = library.eval_runs(&library.read("p", &Which::Draft).unwrap());
        },
    },
    Kind {
        file: "prompts/p/incidents/2024-01-16_one.md",
        sample: "+++\ntitle = \"One\"\nstatus = \"closed\"\nlater = 1\n+++\n\n## What was said\n\nétonnant\n",
        newer: &["later = 1"],
        written: Written::Never,
        wrong: listed,
        write: |library| {
            // another one of that day and title takes another name
            let incident = greenroom::library::Incident {
                title: "one".into(),
                version: "1.0.0".into(),
                model: "offline".into(),
                at: "2024-01-16T10:00:00Z".into(),
                said: Vec::new(),
            };
            fs::remove_file(library.begin_incident("p", &incident).unwrap()).unwrap();
        },
    },
    Kind {
        file: "prompts/p/evals/cases.yaml",
        sample: "# ours\n- description: \"one\"\n  vars:\n    message: \"é\"\n  later: 1\n",
        newer: &["later: 1", "# ours"],
        written: Written::AddedTo,
        wrong: |_| Vec::new(),
        write: |library| {
            let case = Case { description: "x".into(), vars: vec![], origin: String::new() };
            let _ = library.add_case("p", &case);
        },
    },
    Kind {
        file: SUMS,
        sample: "0000000000000000000000000000000000000000000000000000000000000000  system_prompt.txt\n",
        newer: &[],
        written: Written::Never,
        wrong: |library| {
            let damages = library.verify(Some("p")).unwrap().into_iter().flat_map(|verdict| verdict.problems);
            // that it vouches for something else is no mistake of its form, and has no line
            damages
                .map(|damage| (damage.file, damage.line, damage.reason))
                .filter(|(file, _, words)| file == Path::new(SUMS) || words.contains("UTF-8"))
                .collect()
        },
        write: |library| {
            let cut = greenroom::library::Cut {
                step: Step::Patch,
                what: "x".into(),
                why: "y".into(),
                date: jiff::civil::date(2024, 1, 20),
            };
            if let Ok(frozen) = library.cut("p", &cut) {
                remove(&frozen.entry.folder);
            }
        },
    },
    Kind {
        file: "prompts/p/v1.0.0_2024-01-15/changelog.md",
        sample: "# p 1.0.0\n\n## What changed\n\nTout à fait\n",
        newer: &[],
        written: Written::Never,
        wrong: listed,
        write: |library| {
            let version = library.entry("p").unwrap().versions.remove(0);
            let _ = library.what_changed(&version);
            library.chronicle("p").unwrap();
        },
    },
    Kind {
        file: "greenroom.toml",
        sample: "later = 1\n\n[git]\ncommit = \"never\"\n\n[review]\nrequired_approvals = 2\nlater = true\n\n[environments.production]\nrequire = [\"verify\"]\n",
        newer: &["later = 1"],
        written: Written::Never,
        wrong: |library| {
            let file = library.root().join("greenroom.toml");
            told(library, Settings::load(None, Some(&file), &|_| None).1)
        },
        write: |_| {},
    },
    Kind {
        file: "the_users_own.toml",
        sample: "author = \"Ana\"\ntheme = \"light\"\nlater = 1\n\n[keys]\nsave = \"ctrl+s\"\n\n[prices.\"offline\"]\ninput = 1.5\n",
        newer: &["later = 1"],
        written: Written::Never,
        wrong: |library| {
            let file = library.root().join("the_users_own.toml");
            told(library, Settings::load(Some(&file), None, &|_| None).1)
        },
        write: |_| {},
    },
    Kind {
        file: "cassettes/one.jsonl",
        sample: concat!(
            r#"{"hash":"x","recorded":"offline","at":"2024-01-16T10:00:00Z","request":{"model":"offline","system":"é","messages":[],"params":{}},"reply":[],"usage":{},"finish":"end","later":1}"#,
            "\n",
        ),
        newer: &["\"later\":1"],
        written: Written::AddedTo,
        wrong: |library| {
            let file = library.root().join("cassettes/one.jsonl");
            match greenroom::model::cassette::Player::open(&file, false) {
                Ok(player) => told(library, player.damaged().cloned().collect()),
                Err(error) => told(library, vec![error]),
            }
        },
        write: |library| {
            greenroom::model::cassette::Recorder::open(&library.root().join("cassettes/one.jsonl")).unwrap();
        },
    },
];

fn now() -> jiff::Timestamp {
    "2024-02-01T00:00:00Z".parse().unwrap()
}

fn rename(library: &Library) {
    if let Ok(plan) = library.plan_rename("p", "name", "who", None) {
        let _ = library.rename(&plan);
        let _ = library.plan_rename("p", "who", "name", None).and_then(|back| library.rename(&back));
    }
}

/// What `list` shows.
fn listed(library: &Library) -> Vec<Wrong> {
    let entries = library.list().unwrap();
    let damages = entries.into_iter().flat_map(|entry| entry.damaged);
    damages.map(|damage| (damage.file, damage.line, damage.reason)).collect()
}

fn told(library: &Library, errors: Vec<Error>) -> Vec<Wrong> {
    let place = |error: Error| {
        let words = error.to_string();
        let place = error.place.unwrap_or_else(|| panic!("no place: {words}"));
        (place.file.strip_prefix(library.root()).unwrap_or(&place.file).to_owned(), place.line, words)
    };
    errors.into_iter().map(place).collect()
}

/// Every damage of `sample`, with a name.
fn damages(sample: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = sample.as_bytes();
    let mut all: Vec<_> = (0..bytes.len()).map(|end| (format!("cut at {end}"), bytes[..end].to_vec())).collect();
    let with = |at: usize, byte: u8| [&bytes[..at], &[byte], &bytes[at..]].concat();
    for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
        all.push((format!("NUL at {at}"), with(at, 0)));
        all.push((format!("0xFF at {at}"), with(at, 0xff)));
    }
    all.push(("all of it NUL".into(), vec![0; bytes.len()]));
    all.push(("CRLF".into(), sample.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()));
    all.push(("a mark of byte order".into(), format!("\u{feff}{sample}").into_bytes()));
    all.push(("a blank line at the end".into(), format!("{sample}\n").into_bytes()));
    all.push(("marks of a merge".into(), format!("<<<<<<< HEAD\n{sample}=======\n{sample}>>>>>>> x\n").into_bytes()));
    let lines: Vec<&str> = sample.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let doubled = lines[..=at].iter().chain(&lines[at..]).copied().collect::<String>();
        all.push((format!("line {} twice", at + 1), doubled.into_bytes()));
    }
    all.push(("in reverse".into(), lines.iter().rev().copied().collect::<String>().into_bytes()));
    all.push(("as it is".into(), bytes.to_vec()));
    all
}

fn remove(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        fs::remove_file(entry.path()).unwrap();
    }
    fs::remove_dir(folder).unwrap();
}

/// A library with one prompt that has a draft, a version and a value set, all of them sound.
fn place() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let put = |file: &str, text: &str| {
        let file = dir.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    for folder in ["prompts/p/incidents", "prompts/p/evals", "cassettes"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    put(TEXT, "You help {{name}}.\n");
    put(VALUES, "{\"name\": \"Ana\"}\n");
    put("prompts/p/v1.0.0_2024-01-15/system_prompt.txt", "You help {{name}}.\n");
    put("cassettes/one.jsonl", "");
    let library = Library::at(dir.path()).unwrap();
    (dir, library)
}

#[test]
fn no_damage_of_any_file_is_overwritten_lost_or_without_a_line() {
    for kind in KINDS {
        let (dir, library) = place();
        let file = dir.path().join(kind.file);
        assert_eq!((kind.wrong)(&library), [], "{}: nothing is wrong before", kind.file);
        let mut refused = 0;
        for (name, before) in damages(kind.sample) {
            let name = format!("{}, {name}", kind.file);
            fs::write(&file, &before).unwrap();
            let wrong = (kind.wrong)(&library);
            for (place, line, words) in &wrong {
                assert_eq!(place, Path::new(kind.file), "{name}: {words}");
                // a log that names a version which is gone is a mistake of the whole
                assert!(line.is_some() || words.contains("which has no folder"), "{name}: no line: {words}");
            }
            refused += usize::from(!wrong.is_empty());
            (kind.write)(&library);
            let after = fs::read(&file).unwrap();
            let shown = || format!("{name}\n{}\n->\n{}", before.escape_ascii(), after.escape_ascii());
            match kind.written {
                Written::AddedTo => assert!(after.starts_with(&before), "{}", shown()),
                Written::Anew if wrong.is_empty() => {
                    for piece in kind.newer {
                        let lost = contains(&before, piece) && !contains(&after, piece);
                        assert!(!lost, "{piece:?} is lost: {}", shown());
                    }
                }
                Written::Anew | Written::Never => assert_eq!(after, before, "{}", shown()),
            }
            if name.ends_with("CRLF") && kind.written == Written::Anew {
                let text = String::from_utf8(after.clone()).unwrap();
                assert!(!text.replace("\r\n", "").contains('\n'), "lines end as they did: {}", shown());
                assert_ne!(after, before, "{name}: nothing writes it");
            }
            if name.ends_with("as it is") {
                assert_eq!(wrong.iter().filter(|(.., words)| !words.contains("later")).count(), 0, "{wrong:?}");
                assert!(kind.written != Written::Anew || after != before, "{name}: nothing writes it");
            }
        }
        assert!(refused > 0 || kind.file.ends_with("yaml"), "{}", kind.file);
    }
}

fn contains(bytes: &[u8], piece: &str) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece.as_bytes())
}

/// Runs greenroom in the library; the user's own files are in it, too.
fn run(library: &Library, words: &[&str]) -> std::process::Output {
    let home = library.root().join(".home");
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
    command.env_clear().env("HOME", &home).env("XDG_CONFIG_HOME", &home).current_dir(library.root());
    command.args(words).output().unwrap()
}

#[test]
fn no_command_panics_over_a_damaged_file_or_changes_it() {
    const COMMANDS: &[&[&str]] = &[
        &["list", "--json"],
        &["show", "p"],
        &["verify", "p"],
        &["config", "check"],
        &["review", "p"],
        &["vars", "p", "check", "ana"],
        &["log", "p"],
        &["rollback", "p", "--why", "x"],
    ];
    for kind in KINDS {
        let (dir, library) = place();
        let own = kind.file == "the_users_own.toml";
        let file = dir.path().join(if own { ".home/greenroom/config.toml" } else { kind.file });
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let half = kind.sample.floor_char_boundary(kind.sample.len() * 2 / 3);
        let damaged = [&kind.sample.as_bytes()[..half], b"\0\xff"].concat();
        fs::write(&file, &damaged).unwrap();
        let mut told = String::new();
        for words in COMMANDS {
            let output = run(&library, words);
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(matches!(output.status.code(), Some(0..=2)), "{} {words:?}: {said}", kind.file);
            assert!(
                !said.contains("panicked") && !said.contains("mistake of its own"),
                "{} {words:?}: {said}",
                kind.file
            );
            assert_eq!(fs::read(&file).unwrap(), damaged, "{} {words:?}", kind.file);
            told.push_str(&said);
            told.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        let name = file.file_name().unwrap().to_str().unwrap();
        // a tape is read when it is played, and a suite when it is run or added to
        if !kind.file.starts_with("cassettes") && !kind.file.ends_with("yaml") {
            assert!(told.contains(name), "{}: no command tells of it:\n{told}", kind.file);
        }
    }
}

#[test]
fn what_is_trusted_is_neither_forgotten_nor_overwritten() {
    let (dir, library) = place();
    let settings =
        "[providers.ours]\napi = \"openai\"\nbase_url = \"https://models.example.org/v1\"\napi_key_env = \"OURS\"\n";
    fs::write(dir.path().join("greenroom.toml"), settings).unwrap();
    let file = dir.path().join(".home/.local/state/greenroom/trusted.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let before = "{\"libraries\": {\"/other\": \"0a\"}, \"later\": [1]}\n";
    fs::write(&file, before).unwrap();
    let output = run(&library, &["trust"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let after: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&after["later"][0], &after["libraries"]["/other"]), (&1.into(), &"0a".into()), "{after}");
    assert_eq!(after["libraries"].as_object().unwrap().len(), 2);
    for end in (0..before.len() - 1).step_by(5) {
        fs::write(&file, &before[..end]).unwrap();
        let output = run(&library, &["trust"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("trusted.json:1:") && said.contains("not overwritten"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), before[..end]);
    }
}
