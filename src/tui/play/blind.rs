//! A blind comparison: two columns whose names nobody sees, sides that a seed has shuffled, and the votes.

use std::collections::BTreeMap;

use crate::library::Vote;
use crate::stats::{SignTest, fewest};

/// A blind comparison under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blind {
    /// What the sides are shuffled by.
    pub seed: u64,
    /// How many conversations were begun: each is shuffled anew.
    pub conversation: u64,
    /// The two that are compared, as references with their models.
    pub rivals: [String; 2],
    /// Whether the second of them stands on the left now.
    pub swapped: bool,
    /// The votes, by the runs of the left and the right reply: for which rival, if for one.
    pub votes: BTreeMap<(u64, u64), Vote>,
    /// The same by rival: votes for the first, votes for the second, ties, both bad.
    pub counts: [u64; 4],
    /// What is voted on while the note is written: the turn and the vote.
    pub voting: Option<(usize, Vote)>,
}

impl Blind {
    /// Begins with the first conversation's sides.
    pub fn new(seed: u64, rivals: [String; 2]) -> Self {
        let swapped = side(seed, 0);
        Self { seed, conversation: 0, rivals, swapped, votes: BTreeMap::new(), counts: [0; 4], voting: None }
    }

    /// Another conversation begins. `true` when the sides change places.
    pub fn shuffle(&mut self) -> bool {
        self.conversation += 1;
        let before = std::mem::replace(&mut self.swapped, side(self.seed, self.conversation));
        before != self.swapped
    }

    /// The rivals as they stand, left and right.
    pub fn sides(&self) -> [&str; 2] {
        let [first, second] = self.rivals.each_ref().map(String::as_str);
        if self.swapped { [second, first] } else { [first, second] }
    }

    /// Counts a vote about the replies of these runs. `false` when they were voted on before.
    pub fn count(&mut self, runs: (u64, u64), vote: Vote) -> bool {
        if self.votes.contains_key(&runs) {
            return false;
        }
        self.votes.insert(runs, vote);
        let at = match vote {
            Vote::Left => usize::from(self.swapped),
            Vote::Right => usize::from(!self.swapped),
            Vote::Tie => 2,
            Vote::BothBad => 3,
        };
        self.counts[at] += 1;
        true
    }

    /// What the votes say, line by line, with the names.
    pub fn result(&self) -> Vec<String> {
        let [first, second, ties, bad] = self.counts;
        let [one, other] = &self.rivals;
        let mut lines = vec![
            format!("{first} for {one}, {second} for {other}, ties: {ties}, both bad: {bad}."),
            verdict(SignTest::new(first, second), one, other),
        ];
        if ties + bad > 0 {
            lines.push(
                "Ties, and times when both were bad, say nothing about a direction: the test leaves them out.".into(),
            );
        }
        lines.push(format!("The sides were shuffled by the seed {}.", self.seed));
        lines
    }
}

/// What a test shows, in a sentence that claims no more.
fn verdict(test: SignTest, one: &str, other: &str) -> String {
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let n = test.wins + test.losses;
    if test.too_few() {
        let least = fewest();
        return format!(
            "Too few votes to say anything: {n} decided for a side, and fewer than {least} cannot show a difference, however they fall."
        );
    }
    let (low, high) = test.interval;
    let interval = format!(
        "{one} wins {} of decided votes, 95 % interval {} to {} (Clopper-Pearson)",
        percent(test.wins as f64 / n as f64),
        percent(low),
        percent(high)
    );
    if test.shows() {
        let better = if test.wins > test.losses { one } else { other };
        format!("{better} was preferred: sign test, two-sided, p = {:.4}. {interval}.", test.p)
    } else {
        format!(
            "No difference is shown: chance alone splits {n} votes as unevenly in {} of cases (sign test, two-sided, p = {:.2}). {interval}.",
            percent(test.p),
            test.p
        )
    }
}

/// Whether the second rival stands on the left in a conversation: a bit of splitmix64 (G. L. Steele, D. Lea, C. H. Flood,
/// *Fast Splittable Pseudorandom Number Generators*, 2014).
fn side(seed: u64, conversation: u64) -> bool {
    let mut z = seed.wrapping_add((conversation + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) >> 63 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blind() -> Blind {
        Blind::new(7, ["a@draft offline".into(), "a@1.0.0 offline".into()])
    }

    #[test]
    fn both_sides_come_about_as_often_and_a_seed_gives_the_same_sides_again() {
        let left = (0..1_000).filter(|conversation| side(7, *conversation)).count();
        assert!((430..570).contains(&left), "{left}");
        let again = |seed: u64| (0..64).map(|conversation| side(seed, conversation)).collect::<Vec<_>>();
        assert_eq!(again(3), again(3));
        assert_ne!(again(3), again(4));
    }

    #[test]
    fn a_vote_counts_for_who_stood_on_that_side() {
        let mut blind = blind();
        for run in 0..20 {
            let first_is_left = !blind.swapped;
            blind.count((run, run + 100), if first_is_left { Vote::Left } else { Vote::Right });
            blind.shuffle();
        }
        assert_eq!(blind.counts, [20, 0, 0, 0]);
        assert!(!blind.count((0, 100), Vote::Tie), "a message is voted on once");
        assert!(blind.result()[1].contains("a@draft offline was preferred"), "{:?}", blind.result());
    }

    #[test]
    fn too_few_votes_and_an_even_split_are_said_honestly() {
        let mut few = blind();
        few.count((1, 2), Vote::Left);
        few.count((3, 4), Vote::Tie);
        let result = few.result();
        assert!(result[1].contains("Too few votes") && result[1].contains("fewer than 6"), "{result:?}");
        assert!(result[0].contains("ties: 1") && result[2].contains("leaves them out"), "{result:?}");
        let mut even = blind();
        even.counts = [5, 4, 0, 0];
        assert!(even.result()[1].starts_with("No difference is shown"), "{:?}", even.result());
    }
}
