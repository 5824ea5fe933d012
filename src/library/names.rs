//! What names, references and the folders of versions look like.

use std::fmt;

use jiff::civil::Date;
use semver::Version;

use crate::error::{Error, Result};
use crate::library::{Reference, Which};

/// The most characters of a name.
const LONGEST: usize = 64;

/// Refuses a name that is none: `[a-z0-9][a-z0-9_-]{0,63}` is one. `what` says whose name it is ("prompt", …).
pub fn check_name(what: &str, name: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = name.len() <= LONGEST
        && name.bytes().next().is_some_and(allowed)
        && name.bytes().all(|byte| allowed(byte) || byte == b'_' || byte == b'-');
    if fits {
        return Ok(());
    }
    Err(Error::input(format!("`{name}` cannot be the name of a {what}"))
        .hint("a name has lower-case letters, digits, _ and -, begins with a letter or digit, and is at most 64 long"))
}

/// A title for a prompt that has none: its name in words.
pub fn title_of(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Reference {
    /// Reads `NAME` or `NAME@…`; whether such a prompt and version exist is not asked here.
    pub fn parse(text: &str) -> Result<Self> {
        let (name, at) = match text.split_once('@') {
            Some((name, at)) => (name, Some(at)),
            None => (text, None),
        };
        check_name("prompt", name)?;
        if let Some(at) = at
            && version_of(at).is_none()
            && check_name("version or environment", at).is_err()
        {
            return Err(Error::input(format!("`{text}` is not a reference to a prompt"))
                .hint("one is NAME, NAME@draft, NAME@1.2.0, NAME@latest or NAME@production"));
        }
        Ok(Self { name: name.to_owned(), at: at.map(str::to_owned) })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(at) = &self.at {
            write!(f, "@{at}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str("draft"),
            Self::Version(version) => version.fmt(f),
        }
    }
}

/// The version that `1.2.0` or `v1.2.0` names. Build metadata is none: it has no place in the order of versions.
pub fn version_of(text: &str) -> Option<Version> {
    let version = Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()?;
    version.build.is_empty().then_some(version)
}

/// What a folder beside `draft/` is.
#[derive(Debug, PartialEq, Eq)]
pub enum Folder {
    /// A frozen version.
    Version(Version, Date),
    /// It begins like a version and is none; why, in words.
    Broken(String),
    /// Something that greenroom does not know and leaves alone.
    Unknown,
}

/// Reads the name of a folder: `vMAJOR.MINOR.PATCH[-PRERELEASE]_YYYY-MM-DD`.
pub fn folder_of(name: &str) -> Folder {
    let Some(rest) = name.strip_prefix('v').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    else {
        return Folder::Unknown;
    };
    let Some((number, day)) = rest.rsplit_once('_') else {
        return Folder::Broken("its name has no date: a version is named vMAJOR.MINOR.PATCH_YYYY-MM-DD".to_owned());
    };
    let Some(version) = version_of(number) else {
        return Folder::Broken(format!("`{number}` is not a version: three numbers, as in 1.2.0"));
    };
    match date_of(day) {
        Some(date) => Folder::Version(version, date),
        None => Folder::Broken(format!("`{day}` is not a date: YYYY-MM-DD")),
    }
}

/// The day that `YYYY-MM-DD`, and nothing shorter or longer, names.
pub fn date_of(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// The name of a version's folder.
pub fn folder_name(version: &Version, date: Date) -> String {
    format!("v{version}_{date}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "a".repeat(64);
        for good in ["a", "0", "customer_support", "a-b_c9", long.as_str()] {
            assert!(check_name("prompt", good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(65);
        for bad in ["", "..", ".", "/etc", "a/b", "A", "_a", "-a", "ä", "a b", "a\n", "a.b", "a\\b", too_long.as_str()]
        {
            let error = check_name("prompt", bad).unwrap_err();
            assert!(error.message.contains(bad), "{bad}");
        }
    }

    #[test]
    fn a_reference_is_a_name_and_what_stands_behind_it() {
        let parsed = Reference::parse("customer_support@v1.2.0").unwrap();
        assert_eq!((parsed.name.as_str(), parsed.at.as_deref()), ("customer_support", Some("v1.2.0")));
        assert_eq!(Reference::parse("a").unwrap().at, None);
        assert!(Reference::parse("a@1.2.0-rc.1").is_ok());
        assert!(Reference::parse("a@production").is_ok());
        for bad in ["a@", "@draft", "a@../b", "a@1.2", "a@1.2.0+build", "../a@draft", "a@b@c"] {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_folder_name_is_a_version_and_a_real_day() {
        let day = jiff::civil::date(2024, 3, 15);
        assert_eq!(folder_of("v1.2.0_2024-03-15"), Folder::Version(Version::new(1, 2, 0), day));
        assert_eq!(folder_of("v1.2.0-rc.1_2024-03-15"), Folder::Version(Version::parse("1.2.0-rc.1").unwrap(), day));
        for broken in [
            "v1.2.0",
            "v1.2_2024-03-15",
            "v1.2.0_2024-02-30",
            "v1.2.0_20240315",
            "v01.2.0_2024-03-15",
            "v1.2.0+b_2024-03-15",
        ] {
            assert!(matches!(folder_of(broken), Folder::Broken(_)), "{broken}");
        }
        for unknown in ["draft", "values", "vendor", "v", "1.2.0_2024-03-15"] {
            assert_eq!(folder_of(unknown), Folder::Unknown, "{unknown}");
        }
        assert_eq!(folder_name(&Version::new(1, 2, 0), day), "v1.2.0_2024-03-15");
    }

    #[test]
    fn a_prompt_without_a_title_is_called_by_its_name_in_words() {
        assert_eq!(title_of("customer_support-eu"), "Customer support eu");
    }
}
