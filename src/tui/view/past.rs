//! The history over the screen: the list with its filter, or one run beside what became of its prompt.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, columns, row};
use crate::history::Rating;
use crate::prompt::wrap;
use crate::tui::boxes;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::past::{Entry, OpenRun, PastRow, Side, facts, rows};
use crate::tui::play::transcript::LineKind;
use crate::tui::theme::Role;

/// From so many columns on a row has room for what a run cost and how long it took.
const WIDE: u16 = 100;

/// Draws it; gives the place of the cursor while words are searched for.
pub fn draw(model: &Model, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    match &model.past.open {
        Some(open) => {
            run(model, open, area, painter);
            None
        }
        None => list(model, area, painter),
    }
}

fn list(model: &Model, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let past = &model.past;
    let open = model.draft.as_ref().map(|draft| draft.entry.name.as_str()).filter(|_| !past.everything);
    let title = open.map_or("History: all prompts".to_owned(), |name| format!("History: {name}"));
    let state = match (past.waiting, past.total) {
        (_, Some(0)) => "none".to_owned(),
        (false, Some(total)) => format!("{} of {total}", past.selected + 1),
        (true, Some(total)) => format!("{} of {total}…", past.selected + 1),
        (true, None) => "reading…".to_owned(),
        (false, None) => String::new(),
    };
    let keys = &model.keymap;
    let (close, open_key) = (keys.shown(Action::RowClose), keys.shown(Action::RowOpen));
    let (find, delete, export) =
        (keys.shown(Action::ShowFilter), keys.shown(Action::ListDelete), keys.shown(Action::PastExport));
    let foot = if past.typing {
        format!("{open_key} opens  {close} closes")
    } else {
        format!("{find} searches  {open_key} opens  {export} exports  {delete} deletes  {close} closes")
    };
    painter.border(area, &Border { title: &title, state: &state, foot: &foot, focused: true, ..Border::default() });
    let line = row(boxes::inner(area), 0);
    let mut cursor = None;
    if past.typing {
        painter.text(line, "/ ", Role::Accent);
        let at = Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line };
        cursor = Some(super::overlay::input(&past.filter, at, painter));
    } else if past.filter.is_empty() {
        painter.text(line, help(line.width), Role::Dim);
    } else {
        let used = painter.text(line, "/ ", Role::Accent);
        painter.cut_content(
            Rect { x: line.x + used, width: line.width.saturating_sub(used), ..line },
            &past.filter.text(),
            Role::Overlay,
        );
    }
    let place = boxes::past_rows(model);
    if past.entries.is_empty() {
        let (said, role) = nothing(model);
        painter.paragraph(place, &said, role);
        return cursor;
    }
    let widths = Widths::of(&past.entries, past.everything, place.width);
    let first = past.first_row(place.height);
    for (index, entry) in past.entries.iter().enumerate().skip(first).take(usize::from(place.height)) {
        let at = row(place, u16::try_from(index - first).unwrap_or(0));
        entry_row(entry, index == past.selected, &widths, at, painter);
    }
    if let Some(entry) = past.chosen() {
        chosen(entry, boxes::past_whole(model), painter);
    }
    cursor
}

/// What can be searched for, in as many words as there is room for.
fn help(width: u16) -> &'static str {
    let all = [
        "type / to search messages, replies and names; prompt:word finds words of the prompt",
        "type / to search; prompt:word finds words of the prompt",
    ];
    all.into_iter().find(|text| columns(text) <= width).unwrap_or("type / to search")
}

/// Why no run is listed.
fn nothing(model: &Model) -> (String, Role) {
    let past = &model.past;
    if let Some(problem) = &past.problem {
        return (format!("! {problem}"), Role::Error);
    }
    let said = if past.waiting || past.total.is_none() {
        "reading…"
    } else if !past.filter.is_empty() {
        "no run has all these words; Backspace takes letters away"
    } else if model.demo {
        "The demo keeps no history. In a library of your own every run with a model is kept, on this machine only."
    } else if !model.settings.history.keep {
        "No run is kept: `keep = false` in [history] of your config says so."
    } else if past.everything {
        "No run was kept yet. Whatever is sent in Play or by `greenroom play` is kept here, on this machine only."
    } else {
        "No run of this prompt was kept yet. What is sent in Play is kept here; a shows the runs of all prompts."
    };
    (said.to_owned(), Role::Dim)
}

/// How wide the columns of the list are.
struct Widths {
    when: u16,
    prompt: u16,
    version: u16,
    model: u16,
    ended: u16,
    /// Of time and cost; 0 where there is no room.
    figures: u16,
}

impl Widths {
    fn of(entries: &[Entry], everything: bool, width: u16) -> Self {
        let widest = |of: &dyn Fn(&Entry) -> u16, most: u16| entries.iter().map(of).max().unwrap_or(0).min(most);
        let wide = width >= WIDE;
        Self {
            when: if wide { 16 } else { 11 },
            prompt: if everything {
                widest(&|entry| columns(&entry.brief.prompt), if wide { 20 } else { 12 })
            } else {
                0
            },
            version: widest(&|entry| columns(&version(entry)), 10),
            model: widest(&|entry| columns(&entry.brief.model), if wide { 28 } else { 14 }),
            ended: widest(&|entry| columns(&entry.brief.finish), 10),
            figures: if wide { 8 } else { 0 },
        }
    }
}

fn version(entry: &Entry) -> String {
    if entry.brief.version == "draft" { "draft".to_owned() } else { format!("v{}", entry.brief.version) }
}

