//! `docs/KEYS.md` is what the table of actions says.

use std::path::Path;

#[test]
fn the_key_page_of_the_docs_is_made_from_the_table() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/KEYS.md");
    let wanted = greenroom::tui::keymap::markdown();
    if std::env::var_os("WRITE_KEYS").is_some() {
        std::fs::write(&page, &wanted).expect("the page can be written");
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/KEYS.md is not what the table says; WRITE_KEYS=1 cargo test --test keys_page writes it"
    );
}
