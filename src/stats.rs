//! Exact statistics of small counts: what a number of votes shows, and what it cannot show.
//!
//! Pure: counts in, figures out. Never says more than the counts do.

/// What is taken for chance: a figure below this is called a difference.
pub const LEVEL: f64 = 0.05;

/// The sign test of votes for one side against votes for the other. Ties say nothing about a direction and are left out
/// of it; who tells of it tells how many there were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignTest {
    /// Votes for the one side.
    pub wins: u64,
    /// Votes for the other side.
    pub losses: u64,
    /// How probable so uneven a split, to either side, is by chance alone; 1 when there are no votes.
    pub p: f64,
    /// Between which shares of wins the true one lies, by Clopper and Pearson, with at least 95 % confidence.
    pub interval: (f64, f64),
}

impl SignTest {
    /// Tests `wins` against `losses`. Takes time in proportion to their number.
    ///
    /// Two-sided and exact: with n = wins + losses, X ~ Binomial(n, 1/2) and k = max(wins, losses),
    /// p = min(1, 2·P(X ≥ k)) (W. J. Conover, *Practical Nonparametric Statistics*, 3rd ed., section 3.4). The interval is
    /// that of C. J. Clopper and E. S. Pearson, *The Use of Confidence or Fiducial Limits*, Biometrika 26 (1934): its ends
    /// are the shares under which the count, or a more extreme one, has probability 2.5 %.
    pub fn new(wins: u64, losses: u64) -> Self {
        let n = wins + losses;
        let p = if n == 0 { 1.0 } else { (2.0 * at_least(wins.max(losses), n, 0.5)).min(1.0) };
        Self { wins, losses, p, interval: clopper_pearson(wins, n) }
    }

    /// Whether the votes show a difference.
    pub fn shows(&self) -> bool {
        self.p < LEVEL
    }

    /// Whether no votes of this number could show one, however they fall: n votes for one side have p = 2·(1/2)ⁿ.
    pub fn too_few(&self) -> bool {
        !Self::new(self.wins + self.losses, 0).shows()
    }
}

/// The fewest votes that can show a difference: all of them for one side.
pub fn fewest() -> u64 {
    (1..64).find(|votes| SignTest::new(*votes, 0).shows()).unwrap_or(64)
}

/// The interval of Clopper and Pearson for `wins` of `n`, two-sided, with at least 95 % confidence.
fn clopper_pearson(wins: u64, n: u64) -> (f64, f64) {
    let half = LEVEL / 2.0;
    // both probabilities rise and fall with the share alone, so that halving finds where they are 2.5 %
    let find = |above: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if above(middle) { high = middle } else { low = middle }
        }
        f64::midpoint(low, high)
    };
    let lower = if wins == 0 { 0.0 } else { find(&|share| at_least(wins, n, share) > half) };
    let upper = if wins == n { 1.0 } else { find(&|share| 1.0 - at_least(wins + 1, n, share) < half) };
    (lower, upper)
}

/// P(X ≥ k) for X ~ Binomial(n, share). Summed from its logarithms, so that nothing overflows.
fn at_least(k: u64, n: u64, share: f64) -> f64 {
    if share <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if share >= 1.0 {
        return 1.0;
    }
    let (yes, no) = (share.ln(), (1.0 - share).ln());
    // the logarithm of "i of n"
    let mut ways = 0.0;
    let mut sum = 0.0;
    for i in 0..=n {
        if i > 0 {
            ways += ((n - i + 1) as f64).ln() - (i as f64).ln();
        }
        if i >= k {
            sum += (ways + i as f64 * yes + (n - i) as f64 * no).exp();
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 5e-5
    }

    #[test]
    fn the_probabilities_are_those_of_counted_coins() {
        // 9 of 10: 2·(10 + 1)/1024; 7 of 10: 2·(120 + 45 + 10 + 1)/1024
        assert!(near(SignTest::new(9, 1).p, 22.0 / 1024.0));
        assert!(near(SignTest::new(3, 7).p, 352.0 / 1024.0));
        assert!(near(SignTest::new(5, 5).p, 1.0));
        assert!(near(SignTest::new(0, 0).p, 1.0));
    }

    #[test]
    fn the_interval_is_that_of_the_published_tables() {
        // Clopper and Pearson, 95 %: 8 of 10 and 0 of 10
        let (low, high) = SignTest::new(8, 2).interval;
        assert!(near(low, 0.44390) && near(high, 0.97479), "{low} {high}");
        let (low, high) = SignTest::new(0, 10).interval;
        assert!(near(low, 0.0) && near(high, 0.30850), "{low} {high}");
        assert_eq!(SignTest::new(0, 0).interval, (0.0, 1.0));
    }

    #[test]
    fn five_votes_are_too_few_whatever_they_say_and_six_are_not() {
        assert!(SignTest::new(5, 0).too_few() && !SignTest::new(5, 0).shows());
        assert!(!SignTest::new(6, 0).too_few() && SignTest::new(6, 0).shows());
        assert!(!SignTest::new(5, 1).shows());
        assert_eq!(fewest(), 6);
    }

    #[test]
    fn many_votes_neither_overflow_nor_lose_the_sum() {
        let test = SignTest::new(2_000, 2_000);
        assert!(near(test.p, 1.0) && test.interval.0 < 0.5 && test.interval.1 > 0.5);
    }
}
