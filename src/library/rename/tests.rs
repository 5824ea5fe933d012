use std::fs;

use super::*;

const CASES: &str = "- vars:\n    user: Ada\n  assert:\n    - value: \"Hello {{user}}\"\n";

fn library() -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    let prompt = dir.path().join("prompts/a");
    for folder in ["draft", "values", "evals", "v1.0.0_2024-01-15"] {
        fs::create_dir_all(prompt.join(folder)).unwrap();
    }
    for (file, text) in [
        ("draft/system_prompt.txt", "# Identity\r\nYou help {{ user }}, \\{{user}} and {{users}}."),
        ("draft/config.json", "{\"model\":\"offline\", \"user_template\": \"{{user}} asks {{message}}\"}"),
        ("values/one.json", "{\"z\": 1.10,\n\"user\": \"Ada\"}"),
        ("values/two.json", "{\"z\": 2}"),
        ("evals/cases.yaml", CASES),
        ("prompt.toml", "# c\n[variables.user] # who\nprivacy = \"personal\"\n"),
        ("v1.0.0_2024-01-15/system_prompt.txt", "{{user}}"),
    ] {
        fs::write(prompt.join(file), text).unwrap();
    }
    let library = Library::at(dir.path()).unwrap();
    (dir, library)
}

fn all(dir: &tempfile::TempDir) -> Vec<(String, String)> {
    let prompt = dir.path().join("prompts/a");
    let files = [
        "draft/system_prompt.txt",
        "draft/config.json",
        "values/one.json",
        "values/two.json",
        "evals/cases.yaml",
        "prompt.toml",
        "v1.0.0_2024-01-15/system_prompt.txt",
    ];
    files.map(|file| (file.to_owned(), fs::read_to_string(prompt.join(file)).unwrap())).into()
}

#[test]
fn a_rename_reaches_every_file_but_frozen_ones_and_comes_back_to_the_same_bytes() {
    let (dir, library) = library();
    let before = all(&dir);
    let plan = library.plan_rename("a", "user", "customer.name", None).unwrap();
    assert_eq!(all(&dir), before, "a plan writes nothing");
    assert_eq!((plan.files.len(), plan.places()), (5, 6));
    assert!(plan.notes[0].contains("1.0.0"), "{:?}", plan.notes);
    library.rename(&plan).unwrap();
    let after = all(&dir);
    let text = |name: &str| after.iter().find(|(file, _)| file == name).unwrap().1.as_str();
    assert_eq!(
        text("draft/system_prompt.txt"),
        "# Identity\r\nYou help {{ customer.name }}, \\{{user}} and {{users}}."
    );
    assert_eq!(text("values/one.json"), "{\"z\": 1.10,\n\"customer.name\": \"Ada\"}");
    assert_eq!(text("prompt.toml"), "# c\n[variables.customer.name] # who\nprivacy = \"personal\"\n");
    assert_eq!(text("evals/cases.yaml"), CASES.replace("user", "customer.name"));
    assert_eq!(text("v1.0.0_2024-01-15/system_prompt.txt"), "{{user}}");
    library.rename(&library.plan_rename("a", "customer.name", "user", None).unwrap()).unwrap();
    assert_eq!(all(&dir), before);
}

#[test]
fn a_name_that_stands_anywhere_is_refused_with_its_places() {
    let (dir, library) = library();
    let before = all(&dir);
    let refused = |old: &str, new: &str| library.plan_rename("a", old, new, None).unwrap_err().to_string();
    assert!(refused("user", "users").contains("draft/system_prompt.txt:2"), "{}", refused("user", "users"));
    assert!(refused("user", "z").contains("values/one.json:1, values/two.json:1"), "{}", refused("user", "z"));
    assert!(refused("usr", "x").contains("did you mean `user`"), "{}", refused("usr", "x"));
    assert!(refused("user", "user-name").contains("`user-name`"));
    assert!(refused("user", "user").contains("already"));
    assert_eq!(all(&dir), before);
}

#[test]
fn a_text_in_memory_counts_in_place_of_the_file_and_is_not_written() {
    let (dir, library) = library();
    let plan = library.plan_rename("a", "user", "who", Some("{{typed}} {{user}}")).unwrap();
    assert!(plan.files.iter().all(|file| file.shown != "draft/system_prompt.txt"));
    let error = library.plan_rename("a", "user", "typed", Some("{{typed}}")).unwrap_err();
    assert!(error.message.contains("the draft, line 1"), "{error}");
    library.rename(&plan).unwrap();
    assert!(all(&dir)[0].1.contains("{{ user }}"));
}

#[test]
fn a_file_that_changed_since_the_plan_stops_all_of_it() {
    let (dir, library) = library();
    let plan = library.plan_rename("a", "user", "who", None).unwrap();
    fs::write(dir.path().join("prompts/a/prompt.toml"), "# theirs\n").unwrap();
    let before = all(&dir);
    assert!(library.rename(&plan).unwrap_err().message.contains("somebody else"));
    assert_eq!(all(&dir), before);
}

#[cfg(unix)]
#[test]
fn what_was_written_is_taken_back_when_a_later_file_cannot_be() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, library) = library();
    let before = all(&dir);
    let plan = library.plan_rename("a", "user", "who", None).unwrap();
    let file = dir.path().join("prompts/a/prompt.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let error = library.rename(&plan).unwrap_err();
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("nothing was renamed")), "{error}");
    assert_eq!(all(&dir), before);
}

#[test]
fn a_declaration_that_is_spread_over_headings_is_refused_and_not_guessed() {
    let (dir, library) = library();
    let file = dir.path().join("prompts/a/prompt.toml");
    fs::write(&file, "[variables.user]\nfull.privacy = \"personal\"\n").unwrap();
    let error = library.plan_rename("a", "user.full", "x", Some("{{user.full}}")).unwrap_err();
    assert!(error.message.contains("cannot be renamed alone"), "{error}");
}
