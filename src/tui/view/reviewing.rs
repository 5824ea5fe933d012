//! The Review screen: the steps of the way, the text with what was said beside it, decisions and comments as a list.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, columns, row as row_of};
use crate::prompt::wrap;
use crate::review::{Sign, Step};
use crate::sanitize::one_line;
use crate::tui::diffing::Chosen;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::margins;
use crate::tui::model::Model;
use crate::tui::reviewing::{Board, BoardRow, GUTTER};
use crate::tui::theme::Role;
use crate::tui::threads::{gist, name as name_of};

/// Draws it; there is no cursor.
pub fn draw(model: &Model, painter: &mut Painter<'_>) -> Option<Position> {
    let areas = layout::review(model.size, model.zoomed);
    let Some(board) = &model.reviewing.board else {
        let text = match (&model.reviewing.problem, model.draft.is_some()) {
            (Some(problem), _) => in_keys(problem, &model.keymap),
            (None, false) => in_keys("No prompt is open: <library.open> opens the library.", &model.keymap),
            (None, true) => "looking at the review…".to_owned(),
        };
        let body = super::areas(model).body;
        painter.border(body, &Border { title: "Review", focused: true, ..Border::default() });
        painter.paragraph(layout::text(body), &text, Role::Dim);
        return None;
    };
    if areas.listed {
        steps(board, areas.steps, painter);
    } else {
        bar(board, areas.steps, painter);
    }
    rows(model, board, areas.rows, painter);
    if let Some(list) = areas.list {
        told(model, board, list, painter);
    }
    None
}

/// What the status row says when nothing has happened.
pub fn resting(model: &Model) -> String {
    let Some(board) = &model.reviewing.board else { return String::new() };
    let open = board.open;
    let unsaved = board.subject == Chosen::Draft && model.draft.as_ref().is_some_and(crate::tui::draft::Draft::changed);
    let mut parts = vec![match open {
        0 => "no open comment".to_owned(),
        1 => "1 open comment".to_owned(),
        open => format!("{open} open comments"),
    }];
    if unsaved {
        parts.push("what is not saved yet is not in it".to_owned());
    }
    parts.push(format!("an approval covers {}", short(&board.sha256)));
    parts.push(format!("you: {}{}", one_line(&board.me), if board.mine { ", an author" } else { "" }));
    parts.join(" │ ")
}

fn short(sha256: &str) -> &str {
    sha256.get(..8).unwrap_or(sha256)
}

fn name(board: &Board) -> String {
    match &board.subject {
        Chosen::Draft => "draft".to_owned(),
        Chosen::Version(version) => format!("v{version}"),
        Chosen::Named(name) => name.to_string(),
    }
}

/// The steps in one row: the first that is not done, whose it is, and what it is missing.
fn bar(board: &Board, area: Rect, painter: &mut Painter<'_>) {
    painter.fill(area, Role::Text);
    let done = board.steps.iter().filter(|step| step.is_done()).count();
    let next = board.steps.iter().enumerate().find(|(_, step)| !step.is_done());
    let text = match next {
        None => format!(" {} of {} steps done", done, board.steps.len()),
        Some((index, step)) => {
            let missing = step.missing.first().cloned().unwrap_or_default();
            let whose = whose(board, step).map_or_else(String::new, |(_, whose)| format!(" ({whose})"));
            let title = step.stage.title();
            format!(" {done} of {} done; {} {title}{whose}: {missing}", board.steps.len(), index + 1)
        }
    };
    painter.cut_content(area, &text, Role::Dim);
}

/// Whose step it is, in words; `None` where anybody may do it.
fn whose(board: &Board, step: &Step) -> Option<(Role, String)> {
    let others: Vec<_> = step.people.iter().filter(|name| **name != board.me).map(|name| one_line(name)).collect();
    let yours = others.len() < step.people.len();
    match (yours, others.is_empty()) {
        (true, true) => Some((Role::Accent, "yours".to_owned())),
        (true, false) => Some((Role::Accent, format!("yours, {}", others.join(", ")))),
        (false, true) => None,
        (false, false) => Some((Role::Dim, others.join(", "))),
    }
}

