//! Safety Rails that hand over and do not say how.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::SectionId;

/// The rule.
pub const RULE: Rule = Rule {
    id: "escalation-without-response",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "Safety Rails escalate and do not say what to answer",
    help: "say what the model writes then, word for word where it matters: write: \"…\"",
    fixes: false,
    page: Page {
        what: "Safety Rails speak of escalating or handing over, and nowhere of what the model says at that moment.",
        why: "The user reads the answer, not the rule. Without words the model improvises in the very moment where \
              improvising is worst: it promises a call back, or argues.",
        before: "# Safety Rails\n\n- Escalate legal threats and lost data to a person.\n",
        after: "# Safety Rails\n\n- Escalate legal threats and lost data to a person. Write: \"I'm bringing in a colleague.\"\n",
    },
    phrases: &[
        // what escalates
        "escalate",
        "escalates",
        "escalation",
        "hand over",
        "handover",
        "hand off",
        "handoff",
        "human agent",
        "transfer to",
        "emergency",
        "crisis",
        "self harm",
        "suicide",
        // what answers
        "say",
        "says",
        "write",
        "reply",
        "respond",
        "response",
        "tell",
        "answer",
        "message",
        "provide",
        "offer",
        "direct",
        "point",
        "refer",
        "inform",
        "explain",
        "ask",
        "encourage",
        "suggest",
        "advise",
        "recommend",
        "state",
        "words",
        "acknowledge",
        "call",
        "contact",
    ],
    check,
};

const ESCALATES: usize = 13;

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let id = Some(SectionId::SafetyRails);
    let hits = || view.hits(&RULE).iter().filter(|hit| view.sentences[hit.sentence].section == id);
    let Some(first) = hits().find(|hit| hit.phrase < ESCALATES && view.sentences[hit.sentence].prose) else { return };
    let answered = hits().any(|hit| hit.phrase >= ESCALATES)
        || view
            .body(SectionId::SafetyRails)
            .any(|line| line.quote || view.text[line.start..line.end].contains(['"', '“']));
    if !answered {
        out.at(view.range(&first.words), "Safety Rails escalate here, and nothing says what the model answers then");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn an_escalation_without_words_is_found() {
        one_at(&RULE, RULE.page.before, "3:3");
    }

    #[test]
    fn words_to_say_are_enough_and_other_sections_are_not_asked() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "# Safety Rails\n\nEscalate threats; tell the user that a colleague takes over.\n");
        nothing(&RULE, "# Tone\n\nEscalate slowly.\n");
    }
}
