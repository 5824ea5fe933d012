//! An identity that does not say who the model is.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::SectionId;

/// The rule.
pub const RULE: Rule = Rule {
    id: "identity-without-role",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "Identity & Role does not say who the model is",
    help: "begin with who it is and whom it helps: You are the …, and you help … with …",
    fixes: false,
    page: Page {
        what: "The section Identity & Role has text and nowhere `you are`, `your role`, `your job`, `act as` or the like.",
        why: "Every later rule is read in the light of the role. Without one, tone and limits are guessed.",
        before: "# Identity & Role\n\nThe shop sells bicycles and ships to twelve countries.\n",
        after: "# Identity & Role\n\nYou are the assistant of a bicycle shop that ships to twelve countries.\n",
    },
    phrases: &[
        "you are",
        "you're",
        "your role",
        "your job",
        "your task",
        "your purpose",
        "your name",
        "act as",
        "i am",
        "i'm",
        "the assistant",
        "an assistant",
        "you help",
        "you answer",
        "you work",
        "you act",
        "you serve",
        "assistant is",
        "you write",
        "you will",
        "your goal",
        "you review",
        "you assist",
        "you support",
    ],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let id = SectionId::IdentityAndRole;
    // a few words are a title: "Senior reviewer"
    let words = view.sentences.iter().filter(|sentence| sentence.section == Some(id) && sentence.prose);
    let has_text = words.map(|sentence| sentence.words.len()).sum::<usize>() >= 8;
    let told = view.hits(&RULE).iter().any(|hit| view.sentences[hit.sentence].section == Some(id));
    if has_text && !told {
        out.at(view.heading_range(id), "Identity & Role does not say who the model is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn an_identity_about_something_else_is_found() {
        one_at(&RULE, RULE.page.before, "1:1");
    }

    #[test]
    fn a_role_in_any_usual_words_is_enough() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "# Role\n\nAct as a proofreader.\n");
        nothing(&RULE, "# Role\n\nSenior proofreader of a publishing house.\n");
    }
}
