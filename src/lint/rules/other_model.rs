//! The name of another model than the one that answers.

use crate::lint::view::View;
use crate::lint::words::word;
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "other-model",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "the name of another model",
    help: "leave the model's name out, or give the prompt to the model that it names",
    fixes: false,
    page: Page {
        what: "The text names a model of another family than the one in `config.json`, or says `you are` of a model by \
               name where `config.json` has none.",
        why: "The text was written for that model. The one that answers takes over a name, habits and limits that are not \
              its own, and tells users who it is not.",
        before: "You are ChatGPT, a helpful assistant.\n",
        after: "You are the assistant of a bicycle shop.\n",
    },
    phrases: &[
        "chatgpt",
        "gpt 3",
        "gpt 4",
        "gpt 4o",
        "gpt 5",
        "gpt4",
        "gpt",
        "openai",
        "claude",
        "anthropic",
        "gemini",
        "bard",
        "llama",
        "mistral",
        "mixtral",
        "deepseek",
        "qwen",
        "grok",
        "copilot",
        "command r",
    ],
    check,
};

/// The family of each phrase.
const FAMILY: [&str; 20] = [
    "gpt", "gpt", "gpt", "gpt", "gpt", "gpt", "gpt", "gpt", "claude", "claude", "gemini", "gemini", "llama", "mistral",
    "mistral", "deepseek", "qwen", "grok", "copilot", "command",
];

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let configured = input.model.and_then(family);
    let mut reported: Vec<&str> = Vec::new();
    for hit in view.hits(&RULE) {
        let family = FAMILY[hit.phrase];
        let sentence = &view.sentences[hit.sentence];
        let named = match configured {
            Some(own) => own != family,
            None => is_said_of_you(view, hit.words.start, sentence.words.start),
        };
        let spelled = view.spelled(&view.words[hit.words.start]);
        // a bard and a mistral are also words
        let name = spelled.starts_with(|first: char| first.is_uppercase());
        let company = matches!(RULE.phrases[hit.phrase], "openai" | "anthropic") && configured.is_none();
        if named
            && name
            && !company
            && sentence.prose
            && !view.words[hit.words.start].literal
            && !reported.contains(&family)
        {
            reported.push(family);
            let message = match input.model.filter(|_| configured.is_some()) {
                Some(model) => format!("the text speaks of {spelled}, and {model} answers"),
                None => format!("the text says that the model is {spelled}, whichever answers"),
            };
            out.at(view.range(&hit.words), message);
        }
    }
}

/// Whether the words before say `you are`.
fn is_said_of_you(view: &View<'_>, at: usize, from: usize) -> bool {
    let before: Vec<u64> = view.words[at.saturating_sub(4).max(from)..at].iter().map(|word| word.hash).collect();
    let are = before.windows(2).any(|two| two == [word("you"), word("are")]) || before.contains(&word("you're"));
    are && !before.contains(&word("not"))
}

/// The family of `PROVIDER:MODEL`; `None` for the offline model and for those that nobody knows.
fn family(model: &str) -> Option<&'static str> {
    let model = model.to_ascii_lowercase();
    let name = model.rsplit([':', '/']).next().unwrap_or(&model);
    let openai =
        name.starts_with("o1") || name.starts_with("o3") || name.starts_with("o4") || model.starts_with("openai:");
    FAMILY.into_iter().find(|family| model.contains(family)).or(openai.then_some("gpt"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at, said_of};

    fn said(model: &str, text: &str) -> Vec<String> {
        said_of(&RULE, &Input { model: Some(model), ..Input::of(text) })
    }

    #[test]
    fn another_family_is_found_once() {
        let text = "You follow the style of GPT-4. ChatGPT would ask first.";
        assert_eq!(
            said("anthropic:claude-haiku-4-5", text),
            ["1:25 the text speaks of GPT, and anthropic:claude-haiku-4-5 answers"]
        );
        one_at(&RULE, RULE.page.before, "1:9");
    }

    #[test]
    fn its_own_name_words_and_other_matters_are_left_alone() {
        assert!(said("anthropic:claude-haiku-4-5", "You are Claude. The bard sang of a mistral.").is_empty());
        assert!(said("openai:o3-mini", "You are ChatGPT.").is_empty());
        nothing(&RULE, "Users compare us with Gemini. You are not Claude.");
        assert!(said("offline", "Explain how Claude differs.").is_empty());
    }
}
