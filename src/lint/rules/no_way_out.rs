//! Capabilities without a word on what lies outside of them.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::SectionId;

/// The rule.
pub const RULE: Rule = Rule {
    id: "no-way-out",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "nothing says what to do outside of the capabilities",
    help: "say what to do with everything else: say so in one sentence, name what you can help with, or hand over",
    fixes: false,
    page: Page {
        what: "Capabilities & Limitations lists what the model can do, and no sentence says what happens with a request \
               that is not on the list.",
        why: "Users ask for anything. A model that was told what it can do, and not what to do with the rest, tries.",
        before: "# Capabilities & Limitations\n\nYou can look up a parcel and change a delivery date.\n",
        after: "# Capabilities & Limitations\n\nYou can look up a parcel and change a delivery date. Asked for anything \
                else, say so and give the address of the help page.\n",
    },
    phrases: &[
        "instead",
        "outside",
        "beyond",
        "out of scope",
        "off topic",
        "unrelated",
        "anything else",
        "something else",
        "everything else",
        "cannot help",
        "can't help",
        "not able",
        "unable",
        "decline",
        "refuse",
        "redirect",
        "refer",
        "hand over",
        "escalate",
        "politely",
        "nothing to do with",
        "don't know",
        "do not know",
        "not covered",
        "only",
        "not sure",
        "no information",
        "say so",
        "irrelevant",
        "unsupported",
        "not supported",
        "ask the user",
        "transfer",
        "point to",
        "direct",
        "suggest",
        "explain",
        "tell",
    ],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let id = SectionId::CapabilitiesAndLimitations;
    let here = |section| matches!(section, Some(SectionId::CapabilitiesAndLimitations | SectionId::SafetyRails));
    let has_text = view.sentences.iter().any(|sentence| sentence.section == Some(id) && sentence.prose);
    let told = view.hits(&RULE).iter().any(|hit| here(view.sentences[hit.sentence].section));
    if has_text && !told {
        out.at(view.heading_range(id), "nothing says what to do with a request outside of the capabilities");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_list_of_capabilities_alone_is_found() {
        one_at(&RULE, RULE.page.before, "1:1");
    }

    #[test]
    fn a_way_out_in_the_section_or_in_the_safety_rails_is_enough() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "# Scope\n\nYou can look up parcels.\n\n# Safety\n\nDecline anything unrelated to parcels.\n");
        nothing(&RULE, "# Tone\n\nKind.\n");
    }
}
