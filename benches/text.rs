//! How long the pure middle takes: reading sections, filling, comparing, wrapping. `minijinja` stands beside filling,
//! because it is what a template would otherwise be rendered with.

mod headings;
mod prose;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use divan::{Bencher, black_box};
use greenroom::diff::{State, compare, unified};
use greenroom::prompt::{Document, Values, fill, template, wrap};
use headings::heading_before;
use prose::Chance;
use serde_json::Map;

fn main() {
    divan::main();
}

const VARIABLES: usize = 50;

/// A sentence that is another one for each seed.
fn sentence(seed: usize) -> String {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    format!("- {}.", chance.words(16))
}

/// A prompt of that many lines, of which one in `every` says something else (0: none).
fn lines(count: usize, every: usize) -> String {
    let mut text = String::new();
    for line in 0..count {
        if let Some(heading) = heading_before(line, count) {
            let _ = writeln!(text, "{heading}\n");
        }
        let mut said = sentence(line);
        if every > 0 && line % every == 0 {
            said = said.replacen("the", "every", 1).replacen("to", "towards", 1) + " Now.";
        }
        let _ = writeln!(text, "{said}");
    }
    text
}

/// A megabyte of prose with a placeholder in every other line.
fn template_text() -> String {
    let mut text = String::new();
    let mut line = 0;
    while text.len() < 1_000_000 {
        let _ = writeln!(text, "{}", sentence(line));
        let _ = writeln!(text, "Now think of {{{{ variable_{} }}}} and go on.", line % VARIABLES);
        line += 1;
    }
    text
}

fn values() -> BTreeMap<String, String> {
    (0..VARIABLES).map(|index| (format!("variable_{index}"), format!("the value of number {index}"))).collect()
}

#[divan::bench]
fn read_sections_of_a_megabyte(bencher: Bencher) {
    let text = lines(10_000, 0);
    bencher.bench(|| Document::parse(black_box(&text)));
}

#[divan::bench]
fn list_names_of_a_megabyte(bencher: Bencher) {
    let text = template_text();
    bencher.bench(|| template::names(black_box(&text)).len());
}

#[divan::bench]
fn fill_a_megabyte(bencher: Bencher) {
    let (text, values) = (template_text(), Values(values()));
    bencher.bench(|| fill::fill(black_box(&text), |name| values.get(name)));
}

#[divan::bench]
fn fill_a_megabyte_with_minijinja(bencher: Bencher) {
    let (text, values) = (template_text(), values());
    bencher.bench(|| {
        let environment = minijinja::Environment::new();
        let template = environment.template_from_str(black_box(&text)).expect("it is a template");
        template.render(&values).expect("every variable has a value")
    });
}

/// Lines, and one line in how many is changed.
const PAIRS: [(usize, usize); 6] = [(5_000, 100), (5_000, 10), (5_000, 1), (50_000, 100), (50_000, 10), (50_000, 1)];

#[divan::bench(args = PAIRS)]
fn compare_two_texts(bencher: Bencher, (count, every): (usize, usize)) {
    let (from, to, config) = (lines(count, 0), lines(count, every), Map::new());
    let state = |text| State { text, config: &config };
    bencher.bench(|| compare(state(black_box(&from)), state(black_box(&to))));
}

/// Pairs of texts of 50,000 lines or up to 5 MB that ask for much work; what is done for each is bounded by count.
const HOSTILE: [&str; 12] = [
    "one line repeated, twice as often",
    "two lines in turns, shifted",
    "two lines at random",
    "a hundred lines at random",
    "lines in another order",
    "lines in reverse order",
    "cycles of seven and of eleven lines",
    "every line other words",
    "every line 25 words out of eight",
    "5,000 lines of 200 words out of 20",
    "one line of 4 MB, ten words at random",
    "one line of 4 MB, another script",
];

fn hostile(name: &str) -> [String; 2] {
    const LINES: usize = 50_000;
    let mut chance = Chance(7);
    let mut below = |limit: usize| chance.below(limit);
    let whole = |numbers: Vec<usize>| numbers.into_iter().map(|number| sentence(number) + "\n").collect::<String>();
    let mut words = |lines: usize, count: usize, limit: usize| -> String {
        let mut line = || (0..count).map(|_| format!("w{}", below(limit))).collect::<Vec<_>>().join(" ") + "\n";
        (0..lines).map(|_| line()).collect()
    };
    let all = || (0..LINES).collect::<Vec<_>>();
    match name {
        "one line repeated, twice as often" => [whole(vec![1; LINES / 2]), whole(vec![1; LINES])],
        "two lines in turns, shifted" => [0, 1].map(|shift| whole((0..LINES).map(|line| (line + shift) % 2).collect())),
        "two lines at random" => [(); 2].map(|()| whole((0..LINES).map(|_| below(2)).collect())),
        "a hundred lines at random" => [(); 2].map(|()| whole((0..LINES).map(|_| below(100)).collect())),
        "lines in another order" => {
            let mut other = all();
            (1..LINES).rev().for_each(|line| other.swap(line, below(line + 1)));
            [whole(all()), whole(other)]
        }
        "lines in reverse order" => [whole(all()), whole((0..LINES).rev().collect())],
        "cycles of seven and of eleven lines" => {
            [7, 11].map(|length| whole((0..LINES).map(|line| line % length).collect()))
        }
        "every line other words" => [whole(all()), whole((LINES..2 * LINES).collect())],
        "every line 25 words out of eight" => [(); 2].map(|()| words(LINES, 25, 8)),
        "5,000 lines of 200 words out of 20" => [(); 2].map(|()| words(5_000, 200, 20)),
        "one line of 4 MB, ten words at random" => [(); 2].map(|()| words(1, 1_300_000, 10)),
        _ => ["漢字", "字漢"].map(|pair| pair.repeat(700_000)),
    }
}

#[divan::bench(args = HOSTILE, sample_count = 10)]
fn compare_hostile_texts(bencher: Bencher, name: &str) {
    let ([from, to], config) = (hostile(name), Map::new());
    let state = |text| State { text, config: &config };
    bencher.bench(|| compare(state(black_box(&from)), state(black_box(&to))));
}

#[divan::bench(args = HOSTILE, sample_count = 10)]
fn make_a_patch_of_hostile_texts(bencher: Bencher, name: &str) {
    let [from, to] = hostile(name);
    bencher.bench(|| unified(black_box(&from), black_box(&to), "a", "b"));
}

#[divan::bench]
fn make_a_patch_of_5000_lines(bencher: Bencher) {
    let (from, to) = (lines(5_000, 0), lines(5_000, 10));
    bencher.bench(|| unified(black_box(&from), black_box(&to), "a", "b"));
}

#[divan::bench(args = ["ascii", "mixed"])]
fn wrap_a_megabyte(bencher: Bencher, script: &str) {
    let line = match script {
        "ascii" => sentence(1).repeat(10_000),
        _ => "Répondez — 日本語で — à {{name}} 👩‍👩‍👧. ".repeat(18_000),
    };
    bencher.bench(|| wrap::rows(black_box(&line), 72).len());
}
