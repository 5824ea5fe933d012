//! Who says something, under which names, and when two names are one person's.

use std::collections::BTreeSet;

use super::Review;

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name that is written.
    pub name: String,
    /// What git calls them.
    pub git: Option<String>,
}

impl Person {
    /// What git calls them, where that is another name.
    pub fn other_name(&self) -> Option<&str> {
        self.git.as_deref().filter(|git| !is_same(git, &self.name))
    }

    /// Whether this is one of their names.
    pub fn is_called(&self, name: &str) -> bool {
        is_same(name, &self.name) || self.git.as_deref().is_some_and(|git| is_same(name, git))
    }

    /// Both names in a few words, for whoever wonders why.
    pub fn words(&self) -> String {
        self.other_name().map_or_else(|| self.name.clone(), |git| format!("{} (to git {git})", self.name))
    }
}

impl From<&str> for Person {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), git: None }
    }
}

/// Two spellings of a name: letter case and blanks make nobody somebody else.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

/// `authors` under all the names that they go by: those that lines of the reviews put together, that of `me`, those with
/// the same e-mail address in `addresses` (name, address), and other spellings of them. So nobody approves their own work
/// under the name of their settings while git has another one, or under a new name of theirs.
pub fn under_all_names(
    authors: BTreeSet<String>,
    reviews: &[&Review],
    me: &Person,
    addresses: &BTreeSet<(String, String)>,
) -> BTreeSet<String> {
    // an address is one more name; the brackets keep it apart from a name that somebody writes like one
    let addresses: Vec<(&str, String)> =
        addresses.iter().map(|(name, address)| (name.as_str(), format!("<{address}>"))).collect();
    let mine = me.other_name().map(|git| (me.name.as_str(), git));
    let written = reviews.iter().flat_map(|review| &review.names).map(|(by, git)| (by.as_str(), git.as_str()));
    let pairs: Vec<(&str, &str)> =
        written.chain(mine).chain(addresses.iter().map(|(name, address)| (*name, address.as_str()))).collect();
    let deciders = reviews.iter().flat_map(|review| &review.decisions).map(|decided| decided.by.as_str());
    let named: BTreeSet<&str> = deciders.chain([me.name.as_str()]).collect();
    let mut known = authors;
    loop {
        let is_known = |name: &str| known.iter().any(|author| is_same(author, name));
        let aliases = pairs.iter().filter(|(one, other)| is_known(one) || is_known(other));
        let spellings = named.iter().copied().filter(|name| is_known(name));
        let more: Vec<String> =
            aliases.flat_map(|(one, other)| [*one, *other]).chain(spellings).map(str::to_owned).collect();
        let before = known.len();
        known.extend(more);
        if known.len() == before {
            known.retain(|name| !addresses.iter().any(|(_, address)| address == name));
            return known;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(authors: &[&str], pairs: &[(&str, &str)], me: &Person) -> Vec<String> {
        let names = pairs.iter().map(|(by, git)| ((*by).to_owned(), (*git).to_owned())).collect();
        let review = Review { names, ..Review::default() };
        let authors = authors.iter().map(|name| (*name).to_owned()).collect();
        under_all_names(authors, &[&review], me, &BTreeSet::new()).into_iter().collect()
    }

    #[test]
    fn two_names_with_one_address_are_one_person() {
        let pair = |name: &str, address: &str| (name.to_owned(), address.to_owned());
        let addresses = [pair("Ana L.", "ana@x"), pair("Ana Lima", "ANA@X"), pair("Ben", "ben@x")].into();
        let all = |author: &str, me: &str| {
            let authors = [author.to_owned()].into();
            let all = under_all_names(authors, &[&Review::default()], &me.into(), &addresses);
            all.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(all("Ana L.", "Ana Lima"), ["Ana L.", "Ana Lima"]);
        assert_eq!(all("Ana L.", "Ben"), ["Ana L.", "Ana Lima"]);
        assert_eq!(all("Ben", "Ana Lima"), ["Ben"]);
    }

    #[test]
    fn an_author_is_one_under_the_name_of_the_settings_too() {
        let me = Person { name: "Ana L.".into(), git: Some("Ana Lima".into()) };
        assert_eq!(all(&["Ana Lima"], &[], &me), ["Ana L.", "Ana Lima"]);
        assert_eq!(all(&["Ben"], &[], &me), ["Ben"]);
        assert_eq!(all(&["Ana Lima"], &[("PM", "Ana Lima"), ("Ben", "Ben B")], &"Ci".into()), ["Ana Lima", "PM"]);
        assert_eq!(all(&["a"], &[("b", "a"), ("b", "c"), ("d", "c")], &"e".into()), ["a", "b", "c", "d"]);
        assert_eq!(all(&["Ana Lima"], &[], &"ana  lima".into()), ["Ana Lima", "ana  lima"]);
        assert!(all(&[], &[("Ana", "x")], &me).is_empty(), "where authors may approve, nobody is one");
    }
}
