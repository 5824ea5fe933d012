//! The box that offers variables after `{{`.

use crate::prompt::{Declaration, Privacy};
use crate::tui::complete::{self, Worth};
use crate::tui::counting::Count;
use crate::tui::draft::PaneId;
use crate::tui::tests::{Workbench, prompt};

const TEXT: &str = "# Identity\nI am {{name}} of {{company}}.\n\n# Safety Rails\nNever.\n";

/// In EDIT at the end of the last section.
fn writing() -> Workbench {
    let personal = Declaration { privacy: Privacy::Personal, ..Declaration::default() };
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench = prompt(TEXT)
        .declared("name", personal)
        .declared("api_key", secret)
        .set("first", &[("name", "Ada"), ("company", "Lovelace Ltd"), ("api_key", "k-123")])
        .set("second", &[("plan", "team")])
        .open();
    bench.press("tab tab tab tab enter ctrl-end");
    assert_eq!(bench.draft().focus, PaneId::Text(5));
    bench
}

fn offered(bench: &Workbench) -> Vec<&str> {
    let shown = bench.model.completing.shown();
    shown.map_or_else(Vec::new, |shown| shown.offers.iter().map(|offer| offer.name.as_str()).collect())
}

#[test]
fn two_braces_offer_every_name_there_is_and_letters_filter_them() {
    let mut bench = writing();
    bench.type_text("Ask {");
    assert_eq!(offered(&bench), Vec::<&str>::new());
    bench.type_text("{");
    assert_eq!(offered(&bench), ["name", "company", "api_key", "plan"]);
    bench.type_text("pn");
    assert_eq!(offered(&bench), ["plan", "company"]);
    bench.press("backspace backspace");
    assert_eq!(offered(&bench).len(), 4);
}

#[test]
fn tab_and_enter_write_the_name_and_the_braces() {
    for key in ["tab", "enter"] {
        let mut bench = writing();
        bench.type_text("{{comp");
        bench.press(key);
        bench.type_text("!");
        assert_eq!(bench.pane(5), "Never.{{company}}!", "{key}");
        assert_eq!(bench.draft().focus, PaneId::Text(5));
    }
}

#[test]
fn the_arrows_choose_and_come_round() {
    let mut bench = writing();
    bench.type_text("{{");
    bench.press("down down tab");
    assert_eq!(bench.pane(5), "Never.{{api_key}}");
    bench.type_text(" {{");
    bench.press("up tab");
    assert_eq!(bench.pane(5), "Never.{{api_key}} {{plan}}");
}

#[test]
fn escape_closes_only_the_box_until_the_next_placeholder() {
    let mut bench = writing();
    bench.type_text("{{na");
    bench.press("esc");
    assert_eq!(offered(&bench), Vec::<&str>::new());
    bench.type_text("m");
    assert_eq!(offered(&bench), Vec::<&str>::new());
    assert_eq!(bench.model.level, crate::tui::model::Level::Edit);
    bench.type_text("e}} {{");
    assert_eq!(offered(&bench).len(), 4);
}

#[test]
fn enter_is_a_new_line_when_nothing_is_offered() {
    let mut bench = writing();
    bench.type_text("{{zzz");
    assert_eq!(offered(&bench), Vec::<&str>::new());
    bench.press("enter");
    assert_eq!(bench.pane(5), "Never.{{zzz\n");
}

#[test]
fn moving_the_cursor_into_a_placeholder_opens_nothing_and_closes_what_is_open() {
    let mut bench = writing();
    bench.type_text("{{name}}");
    bench.press("left left left left");
    assert_eq!(offered(&bench), Vec::<&str>::new());
    bench.type_text("e");
    assert!(!offered(&bench).is_empty());
    bench.press("left");
    assert_eq!(offered(&bench), Vec::<&str>::new());
}

#[test]
fn a_name_that_is_only_being_typed_is_not_offered_as_one() {
    let mut bench = writing();
    bench.type_text("{{}}");
    bench.press("left left");
    bench.type_text("nam");
    assert_eq!(offered(&bench), ["name"]);
    bench.press("tab");
    assert_eq!(bench.pane(5), "Never.{{name}}");
}

#[test]
fn values_are_shown_with_what_they_cost_and_hidden_ones_are_not() {
    let mut bench = writing();
    bench.type_text("{{");
    let offers = &bench.model.completing.shown().unwrap().offers;
    let cost = |offer: &complete::Offer| offer.tokens.map(Count::figure);
    let seen: Vec<_> = offers.iter().map(|offer| (offer.value.clone(), cost(offer), offer.privacy)).collect();
    assert_eq!(
        seen,
        [
            (Worth::Hidden, Some("~1".into()), Privacy::Personal),
            (Worth::Text("Lovelace Ltd".into()), Some("~3".into()), Privacy::Internal),
            (Worth::Hidden, None, Privacy::Secret),
            (Worth::OfSet("second".into()), None, Privacy::Internal),
        ]
    );
}

#[test]
fn completing_is_one_undo_step() {
    let mut bench = writing();
    bench.type_text("{{comp");
    bench.press("tab ctrl-z");
    assert_eq!(bench.pane(5), "Never.{{comp");
    assert_eq!(offered(&bench), Vec::<&str>::new());
}

#[test]
fn the_box_never_covers_the_line_that_is_written() {
    for size in [(80, 24), (60, 16), (120, 40), (160, 45)] {
        let mut bench = writing();
        bench.model.size = size;
        bench.press("ctrl-home");
        for _ in 0..30 {
            bench.type_text("{{");
            let area = complete::area(&bench.model).expect("there is room");
            let (x, y) = bench.place(PaneId::Text(5));
            let (column, row) = bench.draft().panes[5].cursor_cell().unwrap();
            assert!(!(area.y..area.bottom()).contains(&(y + row)), "{area:?} over {} at {size:?}", y + row);
            assert!(
                area.x <= x + column && area.right() <= size.0 && area.bottom() <= size.1 - 2,
                "{area:?} at {size:?}"
            );
            bench.press("esc backspace backspace enter");
        }
    }
}

#[test]
fn a_click_writes_the_row_under_it() {
    let mut bench = writing();
    bench.type_text("{{");
    let area = complete::area(&bench.model).unwrap();
    bench.click(area.x + 3, area.y + 2);
    assert_eq!(bench.pane(5), "Never.{{company}}");
}
