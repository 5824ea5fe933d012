//! How fast models were lately: until their first words, and from then on.

use super::store::Store;
use crate::error::Result;

/// So many runs of a model are looked at.
const LATELY: usize = 24;

/// The last runs of a model that came to their end, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pace {
    /// The model.
    pub model: String,
    /// Milliseconds until the first text came, run by run.
    pub first_ms: Vec<f64>,
    /// Tokens a second from the first text on, of the runs of which that is known.
    pub speed: Vec<f64>,
}

impl Store {
    /// The pace of each model that was asked, by name.
    pub fn paces(&self) -> Result<Vec<Pace>> {
        let models = || -> rusqlite::Result<Vec<String>> {
            // from one name to the next one in the index, however many runs each has
            let question = "WITH RECURSIVE known(model) AS (
                                SELECT min(model) FROM runs
                                UNION ALL
                                SELECT (SELECT min(model) FROM runs WHERE model > known.model) FROM known
                                WHERE known.model IS NOT NULL)
                            SELECT model FROM known WHERE model IS NOT NULL";
            self.connection.prepare(question)?.query_map([], |row| row.get(0))?.collect()
        };
        let models = models().map_err(|error| self.failed("read", &error))?;
        models.iter().map(|model| self.pace(model)).collect()
    }

    /// The pace of one model.
    pub fn pace(&self, model: &str) -> Result<Pace> {
        let read = || -> rusqlite::Result<Pace> {
            let question = format!(
                "SELECT first_ms, total_ms, output FROM runs
                 WHERE model = ?1 AND first_ms IS NOT NULL AND finish IN ('end', 'length', 'stop')
                 ORDER BY at DESC, id DESC LIMIT {LATELY}"
            );
            let mut statement = self.connection.prepare(&question)?;
            let rows = statement.query_map([model], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
            })?;
            let mut rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
            rows.reverse();
            let speed = |(first, total, output): &(i64, i64, Option<i64>)| {
                let (took, tokens) = (total - first, output.unwrap_or_default());
                (took > 0 && tokens > 0).then(|| tokens as f64 * 1000.0 / took as f64)
            };
            Ok(Pace {
                model: model.to_owned(),
                first_ms: rows.iter().map(|(first, ..)| *first as f64).collect(),
                speed: rows.iter().filter_map(speed).collect(),
            })
        };
        read().map_err(|error| self.failed("read", &error))
    }
}

/// The middle one of some figures; `None` of none.
pub fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// Figures as a row of bars, one each, between their least and their greatest.
pub fn spark(figures: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bar = |figure: &f64| {
        let share = if greatest > least { (figure - least) / (greatest - least) } else { 0.0 };
        BARS[((share * 7.0).round() as usize).min(7)]
    };
    figures.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_become_bars_between_the_least_and_the_greatest() {
        assert_eq!(spark(&[0.0, 1.0, 3.5, 7.0]), "▁▂▅█");
        assert_eq!(spark(&[5.0, 5.0]), "▁▁");
        assert_eq!(spark(&[]), "");
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }
}
