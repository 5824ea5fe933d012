//! `docs/UX.md` names tests that exist, and all of its items are there.

use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../docs/UX.md");

/// Every source file below `folder`, one behind the other.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder of the repository").flatten().map(|entry| entry.path());
    let text = |path: &Path| match path.is_dir() {
        true => sources(path),
        false if path.extension().is_some_and(|ending| ending == "rs") => fs::read_to_string(path).expect("a source"),
        false => String::new(),
    };
    entries.map(|path| text(&path)).collect()
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = sources(&root.join("src")) + &sources(&root.join("tests"));
    let mut count = 0;
    for name in PAGE.split('`').skip(1).step_by(2) {
        let is_a_test =
            name.contains('_') && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if is_a_test && name != "reduced_motion" {
            assert!(code.contains(&format!("fn {name}(")), "{name} is no test");
            count += 1;
        }
    }
    assert!(count > 60, "{count} tests are named");
}

#[test]
fn every_item_is_there_once_and_in_order() {
    let numbers: Vec<u32> =
        PAGE.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |")?.0.parse().ok()).collect();
    assert_eq!(numbers, (1..=35).collect::<Vec<_>>());
}
