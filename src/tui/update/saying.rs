//! What somebody says in a review, from Draft, Diff or the Review screen: the box it is written in, and what is done with
//! a thread.

use super::{leave_edit, save};
use crate::diff::Which as Half;
use crate::error::Error;
use crate::prompt::SectionId;
use crate::review::{Anchor, Place, Said, Stage};
use crate::tui::diffing::{Chosen, DiffRow};
use crate::tui::draft::{PaneId, section_of};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::margins::{self, Across, Meant, ToTake};
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::reviewing::BoardRow;
use crate::tui::saying::{About, SayBox, Saying, Source, Unsaid};
use crate::tui::threads::{LONGEST_NAME, name};
use crate::tui::writing::Writing;

/// Why nothing can be said beside what git, a file or another prompt has.
pub const NO_STATE: &str =
    "comments stand beside the draft and versions of this prompt, and no side of this line is one";

/// More lines than these are not quoted in the box.
const MOST_QUOTED: usize = 200;

/// What an action that says something does.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if let Some(why) = why_not(model, action) {
        return model.say(Weight::Note, why);
    }
    match action {
        Action::Comment => open(model, on_lines(model, Saying::Comment)),
        Action::Suggest => open(model, on_lines(model, Saying::Suggestion)),
        Action::Reply => open(model, reply(model)),
        Action::Approve => open(model, decision(model, Saying::Approval)),
        Action::RequestChanges => open(model, decision(model, Saying::Changes)),
        Action::Resolve => {
            let Some(Meant { which, thread, .. }) = thread(model) else { return };
            let (said, words) = match &thread.outcome {
                None => (Said::Resolve { taken: false }, "settled"),
                Some(_) => (Said::Reopen, "open again"),
            };
            let id = thread.id.clone();
            say(model, &which, Unsaid::Said(said), Some(id), words, effects);
        }
        Action::TakeSuggestion => {
            let Some(Meant { thread, .. }) = thread(model) else { return };
            let id = thread.id.clone();
            take(model, &id, effects);
        }
        Action::HandOver => {
            let board = model.reviewing.board.as_ref();
            let sha256 = board.map(|board| board.sha256.clone());
            let said = Said::Done { stage: Stage::Draft, sha256, text: String::new() };
            let done = "handed over for review; you are its author now";
            say(model, &Chosen::Draft, Unsaid::Said(said), None, done, effects);
        }
        _ => {}
    }
}

/// Why an action that says something cannot be done now.
pub fn why_not(model: &Model, action: Action) -> Option<&'static str> {
    let on_review = model.screen == ScreenId::Review;
    let board = model.reviewing.board.as_ref();
    if on_review && board.is_none() {
        return Some("nothing is reviewed yet");
    }
    let thread = thread(model);
    match action {
        Action::Comment | Action::Suggest if model.draft.is_none() => Some("no prompt is open"),
        Action::Comment | Action::Suggest if on_review => (action == Action::Suggest
            && model.reviewing.lines().is_none())
        .then_some("that is for a line of the text: <nav.up> goes to one"),
        Action::Comment | Action::Suggest => match has_spot(model) {
            true => None,
            false if action == Action::Comment && empty_section(model).is_some() => None,
            false if model.screen == ScreenId::Diff => Some(NO_STATE),
            false if margins::subject(model).is_none() => {
                Some("there is no draft on disk yet: the first change makes it")
            }
            false => Some("that is for a line of a section: <pane.next> goes to one"),
        },
        Action::Reply | Action::Resolve if thread.is_none() => Some("no comment is selected"),
        Action::TakeSuggestion => match thread {
            Some(Meant { thread, .. }) if thread.replacement.is_none() => Some("it is no suggestion"),
            Some(Meant { thread, .. }) if thread.outcome.is_some() => Some("it is settled"),
            Some(Meant { which, .. }) if which != Chosen::Draft => Some("a version never changes"),
            Some(_) => None,
            None => Some("no suggestion is selected: <review.next> goes to the next comment"),
        },
        Action::Approve | Action::RequestChanges | Action::HandOver => match board {
            _ if !on_review => Some("on the Review screen: <screen.review>"),
            Some(board) if action == Action::Approve && board.mine => {
                Some("authors do not approve their own work here")
            }
            Some(board) if action == Action::HandOver && board.subject != Chosen::Draft => {
                Some("a version is handed over already")
            }
            Some(board) if action == Action::HandOver && board.is_handed_over() => {
                Some("you have handed over these bytes")
            }
            _ => None,
        },
        _ => None,
    }
}

