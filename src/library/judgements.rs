//! `judgements.jsonl`: votes of blind comparisons, one JSON object a line. Only ever added to.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::error::Result;
use crate::library::Library;

/// Which of two replies was better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// They are as good.
    Tie,
    /// Neither will do.
    BothBad,
}

impl Vote {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Tie, Self::BothBad];

    /// The word of the file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Tie => "tie",
            Self::BothBad => "both_bad",
        }
    }
}

/// A vote about two replies to one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What was said.
    pub message: String,
    /// What answered on the left: a reference with its model, `NAME@1.2.0 offline`.
    pub left: String,
    /// What answered on the right.
    pub right: String,
    /// Which was better.
    pub vote: Vote,
    /// Why, in the voter's words; may be empty.
    pub note: String,
}

impl Library {
    /// Adds a vote to the prompt's `judgements.jsonl`, which is made when there is none. Gives the files that were
    /// written.
    ///
    /// # Errors
    /// When there is no such prompt, or its file cannot be written.
    pub fn judge(&self, name: &str, judgement: &Judgement, by: &str, at: Timestamp) -> Result<Vec<PathBuf>> {
        let file = self.about_file(name)?.with_file_name("judgements.jsonl");
        self.append(&file, judgement, by, at)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::library::trial::library_with;

    fn judgement(vote: Vote) -> Judgement {
        Judgement {
            message: "Hello\n\u{1b}[31m".into(),
            left: "a@draft offline".into(),
            right: "a@1.0.0 offline".into(),
            vote,
            note: String::new(),
        }
    }

    fn judge(library: &Library, vote: Vote) -> PathBuf {
        library.judge("a", &judgement(vote), "Ana", "2026-05-01T10:00:00.25Z".parse().unwrap()).unwrap().remove(0)
    }

    #[test]
    fn votes_are_lines_with_who_and_when_and_stay_where_they_are() {
        let (_folder, library) = library_with(&["prompts/a/draft"]);
        let file = judge(&library, Vote::Left);
        judge(&library, Vote::BothBad);
        let text = fs::read_to_string(file).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[1],
            serde_json::json!({"at": "2026-05-01T10:00:00.25Z", "by": "Ana", "message": "Hello\n\u{1b}[31m",
                "left": "a@draft offline", "right": "a@1.0.0 offline", "vote": "both_bad", "note": ""})
        );
    }
}
