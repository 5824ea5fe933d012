//! A prompt without one of the five sections.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::{SectionId, Style};

/// The rule.
pub const RULE: Rule = Rule {
    id: "section-missing",
    group: Group::Structure,
    severity: Severity::Warning,
    summary: "one of the five sections is not there",
    help: "add the heading and say what belongs there, even if it is one sentence",
    fixes: false,
    page: Page {
        what: "A text has headings of sections, and one or more of the five are missing; or it has no headings at all.",
        why: "What a prompt does not say, the model makes up. Most incidents begin in the section that nobody wrote: a \
              form that the application cannot read, or no rule for the moment when a person has to take over.",
        before: "# Identity & Role\n\nYou answer questions about parcels.\n\n# Behavioral Guidelines\n\nAnswer in one sentence.\n\n\
                 # Capabilities & Limitations\n\nYou know the tracking page.\n\n# Output Format\n\nPlain text.\n",
        after: "# Identity & Role\n\nYou answer questions about parcels.\n\n# Behavioral Guidelines\n\nAnswer in one sentence.\n\n\
                # Capabilities & Limitations\n\nYou know the tracking page.\n\n# Output Format\n\nPlain text.\n\n\
                # Safety Rails\n\nIf someone is hurt, write: \"Please call your local emergency number.\"\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let place = 0..0;
    if view.style == Style::Plain {
        if !view.words.is_empty() {
            let help = "mark Identity & Role, Behavioral Guidelines, Capabilities & Limitations, Output Format and Safety Rails with headings";
            out.at(place, "the text has no headings of the five sections").help(help);
        }
        return;
    }
    let missing: Vec<SectionId> = SectionId::ALL.into_iter().filter(|id| view.heading(*id).is_none()).collect();
    if missing.len() > 2 {
        let titles: Vec<&str> = missing.iter().map(|id| id.title()).collect();
        out.at(place, format!("{} sections are missing: {}", titles.len(), titles.join(", ")));
        return;
    }
    for id in missing {
        out.at(place.clone(), format!("the section {} is missing", id.title())).about(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{found, nothing, one_at, said};

    #[test]
    fn each_missing_section_is_named_and_many_are_named_together() {
        let one = one_at(&RULE, RULE.page.before, "1:1");
        assert_eq!(
            (one.message.as_str(), one.section),
            ("the section Safety Rails is missing", Some(SectionId::SafetyRails))
        );
        assert_eq!(said(&RULE, "# Role\n\nx\n").len(), 1);
        let plain = found(&RULE, &Input::of("You help."));
        assert!(plain[0].message.contains("no headings"), "{plain:?}");
    }

    #[test]
    fn a_text_with_all_five_under_any_alias_is_complete() {
        nothing(&RULE, "# Role\na\n# Tone\nb\n# Scope\nc\n# Format\nd\n# Guardrails\ne\n");
        nothing(&RULE, "");
    }
}
