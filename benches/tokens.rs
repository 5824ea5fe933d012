//! How long counting tokens takes: a prompt for the first time, again after an edit of one line, and texts that were
//! written to be hard to count.

use std::fmt::Write as _;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use greenroom::model::ModelName;
use greenroom::model::memo::{Memory, Remembering};
use greenroom::model::tokens::{Vocabulary, counter_for};
use greenroom::prompt::TokenCounter;

fn main() {
    // the vocabulary is unpacked once, before anything is measured
    Vocabulary::O200k.count("x");
    divan::main();
}

const WORDS: [&str; 24] = [
    "answer", "the", "user", "about", "boards", "and", "tasks", "in", "plain", "words", "never", "promise", "a",
    "refund", "that", "billing", "has", "not", "approved", "hand", "over", "to", "person", "when",
];

/// A megabyte of lines of prose, each another one.
fn prose() -> String {
    let mut text = String::new();
    let mut state = 7_usize;
    while text.len() < 1_000_000 {
        text.push('-');
        for _ in 0..14 {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            let _ = write!(text, " {}", WORDS[(state >> 33) % WORDS.len()]);
        }
        text.push_str(".\n");
    }
    text
}

fn hostile(kind: &str) -> String {
    match kind {
        "spaces" => " ".repeat(1_000_000),
        "letters" => "a".repeat(1_000_000),
        "line feeds" => "\n".repeat(1_000_000),
        _ => "👩\u{200d}👧".repeat(90_000),
    }
}

#[divan::bench(sample_count = 20)]
fn a_megabyte(bencher: Bencher) {
    let text = prose();
    bencher.counter(BytesCount::of_str(&text)).bench(|| Vocabulary::O200k.count(black_box(&text)));
}

#[divan::bench(sample_count = 20)]
fn a_megabyte_for_the_first_time_with_a_memory(bencher: Bencher) {
    let text = prose();
    let never = || false;
    let tokens = counter_for(&ModelName::offline());
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(Memory::default)
        .bench_refs(|memory| Remembering::new(tokens, memory, &never).count(black_box(&text)));
}

#[divan::bench(sample_count = 50)]
fn a_megabyte_after_an_edit_of_one_line(bencher: Bencher) {
    let text = prose();
    let (memory, never) = (Memory::default(), || false);
    let counter = Remembering::new(counter_for(&ModelName::offline()), &memory, &never);
    counter.count(&text);
    let mut number = 0;
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| {
            number += 1;
            text.replacen(".\n", &format!(" {number}.\n"), 1)
        })
        .bench_local_refs(|edited| counter.count(black_box(edited)));
}

#[divan::bench(args = ["spaces", "letters", "line feeds", "families"], sample_count = 5)]
fn hard_to_count(bencher: Bencher, kind: &str) {
    let text = hostile(kind);
    bencher.counter(BytesCount::of_str(&text)).bench(|| Vocabulary::O200k.count(black_box(&text)));
}
