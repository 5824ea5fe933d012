//! A place from which models are asked: a prompt, a key, and the key looked for in everything that comes out.

use std::process::Output;

use serde_json::Value;

use crate::place::Place;
use crate::servers::FakeServer;

/// A key that stands nowhere else.
pub const KEY: &str = "sk-test-0123456789abcdef";

impl Place {
    /// With one prompt that has one variable, and a set of values for it.
    pub fn new() -> Self {
        Self::with_files(&[
            ("library/prompts/hello/draft/system_prompt.txt", "You help {{user_name}}.\n"),
            ("library/prompts/hello/values/ada.json", r#"{"user_name": "Ada Lovelace"}"#),
        ])
    }

    /// With both built-in providers at this server, and a key for each.
    pub fn at(self, server: &FakeServer) -> Self {
        self.with("OPENAI_BASE_URL", server.url() + "/v1")
            .with("ANTHROPIC_BASE_URL", server.url())
            .with("OPENAI_API_KEY", KEY)
            .with("ANTHROPIC_API_KEY", KEY)
    }

    /// Runs the program, and looks for the key in what it prints.
    pub fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(!all.contains(KEY), "the key came out: {all}");
        output
    }

    /// `play hello` with these arguments behind it.
    pub fn play(&self, args: &[&str]) -> Output {
        self.run(&[&["play", "hello"], args].concat())
    }
}

/// What was printed.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

/// The document of `--json`.
pub fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}