fn entry_row(entry: &Entry, selected: bool, widths: &Widths, place: Rect, painter: &mut Painter<'_>) {
    let brief = &entry.brief;
    let (plain, faint) =
        if selected { (Role::OverlaySelected, Role::OverlaySelected) } else { (Role::Overlay, Role::Dim) };
    let failed = matches!(brief.finish.as_str(), "error" | "incomplete");
    let bad = if selected { plain } else { Role::Error };
    painter.fill(place, plain);
    painter.text(place, if selected { "▸" } else { " " }, plain);
    let when = if widths.when < 16 { entry.when.get(5..).unwrap_or_default() } else { entry.when.as_str() };
    let rating = match brief.rating {
        Some(Rating::Good) => "+",
        Some(Rating::Bad) => "-",
        None => " ",
    };
    let cost = brief.cost.filter(|cost| *cost > 0.0).map(|cost| format!("${cost:.4}")).unwrap_or_default();
    let cells = [
        (when, widths.when, faint),
        (brief.prompt.as_str(), widths.prompt, plain),
        (&version(entry), widths.version, plain),
        (brief.model.as_str(), widths.model, faint),
        (brief.finish.as_str(), widths.ended, if failed { bad } else { faint }),
        (&seconds(brief.total_ms), widths.figures, faint),
        (&cost, widths.figures, faint),
        (rating, 1, plain),
    ];
    let mut x = place.x + 2;
    for (text, width, role) in cells.into_iter().filter(|(_, width, _)| *width > 0) {
        let at = Rect { x, width: width.min(place.right().saturating_sub(x)), ..place };
        painter.cut_content(at, text, role);
        x += width + 1;
    }
    let rest = Rect { x, width: place.right().saturating_sub(x), ..place };
    painter.cut_content(rest, &brief.said, plain);
}

fn seconds(ms: u64) -> String {
    format!("{:.2}s", ms as f64 / 1000.0)
}

/// The chosen row in whole, below a line.
fn chosen(entry: &Entry, place: Rect, painter: &mut Painter<'_>) {
    if place.height < 2 {
        return;
    }
    painter.text(row(place, 0), &"─".repeat(usize::from(place.width)), Role::Border);
    let brief = &entry.brief;
    let mut parts = vec![format!("run {}", brief.id), entry.when.clone(), brief.prompt.clone(), version(entry)];
    parts.extend([brief.model.clone(), brief.finish.clone(), seconds(brief.total_ms)]);
    parts.extend(brief.cost.filter(|cost| *cost > 0.0).map(|cost| format!("${cost:.4}")));
    painter.cut_content(row(place, 1), &parts.join(" · "), Role::Dim);
    let rest = Rect { y: place.y + 2, height: place.height.saturating_sub(2), ..place };
    painter.paragraph_of_theirs(rest, &brief.said, Role::Overlay);
}

fn run(model: &Model, open: &OpenRun, area: Rect, painter: &mut Painter<'_>) {
    let title = format!("Run {}", open.id);
    let keys = &model.keymap;
    let (side, again, good, bad) = (
        keys.shown(Action::PastSide),
        keys.shown(Action::PastAgain),
        keys.shown(Action::PastGood),
        keys.shown(Action::PastBad),
    );
    let (export, delete, close) =
        (keys.shown(Action::PastExport), keys.shown(Action::ListDelete), keys.shown(Action::RowClose));
    let foot = format!(
        "{side} other side  {again} sends again  {good} {bad} rate  {export} exports  {delete} deletes  {close} back"
    );
    painter.border(area, &Border { title: &title, foot: &foot, focused: true, ..Border::default() });
    let Some(whole) = &open.whole else {
        painter.text(row(boxes::inner(area), 0), "reading…", Role::Dim);
        return;
    };
    let told = facts(&whole.run, &whole.when);
    painter.paragraph_of_theirs(boxes::past_facts(model), &told, Role::Dim);
    for side in [Side::Talk, Side::Prompt] {
        let Some(pane) = boxes::past_pane(model, side) else { continue };
        let text = crate::tui::layout::text(pane);
        let all = rows(whole, side, usize::from(text.width));
        let height = usize::from(text.height);
        let first = open.scrolled[side as usize].min(all.len().saturating_sub(height));
        let last = (first + height).min(all.len());
        let state =
            if last - first < all.len() { format!("{}-{last} of {}", first + 1, all.len()) } else { String::new() };
        let title = if side == Side::Talk { "Messages and reply" } else { "The prompt, then and now" };
        painter.border(pane, &Border { title, state: &state, focused: open.side == side, ..Border::default() });
        for (index, shown) in all[first..last].iter().enumerate() {
            past_row(shown, row(text, u16::try_from(index).unwrap_or(u16::MAX)), painter);
        }
    }
}

fn past_row(shown: &PastRow<'_>, place: Rect, painter: &mut Painter<'_>) {
    match shown {
        PastRow::Said(text, kind) => {
            let role = match kind {
                LineKind::User => Role::UserMessage,
                LineKind::Failure => Role::Error,
                _ => Role::ModelReply,
            };
            painter.content(place, text, role);
        }
        PastRow::Told(text) => {
            painter.text(place, text, Role::Dim);
        }
        PastRow::Rule(name) => {
            let line = "─".repeat(usize::from(place.width).saturating_sub(wrap::width(name) + 4));
            painter.text(place, &format!("── {name} {line}"), Role::Dim);
        }
        PastRow::Change(change) => super::decision::line(change, place, painter),
    }
}
