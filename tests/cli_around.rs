//! The commands around the work as a script meets them: config, doctor, man, completions, help.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;

use clap::CommandFactory;
use greenroom::cli::args::Cli;
use serde_json::Value;

/// A home of its own, with nothing of the machine's settings, and a library in it.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("library/prompts")).unwrap();
        Self { dir }
    }

    fn with_config(text: &str) -> Self {
        let home = Self::new();
        fs::create_dir_all(home.config().parent().unwrap()).unwrap();
        fs::write(home.config(), text).unwrap();
        home
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join(".config/greenroom/config.toml")
    }

    fn command(&self) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.dir.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.current_dir(self.dir.path().join("library"));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command().args(args).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn setting<'a>(shown: &'a Value, key: &str) -> &'a Value {
    let all = shown["settings"].as_array().unwrap();
    all.iter().find(|setting| setting["key"] == key).unwrap_or_else(|| panic!("{key} is not in {shown:#}"))
}

fn check<'a>(report: &'a Value, what: &str) -> &'a Value {
    let all = report["checks"].as_array().unwrap();
    all.iter().find(|line| line["what"] == what).unwrap_or_else(|| panic!("{what} is not in {report:#}"))
}

#[test]
fn config_path_is_one_path_also_when_there_is_no_file_yet() {
    let home = Home::new();
    let output = home.run(&["config", "path"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout).trim_end(), home.config().to_str().unwrap());
    let shown = home.json(&["config", "path", "--json"]);
    assert_eq!(shown["user"]["exists"], false);
    assert!(shown["library"]["path"].as_str().unwrap().ends_with("library/greenroom.toml"));
    let moved = home.command().env("XDG_CONFIG_HOME", "/elsewhere").args(["config", "path"]).output().unwrap();
    assert_eq!(text(&moved.stdout), "/elsewhere/greenroom/config.toml\n");
}

#[test]
fn config_show_says_what_is_in_force_and_where_it_comes_from() {
    let home = Home::with_config("author = \"Ana\"\n\n[providers.openai]\nmax_retries = 5\n");
    fs::write(
        home.dir.path().join("library/greenroom.toml"),
        "[prices.\"offline\"]\ninput = 2\n[providers.openai]\nbase_url = \"https://evil.example/v1\"\n",
    )
    .unwrap();
    let mut command = home.command();
    let output = command.env("ANTHROPIC_BASE_URL", "http://localhost:9").args(["config", "show", "--json"]).output();
    let shown: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let author = setting(&shown, "author");
    assert_eq!((&author["value"], &author["from"], &author["line"]), (&"Ana".into(), &"user".into(), &1.into()));
    assert_eq!(setting(&shown, "theme")["from"], "built in");
    assert_eq!(setting(&shown, "providers.openai.max_retries")["line"], 4);
    assert_eq!(setting(&shown, "providers.anthropic.base_url")["variable"], "ANTHROPIC_BASE_URL");
    assert_eq!(setting(&shown, "prices.offline.input")["from"], "library");
    // what a library may not decide is not in force, and is not shown as if it were
    let url = setting(&shown, "providers.openai.base_url");
    assert_eq!((&url["value"], &url["from"]), (&"https://api.openai.com/v1".into(), &"built in".into()));
}

#[test]
fn config_show_tells_what_is_kept_of_runs_and_what_they_may_cost_also_where_nobody_set_it() {
    let shown = Home::new().json(&["config", "show", "--json"]);
    for (key, value) in [
        ("history.keep", Value::from(true)),
        ("history.days", 180.into()),
        ("history.megabytes", 256.into()),
        ("history.real_values", false.into()),
        ("spend.day", Value::Null),
        ("spend.month", Value::Null),
    ] {
        let told = setting(&shown, key);
        assert_eq!((&told["value"], &told["from"]), (&value, &"built in".into()), "{key}");
    }
    let home = Home::with_config("[history]\ndays = 0\nreal_values = true\n[spend]\nday = 2.5\n");
    let shown = home.json(&["config", "show", "--json"]);
    for (key, value, line) in
        [("history.days", Value::from(0), 2), ("history.real_values", true.into(), 3), ("spend.day", 2.5.into(), 5)]
    {
        let told = setting(&shown, key);
        assert_eq!((&told["value"], &told["from"], &told["line"]), (&value, &"user".into(), &line.into()), "{key}");
    }
    let output = home.run(&["config", "show"]);
    let said = text(&output.stdout);
    assert!(said.contains("history.days = 0") && said.contains("; no limit"), "{said}");
    assert_eq!(said.matches("spend.day").count(), 1, "{said}");
}

