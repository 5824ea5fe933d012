//! What is not known of a `releases.jsonl` because of lines that cannot be read: which of them may be about an environment,
//! and whether they could change what runs there. The lines around them count all the same, because in an incident what is
//! known is worth more than nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use semver::Version;

use crate::error::Error;
use crate::library::names::version_of;
use crate::library::{Library, Reference, Release, Releases};

/// A line that was not counted, with what can still be made out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncounted {
    /// What is wrong with it, and where it stands.
    pub error: Error,
    /// The environment that it names.
    pub environment: Option<String>,
    /// The version that it names.
    pub version: Option<Version>,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// Whether it could say what runs somewhere: a drill and the marks of a merge do not.
    pub releases: bool,
}

impl Uncounted {
    /// The line `text`, which `error` is about.
    pub fn new(error: Error, text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let mark = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| text.starts_with(mark));
        Self {
            environment: made_out(&text, "environment").map(str::to_owned),
            version: made_out(&text, "version").and_then(version_of),
            at: made_out(&text, "at").and_then(|at| at.parse().ok()),
            releases: !mark && made_out(&text, "kind") != Some("drill"),
            error,
        }
    }

    /// Whether it could change what runs in `environment`, where `now` is what the other lines say.
    fn matters(&self, environment: &str, now: Option<&Release>) -> bool {
        let elsewhere = self.environment.as_deref().is_some_and(|place| place != environment);
        let before = self.at.zip(now).is_some_and(|(at, now)| at < now.at);
        self.releases && !elsewhere && !before
    }
}

/// The string that stands behind `"key":` in a line that is no whole JSON; none where it is cut off or needs decoding.
fn made_out<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let behind = text.split(&format!("\"{key}\"")).nth(1)?;
    let value = behind.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let value = value.split_once('"')?.0;
    (!value.contains('\\')).then_some(value)
}

impl Releases {
    /// What is doubtful about `environment`, one sentence a line of the file; empty when what the file says is certain.
    pub fn doubts(&self, environment: &str) -> Vec<String> {
        let now = self.runs(environment);
        let known = now.map_or_else(
            || format!("nothing else says what runs in {environment}"),
            |now| format!("without it {environment} runs {}", now.version),
        );
        let matter = self.uncounted.iter().filter(|line| line.matters(environment, now));
        let sentence = |line: &Uncounted| {
            let seems = match (&line.version, &line.environment) {
                (Some(version), Some(place)) => format!(" and seems to be about {version} in {place}"),
                (Some(version), None) => format!(" and seems to be about {version}"),
                (None, Some(place)) => format!(" and seems to be about {place}"),
                (None, None) => String::new(),
            };
            format!("this line is not counted{seems}; {known}: {}", line.error)
        };
        matter.map(sentence).collect()
    }
}

impl Releases {
    /// The environments of which it is not certain what they run: those that are known, and those that are named only in
    /// lines that cannot be read. Sorted.
    pub fn doubtful_places(&self) -> Vec<String> {
        let known = self.running().into_keys().map(str::to_owned);
        let named = self.uncounted.iter().filter_map(|line| line.environment.clone());
        let places: BTreeSet<String> = known.chain(named).collect();
        places.into_iter().filter(|place| !self.doubts(place).is_empty()).collect()
    }
}

