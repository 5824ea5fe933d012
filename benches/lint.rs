//! How long the linter takes on a text of 20,000 lines, and on texts that are hard on it.

mod headings;
mod prose;

use std::fmt::Write as _;

use divan::{Bencher, black_box};
use greenroom::lint::{Input, View, lint};
use headings::heading_before;
use prose::Chance;

fn main() {
    divan::main();
}

/// A prompt of that many lines, each of which says something else; with placeholders and numbers in some of them.
fn prompt(count: usize) -> String {
    let (mut text, mut chance) = (String::new(), Chance(1));
    for line in 0..count {
        if let Some(heading) = heading_before(line, count) {
            let _ = writeln!(text, "{heading}\n");
        }
        let name = if line % 7 == 0 { " {{user_name}}" } else { "" };
        let _ = writeln!(text, "- {} {line}{name}.", chance.words(11));
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
