//! A prompt in memory, as the disk would give it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{TODAY, Workbench};
use crate::library::{PromptConfig, PromptEntry, Snapshot, Stamp, ValueSet, VersionEntry, Which};
use crate::prompt::{Assumptions, Declaration, Declarations, Values};
use crate::tui::msg::{Msg, Opened};

/// A prompt in memory, as the disk would give it.
pub struct InMemory {
    text: String,
    config: PromptConfig,
    on_disk: bool,
    versions: Vec<VersionEntry>,
    sets: Vec<ValueSet>,
    variables: Declarations,
    assumptions: Assumptions,
}

/// A prompt with this text, which stands on disk; it has no version, no values and no configuration.
pub fn prompt(text: &str) -> InMemory {
    InMemory {
        text: text.to_owned(),
        config: PromptConfig::default(),
        on_disk: true,
        versions: Vec::new(),
        sets: Vec::new(),
        variables: Declarations::default(),
        assumptions: Assumptions::default(),
    }
}

/// A workbench on a prompt with this text.
pub fn workbench(text: &str) -> Workbench {
    prompt(text).open()
}

/// A workbench on a prompt with this text and a change that is not saved, in NAV.
pub fn changed(text: &str) -> Workbench {
    let mut bench = workbench(text);
    bench.press("enter");
    bench.type_text("X");
    bench.press("esc");
    bench
}

impl InMemory {
    pub fn without_a_file(mut self) -> Self {
        self.on_disk = false;
        self
    }

    pub fn version(mut self, version: &str) -> Self {
        let entry = VersionEntry { version: version.parse().unwrap(), date: TODAY, folder: PathBuf::from(version) };
        self.versions.push(entry);
        self
    }

    pub fn set(mut self, name: &str, values: &[(&str, &str)]) -> Self {
        self.sets.push(ValueSet { name: name.to_owned(), values: values_of(values) });
        self
    }

    pub fn declared(mut self, name: &str, declaration: Declaration) -> Self {
        self.variables.0.push((name.to_owned(), declaration));
        self
    }

    pub fn assumed(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    pub fn model(self, model: &str) -> Self {
        self.config("model", model.into())
    }

    pub fn config(mut self, key: &str, value: serde_json::Value) -> Self {
        self.config.0.insert(key.to_owned(), value);
        self
    }

    /// What the disk says when the prompt is opened under this name.
    pub fn into_opened(self, name: &str) -> Opened {
        Opened {
            stamp: self.on_disk.then(|| Stamp::of(&self.text)),
            entry: PromptEntry {
                name: name.to_owned(),
                title: "A prompt".into(),
                owner: None,
                description: None,
                draft: self.on_disk,
                versions: self.versions,
                value_sets: self.sets.iter().map(|set| set.name.clone()).collect(),
                doubtful: Vec::new(),
                environments: Vec::new(),
                variables: self.variables.clone(),
                damaged: Vec::new(),
            },
            snapshot: Snapshot {
                prompt: name.to_owned(),
                which: Which::Draft,
                folder: PathBuf::from("draft"),
                text: self.text,
                config: self.config,
                variables: self.variables,
                assumptions: self.assumptions,
                lint: crate::library::LintTable::default(),
            },
            sets: self.sets,
            written: BTreeMap::new(),
            kept: None,
            agreed: Vec::new(),
            left: crate::tui::msg::Left::default(),
            problems: Vec::new(),
        }
    }

    pub fn open(self) -> Workbench {
        let mut bench = Workbench::empty();
        let opened = self.into_opened("greeter");
        bench.tell(Msg::Listed(Ok(vec![opened.entry.clone()])));
        bench.tell(Msg::Opened(Ok(Box::new(opened))));
        bench.model.status = None;
        bench
    }
}

pub fn values_of(values: &[(&str, &str)]) -> Values {
    Values(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>())
}
