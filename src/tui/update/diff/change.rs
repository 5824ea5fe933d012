//! What is done with the change the screen stands at: copied, or taken into the draft.

use super::super::copying;
use crate::diff::{RowKind, Which};
use crate::tui::compare::Compared;
use crate::tui::diffing::Chosen;
use crate::tui::effect::Effect;
use crate::tui::layout;
use crate::tui::model::{Model, Weight};
use crate::tui::rowlayout;

/// Copies one side of the change; all of the text where there is no change.
pub fn copy_side(model: &mut Model, which: Which, effects: &mut Vec<Effect>) {
    let Some(compared) = model.diffing.compared.clone() else { return };
    let side = if which == Which::From { "left" } else { "right" };
    let Some((section, rows)) = model.diffing.change_rows() else {
        let text = if which == Which::From { &compared.from } else { &compared.to };
        return copying::copy(model, text.clone(), &format!("text on the {side}"), effects);
    };
    let text = lines(&compared, section, rows, which);
    if text.is_empty() {
        return model.say(Weight::Note, format!("this change has nothing on the {side}"));
    }
    copying::copy(model, text, &format!("{side} side of the change"), effects);
}

/// The lines of rows on one side, with their endings.
fn lines(compared: &Compared, section: usize, rows: std::ops::Range<usize>, which: Which) -> String {
    let text = if which == Which::From { &compared.from } else { &compared.to };
    let rows = &compared.comparison.sections[section].rows[rows];
    rows.iter().filter_map(|row| Some(&text[compared.comparison.line(row, which)?.range])).collect()
}

/// Why the left side cannot be taken into the draft as things are.
pub fn why_no_take(model: &Model) -> Option<&'static str> {
    let diffing = &model.diffing;
    let state = model.draft.as_ref().map(|draft| draft.state);
    if diffing.to != Some(Chosen::Draft) || diffing.from == Some(Chosen::Draft) {
        return Some("the draft is not on the right: b and draft puts it there");
    }
    if diffing.waiting || diffing.of_state != state {
        return Some("the draft is being compared: a moment");
    }
    if diffing.change_rows().is_none() {
        return Some("there is no change to take");
    }
    // hints ask at every frame: a row of the screen holds at most one of the comparison
    let shown = diffing.top..diffing.top + usize::from(layout::inside(rowlayout::areas(model).rows).height);
    if diffing.changes().get(diffing.change).is_none_or(|change| !shown.contains(change)) {
        return Some("no change is in sight: <diff.next> goes to the next one");
    }
    None
}

/// The left side of the change takes the place of the right one in the draft: one undo step.
pub fn take(model: &mut Model) {
    if let Some(why) = why_no_take(model) {
        return model.say(Weight::Note, why);
    }
    let (Some(compared), Some((section, rows))) = (model.diffing.compared.clone(), model.diffing.change_rows()) else {
        return;
    };
    let Some(draft) = &mut model.draft else { return };
    let text = with_left(&compared, section, rows.clone());
    draft.replace_text(&text);
    let moved = compared.comparison.sections[section].rows[rows]
        .iter()
        .any(|row| matches!(row.kind, RowKind::MoveFrom | RowKind::MoveTo));
    let more = if moved { "; a line of it moved: its other place is a change of its own" } else { "" };
    let undo = model.keymap.shown(crate::tui::keymap::Action::Undo);
    model.say(Weight::Done, format!("the left side is in the draft; {undo} gives the change back{more}"));
}

/// The right text with the left side of these rows.
fn with_left(compared: &Compared, section: usize, rows: std::ops::Range<usize>) -> String {
    let (from, to) = (&compared.from, &compared.to);
    let comparison = &compared.comparison;
    let all = &comparison.sections[section].rows;
    let on_right = |row: &crate::diff::Row| comparison.line(row, Which::To).map(|line| line.range);
    let inside: Vec<_> = all[rows.clone()].iter().filter_map(on_right).collect();
    let place = if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
        first.start..last.end
    } else {
        // nothing on the right: behind what stands before it, else before what follows, else at the end
        let before = all[..rows.start].iter().rev().find_map(on_right).map(|line| line.end);
        let after = || all[rows.end..].iter().find_map(on_right).map(|line| line.start);
        let at = before.or_else(after).unwrap_or(to.len());
        at..at
    };
    let mut left: String =
        all[rows].iter().filter_map(|row| Some(&from[comparison.line(row, Which::From)?.range])).collect();
    let (before, after) = (&to[..place.start], &to[place.end..]);
    let ends = |text: &str| text.is_empty() || text.ends_with(['\n', '\r']);
    let ending = crate::prompt::Document::parse(to).eol.as_str();
    let mut text = before.to_owned();
    if !left.is_empty() && !ends(before) {
        // a last line without an ending gets one when something follows it
        text.push_str(ending);
    }
    if !after.is_empty() && !ends(&left) {
        left.push_str(ending);
    }
    text.push_str(&left);
    text.push_str(after);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::library::PromptConfig;
    use crate::tui::diffing::Diffing;

    fn compared(from: &str, to: &str) -> std::sync::Arc<Compared> {
        let side = |text: &str| (String::new(), text.to_owned(), PromptConfig::default());
        std::sync::Arc::new(Compared::new(side(from), side(to)))
    }

    /// Takes the first change until none is left.
    fn taken_all(from: &str, to: &str) -> (String, usize) {
        let (mut text, mut steps) = (to.to_owned(), 0);
        'next: while steps < 40 {
            let mut diffing = Diffing::default();
            diffing.put(Some(compared(from, &text)));
            for change in 0..diffing.changes().len() {
                diffing.change = change;
                let (section, rows) = diffing.change_rows().unwrap();
                let next = with_left(&compared(from, &text), section, rows);
                // a line that other lines follow keeps its ending
                if next != text {
                    (text, steps) = (next, steps + 1);
                    continue 'next;
                }
            }
            break;
        }
        (text, steps)
    }

    #[test]
    fn taking_every_change_makes_the_left_text_of_the_right_one() {
        for (from, to) in [
            ("# Role\na\nb\nc\n", "# Role\na\nB\nc\nd\n"),
            ("# Role\na\n# Tone\nwarm\n", "# Role\na\n"),
            ("# Role\na", "# Role\na\n\n# Safety\nno\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("one\n", ""),
            ("", "one"),
        ] {
            assert_eq!(taken_all(from, to).0, from, "{to:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn taking_a_change_leaves_every_other_line_alone(
            lines in prop::collection::vec("[a-f]{0,3}", 1..12), at in 0_usize..12, word in "[x-z]{1,4}",
        ) {
            let from = lines.join("\n") + "\n";
            let mut changed = lines.clone();
            let at = at % changed.len();
            changed[at] = word;
            prop_assert_eq!(taken_all(&from, &(changed.join("\n") + "\n")).0, from);
        }
    }
}