fn steps(board: &Board, area: Rect, painter: &mut Painter<'_>) {
    painter.border(area, &Border { title: "Stages", state: &name(board), ..Border::default() });
    let inner = layout::text(area);
    let next = board.steps.iter().position(|step| !step.is_done());
    // what is told of the step that is next comes first; of the others, while there is room for it and for all titles
    let below = |step: &Step| step.missing.iter().chain(&step.aside).cloned().collect::<Vec<_>>();
    let width = usize::from(inner.width.saturating_sub(7)).max(1);
    let rows = |lines: &[String]| lines.iter().map(|line| wrap::rows(line, width).len()).sum::<usize>();
    let mut room = usize::from(inner.height).saturating_sub(board.steps.len());
    let mut told: Vec<Vec<String>> = vec![Vec::new(); board.steps.len()];
    for index in next.into_iter().chain((0..board.steps.len()).filter(|index| Some(*index) != next)) {
        let lines = below(&board.steps[index]);
        let used = rows(&lines);
        if used <= room || Some(index) == next {
            room = room.saturating_sub(used);
            told[index] = lines;
        }
    }
    let mut y = 0;
    for (index, step) in board.steps.iter().enumerate() {
        let (mark, role) = match (step.is_done(), Some(index) == next) {
            (true, _) => ("[x]", Role::Ok),
            (false, true) => ("[>]", Role::Accent),
            (false, false) => ("[ ]", Role::Dim),
        };
        if y >= inner.height {
            return;
        }
        let place = row_of(inner, y);
        let used = painter.cut(place, &format!("{mark} {:>2} {}", index + 1, step.stage.title()), role);
        if let Some((role, whose)) = whose(board, step) {
            let rest = Rect { x: place.x + used + 1, width: place.width.saturating_sub(used + 1), ..place };
            let columns = columns(&whose).min(rest.width);
            let end = Rect { x: rest.right() - columns, width: columns, ..rest };
            painter.cut_content(end, &whose, role);
        }
        y += 1;
        for line in &told[index] {
            let place = Rect {
                x: inner.x + 7,
                width: inner.width.saturating_sub(7),
                y: inner.y + y,
                height: inner.height.saturating_sub(y),
            };
            let role = if Some(index) == next { Role::Warning } else { Role::Dim };
            y += painter.paragraph_of_theirs(place, line, role);
        }
    }
}

fn rows(model: &Model, board: &Board, area: Rect, painter: &mut Painter<'_>) {
    let reviewing = &model.reviewing;
    let open = board.open;
    let count = format!("{} said, {open} open ", board.review.threads.len());
    let only = if reviewing.only_open { "only open" } else { "" };
    let foot = format!("{}/{}", reviewing.selected + 1, reviewing.rows.len().max(1));
    let title = format!("Review of {}", name(board));
    painter.border(
        area,
        &Border { title: &title, count: &count, state: only, foot: &foot, focused: true, ..Border::default() },
    );
    let inner = layout::text(area);
    painter.fill(inner, Role::Text);
    let mut y = 0;
    for (index, row) in reviewing.rows.iter().enumerate().skip(reviewing.top) {
        let left = inner.height.saturating_sub(y);
        if left == 0 {
            break;
        }
        let words = board.words(*row, usize::from(inner.width), usize::from(inner.height));
        for (line, (role, text)) in (0_u16..left).zip(&words) {
            let place = row_of(inner, y + line);
            let selected = reviewing.is_selected(index);
            if selected && line == 0 {
                painter.text(place, "▸", Role::Accent);
            }
            let indent = match row {
                BoardRow::Line(number) => {
                    if line == 0 {
                        let gutter = Rect { width: GUTTER - 1, ..place };
                        let role = if selected { Role::Accent } else { Role::Dim };
                        painter.right(gutter, &(number + 1).to_string(), role);
                    }
                    GUTTER
                }
                BoardRow::Thread(_) | BoardRow::Decision(_) => {
                    let bar = Rect { x: place.x + GUTTER, width: 1, ..place };
                    painter.text(bar, "│", if selected { Role::Accent } else { Role::Dim });
                    GUTTER + 2
                }
            };
            let text_area = Rect { x: place.x + indent, width: place.width.saturating_sub(indent), ..place };
            match &reviewing.needle {
                None => painter.content(text_area, text, *role),
                Some(needle) => {
                    let found: Vec<_> = needle.find_iter(text).map(|found| found.range()).collect();
                    let here = if selected { Role::CurrentMatch } else { Role::Match };
                    let (plain, matched) = (painter.style(*role), painter.style(here));
                    let is = |byte: usize| found.iter().any(|range| range.contains(&byte));
                    painter.styled(text_area, text, |byte| if is(byte) { matched } else { plain })
                }
            };
        }
        y += u16::try_from(words.len()).unwrap_or(left).min(left);
    }
}

