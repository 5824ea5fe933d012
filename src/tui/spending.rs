//! What was spent, as the box of it shows it: the figures of `greenroom history spend`, and how far the caps are.

use crate::model::costing::bar;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// The lines of the box.
pub fn lines(model: &Model) -> Vec<(String, Role)> {
    let (spent, settings) = (&model.spent, &model.settings);
    let mut lines = Vec::new();
    let mut totals = spent.lines().into_iter();
    lines.extend(totals.by_ref().take(2).map(|line| (line, Role::Title)));
    lines.push((String::new(), Role::Text));
    let caps: Vec<_> = settings.spend.caps(spent.today, spent.month).collect();
    for (of, cap, spent) in &caps {
        let (signs, percent) = bar((spent * 10_000.0) as usize, ((cap * 10_000.0) as u64).max(1), 20);
        let (said, role) = if spent >= cap {
            (", reached: sending asks".to_owned(), Role::Error)
        } else {
            (format!(", ${:.4} left", cap - spent), if *spent >= cap * 0.8 { Role::Warning } else { Role::Ok })
        };
        lines.push((format!("[{signs}] {percent} % of ${cap:.2} a {of}{said}"), role));
    }
    if caps.is_empty() {
        lines.push(("no cap: `day` or `month` in [spend] of your config sets one, in dollars".to_owned(), Role::Dim));
    }
    lines.push((String::new(), Role::Text));
    let mut any = false;
    for line in totals {
        lines.push((line, Role::Text));
        any = true;
    }
    if !any {
        let said = if model.demo {
            "the demo keeps no history, so that nothing is known of what it spent"
        } else if !settings.history.keep {
            "no run is kept (`keep = false` in [history]), so that nothing is known of what was spent"
        } else {
            "nothing was sent this month"
        };
        lines.push((said.to_owned(), Role::Dim));
    }
    lines
}

/// In one line, for the box of what the prompt costs.
pub fn line(model: &Model) -> String {
    let spent = &model.spent;
    let caps = model.settings.spend.caps(spent.today, spent.month);
    let now = format!("${:.4} today, ${:.4} this month", spent.today, spent.month);
    caps.fold(now, |said, (of, cap, _)| format!("{said}, at most ${cap:.2} a {of}"))
}
