//! What can be done now: the palette says why not, and a hint that would lead to nothing is not shown.

use crate::tui::draft::PaneId;
use crate::tui::find::Task;
use crate::tui::keymap::Action;
use crate::tui::model::{Focus, Model, ScreenId};
use crate::tui::overlay::{Overlay, Pick};
use crate::tui::variables::VariableBox;

/// Why `action` cannot be done as things are; `None` when it can.
pub fn why_not(model: &Model, action: Action) -> Option<String> {
    use Action as A;
    if matches!(action, A::Edit | A::NextPane | A::PreviousPane) {
        return no_pane(model, action).map(str::to_owned);
    }
    if let Some(why) = crate::tui::update::hides(model, action) {
        return Some(why.to_owned());
    }
    let why = match action {
        A::ToggleBlind if model.play.columns.len() != 2 => "that takes two columns",
        A::CastVote if model.play.blind.is_none() => "nothing is compared blind",
        A::Save
        | A::Costs
        | A::CountExactly
        | A::SaveCopy
        | A::Send
        | A::Freeze
        | A::Deploy
        | A::RollBack
        | A::Releases
        | A::Drill
        | A::BeginDraft
        | A::SearchVersions
        | A::Find
        | A::Replace
        | A::EditOutside
        | A::PromptOutside
        | A::DraftDiff
        | A::ChooseFrom
        | A::ChooseTo
        | A::ChooseSet
        | A::AddColumn
        | A::ColumnSubject
        | A::Regenerate
        | A::Agreements
        | A::SaveSet
        | A::ValueEdit
        | A::ValueFull
        | A::Properties
        | A::ImportValues
        | A::RenameVariable
        | A::Clear
        | A::Reveal
        | A::RawToggle
        | A::Yank
        | A::Findings
        | A::NextFinding
        | A::PreviousFinding
        | A::Exact
        | A::Params
            if model.draft.is_none() =>
        {
            "no prompt is open"
        }
        A::AddColumn if model.play.columns.len() == crate::tui::play::MOST_COLUMNS => "there are four columns",
        A::CloseColumn | A::CompareReplies if model.play.columns.len() == 1 => "there is one column",
        A::Regenerate if model.play.columns.iter().all(|column| column.talk.is_empty()) => "nothing was said yet",
        A::EditMessage | A::NextTurn | A::PreviousTurn | A::NextBranch | A::PreviousBranch
            if model.play.column().talk.is_empty() =>
        {
            "nothing was said yet"
        }
        A::KeepTurn => return crate::tui::update::why_not_kept(model).map(str::to_owned),
        A::StopColumn if model.play.column().talk.running().next().is_none() => "nothing is coming in in this column",
        A::ValueEdit | A::ValueFull | A::Properties | A::RenameVariable
            if model.draft.as_ref().is_some_and(|draft| draft.rows.is_empty()) =>
        {
            "there are no variables yet"
        }
        A::ThinkingToggle if !model.play.columns.iter().any(|column| column.talk.thought()) => {
            "no model has shown what it thinks"
        }
        A::WireNext | A::WirePrevious if !searches_the_wire(model) => "nothing is searched for",
        A::ShowFilter if is_filtering(model) => "the list is being filtered",
        A::DialogNext if has_one_field(model) => "there is one field",
        A::ReplaceSkip | A::ReplaceEvery if matches!(&model.overlay, Some(Overlay::Search(form)) if form.task == Task::Find) => {
            "nothing is replaced"
        }
        A::FindNext | A::FindPrevious if model.finding.is_none() => "nothing is searched for",
        _ if model.diffing.compared.is_none()
            && (action.is_of_rows() || matches!(action, A::DiffPage | A::DiffFind)) =>
        {
            "nothing is compared"
        }
        A::NextChange | A::PreviousChange if model.diffing.changes().is_empty() => "there is no change",
        _ if action.is_of_review() => return crate::tui::update::reviewing::why_not(model, action).map(str::to_owned),
        A::DiffFindNext | A::DiffFindPrevious if model.diffing.needle.is_none() => "nothing is searched for",
        A::DiffTake => return crate::tui::update::diff::why_no_take(model).map(str::to_owned),
        A::NextFinding | A::PreviousFinding if model.linting.marks.is_empty() => "there are no findings",
        A::ListNew if !matches!(&model.overlay, Some(Overlay::Pick(Pick::Library, _))) => "the library is not listed",
        A::ListDelete | A::PastAgain | A::PastGood | A::PastBad | A::PastExport if is_past(model) => {
            if model.past.run().is_some() {
                return None;
            }
            "there is no run"
        }
        A::PastSide if model.past.open.is_none() => "no run is opened",
        A::PastEverything if model.past.open.is_some() => "one run is opened",
        A::ShowFilter if is_past(model) && (model.past.typing || model.past.open.is_some()) => {
            "the list is being filtered"
        }
        A::RowOpen | A::ShowFilter
            if matches!(model.overlay, Some(Overlay::Spend(_) | Overlay::Story(_) | Overlay::Drill(_))) =>
        {
            "there is nothing to choose"
        }
        A::RowOpen if is_past(model) && model.past.open.is_some() => "it is opened",
        A::ListDrill if !matches!(&model.overlay, Some(Overlay::Pick(Pick::Releases, _))) => "no releases are listed",
        A::ListBegin if crate::tui::update::begins_from(model).is_none() => "no version of this prompt is chosen",
        A::DiffBegin if crate::tui::update::left_version(model).is_none() => "the left side is no version",
        A::ListDelete => return crate::tui::update::trash::why_not(model).map(str::to_owned),
        A::FixFinding | A::AllowFinding if !lists_findings(model) => "no findings are listed",
        A::CountExactly if model.exactly.running.is_some() => "it is being asked for",
        A::CountExactly => return crate::tui::update::why_no_exact_count(model),
        A::FixFinding => return crate::tui::update::lint::why_no_fix(model).map(str::to_owned),
        A::MoveToSection if model.draft.as_ref().is_none_or(|draft| draft.panes[0].is_empty()) => "no unsorted text",
        A::Cut | A::Copy if model.buffer().and_then(crate::tui::editor::Buffer::selected_text).is_none() => {
            "nothing is selected"
        }
        A::Cut
        | A::Copy
        | A::Paste
        | A::SelectAll
        | A::DeleteWordBack
        | A::DeleteWordForward
        | A::DeleteLine
        | A::MoveLineUp
        | A::MoveLineDown
        | A::Indent
        | A::Outdent
            if model.buffer().is_none() =>
        {
            "no text has the focus"
        }
        A::ChooseSet if model.draft.as_ref().is_some_and(|draft| draft.values.sets.is_empty()) => "no value sets yet",
        _ => return None,
    };
    Some(why.to_owned())
}

