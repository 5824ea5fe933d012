//! A prompt as a git revision has it: read from git's own store through `git show`, never from the working tree.
//!
//! git is started without a shell, and asked for nothing that the repository's settings could turn into a command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::library::names::{Folder, folder_of};
use crate::library::read::{highest, missing_text};
use crate::library::review::declarations_of;
use crate::library::values::set_name;
use crate::library::{Library, PromptConfig, Side, Snapshot, Tried, ValueSet, VersionEntry, Which, about, check_name};
use crate::prompt::decode;
use crate::review::Evidence;

/// A larger file of a revision is not read.
const LARGEST: usize = 64 * 1024 * 1024;

/// Whether this can be the name of a revision: what git takes for an option or for a path is none.
pub(super) fn check_revision(revision: &str) -> Result<()> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == ':';
    if revision.is_empty() || revision.starts_with('-') || revision.contains("..") || revision.contains(odd) {
        return Err(Error::input(format!("`{revision}` is not a revision of git"))
            .hint("name a commit, a branch or a tag, as in customer_support@git:HEAD~3"));
    }
    Ok(())
}

impl Library {
    /// The prompt `name` at a git revision: its draft there, or its latest version where it had no draft.
    ///
    /// # Errors
    /// When git cannot be run, the library is in no repository, or the revision or the prompt in it is not there.
    pub(super) fn at_revision(&self, name: &str, revision: &str) -> Result<Side> {
        check_name("prompt", name)?;
        check_revision(revision)?;
        let tree = Tree::of(self.root(), revision)?;
        let prompt = format!("prompts/{name}");
        let (which, folder) = tree.state(&prompt)?.ok_or_else(|| {
            Error::input(format!("`{revision}` has no prompt `{name}`")).hint("a prompt is a folder in prompts/")
        })?;
        let place = self.root().join(&folder);
        let file = place.join("system_prompt.txt");
        let text = tree.text(&format!("{folder}/system_prompt.txt"))?.ok_or_else(|| missing_text(&file))?;
        let config = match tree.text(&format!("{folder}/config.json"))? {
            Some(text) => PromptConfig::parse(&place.join("config.json"), &text)?,
            None => PromptConfig::default(),
        };
        let about_file = self.root().join(&prompt).join("prompt.toml");
        let about = match tree.text(&format!("{prompt}/prompt.toml"))? {
            Some(text) => {
                let (about, errors) = about::read(&about_file, &text);
                // who may see a variable's value stands there
                if let Some(error) = errors.into_iter().next() {
                    return Err(error.hint(format!("that is its state at {revision}")));
                }
                about
            }
            None => about::About::default(),
        };
        let mut sets = Vec::new();
        for entry in tree.names(&format!("{prompt}/values"))? {
            let Some(set) = set_name(&entry) else { continue };
            let path = format!("{prompt}/values/{entry}");
            if let Some(text) = tree.text(&path)? {
                sets.push(ValueSet::parse(&set, &self.root().join(path), &text)?);
            }
        }
        let about::About { variables, assumptions, lint, .. } = about;
        let suite = tree.text(&format!("{prompt}/evals/cases.yaml")).unwrap_or_else(|_| Some("{".to_owned()));
        let results = tree.text(&format!("{folder}/eval_results.json")).unwrap_or_else(|_| Some("{".to_owned()));
        let tried = Tried::of(suite.as_deref(), results.as_deref(), || {
            let config = match tree.text(&format!("{folder}/config.json")).ok()? {
                Some(config) => config,
                None => PromptConfig::default().write(&place.join("config.json"), None).ok()?,
            };
            let about = tree.text(&format!("{prompt}/prompt.toml")).ok()?;
            let declarations = about.map_or(Ok(None), |about| declarations_of(&about_file, &about)).ok()?;
            let evidence = Evidence {
                prompt: text.as_bytes(),
                config: Some(config.as_bytes()),
                declarations: declarations.as_deref(),
                suite: suite.as_deref().map(str::as_bytes),
            };
            Some(evidence.sha256())
        });
        let label = format!("{name}@git:{revision}");
        let file = PathBuf::from(format!("{folder}/system_prompt.txt"));
        let snapshot =
            Snapshot { prompt: name.to_owned(), which, folder: place, text, config, variables, assumptions, lint };
        Ok(Side { label, file, snapshot, sets, tried, text_alone: false })
    }
}

