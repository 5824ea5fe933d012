//! What the lower layers tell is written for whoever types commands. Here a command, or an option of one, becomes the key
//! that does the same, as whoever looks at the screen has it; and `<draft.save>`, the id of an action, becomes its key.
//!
//! What no key does (`greenroom trust`, `greenroom doctor`) stays as it is.

use crate::tui::keymap::{Action, Keymap, TABLE};

/// Commands that a key stands for, by how they begin; the first that fits counts.
const COMMANDS: [(&str, Action); 7] = [
    ("rollback NAME --drill", Action::Drill),
    ("rollback", Action::Deploy),
    ("deploy", Action::Deploy),
    ("cut", Action::Freeze),
    ("models", Action::ChooseModel),
    ("list", Action::LibraryOpen),
    ("new", Action::NewPrompt),
];

/// Options in words, and what is said in their place; `#` is the key of the action.
const OPTIONS: [(&str, &str, Action); 8] = [
    ("name the version to go to with --to", "# deploys any version", Action::Deploy),
    ("name another version with --to", "# deploys another version", Action::Deploy),
    ("say it with --why \"…\"", "say it in # as well", Action::Deploy),
    ("meet them, or say --force with a reason, which is recorded", "# says what is missing", Action::Deploy),
    ("or say --replace: a copy of it goes to the trash", "or begin with #, which keeps a copy", Action::BeginDraft),
    ("`--model offline`", "the model offline (# chooses it)", Action::ChooseModel),
    ("`greenroom play --record FILE`", "#", Action::Cassette),
    ("--record FILE", "#", Action::Cassette),
];

/// `said` with keys in place of commands. What stands in backticks and begins with `greenroom` is a command.
pub fn in_keys(said: &str, keymap: &Keymap) -> String {
    let mut said = said.to_owned();
    for (option, instead, action) in OPTIONS {
        if said.contains(option) {
            said = said.replace(option, &instead.replace('#', &key(action, keymap)));
        }
    }
    let mut words = String::with_capacity(said.len());
    let mut rest = said.as_str();
    while let Some((before, after)) = rest.split_once("`greenroom ") {
        let Some((command, after)) = after.split_once('`') else { break };
        words.push_str(before);
        match COMMANDS.iter().find(|(begins, _)| command.starts_with(begins)) {
            Some((_, action)) => words.push_str(&key(*action, keymap)),
            None => words.extend(["`greenroom ", command, "`"]),
        }
        rest = after;
    }
    words += rest;
    let named = |id: &str| TABLE.iter().find(|entry| entry.id == id);
    let mut from = 0;
    while let Some(begin) = words[from..].find('<').map(|at| from + at) {
        let end = words[begin..].find('>').map_or(words.len(), |at| begin + at);
        if let Some(entry) = words.get(begin + 1..end).and_then(named) {
            // who is new here may not know what the caret stands for
            let key = keymap.shown(entry.action);
            let key = key.replacen('^', "Ctrl-", usize::from(key.len() > 1));
            words.replace_range(begin..=end, &key);
            from = begin + key.len();
        } else {
            from = begin + 1;
        }
    }
    words
}

/// The key, with the level in which a single letter is one. An action without a key is named: the palette has it.
fn key(action: Action, keymap: &Keymap) -> String {
    let key = keymap.shown(action);
    match key.chars().count() {
        0 => format!("`{}` of the palette", action.entry().label),
        1 => format!("{key} in NAV"),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_command_becomes_the_key_of_whoever_looks_at_the_screen() {
        let keymap = Keymap::default();
        for (said, instead) in [
            ("`greenroom deploy faq@VERSION --to production --why …` deploys one", "Space D deploys one"),
            ("never tried: `greenroom rollback NAME --drill` does", "never tried: Space B does"),
            ("`greenroom models` lists the models", "m in NAV lists the models"),
            ("set it, or try `--model offline`", "set it, or try the model offline (m in NAV chooses it)"),
            ("count it with `greenroom trust`, and `x", "count it with `greenroom trust`, and `x"),
            ("a `greenroom ", "a `greenroom "),
            ("on the Review screen: <screen.review>", "on the Review screen: Alt-6"),
            ("<a> < <draft.save> <b", "<a> < Ctrl-S <b"),
        ] {
            assert_eq!(in_keys(said, &keymap), instead);
        }
        let own =
            BTreeMap::from([("release.deploy".to_owned(), vec!["f11".to_owned()]), ("play.model".to_owned(), vec![])]);
        let (keymap, _) = Keymap::with(&own);
        assert_eq!(in_keys("name another version with --to", &keymap), "F11 deploys another version");
        assert_eq!(in_keys("`greenroom models` lists them", &keymap), "`Choose the model` of the palette lists them");
    }

    /// What no key does, or what the workbench never shows.
    const STAY: [&str; 13] = [
        "`greenroom trust`",
        "`greenroom config path`",
        "`greenroom demo`",
        "`greenroom --library {}`",
        "with --library DIR",
        "--library takes the folder",
        "`greenroom new NAME --library DIR`",
        "`greenroom vars NAME`",
        "`greenroom lint --rules`",
        "`fill --set`",
        "`git log --oneline`",
        "greenroom rollback {name} --to {to} --why",
        "say it with {option}",
    ];

    #[test]
    fn nothing_that_the_lower_layers_tell_names_a_command_where_there_is_a_key() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut told = Vec::new();
        for place in ["release", "library", "model", "config", "review", "vars", "history", "source", "gates.rs"] {
            sources(&root.join(place), &mut told);
        }
        let keymap = Keymap::default();
        let names_one = |said: &str| {
            said.contains("`greenroom ") || said.contains(" --") || said.starts_with("--") && said.contains(' ')
        };
        let commands: Vec<&String> = told.iter().filter(|said| names_one(said)).collect();
        assert!(commands.len() > 10, "the sources are read: {commands:?}");
        let stays = |said: &str| STAY.iter().fold(in_keys(said, &keymap), |words, stay| words.replace(stay, ""));
        let left: Vec<_> = commands.into_iter().filter(|said| names_one(&stays(said))).collect();
        assert!(left.is_empty(), "{left:#?}");
    }

    /// The texts in the code below `place`, without those of tests and comments.
    fn sources(place: &Path, told: &mut Vec<String>) {
        if place.is_dir() {
            return fs::read_dir(place).unwrap().for_each(|entry| sources(&entry.unwrap().path(), told));
        }
        // what is copied as curl is a command by all means
        let left_out = |name: &std::ffi::OsStr| name == "tests.rs" || name == "envelope.rs";
        if place.extension().is_none_or(|kind| kind != "rs") || place.file_name().is_some_and(left_out) {
            return;
        }
        let text = fs::read_to_string(place).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let line = line.replace("\\\"", "\u{1}");
            told.extend(line.split('"').skip(1).step_by(2).map(|said| said.replace('\u{1}', "\"")));
            // the rest of a text that goes on over several lines
            if !line.contains('"') {
                told.push(line.trim().to_owned());
            }
        }
    }
}
