//! After every message: each text learns the size it is drawn at and keeps its cursor in sight, and the preview follows.

use crate::tui::complete;
use crate::tui::draft::{DraftView, PaneId, PreviewSource};
use crate::tui::effect::Effect;
use crate::tui::layout;
use crate::tui::model::{Model, ScreenId};

/// Makes everything fit the size and the state.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let examples_go = super::elsewhere::examples_go(model);
    if let Some(draft) = &mut model.draft {
        draft.values.examples_go = examples_go;
        draft.list_variables();
        draft.look_up_places();
        draft.values.selected = draft.values.selected.min(draft.rows.len().saturating_sub(1));
    }
    complete::settle(model);
    super::search::settle(model, effects);
    if model.size.0 < layout::SMALLEST.0 || model.size.1 < layout::SMALLEST.1 {
        return;
    }
    match model.screen {
        ScreenId::Draft => settle_draft(model),
        ScreenId::Play => {
            settle_play(model);
            super::play::columns::settle(model, effects);
            super::wire::settle(model, effects);
        }
        ScreenId::Diff => super::diff::settle(model, effects),
        ScreenId::Review => super::reviewing::settle(model, effects),
    }
}

fn settle_draft(model: &mut Model) {
    let Some(view) = DraftView::of(model) else { return };
    let history = model.play.history();
    let Some(draft) = &mut model.draft else { return };
    for (pane, area) in &view.panes {
        let text = layout::text(*area);
        match pane {
            PaneId::Text(index) => draft.panes[*index].set_viewport(text.width, text.height),
            PaneId::Variables => {
                if let (Some(editing), Some(area)) = (&mut draft.values.editing, view.value) {
                    editing.writing.buffer.set_viewport(area.width, area.height);
                }
            }
            PaneId::Preview => {}
        }
    }
    let Some(area) = view.area(PaneId::Preview) else { return };
    let area = layout::text(area);
    let source = PreviewSource::new(draft, history);
    let (anchor, followed) = match draft.focus {
        PaneId::Text(index) => {
            let pane = &draft.panes[index];
            let now = Some((index, pane.cursor(), pane.revision(), (area.width, area.height)));
            let (line, _) = pane.line_and_column();
            let (width, height) = (usize::from(area.width), usize::from(area.height));
            let wanted = source.place(index, line - 1).filter(|_| draft.followed != now);
            (wanted.map(|wanted| source.follow(draft.preview, wanted, width, height)), now)
        }
        _ => (None, None),
    };
    draft.preview = anchor.unwrap_or_else(|| source.nearest(draft.preview));
    draft.followed = followed;
}

fn settle_play(model: &mut Model) {
    let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
    let text = layout::text(areas.message);
    model.play.message.buffer.set_viewport(text.width, text.height);
}
