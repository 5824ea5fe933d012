//! The shape of the code, enforced: reads the sources and fails where a module knows what it must not know, where a file
//! outgrows its room, or where a test waits on the clock. `docs/ARCHITECTURE.md` says why each rule is there.

#[path = "architecture/source.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use source::Source;

/// What the files of a folder must not name.
struct Rule {
    /// Files whose path begins with one of these.
    files: &'static [&'static str],
    /// Paths that begin with one of these are violations; `*::x` is any path with the segment `x`, `::x` one that ends in it.
    never: &'static [&'static str],
    because: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        files: &["src/prompt/", "src/diff/", "src/vars/", "src/lint/", "src/stats", "src/gates"],
        never: &[
            "tokio",
            "reqwest",
            "ratatui",
            "crossterm",
            "tui_textarea",
            "rustix",
            "tempfile",
            "directories",
            "jiff",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::io::stdin",
            "std::io::stdout",
            "rand",
            "*::Instant",
            "*::SystemTime",
            "::now",
        ],
        because: "the pure middle runs on every key press: it touches no terminal, network, file, clock or chance",
    },
    Rule {
        files: &["src/review/"],
        never: &["std::fs", "std::env", "std::net", "std::process", "tempfile", "*::Instant", "*::SystemTime", "::now"],
        because: "a review is what its lines say; who reads them, and when, is somebody else's business",
    },
    Rule {
        files: &["src/library/journal/"],
        never: &[
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "tempfile",
            "jiff",
            "*::Instant",
            "*::SystemTime",
            "::now",
        ],
        because: "what a journal says is told by its bytes alone; who writes them, and when, is the runner's business",
    },
    Rule {
        files: &["src/library/", "src/model/", "src/config/"],
        never: &["ratatui", "crossterm", "tui_textarea"],
        because: "only the workbench draws",
    },
    Rule {
        files: &["src/library/"],
        never: &["reqwest", "tokio"],
        because: "a library is files; who reads it decides on which thread",
    },
    Rule {
        files: &["src/tui/update"],
        never: &[
            "tokio",
            "reqwest",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
            "::now",
            "async",
            "await",
        ],
        because: "a key press waits for nothing: what takes time is an effect",
    },
    Rule {
        files: &["src/tui/view"],
        never: &["tokio", "reqwest", "std::fs", "std::env", "std::net", "std::process", "std::thread", "::now"],
        because: "drawing is a function of the state",
    },
];

/// Which modules of the crate a module may know. One that is missing here has no place in the map yet.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("error", &["sanitize"]),
    ("sanitize", &[]),
    ("source", &["error", "sanitize"]),
    ("prompt", &["sanitize"]),
    ("stats", &[]),
    ("gates", &[]),
    ("review", &["prompt"]),
    ("diff", &["prompt", "sanitize"]),
    ("vars", &["error", "prompt", "sanitize", "source"]),
    ("lint", &["prompt", "sanitize", "source"]),
    ("library", &["diff", "error", "lint", "prompt", "review", "sanitize", "source", "vars"]),
    ("config", &["error", "gates", "library", "model", "review", "sanitize", "source"]),
    ("model", &["config", "error", "lint", "prompt", "sanitize"]),
    ("history", &["config", "error", "lint", "model", "prompt"]),
    ("git", &["error"]),
    ("release", &["config", "error", "gates", "git", "library", "lint", "prompt", "review", "sanitize", "source"]),
    (
        "tui",
        &[
            "config", "diff", "error", "gates", "git", "history", "library", "lint", "model", "prompt", "release",
            "review", "sanitize", "source", "stats", "vars",
        ],
    ),
    (
        "cli",
        &[
            "config", "diff", "error", "git", "history", "library", "lint", "model", "prompt", "release", "review",
            "sanitize", "source", "tui", "vars",
        ],
    ),
];

/// Lines a file may have without its tests.
const ROOM: usize = 500;

/// Declared tables, which are as long as what they list.
const TABLES: &[&str] = &[];

