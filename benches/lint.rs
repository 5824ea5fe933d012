//! How long the linter takes on a text of 20,000 lines, and on texts that are hard on it.

use std::fmt::Write as _;

use divan::{Bencher, black_box};
use greenroom::lint::{Input, View, lint};

fn main() {
    divan::main();
}

const HEADINGS: [&str; 5] = [
    "# Identity & Role",
    "# Behavioral Guidelines",
    "# Capabilities & Limitations",
    "# Output Format",
    "# Safety Rails",
];
const WORDS: [&str; 24] = [
    "answer", "the", "user", "about", "boards", "and", "tasks", "in", "plain", "words", "never", "promise", "a",
    "refund", "that", "billing", "has", "not", "approved", "hand", "over", "to", "person", "when",
];

/// A prompt of that many lines, each of which says something else; with placeholders and numbers in some of them.
fn prompt(count: usize) -> String {
    let mut text = String::new();
    let mut state = 1_usize;
    for line in 0..count {
        if line % count.div_ceil(5) == 0 {
            let _ = writeln!(text, "{}\n", HEADINGS[line / count.div_ceil(5)]);
        }
        text.push_str("- ");
        for _ in 0..11 {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            text.push_str(WORDS[(state >> 33) % WORDS.len()]);
            text.push(' ');
        }
        let _ = writeln!(text, "{line}{}.", if line % 7 == 0 { " {{user_name}}" } else { "" });
    }
    text
}

#[divan::bench]
fn lint_20_000_lines(bencher: Bencher) {
    let text = prompt(20_000);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .bench(|| black_box(lint(&Input::of(black_box(&text))).len()));
}

#[divan::bench]
fn the_view_of_20_000_lines(bencher: Bencher) {
    let text = prompt(20_000);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| View::of(black_box(&text)).words.len());
}

#[divan::bench]
fn lint_a_usual_prompt(bencher: Bencher) {
    let text = prompt(120);
    bencher.bench(|| black_box(lint(&Input::of(black_box(&text))).len()));
}

/// One megabyte of each: the same line again and again, one line, braces, tags, digits, letters of another alphabet.
#[divan::bench(args = ["said_twice", "one_line", "braces", "tags", "digits", "at", "cyrillic", "zero_width", "always"])]
fn lint_a_megabyte_of(bencher: Bencher, what: &str) {
    let piece = match what {
        "said_twice" => "- Always answer the user about boards.\n",
        "one_line" => "answer the user about boards. ",
        "braces" => "{{ {{{ ",
        "tags" => "<context>\n",
        "digits" => "4539 1488 0343 6467 ",
        "at" => "a@b.cd ",
        "cyrillic" => "Отвечай кратко, pаssword. ",
        "zero_width" => "re\u{200b}fund ",
        _ => "Always ask for it.\nNever ask for it.\n",
    };
    let text = piece.repeat(1_000_000 / piece.len());
    bencher.bench(|| black_box(lint(&Input::of(black_box(&text))).len()));
}
