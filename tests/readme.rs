//! The README and the help, held to what is there: the commands they show are ones that the program takes, the files exist.

use std::path::Path;

use clap::{CommandFactory, Parser};
use greenroom::cli::args::Cli;
use greenroom::config::Settings;

const README: &str = include_str!("../README.md");

/// The lines of the README's shell blocks that call greenroom, without their comments.
fn commands() -> Vec<Vec<String>> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in README.lines() {
        if let Some(language) = line.strip_prefix("```") {
            fenced = language == "sh";
        } else if fenced && (line == "greenroom" || line.starts_with("greenroom ")) {
            found.push(words(line));
        }
    }
    found
}

/// Splits a line as a shell does, as far as the README needs it: blanks, double quotes, comments.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted && word.is_empty() => break,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The examples at the end of a command's help.
fn examples(command: &clap::Command) -> Vec<Vec<String>> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let calls = help.lines().filter_map(|line| line.find("greenroom").map(|at| &line[at..]));
    // Two blanks end an example that has its explanation beside it.
    calls.map(|call| words(call.split("  ").next().unwrap_or(call))).collect()
}

fn assert_taken(command: &[String]) {
    if let Err(error) = Cli::try_parse_from(command) {
        panic!("{command:?}\n{error}");
    }
}

#[test]
fn every_command_in_it_is_one_that_the_program_takes() {
    let commands = commands();
    assert!(commands.len() > 10, "the README shows {} commands", commands.len());
    for command in commands {
        assert_taken(&command);
    }
}

#[test]
fn every_command_has_an_example_in_its_help_that_the_program_takes() {
    let program = Cli::command();
    for example in examples(&program) {
        assert_taken(&example);
    }
    for command in program.get_subcommands() {
        let examples = examples(command);
        assert!(!examples.is_empty(), "the help of {} has no example", command.get_name());
        for example in examples {
            assert_eq!(example[1], command.get_name(), "{example:?} is no example of {}", command.get_name());
            let before_a_redirection: Vec<_> = example.into_iter().take_while(|word| word != ">").collect();
            assert_taken(&before_a_redirection);
        }
    }
}

#[test]
fn every_command_of_the_program_is_in_it() {
    let shown: Vec<_> = commands().into_iter().filter_map(|words| words.into_iter().nth(1)).collect();
    for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
        assert!(shown.iter().any(|word| word == command.get_name()), "the README does not show {}", command.get_name());
    }
}

#[test]
fn every_file_that_it_points_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let targets: Vec<_> =
        README.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to).collect();
    assert!(!targets.is_empty());
    for target in targets.into_iter().filter(|target| !target.contains("://")) {
        assert!(root.join(target).exists(), "the README points to {target}, which is not there");
    }
}

#[test]
fn it_names_the_two_commands_that_a_new_user_runs() {
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(README.lines().any(|line| line == command), "{command} does not stand on a line of its own");
    }
}

#[test]
fn the_config_in_it_is_one_that_the_program_takes_without_a_word() {
    let config = README.split("```toml\n").nth(1).and_then(|rest| rest.split_once("```")).expect("a config").0;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("config.toml");
    std::fs::write(&file, config).expect("written");
    let (settings, errors) = Settings::load(Some(&file), None, &|_| None);
    assert_eq!(errors, Vec::new());
    assert_eq!(settings.warnings, Vec::new());
    for provider in ["anthropic", "openai", "ollama", "llamacpp", "vllm", "lmstudio", "gateway"] {
        assert!(settings.providers.contains_key(provider), "{provider} is not set up");
    }
    let default = settings.default_model.expect("a default model");
    assert!(settings.providers.contains_key(&default.provider), "{} is not set up", default.provider);
}