fn is_past(model: &Model) -> bool {
    matches!(model.overlay, Some(Overlay::Past))
}

fn searches_the_wire(model: &Model) -> bool {
    matches!(&model.overlay, Some(Overlay::Wire(open)) if open.find.needle.is_some())
}

fn lists_findings(model: &Model) -> bool {
    matches!(model.overlay, Some(Overlay::Pick(Pick::Findings, _)))
}

fn has_one_field(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Ask(..) | Overlay::Confirm(_)) => true,
        Some(Overlay::Release(form)) => form.places.len() == 1,
        Some(Overlay::Variable(open)) => match open {
            VariableBox::Properties(_) => false,
            VariableBox::Intake(intake) => intake.taken.is_none(),
            VariableBox::Renaming(_) => true,
        },
        _ => false,
    }
}

/// Why there is no pane to go into or to go to.
fn no_pane(model: &Model, action: Action) -> Option<&'static str> {
    match model.screen {
        ScreenId::Draft if model.draft.is_none() => Some("no prompt is open"),
        ScreenId::Diff if model.diffing.compared.is_none() => Some("nothing is compared"),
        ScreenId::Review if model.reviewing.board.is_none() => Some("nothing is reviewed yet"),
        ScreenId::Draft if action == Action::Edit && model.focus() == Focus::Draft(PaneId::Preview) => {
            Some("the preview shows what is sent")
        }
        _ => None,
    }
}

fn is_filtering(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Help(picker, _)) => picker.typing,
        Some(Overlay::Palette(picker)) => picker.typing,
        Some(Overlay::Pick(_, picker)) => picker.typing,
        _ => false,
    }
}