/// The files of a revision below a folder.
#[derive(Debug)]
struct Tree<'a> {
    root: &'a Path,
    /// What was asked for, for sentences.
    revision: &'a str,
    commit: String,
}

impl<'a> Tree<'a> {
    fn of(root: &'a Path, revision: &'a str) -> Result<Self> {
        let mut tree = Self { root, revision, commit: String::new() };
        if tree.run(&["rev-parse", "--show-prefix"])?.is_none() {
            return Err(Error::input("the library is in no git repository")
                .at(root)
                .hint("NAME@git:REV reads what was committed; `git init` makes a repository"));
        }
        let commit = format!("{revision}^{{commit}}");
        let found = tree.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        let found = found.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let id = found.lines().next().unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::input(format!("git knows no revision `{revision}`"))
                .at(root)
                .hint("`git log --oneline` lists commits"));
        }
        id.clone_into(&mut tree.commit);
        Ok(tree)
    }

    /// What git says; `None` when it ends with an error.
    fn run(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
        let ran = git(self.root).args(arguments).output();
        let ran = ran.map_err(|error| {
            Error::input(format!("git is needed for a revision and cannot be run: {error}"))
                .hint("install git, or name a version or a file instead")
        })?;
        Ok(ran.status.success().then_some(ran.stdout))
    }

    /// The state of the prompt in `folder` that a reference without `@` means.
    fn state(&self, folder: &str) -> Result<Option<(Which, String)>> {
        let names = self.names(folder)?;
        if names.iter().any(|name| name == "draft") {
            return Ok(Some((Which::Draft, format!("{folder}/draft"))));
        }
        let mut versions: Vec<VersionEntry> = names
            .iter()
            .filter_map(|name| match folder_of(name) {
                Folder::Version(version, date) => Some(VersionEntry { version, date, folder: name.into() }),
                _ => None,
            })
            .collect();
        versions.sort_by(|a, b| a.version.cmp(&b.version));
        Ok(highest(&versions).and_then(|version| {
            let entry = versions.into_iter().find(|entry| entry.version == version)?;
            Some((Which::Version(version), format!("{folder}/{}", entry.folder.display())))
        }))
    }

    /// The names in a folder, sorted; none when it is not there.
    fn names(&self, folder: &str) -> Result<Vec<String>> {
        let path = format!("./{folder}/");
        let listed = self.run(&["ls-tree", "-z", "--name-only", &self.commit, "--", &path])?.unwrap_or_default();
        let names = listed.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        Ok(names.filter_map(|name| Some(name.rsplit('/').next()?.to_owned())).filter(|name| !name.is_empty()).collect())
    }

    /// The text of a file; `None` when it is not there. What is no plain file, a link for one, is refused.
    fn text(&self, file: &str) -> Result<Option<String>> {
        let path = format!("./{file}");
        let listed = self.run(&["ls-tree", "-z", "-l", &self.commit, "--", &path])?.unwrap_or_default();
        let listed = String::from_utf8_lossy(&listed);
        let Some(entry) = listed.split('\0').next().filter(|entry| !entry.is_empty()) else { return Ok(None) };
        let place = || self.root.join(file);
        let size = entry.split('\t').next().and_then(|head| head.split_whitespace().nth(3));
        if !entry.starts_with("100") {
            return Err(Error::input(format!("is no plain file at {}", self.revision)).at(place()));
        }
        if size.and_then(|size| size.parse().ok()).is_none_or(|size: usize| size > LARGEST) {
            return Err(Error::input(format!("is too large at {}", self.revision)).at(place()));
        }
        let object = format!("{}:{path}", self.commit);
        let bytes = self
            .run(&["show", "--no-textconv", "--end-of-options", &object])?
            .ok_or_else(|| Error::input(format!("cannot be read from git at {}", self.revision)).at(place()))?;
        let text = decode(bytes).map_err(|invalid| {
            Error::input(format!("is not UTF-8 at byte {} at {}", invalid.offset, self.revision)).at(place())
        })?;
        Ok(Some(text))
    }
}

/// git in a folder, asked for nothing but its answer.
pub(super) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
    // a hook or an alias that started greenroom must not choose the repository
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF", "GIT_PREFIX", "GIT_NAMESPACE"] {
        git.env_remove(name);
    }
    git.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    git.stdin(Stdio::null()).stderr(Stdio::null());
    git
}
