//! How fast models were lately, as it is shown: figures in words, and bars where the terminal has them.

use std::collections::BTreeMap;

use crate::history::{Pace, median, spark};
use crate::tui::theme::Signs;

/// How fast models were lately, by name. Made when it changes, and only read when something is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Paces(BTreeMap<String, Shown>);

/// The pace of a model in words and bars.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Shown {
    /// How long the first words took.
    pub first: Figure,
    /// How fast the words came then; `None` where it is not known.
    pub speed: Option<Figure>,
}

/// A figure of the last runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The middle one, with its unit.
    pub middle: String,
    /// All of them as bars, oldest first.
    pub bars: String,
    /// All of them in words, for who cannot see bars: how many, the least and the greatest.
    pub words: String,
}

impl Paces {
    /// Takes in what is known of a model now.
    pub fn put(&mut self, pace: Pace) {
        let seconds = |ms: f64| format!("{:.2} s", ms / 1000.0);
        match Figure::of(&pace.first_ms, seconds) {
            Some(first) => {
                let speed = Figure::of(&pace.speed, |speed| format!("{speed:.0} tokens/s"));
                self.0.insert(pace.model, Shown { first, speed });
            }
            None => _ = self.0.remove(&pace.model),
        }
    }

    /// The models of which something is known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What is known of a model.
    pub fn of(&self, model: &str) -> Option<&Shown> {
        self.0.get(model)
    }
}

impl Figure {
    fn of(figures: &[f64], unit: impl Fn(f64) -> String) -> Option<Self> {
        let middle = median(figures)?;
        let least = figures.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let words = match figures.len() {
            1 => "one run".to_owned(),
            count => format!("{count} runs, {} to {}", unit(least), unit(greatest)),
        };
        Some(Self { middle: unit(middle), bars: spark(figures), words })
    }

    /// The middle one, with bars before it where the terminal has them, else with all of them in words.
    pub fn told(&self, signs: Signs) -> String {
        match signs {
            Signs::Unicode => format!("{} {}", self.bars, self.middle),
            Signs::Ascii => format!("{} ({})", self.middle, self.words),
        }
    }
}

impl Shown {
    /// Both figures on one line, for a list.
    pub fn line(&self, signs: Signs) -> String {
        let bars = |figure: &Figure| match signs {
            // a list has room for the last few
            Signs::Unicode => {
                let count = figure.bars.chars().count();
                format!("{} ", figure.bars.chars().skip(count.saturating_sub(8)).collect::<String>())
            }
            Signs::Ascii => String::new(),
        };
        let first = format!("first {}{}", bars(&self.first), self.first.middle);
        let speed = self.speed.as_ref().map(|speed| format!("  {}{}", bars(speed), speed.middle));
        format!("{first}{}", speed.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_told_with_bars_or_in_words_alone() {
        let mut paces = Paces::default();
        paces.put(Pace { model: "p:m".into(), first_ms: vec![400.0, 300.0, 900.0], speed: vec![41.2] });
        let shown = paces.of("p:m").unwrap();
        assert_eq!(shown.first.told(Signs::Unicode), "▂▁█ 0.40 s");
        assert_eq!(shown.first.told(Signs::Ascii), "0.40 s (3 runs, 0.30 s to 0.90 s)");
        assert_eq!(shown.line(Signs::Unicode), "first ▂▁█ 0.40 s  ▁ 41 tokens/s");
        assert_eq!(shown.line(Signs::Ascii), "first 0.40 s  41 tokens/s");
        paces.put(Pace { model: "p:m".into(), ..Pace::default() });
        assert_eq!(paces.of("p:m"), None);
    }
}