/// The thread that is meant on the screen that is shown, in the box or under the cursor.
fn thread(model: &Model) -> Option<Meant<'_>> {
    if model.screen != ScreenId::Review {
        return margins::meant(model);
    }
    let (reviewing, board) = (&model.reviewing, model.reviewing.board.as_deref()?);
    let BoardRow::Thread(index) = reviewing.row()? else { return None };
    Some(Meant {
        which: board.subject.clone(),
        thread: board.review.threads.get(index)?,
        place: board.places.get(index)?,
    })
}

/// Lines that something may be said about: in whose review, which lines of which text, what they say, and how the title
/// calls them.
struct Spot {
    which: Chosen,
    source: Source,
    first: usize,
    last: usize,
    quote: Vec<String>,
    words: String,
}

/// Whether there are lines that something may be said about. Costs the same on any text: hints ask for it.
fn has_spot(model: &Model) -> bool {
    match model.screen {
        ScreenId::Draft => model.draft.as_ref().is_some_and(|draft| match draft.focus {
            PaneId::Text(pane) => !draft.panes[pane].is_empty() && margins::subject(model).is_some(),
            _ => false,
        }),
        ScreenId::Diff => spoken_half(model).is_some(),
        ScreenId::Review => model.reviewing.lines().is_some(),
        ScreenId::Play => false,
    }
}

/// The rows of the comparison that are meant: those of the change one stands at, else the one row.
fn meant_rows(model: &Model) -> Option<(usize, std::ops::Range<usize>)> {
    let here = model.diffing.here();
    if model.diffing.changes().get(model.diffing.change) == Some(&here) {
        return model.diffing.change_rows();
    }
    let DiffRow::Row(section, row) = model.diffing.row(here)? else { return None };
    Some((section, row..row + 1))
}

/// The side of the comparison that something may be said about: what is new, unless there is nothing new or nobody can
/// say anything about it here.
fn spoken_half(model: &Model) -> Option<Half> {
    let compared = model.diffing.compared.as_deref()?;
    let (section, rows) = meant_rows(model)?;
    let rows = &compared.comparison.sections.get(section)?.rows[rows];
    let has_line = |half: Half| rows.iter().any(|row| compared.comparison.line(row, half).is_some());
    [Half::To, Half::From].into_iter().find(|half| margins::side(model, *half).is_some() && has_line(*half))
}

/// The lines that are selected, or the one where one is.
fn spot(model: &Model) -> Option<Spot> {
    match model.screen {
        ScreenId::Draft => draft_spot(model),
        ScreenId::Diff => diff_spot(model),
        ScreenId::Review => {
            let board = model.reviewing.board.clone()?;
            let (first, last) = model.reviewing.lines()?;
            let quote = (first..=last).take(MOST_QUOTED).map(|line| board.line(line).to_owned()).collect();
            let words = lines_in_words(first + 1, last + 1, "");
            let which = board.subject.clone();
            Some(Spot { which, source: Source::Board(board), first: first + 1, last: last + 1, quote, words })
        }
        ScreenId::Play => None,
    }
}

fn draft_spot(model: &Model) -> Option<Spot> {
    let (which, draft) = (margins::subject(model)?, model.draft.as_ref()?);
    let PaneId::Text(pane) = draft.focus else { return None };
    let buffer = &draft.panes[pane];
    let rope = buffer.rope();
    let (first, last) = if let Some(chars) = buffer.selection() {
        let (first, last) = (rope.char_to_line(chars.start), rope.char_to_line(chars.end));
        // a selection that ends where a line begins is about the lines before it
        let behind = last > first && rope.line_to_char(last) == chars.end;
        (first, if behind { last - 1 } else { last })
    } else {
        let line = buffer.line_and_column().0 - 1;
        (line, line)
    };
    // where there are no lines, nothing can be said about them
    if buffer.is_empty() {
        return None;
    }
    let quote = (first..=last).take(MOST_QUOTED);
    let quote = quote.map(|line| rope.line(line).to_string().trim_end_matches(['\n', '\r']).to_owned()).collect();
    let title = section_of(pane).map_or("the unsorted text", |section| section.short());
    let words = lines_in_words(first + 1, last + 1, title);
    Some(Spot { which, source: Source::Draft(draft.text(), pane), first: first + 1, last: last + 1, quote, words })
}

