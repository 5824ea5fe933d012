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

/// `authors` under all the names that they go by: those that lines of the reviews put together, that of `me`, and other
/// spellings of them. So nobody approves their own work under the name of their settings while git has another one.
pub fn under_all_names(mut authors: BTreeSet<String>, reviews: &[&Review], me: &Person) -> BTreeSet<String> {
    let mine = me.other_name().map(|git| (me.name.as_str(), git));
    let written = reviews.iter().flat_map(|review| &review.names).map(|(by, git)| (by.as_str(), git.as_str()));
    let pairs: Vec<(&str, &str)> = written.chain(mine).collect();
    let deciders = reviews.iter().flat_map(|review| &review.decisions).map(|decided| decided.by.as_str());
    let named: BTreeSet<&str> = deciders.chain([me.name.as_str()]).collect();
    loop {
        let known = |name: &str| authors.iter().any(|author| is_same(author, name));
        let aliases = pairs.iter().filter(|(by, git)| known(by) || known(git)).flat_map(|(by, git)| [*by, *git]);
        let spellings = named.iter().copied().filter(|name| known(name));
        let more: Vec<String> = aliases.chain(spellings).map(str::to_owned).collect();
        let before = authors.len();
        authors.extend(more);
        if authors.len() == before {
            return authors;
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
        under_all_names(authors, &[&review], me).into_iter().collect()
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