#[test]
fn every_module_knows_only_what_it_may() {
    let found: Vec<_> = sources("src").iter().flat_map(|file| [forbidden(file), out_of_order(file)].concat()).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn drawing_changes_no_state() {
    let found: Vec<_> = sources("src").iter().flat_map(changes_in_a_view).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_file_fits_its_room() {
    let found: Vec<_> = sources("src").iter().filter_map(too_long).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn nothing_is_left_undone_and_no_test_is_skipped_or_sleeps() {
    let found: Vec<_> =
        ["src", "tests", "benches"].into_iter().flat_map(sources).flat_map(|file| unfinished(&file)).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_declared_table_is_a_file_that_needs_the_exception() {
    let files = sources("src");
    for table in TABLES {
        let file = files.iter().find(|file| file.path == *table).unwrap_or_else(|| panic!("{table} is not there"));
        assert!(file.lines > ROOM, "{table} fits its room: take it out of TABLES");
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                let relative = path.strip_prefix(root).expect("it is below the root");
                let relative = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>();
                found.push(Source::new(&relative.join("/"), &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What the rules' table forbids to this file.
fn forbidden(file: &Source) -> Vec<String> {
    let rules = RULES.iter().filter(|rule| rule.files.iter().any(|start| file.path.starts_with(start)));
    let mut found = BTreeSet::new();
    for rule in rules {
        for named in file.named() {
            if rule.never.iter().any(|pattern| matches(pattern, &named.path)) {
                found.insert((named.line, format!("names {}: {}", named.path, rule.because)));
            }
        }
    }
    found.into_iter().map(|(line, what)| format!("{}:{line} {what}", file.path)).collect()
}

fn matches(pattern: &str, path: &str) -> bool {
    if let Some(segment) = pattern.strip_prefix("*::") {
        return path.split("::").any(|part| part == segment);
    }
    if pattern.starts_with("::") {
        return path.ends_with(pattern);
    }
    path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Dependencies between the crate's modules that the map does not allow.
fn out_of_order(file: &Source) -> Vec<String> {
    let own = file.path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap_or_default();
    if matches!(own, "lib" | "main") {
        return Vec::new();
    }
    let Some((_, may_know)) = MAY_KNOW.iter().find(|(module, _)| *module == own) else {
        return vec![format!("{}: the module {own} has no line in MAY_KNOW", file.path)];
    };
    let mut found = BTreeSet::new();
    for named in file.named() {
        let Some(other) = named.path.strip_prefix("crate::").and_then(|rest| rest.split("::").next()) else { continue };
        let is_module = MAY_KNOW.iter().any(|(module, _)| *module == other);
        if is_module && other != own && !may_know.contains(&other) {
            found.insert((named.line, other.to_owned()));
        }
    }
    let line = |(line, other)| format!("{}:{line} names crate::{other}, which {own} must not know", file.path);
    found.into_iter().map(line).collect()
}

/// Places where a view asks for the state to change it.
fn changes_in_a_view(file: &Source) -> Vec<String> {
    if !file.path.starts_with("src/tui/view") {
        return Vec::new();
    }
    let words = |line: &str| {
        let spaced = line.replace('&', " & ").replace(['<', '>', '(', ')', ',', ':', '{', '}', ';', '='], " ");
        spaced.split_whitespace().filter(|word| !word.starts_with('\'')).map(str::to_owned).collect::<Vec<_>>()
    };
    let asks = |line: &str| {
        let words = words(line);
        (0..words.len()).any(|at| {
            words[at] == "&"
                && words.get(at + 1).is_some_and(|word| word == "mut")
                && words[at + 2..].iter().take(4).any(|word| word == "Model")
        })
    };
    let found = file.code.lines().enumerate().filter(|(_, line)| asks(line));
    found.map(|(index, _)| format!("{}:{} takes &mut Model: drawing changes no state", file.path, index + 1)).collect()
}

fn too_long(file: &Source) -> Option<String> {
    let long = file.lines > ROOM && !TABLES.contains(&file.path.as_str());
    long.then(|| {
        format!("{} has {} lines without its tests; at {ROOM} it wants to be two files", file.path, file.lines)
    })
}

/// Code that is not there yet, tests that do not run, tests that wait.
fn unfinished(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let parts = [(&file.code, &["todo!", "unimplemented!"][..]), (&file.tests, &["todo!", "#[ignore", "sleep("][..])];
    for (text, signs) in parts {
        for (index, line) in text.lines().enumerate() {
            if let Some(sign) = signs.iter().find(|sign| line.contains(*sign)) {
                found.push(format!("{}:{} has {sign}", file.path, index + 1));
            }
        }
    }
    found
}

mod the_checker {
    use super::*;

    #[test]
    fn finds_a_forbidden_crate_in_a_grouped_import() {
        let bad = Source::new("src/prompt/bad.rs", "use std::{collections::BTreeMap, fs::{self, File}};\n");
        assert_eq!(forbidden(&bad).len(), 2, "{:?}", forbidden(&bad));
        assert!(forbidden(&bad)[0].starts_with("src/prompt/bad.rs:1 names std::fs"));
    }

    #[test]
    fn finds_a_forbidden_path_in_the_middle_of_an_expression() {
        let bad = Source::new("src/diff/bad.rs", "fn f() -> bool {\n    std::env::var(\"X\").is_ok()\n}\n");
        assert_eq!(forbidden(&bad).len(), 1);
        assert!(forbidden(&bad)[0].contains(":2 "));
    }

    #[test]
    fn finds_a_clock_behind_an_imported_module() {
        let bad = Source::new("src/prompt/bad.rs", "use std::time;\nfn f() { let t = time::Instant::now(); }\n");
        assert_eq!(forbidden(&bad).len(), 1);
        let bad = Source::new("src/tui/update/bad.rs", "fn f() { jiff::Zoned::now(); }\n");
        assert_eq!(forbidden(&bad).len(), 1);
        let good = Source::new("src/tui/update/good.rs", "fn f(now: Instant) -> Due { due(now) }\n");
        assert!(forbidden(&good).is_empty());
    }

    #[test]
    fn finds_waiting_in_an_update() {
        let bad = Source::new("src/tui/update/bad.rs", "async fn f() {\n    g().await;\n}\n");
        assert_eq!(forbidden(&bad).len(), 2);
    }

    #[test]
    fn finds_a_dependency_that_points_up_through_super() {
        let bad = Source::new("src/library/deep/bad.rs", "use super::super::super::tui::Model;\n");
        assert_eq!(out_of_order(&bad), ["src/library/deep/bad.rs:1 names crate::tui, which library must not know"]);
        let bad = Source::new("src/library/mod.rs", "use super::cli;\n");
        assert_eq!(out_of_order(&bad).len(), 1);
        let good = Source::new("src/library/good.rs", "use super::tui_names;\nuse crate::error::Error;\n");
        assert!(out_of_order(&good).is_empty());
    }

    #[test]
    fn finds_a_module_without_a_place_in_the_map() {
        assert_eq!(out_of_order(&Source::new("src/plugins/mod.rs", "")).len(), 1);
    }

    #[test]
    fn finds_a_view_that_changes_the_model() {
        for bad in ["fn draw(m: &mut Model) {}", "fn draw<'a>(m: &'a mut crate::tui::Model) {}"] {
            assert_eq!(changes_in_a_view(&Source::new("src/tui/view/bad.rs", bad)).len(), 1, "{bad}");
        }
        let good = Source::new("src/tui/view/good.rs", "fn draw(m: &Model, frame: &mut Frame) {}");
        assert!(changes_in_a_view(&good).is_empty());
    }

    #[test]
    fn counts_lines_without_the_tests() {
        let code = "fn f() {}\n".repeat(501);
        assert!(too_long(&Source::new("src/bad.rs", &code)).is_some());
        let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{code}}}\n");
        assert!(too_long(&Source::new("src/good.rs", &tested)).is_none());
    }

    #[test]
    fn finds_tests_that_are_skipped_or_sleep_and_code_that_is_missing() {
        let tests = "#[test]\n#[ignore = \"slow\"]\nfn f() { std::thread::sleep(d); }\n";
        assert_eq!(unfinished(&Source::new("tests/bad.rs", tests)).len(), 2);
        assert_eq!(unfinished(&Source::new("src/bad.rs", "fn f() { todo!() }\n")).len(), 1);
        let inside = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{tests}}}\n");
        assert_eq!(unfinished(&Source::new("src/bad.rs", &inside)).len(), 2);
    }

    #[test]
    fn leaves_comments_strings_and_tests_alone() {
        let good = r##"
//! Never names tokio or std::fs.
/* std::env /* nested: crossterm::event */ reqwest::get */
const A: &str = "std::fs::read \" tokio::spawn";
const B: &str = r#"ratatui::"Frame" "#;
const C: (char, char, &'static str) = ('"', '\'', "std::env::var");
fn now_and_then<'a>(x: &'a str) -> &'a str { x }
#[cfg(test)]
mod tests {
    use std::fs;
    fn f() { std::env::var("X"); }
}
"##;
        assert_eq!(forbidden(&Source::new("src/prompt/good.rs", good)), Vec::<String>::new());
    }

    #[test]
    fn sees_the_code_after_a_test_item() {
        let bad =
            "#[cfg(test)]\nuse std::fs;\n#[cfg(test)]\nmod tests { fn f() {} }\nfn g() { std::fs::read(\"x\"); }\n";
        let found = forbidden(&Source::new("src/prompt/bad.rs", bad));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(":5 "), "{found:?}");
        for condition in ["all(test, unix)", "all(unix, test)"] {
            let good = format!("#[cfg({condition})]\nmod tests {{ use std::fs; }}\n");
            assert!(forbidden(&Source::new("src/prompt/good.rs", &good)).is_empty(), "{condition}");
        }
        for condition in ["unix", "not(test)", "feature = \"test\""] {
            let bad = format!("#[cfg({condition})]\nuse std::fs;\n");
            assert_eq!(forbidden(&Source::new("src/prompt/bad.rs", &bad)).len(), 1, "{condition}");
        }
    }
}
