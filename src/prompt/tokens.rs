//! How many tokens a text costs a model: the trait, and a cheap estimate for where a vocabulary is not worth loading.

/// Counts tokens.
pub trait TokenCounter {
    /// The tokens of `text`.
    fn count(&self, text: &str) -> usize;
    /// What counted: a vocabulary's name, or `estimate`.
    fn name(&self) -> &str;
    /// Whether the count is what a model of this vocabulary sees.
    fn exact(&self) -> bool;
}

/// Bytes divided by a ratio: 4.8 of English prose, Markdown and placeholders together, measured with the vocabulary
/// `o200k_base`. Text in other scripts has more bytes a character and about as many bytes a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate;

impl TokenCounter for Estimate {
    fn count(&self, text: &str) -> usize {
        (text.len() * 10).div_ceil(48)
    }

    fn name(&self) -> &'static str {
        "estimate"
    }

    fn exact(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_of_a_prompt_is_within_a_sixth_of_the_real_count() {
        let text = "# Identity & Role\n\nYou are a support assistant for {{company_name}}. You help people who plan \
            their work on our boards: they are busy, and they want an answer before an explanation.\n\n\
            # Behavioral Guidelines\n\n- Lead with the answer; add details only when they help.\n\
            - Use plain words. When a term of the product is needed, say in a few words what it means.\n\
            - Acknowledge frustration once, without excuses, and move on to what can be done.\n\n\
            # Safety Rails\n\n- Hand over to a person when a user mentions lawyers, lost data or a security problem.\n";
        let real = tiktoken_rs::o200k_base_singleton().encode_ordinary(text).len();
        let estimate = Estimate.count(text);
        assert!(estimate.abs_diff(real) * 6 <= real, "estimated {estimate}, really {real}");
    }

    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(Estimate.count(""), 0);
        assert!(!Estimate.exact());
    }
}
