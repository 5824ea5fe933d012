//! What is pressed for an action: one key, or several one after the other, as `space p`.

use std::fmt;

use super::Chord;

/// One key or a sequence of keys; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Keys(Vec<Chord>);

impl Keys {
    /// Reads keys with blanks between them; `None` when there is none, or one of them is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let chords: Option<Vec<Chord>> = text.split_whitespace().map(Chord::parse).collect();
        chords.filter(|chords| !chords.is_empty()).map(Self)
    }

    /// The keys, first to last.
    pub fn chords(&self) -> &[Chord] {
        &self.0
    }

    /// The keys that are left after `begun`, if these begin with it and go on.
    pub fn after(&self, begun: &[Chord]) -> Option<&[Chord]> {
        self.0.strip_prefix(begun).filter(|rest| !rest.is_empty())
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0))
    }
}

/// Keys as hints write them.
pub fn shown(chords: &[Chord]) -> String {
    chords.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_reads_as_it_is_written_in_the_config() {
        assert_eq!(Keys::parse("space p").unwrap().to_string(), "Space p");
        assert_eq!(Keys::parse("ctrl-s").unwrap().to_string(), "^S");
        assert_eq!(Keys::parse(""), None);
        assert_eq!(Keys::parse("space foo"), None);
    }

    #[test]
    fn what_is_left_of_a_sequence_is_known_while_it_is_pressed() {
        let keys = Keys::parse("space p").unwrap();
        assert_eq!(keys.after(&[Chord::parse("space").unwrap()]), Some(&[Chord::parse("p").unwrap()][..]));
        assert_eq!(keys.after(keys.chords()), None);
        assert_eq!(keys.after(&[Chord::parse("p").unwrap()]), None);
    }
}