fn diff_spot(model: &Model) -> Option<Spot> {
    let compared = model.diffing.compared.clone()?;
    let half = spoken_half(model)?;
    let (section, rows) = meant_rows(model)?;
    let rows = &compared.comparison.sections.get(section)?.rows[rows];
    let lines = rows.iter().filter_map(|row| compared.comparison.line(row, half)).map(|line| line.number);
    let (first, last) = (lines.clone().min()?, lines.max()?);
    let which = margins::side(model, half)?;
    let text = if half == Half::From { &compared.from } else { &compared.to };
    let quote = text.lines().skip(first - 1).take((last + 1 - first).min(MOST_QUOTED)).map(str::to_owned).collect();
    let label = if half == Half::From { &compared.from_label } else { &compared.to_label };
    let words = lines_in_words(first, last, label.split("  ").next().unwrap_or(label));
    Some(Spot { which, source: Source::Side(compared, half), first, last, quote, words })
}

fn lines_in_words(first: usize, last: usize, of: &str) -> String {
    let lines = if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
    if of.is_empty() { lines } else { format!("{lines} of {of}") }
}

/// The section without a text that has the focus: what is said is about the section.
fn empty_section(model: &Model) -> Option<(Chosen, SectionId)> {
    let draft = model.draft.as_ref().filter(|_| model.screen == ScreenId::Draft)?;
    let PaneId::Text(pane) = draft.focus else { return None };
    let section = section_of(pane).filter(|_| draft.panes[pane].is_empty())?;
    Some((margins::subject(model)?, section))
}

/// The box for a comment or suggestion on the lines that are meant; on the Review screen beside a comment, about what
/// that is about.
fn on_lines(model: &Model, saying: Saying) -> Option<SayBox> {
    let Some(Spot { which, source, first, last, quote, words }) = spot(model) else {
        if let Some((which, section)) = empty_section(model) {
            let about = About::Anchor(Anchor::Section(Some(section)));
            let words = format!("{}, which is empty", section.title());
            return Some(SayBox { saying, which, about, words, quote: Vec::new(), writing: Writing::new("") });
        }
        let board = model.reviewing.board.as_ref()?;
        let anchor = thread(model).map_or(Anchor::Whole, |meant| meant.thread.anchor.clone());
        let (words, quote) = match &anchor {
            Anchor::Lines(lines) => ("the lines of this comment".to_owned(), lines.quote.clone()),
            Anchor::Whole => ("the whole".to_owned(), Vec::new()),
            _ => ("what this comment is about".to_owned(), Vec::new()),
        };
        let (which, about) = (board.subject.clone(), About::Anchor(anchor));
        return Some(SayBox { saying, which, about, words, quote, writing: Writing::new("") });
    };
    // who suggests begins with the words there are
    let begun = if saying == Saying::Suggestion { quote.join("\n") } else { String::new() };
    let about = About::Lines(source, first, last);
    Some(SayBox { saying, which, about, words, quote, writing: Writing::new(&begun) })
}

fn reply(model: &Model) -> Option<SayBox> {
    let Meant { which, thread, .. } = thread(model)?;
    let words = format!("the comment of {}", name(&thread.by, LONGEST_NAME));
    let last = thread.replies.last().map_or(&thread.text, |reply| &reply.text);
    let said = if last.is_empty() { thread.replacement.as_deref().unwrap_or_default() } else { last };
    let quote = said.lines().take(MOST_QUOTED).map(str::to_owned).collect();
    let about = About::Thread(thread.id.clone());
    Some(SayBox { saying: Saying::Reply, which, about, words, quote, writing: Writing::new("") })
}

fn decision(model: &Model, saying: Saying) -> Option<SayBox> {
    let board = model.reviewing.board.as_ref()?;
    let words = format!("exactly these bytes, {}", board.sha256.get(..8).unwrap_or(&board.sha256));
    let (which, about) = (board.subject.clone(), About::Bytes(board.sha256.clone()));
    Some(SayBox { saying, which, about, words, quote: Vec::new(), writing: Writing::new("") })
}

/// Opens the box, with the words in it that were begun and not said.
fn open(model: &mut Model, open: Option<SayBox>) {
    let Some(mut open) = open else { return };
    if model.level == Level::Edit {
        leave_edit(model);
    }
    if let Some(before) = model.unsaid.take_if(|before| before.goes_on(&open)) {
        open.writing = before.writing;
    }
    model.overlay = Some(Overlay::Say(Box::new(open)));
}