/// So many columns of a name are shown in the list.
const SHORT_NAME: usize = 16;

/// The decisions, what of the review cannot be read, and every comment in a row.
fn told(model: &Model, board: &Board, area: Rect, painter: &mut Painter<'_>) {
    let counting = board.decided().iter().filter(|(role, _)| *role == Role::Ok).count();
    let state = format!("{counting} of {} approvals", board.required);
    let keys = &model.keymap;
    let open = board.review.open().next().is_some();
    let foot = if open { format!("{} next open", keys.shown(Action::NextComment)) } else { String::new() };
    painter.border(area, &Border { title: "Decisions", state: &state, foot: &foot, ..Border::default() });
    let inner = layout::text(area);
    let mut lines = board.decided();
    if lines.is_empty() {
        lines.push((Role::Dim, "nobody has decided".to_owned()));
    }
    if board.mine {
        lines.push((Role::Dim, "you are an author of this".to_owned()));
    }
    lines.extend(board.problems.iter().map(|problem| (Role::Error, problem.clone())));
    // where much was decided there has to be room for what was said
    let most = (usize::from(inner.height) / 2).max(1);
    if lines.len() > most {
        let more = lines.len() + 1 - most;
        lines.truncate(most - 1);
        lines.push((Role::Dim, format!("… and {more} more, above the text")));
    }
    lines.push((Role::Text, String::new()));
    lines.push((Role::Title, "Comments".to_owned()));
    let mut y = 0;
    for (role, line) in &lines {
        painter.cut_content(row_of(inner, y), line, *role);
        y += 1;
    }
    let room = usize::from(inner.height.saturating_sub(y));
    let order = &board.order;
    let selected = match model.reviewing.row() {
        Some(BoardRow::Thread(index)) => order.iter().position(|other| *other == index),
        _ => None,
    };
    // the selected one in the middle, or what stands at the selected line, as far as there is something on both sides
    let line = model.reviewing.line().map(|(line, _)| line);
    let near = || order.partition_point(|index| board.places[*index].line() < line);
    let first = selected.unwrap_or_else(near).saturating_sub(room / 2).min(order.len().saturating_sub(room));
    for (at, index) in order.iter().enumerate().skip(first).take(room) {
        let (thread, place) = (&board.review.threads[*index], &board.places[*index]);
        let here = selected == Some(at);
        let line = place.line().map_or_else(|| "all".to_owned(), |line| format!("L{line}"));
        let sign = margins::sign(Sign::of(thread, place), model.theme.signs());
        let role = match (here, thread.outcome.is_some()) {
            (true, _) => Role::Accent,
            (false, true) => Role::Dim,
            (false, false) => Role::Text,
        };
        let text = format!("{sign} {line:<5} {}: {}", name_of(&thread.by, SHORT_NAME), gist(thread));
        let place = row_of(inner, y);
        if here {
            painter.text(place, "▸", role);
        }
        painter.cut_content(Rect { x: place.x + 1, width: place.width.saturating_sub(1), ..place }, &text, role);
        y += 1;
    }
}
