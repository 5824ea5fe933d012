//! The box of a drill: in each environment the way back is tried as if one needed it, and what came of it is told.

use crate::error::Error;
use crate::gates::DRILL_DAYS;
use crate::release::{Drilling, Tried};
use crate::tui::model::Weight;
use crate::tui::theme::Role;

/// What came of one environment.
type Outcome = Result<Drilling, Error>;

/// The box while it is open.
#[derive(Debug, Clone, PartialEq)]
pub struct DrillBox {
    /// The number of the drill, which only grows.
    pub number: u64,
    /// Of which prompt.
    pub prompt: String,
    /// Each environment in which something runs, with what came of it; `None` while it is tried or waits for that.
    pub places: Vec<(String, Option<Outcome>)>,
    /// The first shown line.
    pub top: usize,
}

impl DrillBox {
    /// Whether every environment was tried.
    pub fn is_done(&self) -> bool {
        self.places.iter().all(|(_, outcome)| outcome.is_some())
    }

    /// What it tells, and how that is drawn.
    pub fn lines(&self) -> Vec<(String, Role)> {
        let mut lines = Vec::new();
        for (place, outcome) in &self.places {
            match outcome {
                None => lines.push((format!("… {place}: is tried"), Role::Dim)),
                Some(Err(error)) => lines.push((format!("! {place}: {error}"), Role::Error)),
                Some(Ok(Drilling { tried, .. })) => {
                    for one in tried {
                        lines.push(line(one));
                        lines.extend(one.problems.iter().map(|problem| (format!("  - {problem}"), Role::Overlay)));
                    }
                }
            }
        }
        if self.is_done() {
            lines.push((String::new(), Role::Overlay));
            if let Some((place, error)) = self.unrecorded() {
                lines.push((format!("! What was tried in {place} is not recorded: {error}"), Role::Warning));
                return lines;
            }
            lines.push((
                format!(
                    "Noted in releases.jsonl. What works is fresh for {DRILL_DAYS} days, until the version, a declaration \
                     or a value set changes."
                ),
                Role::Dim,
            ));
        }
        lines
    }

    /// The first environment of which the log does not say what was tried, and why.
    fn unrecorded(&self) -> Option<(&str, &Error)> {
        self.places.iter().find_map(|(place, outcome)| match outcome {
            Some(Ok(Drilling { unrecorded: Some(error), .. })) => Some((place.as_str(), error)),
            _ => None,
        })
    }

    /// All of it in one sentence, for the message row, and how much it matters.
    pub fn verdict(&self) -> Option<(Weight, String)> {
        let failed: Vec<&str> = self
            .places
            .iter()
            .filter(|(_, outcome)| match outcome {
                Some(Ok(Drilling { tried, .. })) => tried.iter().any(|one| !one.problems.is_empty()),
                Some(Err(_)) => true,
                None => false,
            })
            .map(|(place, _)| place.as_str())
            .collect();
        match failed.as_slice() {
            _ if !self.is_done() => None,
            [] if self.unrecorded().is_some() => {
                Some((Weight::Warning, format!("the way back of {} works, and that is not recorded", self.prompt)))
            }
            [] => Some((Weight::Done, format!("the way back of {} works", self.prompt))),
            places => Some((
                Weight::Failed,
                format!("the way back of {} does not work in {}", self.prompt, places.join(", ")),
            )),
        }
    }
}

/// `ok production: back to 1.1.0 now (3 value sets filled, 2 ms)`
fn line(tried: &Tried) -> (String, Role) {
    let (mark, role) = if tried.problems.is_empty() { ("ok", Role::Ok) } else { ("! fails", Role::Error) };
    let version = tried.version.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let when = if tried.next { "after the next release" } else { "now" };
    let sets = if tried.sets == 1 { "1 value set".to_owned() } else { format!("{} value sets", tried.sets) };
    (format!("{mark} {}: back to {version} {when} ({sets} filled, {} ms)", tried.environment, tried.took_ms), role)
}