/// What is written is said; nothing is said without words.
pub fn written(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Overlay::Say(open)) = model.overlay.take() else { return };
    let unchanged = open.saying == Saying::Suggestion && open.writing.buffer.text() == open.quote.join("\n");
    match open.unsaid() {
        Some(_) if unchanged => model.say(Weight::Note, "these are the words that stand there: nothing was suggested"),
        Some((unsaid, id)) => {
            say(model, &open.which, unsaid, id, open.done(), effects);
            model.saying = Some(open);
        }
        None => model.say(Weight::Note, "nothing was said"),
    }
}

/// What was said stands in the review, or could not be written there: then its words are kept as those that were not said.
pub fn came(model: &mut Model, result: Result<&'static str, Error>) {
    let open = model.saying.take();
    match result {
        Ok(words) => model.say(Weight::Done, words),
        Err(error) if open.as_ref().is_some_and(|open| !open.writing.buffer.is_empty()) => {
            model.unsaid = open;
            model.say(Weight::Failed, format!("{error}; the words are kept for the next time here"));
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// The box is closed and nothing is said; the words stay for the next time something is said here.
pub fn close(model: &mut Model) {
    if let Some(Overlay::Say(open)) = model.overlay.take()
        && !open.writing.buffer.is_empty()
        && open.writing.buffer.text() != open.quote.join("\n")
    {
        model.unsaid = Some(open);
        model.say(Weight::Note, "nothing was said; the words are kept for the next time here");
    }
}

fn say(
    model: &mut Model,
    which: &Chosen,
    said: Unsaid,
    id: Option<String>,
    done: &'static str,
    effects: &mut Vec<Effect>,
) {
    let Some(draft) = &model.draft else { return };
    effects.push(Effect::Say {
        prompt: draft.entry.name.clone(),
        which: super::reviewing::which(which),
        said: Box::new(said),
        id,
        author: model.settings.author.clone(),
        done,
    });
}

/// Puts a suggestion into the draft as it is on the screen, as one step that can be undone, and settles it: at once where
/// it is known where its lines stand, else as soon as it is.
pub fn take(model: &mut Model, id: &str, effects: &mut Vec<Effect>) {
    if model.margins.of != margins::moment(model) {
        model.margins.taking = Some(id.to_owned());
        model.margins.touched = true;
        return;
    }
    let Some(notes) = model.margins.draft.notes.clone() else { return };
    let Some(index) = notes.review.threads.iter().position(|thread| thread.id == id) else { return };
    let (thread, place) = (&notes.review.threads[index], &notes.places[index]);
    let Some(replacement) = &thread.replacement else { return };
    let Place::Lines { first, last } = *place else {
        return model
            .say(Weight::Warning, "the lines it is about have changed since, or are gone: edit the draft yourself");
    };
    let lines = model.margins.panes.lines(first, last);
    let now = margins::moment(model);
    let Some(draft) = &mut model.draft else { return };
    let Some((pane, lines)) = lines else {
        // a heading, or lines of two sections
        let (text, id, replacement) = (draft.text(), id.to_owned(), replacement.clone());
        let asked = now.map(|of| ToTake { of, text, id, lines: (first, last), replacement });
        effects.extend(asked.map(|asked| Effect::TakeAcross(Box::new(asked))));
        return;
    };
    draft.replace_lines(pane, lines, replacement);
    settled(model, id, effects);
}

/// A suggestion about lines of several sections was put into the text; where somebody has typed meanwhile, once more.
pub fn taken(model: &mut Model, taken: Across, effects: &mut Vec<Effect>) {
    if margins::moment(model) != Some(taken.of) {
        if model.openings == taken.of.0 {
            take(model, &taken.id, effects);
        }
        return;
    }
    let Some(draft) = &mut model.draft else { return };
    draft.replace_document(taken.document);
    settled(model, &taken.id, effects);
}

/// The suggestion stands in the draft: it is saved and settled.
fn settled(model: &mut Model, id: &str, effects: &mut Vec<Effect>) {
    if matches!(model.overlay, Some(Overlay::Thread(_))) {
        model.overlay = None;
    }
    save::save(model, effects);
    let done = "taken into the draft; <edit.undo> takes it out again";
    say(model, &Chosen::Draft, Unsaid::Said(Said::Resolve { taken: true }), Some(id.to_owned()), done, effects);
}
