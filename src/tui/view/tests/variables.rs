//! The variables: the pane, the table, the boxes.

use super::{look_at, samples};
use crate::prompt::{Declaration, Privacy};
use crate::tui::msg::Msg;
use crate::tui::tests::{Workbench, prompt};

/// Where each is looked at.
const SIZES: [(u16, u16); 2] = [(80, 24), (160, 45)];

fn look(name: &str, scene: impl Fn() -> Workbench, keys: impl Fn(&mut Workbench)) {
    for size in SIZES {
        look_at(name, size, &scene, &keys);
    }
}

#[test]
fn the_variables_as_a_table() {
    look("variables_table", samples, |bench| _ = bench.press("shift-tab shift-tab down z"));
}

#[test]
fn what_a_variable_is() {
    look("variables_properties", samples, |bench| {
        bench.press("shift-tab shift-tab down p right tab tab tab tab");
    });
}

#[test]
fn pasted_values_before_they_are_taken() {
    look("variables_intake", samples, |bench| {
        bench.press("shift-tab shift-tab I");
        let pasted = "user_name: Grace\naccount_type: no\ncompany_name: Lanternworks\nshoe: 41\nfirst name: x\n";
        let effects = bench.tell(Msg::Paste(pasted.into()));
        bench.perform(effects);
    });
}

#[test]
fn the_box_for_values_says_what_it_takes() {
    look("variables_intake_empty", samples, |bench| _ = bench.press("shift-tab shift-tab I"));
}

#[test]
fn the_places_of_a_rename() {
    look("variables_rename", samples, |bench| {
        bench.press("shift-tab shift-tab R");
        bench.type_text("maker");
        bench.press_and_settle("enter");
    });
}

#[test]
fn a_long_value_over_the_whole_screen() {
    look("variables_full", samples, |bench| _ = bench.press("shift-tab shift-tab v down down down down o"));
}

#[test]
fn a_secret_while_it_is_written() {
    let scene = || {
        let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
        prompt("# Identity\n{{key}}\n").declared("key", secret).model("offline").open()
    };
    look("variables_secret", scene, |bench| {
        bench.press("shift-tab shift-tab enter");
        bench.type_text("hunter2");
    });
}
