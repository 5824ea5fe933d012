//! What a version's `eval_results.json` says: which bytes the suite ran on, and how many cases passed. Nothing here runs a
//! case; who runs them writes the file.
//!
//! `{"runs": [{"at": TIME, "sha256": DIGEST, "passed": N, "failed": N, "errors": N}]}`; a run may say more, and a file may
//! be one run by itself. The digest is that of everything a decision covers, as `greenroom review` shows it.

use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;

use crate::error::Result;
use crate::library::{Library, Snapshot};
use crate::source::json;

/// One run of the suite.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EvalRun {
    /// When; of runs that do not say, the last one in the file is the latest.
    #[serde(default)]
    pub at: Option<String>,
    /// The digest of the bytes it ran on: text, config, declarations, suite.
    #[serde(default)]
    pub sha256: String,
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    #[serde(default)]
    pub failed: usize,
    /// Cases that could not be decided: no reply, no verdict.
    #[serde(default)]
    pub errors: usize,
}

#[derive(Deserialize)]
struct Several {
    runs: Option<Vec<EvalRun>>,
}

impl Library {
    /// Whether the prompt has an eval suite.
    ///
    /// # Errors
    /// When there is no such prompt, or the file cannot be read.
    pub fn has_evals(&self, prompt: &str) -> Result<bool> {
        Ok(self.bytes_if_there(&self.prompt_folder(prompt)?.join("evals/cases.yaml"))?.is_some())
    }

    /// The runs of the suite on this state, the latest last; none where it never ran.
    ///
    /// # Errors
    /// When the file cannot be read, or is not what is described above.
    pub fn eval_runs(&self, snapshot: &Snapshot) -> Result<Vec<EvalRun>> {
        self.eval_runs_in(&snapshot.folder)
    }

    /// The same of the draft or version in `folder`.
    pub(super) fn eval_runs_in(&self, folder: &Path) -> Result<Vec<EvalRun>> {
        let file = folder.join("eval_results.json");
        let Some(text) = self.text_if_there(&file)? else { return Ok(Vec::new()) };
        runs_of(&text).map_err(|error| {
            json::syntax(&file, &text, &error).hint("it holds `runs`, each with `sha256`, `passed` and `failed`")
        })
    }
}

/// The runs that such a file tells of, the latest last.
pub(super) fn runs_of(text: &str) -> serde_json::Result<Vec<EvalRun>> {
    let several: Several = serde_json::from_str(text)?;
    let mut runs = match several.runs {
        Some(runs) => runs,
        None => vec![serde_json::from_str(text)?],
    };
    runs.sort_by_key(|run| run.at.as_deref().and_then(|at| at.parse::<Timestamp>().ok()));
    Ok(runs)
}