#[test]
fn config_show_says_which_prices_are_built_in_and_what_they_say_of_the_default_model() {
    let home = Home::with_config("default_model = \"anthropic:claude-haiku-4-5\"\n");
    let output = home.run(&["config", "show", "--json"]);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lists = setting(&shown, "prices");
    assert_eq!((&lists["value"], &lists["from"]), (&"list".into(), &"built in".into()));
    assert!(lists["note"].as_str().unwrap().contains("Anthropic 20"), "{lists}");
    let input = setting(&shown, "prices.\"anthropic:claude-haiku-4-5\".input");
    assert!(input["value"].is_number() && input["note"].as_str().unwrap().contains("as of 20"), "{input}");
}

#[test]
fn no_secret_is_shown_by_config_or_doctor() {
    let home = Home::with_config(
        "apikey = \"sk-one\"\n[providers.lab]\napi = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\n\
         api_key_command = [\"printf\", \"sk-two\"]\nheaders = { \"x-team\" = \"sk-three\" }\n",
    );
    for args in [
        &["config", "show"][..],
        &["config", "show", "--json"],
        &["config", "check"],
        &["config", "check", "--json"],
        &["doctor"],
        &["doctor", "--json"],
    ] {
        let output = home.command().env("ANTHROPIC_API_KEY", "sk-four").args(args).output().unwrap();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(!said.contains("sk-"), "{args:?} shows a secret:\n{said}");
    }
    let shown = home.command().env("ANTHROPIC_API_KEY", "sk-four").args(["config", "show"]).output().unwrap();
    assert!(text(&shown.stdout).contains("$ANTHROPIC_API_KEY is set"), "{shown:?}");
}

#[test]
fn config_check_names_file_line_column_and_the_nearest_word() {
    let home =
        Home::with_config("athor = \"Ana\"\ntheme = \"drak\"\n[keys]\n\"draft.sav\" = \"f11\"\nquit = [\"ctrl-s\"]\n");
    let output = home.run(&["config", "check"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output.stdout);
    let config = home.config().display().to_string();
    for wanted in [
        format!("{config}:1:1: the key `athor`"),
        "did you mean `author`?".into(),
        format!("{config}:2:1: there is no theme `drak` (did you mean `dark`?)"),
        format!("{config}:4:1: [keys] draft.sav: there is no such action (did you mean draft.save?)"),
        format!("{config}:5:1: [keys] quit: ctrl-s is claimed by quit, which has it, and by draft.save"),
    ] {
        assert!(said.contains(&wanted), "{wanted} is not in\n{said}");
    }
    let problems = home.json(&["config", "check", "--json"]);
    assert_eq!(problems["problems"].as_array().unwrap().len(), 4);
    assert_eq!(problems["problems"][0]["line"], 1);
}

#[test]
fn config_check_exits_with_0_when_all_is_well_and_with_2_on_a_bad_file() {
    assert_eq!(Home::new().run(&["config", "check"]).status.code(), Some(0));
    assert_eq!(Home::with_config("theme = \"dark\"\n").run(&["config", "check"]).status.code(), Some(0));
    for bad in ["theme = \n", "author = 3\n", "api_key = \"x\"\n"] {
        let home = Home::with_config(bad);
        let output = home.run(&["config", "check"]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(text(&output.stdout).contains(&format!("{}:1:", home.config().display())), "{output:?}");
        assert_eq!(home.run(&["config", "show"]).status.code(), Some(2), "{bad}");
    }
}

#[test]
fn doctor_is_content_with_a_machine_that_has_nothing_and_says_what_is_broken() {
    let home = Home::new();
    let output = home.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = home.json(&["doctor", "--json"]);
    assert_eq!(report["broken"], 0);
    assert_eq!(check(&report, "anthropic key")["state"], "note");
    assert_eq!(check(&report, "tokens")["state"], "ok");
    assert_eq!(check(&report, "library")["state"], "ok");

    let home = Home::with_config("author = 3\n");
    let output = home.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stdout).contains("broken"), "{output:?}");
}

