//! What was learnt about counts, in the user's state folder and readable only by the user: exact counts by the hash of
//! what was counted, and the ratio of a model's tokens to a built-in vocabulary's. No text is kept.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::request::ModelName;

/// So many exact counts are kept.
const MOST_COUNTS: usize = 2000;
/// What is learnt from fewer tokens says more about the frame of a request than about its words.
const LEAST_LEARNT: u64 = 200;
/// After so many tokens a command no longer takes the time to learn; the workbench goes on, on a thread of its own.
const ENOUGH: f64 = 5_000.0;
/// From so many tokens on, older ones count half: a model behind a name can change.
const HALVED_AT: f64 = 200_000.0;

/// Counts and ratios that are remembered. Nothing is remembered without a state folder.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    folder: Option<PathBuf>,
}

/// Exact counts by the hash of what was counted, under which model.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ExactCounts(BTreeMap<String, u64>);

impl ExactCounts {
    /// The exact count of `text` by the server of `model`, if there is one.
    pub fn get(&self, model: &ModelName, text: &str) -> Option<u64> {
        self.0.get(&key(model, text)).copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds those of `others`.
    pub fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Adds one; another has to go when there are too many.
    pub fn add(&mut self, model: &ModelName, text: &str, tokens: u64) {
        // any will do: the keys are hashes, so that the first one is as good as a random one
        while self.0.len() >= MOST_COUNTS {
            self.0.pop_first();
        }
        self.0.insert(key(model, text), tokens);
    }
}

/// How many tokens were counted here, and how many the server has counted for the same texts.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Learnt {
    here: f64,
    there: f64,
}

impl Remembered {
    /// In this state folder.
    pub fn in_state(state: Option<PathBuf>) -> Self {
        Self { folder: state.map(|state| state.join("tokens")) }
    }

    /// Every exact count that was asked for before.
    pub fn exact_counts(&self) -> ExactCounts {
        self.read("exact.json")
    }

    /// The exact count of `text` by the server of `model`, if it was asked for before.
    pub fn exact(&self, model: &ModelName, text: &str) -> Option<u64> {
        self.exact_counts().get(model, text)
    }

    /// Keeps an exact count.
    pub fn keep_exact(&self, model: &ModelName, text: &str, tokens: u64) -> io::Result<()> {
        let mut counts = self.exact_counts();
        counts.add(model, text, tokens);
        self.write("exact.json", &counts)
    }

    /// Tokens of the model for each token of its vocabulary, when servers have said so for enough text.
    pub fn ratio(&self, model: &ModelName) -> Option<f64> {
        let learnt = *self.read::<BTreeMap<String, Learnt>>("ratios.json").get(&model.to_string())?;
        let ratio = learnt.there / learnt.here;
        (learnt.here >= LEAST_LEARNT as f64 && (0.2..=5.0).contains(&ratio)).then_some(ratio)
    }

    /// Whether a request teaches something about this model that is worth unpacking a vocabulary for: one for which the
    /// server has counted `there` tokens.
    pub fn learns(&self, model: &ModelName, there: u64) -> bool {
        // a short one is left out by `learn` as well, which would know it only after the counting
        if there < LEAST_LEARNT {
            return false;
        }
        let known = self.read::<BTreeMap<String, Learnt>>("ratios.json").get(&model.to_string()).copied();
        self.folder.is_some() && known.unwrap_or_default().here < ENOUGH
    }

    /// Learns from one request: its texts have `here` tokens of the vocabulary, and the server has counted `there`.
    pub fn learn(&self, model: &ModelName, here: u64, there: u64) -> io::Result<()> {
        if here < LEAST_LEARNT || there == 0 || self.folder.is_none() {
            return Ok(());
        }
        let mut ratios = self.read::<BTreeMap<String, Learnt>>("ratios.json");
        let learnt = ratios.entry(model.to_string()).or_default();
        if learnt.here > HALVED_AT {
            *learnt = Learnt { here: learnt.here / 2.0, there: learnt.there / 2.0 };
        }
        learnt.here += here as f64;
        learnt.there += there as f64;
        self.write("ratios.json", &ratios)
    }

