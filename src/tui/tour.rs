//! The tour: nine steps in the real screens, each told in a strip below them and recognised when it was done. A table;
//! pure.
//!
//! Keys are named by their actions, `<draft.save>`, so that the strip shows the key that whoever looks at it has.

use crate::tui::keymap::TABLE;
use crate::tui::model::{Level, Model, ScreenId};
use crate::tui::overlay::Overlay;

/// Rows of the strip: a title and four lines.
pub const ROWS: u16 = 5;

/// What is looked at to see whether a step was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    state: u64,
    undone: bool,
    values: u64,
    revealed: bool,
    exchanges: usize,
    versions: usize,
}

impl Mark {
    /// How things are now.
    pub fn of(model: &Model) -> Self {
        let exchanges = said(model);
        let Some(draft) = &model.draft else { return Self { exchanges, ..Self::default() } };
        Self {
            state: draft.state,
            undone: draft.history.can_redo(),
            values: draft.values.revision,
            revealed: draft.values.reveal,
            exchanges,
            versions: draft.entry.versions.len(),
        }
    }
}

/// One step of the tour.
#[derive(Debug)]
pub struct Step {
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What to do.
    pub text: &'static str,
    /// Whether it was done since `mark`.
    pub done: fn(&Mark, &Model) -> bool,
}

/// The steps, first to last.
pub const STEPS: &[Step] = &[
    Step {
        title: "Write a line",
        text: "This is a prompt in five sections; the preview shows what a model gets. <nav.edit> goes into the text \
               (EDIT, bottom left). Type a line, then <back> comes out again (NAV).",
        done: |mark, model| {
            let typed = model.draft.as_ref().is_some_and(|draft| draft.state > mark.state);
            typed && model.level == Level::Nav && model.overlay.is_none()
        },
    },
    Step {
        title: "Take it back",
        text: "Saved or not, what you type can be taken back: in NAV press u, in the text <edit.undo>. <edit.redo> \
               brings it again. There is no key that loses text.",
        done: |mark, model| !mark.undone && model.draft.as_ref().is_some_and(|draft| draft.history.can_redo()),
    },
    Step {
        title: "Fill a variable",
        text: "{{user_name}} and its like get their values in the pane on the right. <pane.jump> puts a letter on every \
               row: press the one of a row, then <values.edit>, write a value, and Enter.",
        done: |mark, model| {
            model.draft.as_ref().is_some_and(|draft| draft.values.revision != mark.values) && model.level == Level::Nav
        },
    },
    Step {
        title: "See what is hidden",
        text: "Personal values are masked on the screen: somebody may be looking. In NAV, <values.reveal> shows them \
               and hides them again; <values.choose> chooses another set of values.",
        done: |mark, model| model.draft.as_ref().is_some_and(|draft| draft.values.reveal != mark.revealed),
    },
    Step {
        title: "Ask under this prompt",
        text: "Press <screen.play> or 2 for Play, then <nav.edit>, write what a customer would, and press \
               <message.send>. Here nothing leaves this machine: `offline` quotes the lines of the prompt that bear \
               on it.",
        done: |mark, model| said(model) > mark.exchanges && !model.play.is_running(),
    },
    Step {
        title: "Compare",
        text: "Press <back>, then 3: the draft beside the last version, word by word. <diff.next> goes to the next \
               change, <diff.from> chooses another version.",
        done: |_, model| model.screen == ScreenId::Diff && model.diffing.compared.is_some(),
    },
    Step {
        title: "Freeze a version",
        text: "<version.freeze>: the step is proposed. Say what changed, <form.next>, why, <form.next>, and \
               <form.accept>. A frozen version is never changed again, and knows the way back.",
        done: |mark, model| {
            model.draft.as_ref().is_some_and(|draft| draft.entry.versions.len() > mark.versions)
                && model.overlay.is_none()
        },
    },
    Step {
        title: "Find anything",
        text: "<palette.open> lists every action: type a few letters of what you want. <help.open> shows the keys of \
               where you are, and Space in NAV the most useful ones. Open one of the three.",
        done: |_, model| {
            matches!(model.overlay, Some(Overlay::Palette(_) | Overlay::Help(..)))
                || model.unfinished.as_ref().is_some_and(|unfinished| unfinished.shown)
        },
    },
    Step {
        title: "That is all",
        text: "<quit> leaves, and this copy goes away. Yours begins with `greenroom`; `greenroom doctor` looks whether \
               all is well here. A model with a key: `greenroom models`.",
        done: |_, _| false,
    },
];

/// Where one is in the tour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tour {
    at: usize,
    mark: Mark,
    /// Whether the step before was done, and not skipped.
    did: bool,
}

impl Tour {
    /// The step that is told.
    pub fn step(&self) -> &'static Step {
        &STEPS[self.at.min(STEPS.len() - 1)]
    }

    /// Its number, from 1, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.at + 1, STEPS.len())
    }

    /// Whether the step before was done, and not skipped.
    pub fn did(&self) -> bool {
        self.did
    }

    /// The next step, whether this one was done or not.
    #[must_use]
    pub fn next(self, model: &Model) -> Self {
        Self::to((self.at + 1).min(STEPS.len() - 1), model)
    }

    /// The step before.
    #[must_use]
    pub fn back(self, model: &Model) -> Self {
        Self::to(self.at.saturating_sub(1), model)
    }

    /// The next step when this one was done.
    #[must_use]
    pub fn follow(self, model: &Model) -> Self {
        if (self.step().done)(&self.mark, model) { Self { did: true, ..self.next(model) } } else { self }
    }

    /// The same place, seen from how things are now: what was opened is not what was done.
    #[must_use]
    pub fn from_here(self, model: &Model) -> Self {
        Self::to(self.at, model)
    }

    fn to(at: usize, model: &Model) -> Self {
        Self { at, mark: Mark::of(model), did: false }
    }
}

/// The text of a step with the keys that its actions have.
pub fn words(model: &Model, text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((id, after)) = after.split_once('>') else { break };
        words.push_str(before);
        let entry = TABLE.iter().find(|entry| entry.id == id);
        let key = entry.map_or_else(String::new, |entry| model.keymap.shown(entry.action));
        // who is new here may not know what the caret stands for
        words.push_str(&key.replacen('^', "Ctrl-", usize::from(key.len() > 1)));
        rest = after;
    }
    words + rest
}
/// How many turns the first column has.
fn said(model: &Model) -> usize {
    model.play.columns.first().map_or(0, |column| column.talk.shown().count())
}