#[test]
fn doctor_sees_what_others_may_read() {
    let home = Home::new();
    let key = home.dir.path().join("key");
    fs::write(&key, "sk-x\n").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let state = home.dir.path().join(".local/state/greenroom");
    fs::create_dir_all(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    fs::write(home.config(), format!("[providers.openai]\napi_key_file = {key:?}\n")).unwrap();
    let report = home.json(&["doctor", "--json"]);
    for what in ["openai key", "state"] {
        let line = check(&report, what);
        assert_eq!(line["state"], "warning", "{line}");
        assert!(line["help"].as_str().unwrap().starts_with("chmod "), "{line}");
    }
}

#[test]
fn doctor_draws_its_marks_in_ascii_where_the_locale_is_not_utf_8() {
    let home = Home::new();
    let marks = |locale: &str| {
        let output = home.command().env("LANG", locale).arg("doctor").output().unwrap();
        text(&output.stdout).chars().any(|c| "✓·→✗".contains(c))
    };
    assert!(marks("en_GB.UTF-8"));
    assert!(!marks("en_GB.ISO-8859-1"));
}

#[test]
fn the_manual_is_roff_in_a_pipe_and_a_file_a_command_in_a_folder() {
    let home = Home::new();
    let output = home.run(&["man"]);
    assert!(text(&output.stdout).contains(".TH greenroom 1"), "{output:?}");
    let folder = home.dir.path().join("man1");
    let output = home.run(&["man", "--to", folder.to_str().unwrap()]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
    for command in Cli::command().get_subcommands() {
        let page = folder.join(format!("greenroom-{}.1", command.get_name()));
        assert!(fs::read_to_string(&page).unwrap().starts_with(".ie"), "{}", page.display());
    }
}

#[test]
fn completions_know_every_command_in_each_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = home.run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        for command in Cli::command().get_subcommands() {
            assert!(text(&output.stdout).contains(command.get_name()), "{shell} does not know {}", command.get_name());
        }
    }
}

#[test]
fn the_help_fits_a_small_screen_and_so_does_that_of_every_command() {
    let mut program = greenroom::cli::help::program().term_width(80);
    program.build();
    let mut waiting = vec![program];
    while let Some(mut command) = waiting.pop() {
        let help = command.render_help().to_string();
        let name = command.get_name().to_owned();
        assert!(help.lines().all(|line| line.chars().count() <= 80), "the help of {name} is too wide:\n{help}");
        let most = if name == "greenroom" { 24 } else { 40 };
        assert!(help.lines().count() <= most, "the help of {name} has {} lines:\n{help}", help.lines().count());
        waiting.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn an_unknown_word_suggests_the_nearest() {
    let home = Home::new();
    for (args, near) in [
        (&["docter"][..], "did you mean `greenroom doctor`?"),
        (&["confg"], "did you mean `greenroom config`?"),
        (&["config", "chek"], "did you mean `check`?"),
        (&["man", "--too", "x"], "did you mean `--to`?"),
    ] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(near), "{args:?}: {}", text(&output.stderr));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_help_that_cannot_be_written_is_an_error() {
    for asked in ["--help", "--version", "man"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_greenroom"));
        let output = command.arg(asked).stdout(full).stderr(std::process::Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{asked}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("cannot write to standard output"), "{said}");
    }
}