    /// What a file holds; nothing when it is not there or cannot be read, because all of it can be learnt again.
    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> T {
        let bytes = self.folder.as_ref().and_then(|folder| fs::read(folder.join(name)).ok());
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    fn write(&self, name: &str, value: &impl Serialize) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        private(folder)?;
        // a temporary file is readable only by its owner, and stays so under its new name
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, value)?;
        file.persist(folder.join(name))?;
        Ok(())
    }
}

fn private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The name of a text under a model: a hash of both, from which neither can be had back.
fn key(model: &ModelName, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(model.to_string());
    digest.update([0]);
    digest.update(text);
    let half = |bytes: &[u8]| bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let digest = digest.finalize();
    let (high, low) = digest.split_at(16);
    format!("{:032x}{:032x}", half(high), half(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str) -> ModelName {
        ModelName::parse(name).unwrap()
    }

    #[test]
    fn an_exact_count_is_remembered_for_the_same_text_and_model_and_no_other() {
        let state = tempfile::tempdir().unwrap();
        let remembered = Remembered::in_state(Some(state.path().to_owned()));
        remembered.keep_exact(&model("a:m"), "text", 7).unwrap();
        assert_eq!(remembered.exact(&model("a:m"), "text"), Some(7));
        assert_eq!(remembered.exact(&model("a:m"), "text "), None);
        assert_eq!(remembered.exact(&model("a:n"), "text"), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_read_it_and_the_text_is_not_in_it() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let remembered = Remembered::in_state(Some(state.path().to_owned()));
        remembered.keep_exact(&model("a:m"), "a private text", 7).unwrap();
        let file = state.path().join("tokens/exact.json");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(!fs::read_to_string(&file).unwrap().contains("private"));
    }

    #[test]
    fn a_ratio_is_learnt_from_enough_text_and_follows_a_model_that_changes() {
        let state = tempfile::tempdir().unwrap();
        let remembered = Remembered::in_state(Some(state.path().to_owned()));
        remembered.learn(&model("a:m"), 20, 400).unwrap();
        assert_eq!(remembered.ratio(&model("a:m")), None, "a short request says nothing");
        remembered.learn(&model("a:m"), 1000, 1200).unwrap();
        assert!((remembered.ratio(&model("a:m")).unwrap() - 1.2).abs() < 1e-9);
        assert_eq!(remembered.ratio(&model("a:n")), None);
        for _ in 0..20 {
            remembered.learn(&model("a:m"), 100_000, 150_000).unwrap();
        }
        assert!((remembered.ratio(&model("a:m")).unwrap() - 1.5).abs() < 0.001);
    }

    #[test]
    fn a_short_request_and_one_more_of_a_known_model_are_not_worth_counting() {
        let state = tempfile::tempdir().unwrap();
        let remembered = Remembered::in_state(Some(state.path().to_owned()));
        assert!(!remembered.learns(&model("a:m"), LEAST_LEARNT - 1));
        assert!(remembered.learns(&model("a:m"), LEAST_LEARNT));
        remembered.learn(&model("a:m"), 6000, 7000).unwrap();
        assert!(!remembered.learns(&model("a:m"), 3000));
        assert!(!Remembered::default().learns(&model("a:m"), 3000), "nowhere to keep it");
    }

    #[test]
    fn a_damaged_file_or_no_folder_is_like_nothing_learnt() {
        let state = tempfile::tempdir().unwrap();
        fs::create_dir(state.path().join("tokens")).unwrap();
        fs::write(state.path().join("tokens/exact.json"), "{").unwrap();
        let remembered = Remembered::in_state(Some(state.path().to_owned()));
        assert_eq!(remembered.exact(&model("a:m"), "x"), None);
        remembered.keep_exact(&model("a:m"), "x", 1).unwrap();
        assert_eq!(remembered.exact(&model("a:m"), "x"), Some(1));
        Remembered::default().keep_exact(&model("a:m"), "x", 1).unwrap();
    }
}