impl Library {
    /// What is doubtful about a reference to what an environment runs; nothing of any other reference, nor where there is
    /// nothing to read.
    pub fn doubts(&self, reference: &Reference) -> Vec<String> {
        let Some(place) = reference.at.as_deref() else { return Vec::new() };
        if matches!(place, "draft" | "latest") || version_of(place).is_some() {
            return Vec::new();
        }
        self.releases(&reference.name).map(|releases| releases.doubts(place)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn line(second: u32, place: &str, version: &str) -> String {
        format!(
            "{{\"at\":\"2024-04-01T00:00:{second:02}Z\",\"by\":\"Ana\",\"kind\":\"deploy\",\
             \"environment\":\"{place}\",\"version\":\"{version}\",\"why\":\"step\"}}"
        )
    }

    fn read(lines: &[&str]) -> Releases {
        Releases::read(Path::new("r"), lines.join("\n").as_bytes())
    }

    #[test]
    fn a_torn_last_line_leaves_what_is_known_and_says_what_it_seems_to_be() {
        let whole = line(2, "production", "1.3.0");
        for end in 1..whole.len() {
            let releases = read(&[&line(1, "production", "1.2.0"), &whole[..end]]);
            assert_eq!(releases.runs("production").unwrap().version, Version::new(1, 2, 0), "{end}");
            let doubts = releases.doubts("production");
            assert_eq!(doubts.len(), 1, "{end}: {doubts:?}");
            assert!(doubts[0].contains("without it production runs 1.2.0: r:2:"), "{doubts:?}");
        }
        let releases = read(&[&line(1, "production", "1.2.0"), &whole[..whole.len() - 3]]);
        assert!(releases.doubts("production")[0].contains("seems to be about 1.3.0 in production"));
    }

    #[test]
    fn a_line_about_another_place_an_earlier_one_and_a_drill_are_no_doubt() {
        let torn = |line: String| line.replace("\"why\"", "why");
        let now = line(5, "production", "1.2.0");
        for harmless in [
            torn(line(9, "staging", "1.3.0")),
            torn(line(1, "production", "1.1.0")),
            torn(line(9, "production", "1.3.0")).replace("deploy", "drill"),
            "<<<<<<< HEAD".to_owned(),
        ] {
            let releases = read(&[&harmless, &now]);
            assert_eq!(releases.damaged.len(), 1, "{harmless}: it is told in any case");
            assert_eq!(releases.doubts("production"), Vec::<String>::new(), "{harmless}");
        }
        let releases = read(&[&torn(line(9, "production", "1.3.0")), &now]);
        assert_eq!(releases.doubts("production").len(), 1, "wherever it stands, the later time may count");
        assert_eq!(releases.doubts("staging"), Vec::<String>::new());
    }

    #[test]
    fn a_kind_of_a_later_greenroom_is_doubtful_where_it_is_the_later_one() {
        let now = line(5, "production", "1.2.0");
        let newer = line(9, "production", "1.3.0").replace("deploy", "promote");
        let releases = read(&[&now, &newer]);
        let doubts = releases.doubts("production");
        assert!(doubts[0].contains("`promote`") && doubts[0].contains("newer greenroom"), "{doubts:?}");
        assert_eq!((releases.damaged.len(), releases.unknown), (0, 1));
        let older = line(1, "production", "1.3.0").replace("deploy", "promote");
        assert!(read(&[&now, &older]).doubts("production").is_empty());
    }

    #[test]
    fn the_places_in_doubt_are_those_that_run_something_and_those_that_only_a_damaged_line_names() {
        let torn = |line: String| line.replace("\"why\"", "why");
        let lines = [line(1, "production", "1.2.0"), line(9, "staging", "1.2.0"), torn(line(5, "production", "1.3.0"))];
        let of = |lines: &[String]| read(&lines.iter().map(String::as_str).collect::<Vec<_>>()).doubtful_places();
        assert_eq!(of(&lines), ["production"]);
        assert_eq!(of(&[torn(line(5, "demo", "1.3.0"))]), ["demo"]);
        assert_eq!(of(&lines[..2]), Vec::<String>::new());
        assert_eq!(of(&[lines[0].clone(), lines[1].clone(), "{\"at".into()]), ["production", "staging"]);
    }

    #[test]
    fn only_what_an_environment_runs_can_be_doubtful() {
        let (dir, library) = crate::library::trial::library_with(&["prompts/a/v1.0.0_2024-01-15"]);
        std::fs::write(dir.path().join("prompts/a/releases.jsonl"), "no\n").unwrap();
        for (reference, count) in [("a", 0), ("a@draft", 0), ("a@latest", 0), ("a@1.0.0", 0), ("a@production", 1)] {
            assert_eq!(library.doubts(&Reference::parse(reference).unwrap()).len(), count, "{reference}");
        }
    }
}
