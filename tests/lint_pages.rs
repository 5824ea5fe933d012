//! `docs/LINT.md` and `docs/lint/` are what the rules say about themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use greenroom::lint::{page, rules};

const BEGIN: &str = "<!-- rules: made from the code -->\n\n";
const END: &str = "<!-- end of the rules -->";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn writing() -> bool {
    std::env::var_os("WRITE_LINT").is_some()
}

#[test]
fn every_rule_has_its_page_and_no_page_is_without_a_rule() {
    let folder = docs().join("lint");
    for rule in rules::ALL {
        let file = folder.join(format!("{}.md", rule.id));
        let wanted = page(rule);
        if writing() {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&file, &wanted).expect("the page can be written");
        }
        let found = fs::read_to_string(&file).unwrap_or_default();
        assert!(found == wanted, "{} differs; WRITE_LINT=1 cargo test --test lint_pages writes it", file.display());
    }
    let files = fs::read_dir(folder).expect("the folder is there").flatten();
    let found: BTreeSet<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let wanted: BTreeSet<String> = rules::ALL.iter().map(|rule| format!("{}.md", rule.id)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn the_table_of_rules_is_made_from_them() {
    let file = docs().join("LINT.md");
    let text = fs::read_to_string(&file).expect("docs/LINT.md is there");
    let (before, rest) = text.split_once(BEGIN).expect("the table begins");
    let (table, after) = rest.split_once(END).expect("the table ends");
    let wanted = page::index();
    if writing() {
        fs::write(&file, [before, BEGIN, &wanted, END, after].concat()).expect("the page can be written");
        return;
    }
    assert!(table == wanted, "docs/LINT.md differs; WRITE_LINT=1 cargo test --test lint_pages writes it");
}
