//! How long the list of the history takes to come with 50,000 runs in it, as it is and narrowed by words.

mod prose;

use std::path::PathBuf;
use std::sync::OnceLock;

use divan::{Bencher, black_box};
use greenroom::config::Keeping;
use greenroom::history::{About, Filter, Run, Store, file_in};
use greenroom::model::{ModelName, Params, Request, Role, Turn};
use prose::Chance;

const RUNS: i64 = 50_000;

fn main() {
    divan::main();
}

/// A history of 50,000 runs, of four prompts whose texts have 500 words.
fn history() -> Store {
    static FILE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(folder.path());
        let mut store = Store::open(&file).expect("a history");
        let mut chance = Chance(1);
        let texts: Vec<String> = (0..4).map(|_| chance.words(500)).collect();
        for at in 0..RUNS {
            let prompt = [0, 0, 0, 0, 0, 0, 0, 1, 2, 3][at as usize % 10];
            let request = Request {
                model: ModelName::parse(["anthropic:claude-haiku-4-5", "openai:gpt-4o"][at as usize % 2])
                    .expect("a model"),
                system: texts[prompt].clone(),
                turns: vec![Turn { role: Role::User, text: chance.words(30) }],
                params: Params::default(),
                stream: true,
            };
            let about = About { prompt: format!("prompt_{prompt}"), version: "draft".into(), ..About::default() };
            let mut run = Run::begin(about, &request, at);
            run.says(&chance.words(120));
            run.says(if at % 500 == 0 { " needle" } else { "" });
            store.add(run, Keeping::default()).expect("a run is kept");
        }
        (folder, file)
    });
    Store::read(file).expect("it is read").expect("a history")
}

/// What is typed after `/`: nothing, a letter, two, words of nearly every run, one of every five hundredth, of none, of a
/// script without blanks, and of the text of a prompt.
#[divan::bench(args = ["", "t", "th", "the", "the users answer", "needle", "nowhere", "你", "prompt:the"], sample_count = 10)]
fn a_page_of_one_prompt(bencher: Bencher, words: &str) {
    let store = history();
    let prompt = Some("prompt_0".to_owned());
    let filter = Filter { prompt, words: words.into(), most: Some(60), ..Filter::default() };
    bencher.bench_local(|| black_box(store.page(&filter, None)).expect("a page").total);
}

#[divan::bench(args = ["", "t", "the"], sample_count = 10)]
fn a_page_of_all_prompts(bencher: Bencher, words: &str) {
    let store = history();
    let filter = Filter { words: words.into(), most: Some(60), ..Filter::default() };
    bencher.bench_local(|| black_box(store.page(&filter, None)).expect("a page").total);
}

#[divan::bench(sample_count = 10)]
fn what_was_spent_and_how_fast_models_are(bencher: Bencher) {
    let store = history();
    bencher.bench_local(|| black_box((store.totals(jiff::Timestamp::now()), store.paces())));
}
