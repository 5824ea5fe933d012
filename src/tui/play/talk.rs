//! A conversation as a tree: when a message is said differently, or a reply is asked for once more, the way it went before
//! is kept as a branch. One way through the tree is shown, and only that is sent.

use super::exchange::Exchange;
use crate::model::{Role, Turn};

/// The exchanges of a column, with all branches.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    nodes: Vec<Node>,
    /// The first exchange that is shown.
    first: Option<usize>,
}

#[derive(Debug, Clone)]
struct Node {
    exchange: Exchange,
    before: Option<usize>,
    /// The exchange after it that is shown.
    after: Option<usize>,
}

impl Talk {
    fn path(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.first, |index| self.nodes[*index].after)
    }

    /// The exchanges that are shown, oldest first.
    pub fn shown(&self) -> impl Iterator<Item = &Exchange> + '_ {
        self.path().map(|index| &self.nodes[index].exchange)
    }

    /// The exchange of a turn, counted from 0.
    pub fn at(&self, turn: usize) -> Option<&Exchange> {
        self.shown().nth(turn)
    }

    /// The last exchange that is shown.
    pub fn last(&self) -> Option<&Exchange> {
        self.shown().last()
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Says something after the first `kept` exchanges that are shown. What followed them stays as a branch.
    pub fn say(&mut self, kept: usize, exchange: Exchange) {
        let before = self.path().take(kept).last();
        let new = self.nodes.len();
        self.nodes.push(Node { exchange, before, after: None });
        self.show(before, new);
    }

    fn show(&mut self, before: Option<usize>, index: usize) {
        match before {
            Some(before) => self.nodes[before].after = Some(index),
            None => self.first = Some(index),
        }
    }

    fn siblings(&self, before: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(move |index| self.nodes[*index].before == before)
    }

    /// Which branch of a turn is shown, counted from 0, and how many there are.
    pub fn branch(&self, turn: usize) -> Option<(usize, usize)> {
        let shown = self.path().nth(turn)?;
        let before = self.nodes[shown].before;
        Some((self.siblings(before).position(|index| index == shown)?, self.siblings(before).count()))
    }

    /// Shows the next or the previous branch of a turn, with what was shown after it. `false` when there is none.
    pub fn switch(&mut self, turn: usize, by: isize) -> bool {
        let Some(shown) = self.path().nth(turn) else { return false };
        let before = self.nodes[shown].before;
        let siblings: Vec<usize> = self.siblings(before).collect();
        let next = siblings.iter().position(|index| *index == shown).and_then(|at| at.checked_add_signed(by));
        let Some(next) = next.and_then(|at| siblings.get(at).copied()) else { return false };
        self.show(before, next);
        true
    }

    /// All exchanges, on whatever branch.
    pub fn all(&self) -> impl Iterator<Item = &Exchange> + '_ {
        self.nodes.iter().map(|node| &node.exchange)
    }

    /// Whether a model has shown what it thought.
    pub fn thought(&self) -> bool {
        self.nodes.iter().any(|node| !node.exchange.thinking.is_empty())
    }

    /// Renders the replies that are whole; gives those that are too long for that, by their runs.
    pub fn settle(&mut self) -> Vec<(u64, String)> {
        self.nodes.iter_mut().filter_map(|node| node.exchange.settle()).collect()
    }

    /// The exchange of a run, on whatever branch.
    pub fn of_run(&self, run: u64) -> Option<&Exchange> {
        self.nodes.iter().rev().map(|node| &node.exchange).find(|exchange| exchange.run == run)
    }

    /// The same, to change it.
    pub fn of_run_mut(&mut self, run: u64) -> Option<&mut Exchange> {
        self.nodes.iter_mut().rev().map(|node| &mut node.exchange).find(|exchange| exchange.run == run)
    }

    /// The runs that are under way.
    pub fn running(&self) -> impl Iterator<Item = u64> + '_ {
        let all = self.nodes.iter().map(|node| &node.exchange);
        all.filter(|exchange| exchange.finish.is_none()).map(|exchange| exchange.run)
    }
}

/// The turns so far as they were sent, without exchanges that gave no reply.
pub fn turns<'a>(before: impl IntoIterator<Item = &'a Exchange>) -> Vec<Turn> {
    let answered = before.into_iter().filter(|exchange| exchange.answered());
    answered
        .flat_map(|exchange| {
            [
                Turn { role: Role::User, text: exchange.sent.clone() },
                Turn { role: Role::Assistant, text: exchange.reply.clone() },
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelName;

    fn said(talk: &Talk) -> Vec<&str> {
        talk.shown().map(|exchange| exchange.message.as_str()).collect()
    }

    fn say(talk: &mut Talk, kept: usize, message: &str) {
        let run = talk.nodes.len() as u64;
        talk.say(kept, Exchange::new(run, ModelName::offline(), message.to_owned(), message.to_owned()));
    }

    #[test]
    fn a_message_that_is_said_differently_begins_a_branch_and_the_old_one_comes_back_with_what_followed() {
        let mut talk = Talk::default();
        for (kept, message) in [(0, "a"), (1, "b"), (2, "c")] {
            say(&mut talk, kept, message);
        }
        say(&mut talk, 1, "B");
        assert_eq!((said(&talk), talk.branch(1)), (vec!["a", "B"], Some((1, 2))));
        say(&mut talk, 2, "D");
        assert!(talk.switch(1, -1));
        assert_eq!(said(&talk), ["a", "b", "c"]);
        assert!(talk.switch(1, 1) && !talk.switch(1, 1));
        assert_eq!(said(&talk), ["a", "B", "D"]);
    }

    #[test]
    fn the_first_message_may_have_branches_too() {
        let mut talk = Talk::default();
        say(&mut talk, 0, "a");
        say(&mut talk, 0, "A");
        assert_eq!((said(&talk), talk.branch(0)), (vec!["A"], Some((1, 2))));
        assert!(talk.switch(0, -1) && !talk.switch(0, -1) && !talk.switch(7, 1));
        assert_eq!(said(&talk), ["a"]);
    }
}
