//! The table: every action with its id, its keys, where it applies and what it is called.

use super::context::Context;

macro_rules! actions {
    ($($action:ident, $id:literal, $context:ident, [$($key:literal),*], $hint:literal, $short:literal, $label:literal;)*) => {
        /// Everything that a key, the palette or a click can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $(#[doc = $label] $action,)* }

        /// The table, in the order of help and palette.
        pub const TABLE: &[Entry] = &[$(Entry {
            action: Action::$action, id: $id, context: Context::$context, keys: &[$($key),*], hint: $hint, short: $short, label: $label,
        },)*];
    };
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it is in the code.
    pub action: Action,
    /// What it is in the config.
    pub id: &'static str,
    /// Where it applies.
    pub context: Context,
    /// Its built-in keys, first the one that is shown. `nav x` is `x` in NAV, and so for every context, whatever the action's own.
    pub keys: &'static [&'static str],
    /// Place in the hint row, 1 first; 0 is not shown there.
    pub hint: u8,
    /// Its name in the hint row.
    pub short: &'static str,
    /// Its name in help and palette.
    pub label: &'static str,
}

impl Action {
    /// Its row of the table.
    pub fn entry(self) -> &'static Entry {
        // every variant is made from a row, so the search ends at the row itself
        TABLE.iter().find(|entry| entry.action == self).unwrap_or(&TABLE[0])
    }

    /// Whether it is done with what was said in a review, wherever its key is pressed.
    pub fn is_of_review(self) -> bool {
        self == Self::OpenThread || self != Self::ReviewSubject && self.entry().context == Context::Review
    }

    /// Whether it is about the rows of two texts that are compared.
    pub fn is_of_rows(self) -> bool {
        matches!(
            self,
            Self::NextChange
                | Self::PreviousChange
                | Self::NextSection
                | Self::PreviousSection
                | Self::LayoutToggle
                | Self::DiffTake
                | Self::DiffFold
                | Self::DiffStory
                | Self::DiffCopyLeft
                | Self::DiffWrap
                | Self::DiffBlanks
        )
    }

    /// Whether it makes sense to offer it in the palette: not the keys that move a cursor.
    pub fn in_palette(self) -> bool {
        use Action::{
            Back, BottomOf, CompletionNext, CompletionPrevious, CompletionTake, CursorDown, CursorLeft, CursorRight,
            CursorUp, DeleteBack, DeleteForward, Down, EditPageDown, EditPageUp, ExtendDown, ExtendEnd, ExtendHome,
            ExtendLeft, ExtendRight, ExtendUp, ExtendWordLeft, ExtendWordRight, Left, LineEnd, LineHome, NewLine,
            PageDown, PageUp, Palette, ParagraphDown, ParagraphUp, ReplaceEvery, ReplaceSkip, Right, SearchDown,
            SearchLetters, SearchPageDown, SearchPageUp, SearchPattern, SearchUp, SearchWhere, SearchWords, TextEnd,
            TextStart, TopOf, Up, WordLeft, WordRight,
        };
        !matches!(
            self.entry().context,
            Context::List
                | Context::Form
                | Context::Message
                | Context::Value
                | Context::Past
                | Context::Wire
                | Context::Margin
                | Context::Say
        ) && !matches!(
            self,
            Up | Down
                | Left
                | Right
                | PageUp
                | PageDown
                | TopOf
                | BottomOf
                | Back
                | WordLeft
                | WordRight
                | LineHome
                | LineEnd
                | TextStart
                | TextEnd
                | ParagraphUp
                | ParagraphDown
                | ExtendLeft
                | ExtendRight
                | ExtendUp
                | ExtendDown
                | ExtendHome
                | ExtendEnd
                | ExtendWordLeft
                | ExtendWordRight
                | DeleteBack
                | DeleteForward
                | CursorLeft
                | CursorRight
                | CursorUp
                | CursorDown
                | EditPageUp
                | EditPageDown
                | NewLine
                | Palette
                | CompletionTake
                | SearchDown
                | SearchUp
                | SearchPageDown
                | SearchPageUp
                | SearchLetters
                | SearchWords
                | SearchPattern
                | SearchWhere
                | ReplaceSkip
                | ReplaceEvery
                | CompletionNext
                | CompletionPrevious
        )
    }
}

actions! {
    Help, "help.open", Everywhere, ["f1", "nav ?", "nav space h"], 0, "help", "Help: the keys of this pane first";
    Palette, "palette.open", Everywhere, ["ctrl-p", "f2", "nav :", "nav space p"], 40, "palette", "Every action by name";
    LibraryOpen, "library.open", Everywhere, ["ctrl-o", "nav space o"], 30, "library", "Library: choose a prompt or a version";
    Save, "draft.save", Everywhere, ["ctrl-s", "nav space s"], 20, "save", "Save the draft";
    SaveCopy, "draft.save_copy", Everywhere, ["alt-o", "nav space k"], 0, "copy elsewhere", "Save a copy of the draft in another place";
    Send, "play.send", Everywhere, ["ctrl-r", "f5"], 22, "send", "Send the message, or run the last one again";
    Freeze, "version.freeze", Everywhere, ["f8", "nav F", "nav space f"], 0, "freeze", "Freeze the draft as a version";
    Deploy, "release.deploy", Everywhere, ["nav space D"], 0, "deploy", "Deploy a version: gates, what changes, why";
    RollBack, "release.rollback", Everywhere, ["alt-u", "nav space b"], 0, "roll back", "Roll back to the version that ran before";
    Releases, "release.log", Everywhere, ["nav space L"], 0, "releases", "What was released of this prompt, and the drills";
    Drill, "release.drill", Everywhere, ["nav space B"], 0, "drill", "Try the way back wherever it runs, before it is needed";
    BeginDraft, "draft.begin", Everywhere, ["nav space N"], 0, "draft from", "Begin the draft anew from a version";
    SearchVersions, "version.search", Everywhere, ["nav space u"], 0, "search versions", "Search all versions for a phrase";
    Commit, "git.commit", Everywhere, ["nav space g"], 0, "commit", "Commit the draft and what was written, after a question";
    Costs, "costs.open", Everywhere, ["f9", "nav t", "nav space c"], 0, "cost", "What the prompt costs: tokens, money, cache";
    History, "history.open", Everywhere, ["f3", "nav H", "nav space l"], 0, "history", "History: the runs of this prompt, found again";
    Spend, "spend.open", Everywhere, ["nav $", "nav space $"], 0, "spent", "What was spent today and this month, by prompt and model";
    NextPane, "pane.next", Everywhere, ["tab"], 16, "next pane", "Next pane";
    PreviousPane, "pane.previous", Everywhere, ["shift-tab"], 0, "previous pane", "Previous pane";
    ScreenDraft, "screen.draft", Everywhere, ["alt-1", "nav 1"], 0, "draft", "Screen 1: Draft";
    ScreenPlay, "screen.play", Everywhere, ["alt-2", "nav 2"], 0, "play", "Screen 2: Play";
    ScreenDiff, "screen.diff", Everywhere, ["alt-3", "nav 3"], 0, "diff", "Screen 3: Diff";
    ScreenReview, "screen.review", Everywhere, ["alt-6", "nav 6"], 0, "review", "Screen 6: Review";
    Back, "back", Everywhere, ["esc"], 0, "back", "One step back: close, stop the stream, leave EDIT";
    CopyOrStop, "copy_or_stop", Everywhere, ["ctrl-c"], 0, "copy", "Copy the selection, else stop what runs";
    Find, "find.open", Everywhere, ["ctrl-f", "nav /", "nav space /"], 0, "find", "Find in the prompt";
    Replace, "replace.open", Everywhere, ["alt-r", "ctrl-h", "nav R"], 0, "replace", "Find and replace in the prompt";
    EditOutside, "edit.outside", Everywhere, ["ctrl-e", "f4"], 0, "your editor", "This text in your own editor ($VISUAL, $EDITOR)";
    PromptOutside, "prompt.outside", Everywhere, ["alt-e", "nav E"], 0, "prompt in editor", "The whole prompt in your own editor";
    Findings, "lint.list", Everywhere, ["f7", "nav x", "nav space x"], 0, "findings", "Lint: what is wrong with the text, in a list";
    NewPrompt, "prompt.new", Everywhere, ["nav space n"], 0, "new prompt", "New prompt from the five-section outline";
    Theme, "theme.choose", Everywhere, ["nav space t"], 0, "theme", "Choose a theme";
    Reload, "library.reload", Everywhere, ["nav space r"], 0, "reload", "Read the library again";
    MouseToggle, "mouse.toggle", Everywhere, ["f12"], 0, "mouse", "Give the mouse to the terminal, or take it back";
    Quit, "quit", Everywhere, ["ctrl-q", "nav q", "nav space q"], 0, "quit", "Quit; the draft is saved first";
    TourNext, "tour.next", Everywhere, ["alt-.", "f10"], 0, "next step", "Tour: the next step";
    TourBack, "tour.back", Everywhere, ["alt-,"], 0, "step back", "Tour: the step before";

    Edit, "nav.edit", Draft, ["enter", "i", "play enter", "play i"], 2, "write", "Go into the text";
    Up, "nav.up", Nav, ["up", "k"], 0, "up", "Up";
    Down, "nav.down", Nav, ["down", "j"], 0, "down", "Down";
    Left, "nav.left", Nav, ["left", "h"], 0, "left", "Left, or to the pane on the left";
    Right, "nav.right", Nav, ["right", "l"], 0, "right", "Right, or to the pane on the right";
    PageUp, "nav.page_up", Nav, ["pageup"], 0, "page up", "One page up";
    PageDown, "nav.page_down", Nav, ["pagedown"], 0, "page down", "One page down";
    TopOf, "nav.top", Nav, ["g", "home"], 0, "top", "To the top";
    BottomOf, "nav.bottom", Nav, ["G", "end"], 0, "bottom", "To the bottom";
    Yank, "nav.copy", Nav, ["y", "nav space y"], 28, "copy", "Copy the pane's text";
    Zoom, "nav.zoom", Nav, ["z", "nav space z"], 0, "zoom", "Zoom the pane, or back";
    Jump, "pane.jump", Nav, ["f"], 0, "jump", "Jump: a letter on every pane and row";
    FindNext, "find.next", Nav, ["n"], 0, "next match", "Next match";
    FindPrevious, "find.previous", Nav, ["N"], 0, "previous match", "Previous match";
    ChooseSet, "values.choose", Nav, ["V", "nav space v"], 26, "value set", "Choose a value set";
    Reveal, "values.reveal", Nav, ["v"], 0, "reveal", "Show or hide personal values";

    DraftDiff, "draft.diff", Draft, ["ctrl-d", "nav space d"], 24, "diff", "Diff of the draft against the version it grew from";
    RawToggle, "preview.raw", Draft, ["r"], 0, "raw/filled", "Preview raw or filled";
    NextFinding, "lint.next", Draft, ["]"], 0, "next finding", "Next finding of the linter";
    PreviousFinding, "lint.previous", Draft, ["["], 0, "previous finding", "Previous finding of the linter";
    MoveToSection, "unsorted.move", Draft, ["M"], 0, "move lines", "Move the selected lines into a section";

    ValueEdit, "values.edit", Variables, ["enter", "e", "i"], 3, "edit value", "Edit the value";
    Clear, "values.clear", Variables, ["d"], 0, "clear value", "Take the value away";
    Properties, "values.properties", Variables, ["p"], 4, "declare", "Say what the variable is: privacy, freshness, default, …";
    ValueFull, "values.full", Variables, ["o"], 0, "full screen", "Edit the value over the whole screen";
    ImportValues, "values.import", Variables, ["I"], 5, "import", "Take values from pasted text or a file";
    RenameVariable, "values.rename", Variables, ["R"], 6, "rename", "Rename the variable everywhere";
    SaveSet, "values.save_as", Variables, ["W"], 8, "save as set", "Save the values as a set";

    ChooseModel, "play.model", Play, ["m", "nav space m"], 10, "model", "Choose the model";
    AddColumn, "play.add", Play, ["a", "nav space a"], 11, "column", "One more column: another version or model beside this one";
    CloseColumn, "play.close", Play, ["X"], 0, "close column", "Close the column";
    ColumnSubject, "play.subject", Play, ["o"], 13, "version", "What the column runs: the draft or a version";
    CompareReplies, "play.compare", Play, ["="], 14, "compare", "Mark the words by which the last replies of two columns differ";
    Regenerate, "play.regenerate", Play, ["r"], 9, "again", "Ask this column the message of the turn once more";
    EditMessage, "play.edit", Play, ["e"], 8, "say differently", "Say the message of the turn differently, and run again from there";
    Prefill, "play.prefill", Play, ["P"], 0, "begin reply", "Words that replies begin with, for models that go on from there";
    Agreements, "play.agreements", Play, ["w", "nav space w"], 0, "who gets what", "Who gets what: hosts that were agreed to, and taking that back";
    ToggleBlind, "play.blind", Play, ["b"], 11, "blind", "Compare two columns blind, or end it and see who was who";
    CastVote, "play.vote", Play, ["+"], 7, "vote", "Vote on the two replies of the turn (in a blind comparison)";
    StopColumn, "play.stop", Play, ["S"], 0, "stop one", "Stop the reply of this column only";
    NextTurn, "play.next_turn", Play, ["]"], 0, "next turn", "Next turn";
    PreviousTurn, "play.previous_turn", Play, ["["], 0, "turn before", "Turn before";
    NextBranch, "play.next_branch", Play, [">"], 0, "next branch", "Next branch of the turn";
    PreviousBranch, "play.previous_branch", Play, ["<"], 0, "branch before", "Branch before, of the turn";
    MarkdownToggle, "play.markdown", Play, ["M"], 0, "raw/rendered", "The Markdown of replies rendered, or as it came";
    ThinkingToggle, "play.thinking", Play, ["T"], 19, "thinking", "What models thought, in whole or folded";
    Params, "play.params", Play, ["p"], 17, "parameters", "Parameters of the column: what the model takes, what is not sent";
    Exact, "play.exact", Play, ["f6", "message f6"], 18, "exact request", "The exact request and the raw answer; copy as curl";
    KeepTurn, "play.keep", Play, ["s"], 16, "keep", "Keep the turn: as an eval case, a value set, or the start of an incident";
    Cassette, "play.cassette", Play, ["C"], 17, "cassette", "Cassette: record the conversation, or have one answer without a network";
    NewConversation, "play.new", Play, ["ctrl-n", "c", "message ctrl-n"], 12, "new", "New conversation";

    NextChange, "diff.next", Diff, ["n"], 1, "next change", "Next change";
    PreviousChange, "diff.previous", Diff, ["N", "p"], 2, "previous", "Previous change";
    NextSection, "diff.next_section", Diff, ["]"], 3, "section", "Next section";
    PreviousSection, "diff.previous_section", Diff, ["["], 0, "previous section", "Previous section";
    LayoutToggle, "diff.layout", Diff, ["s"], 4, "side/inline", "Side by side or inline";
    ChooseFrom, "diff.from", Diff, ["a"], 6, "left side", "Choose the left side: a version, an environment, git, a file";
    ChooseTo, "diff.to", Diff, ["b"], 7, "right side", "Choose the right side: a version, an environment, git, a file";
    DiffTake, "diff.take", Diff, ["T"], 8, "take", "Take the left side of this change into the draft; undo gives it back";
    DiffFold, "diff.fold", Diff, ["o"], 5, "only changes", "Only the changes with some lines around them, or the whole text";
    DiffPage, "diff.page", Diff, ["d"], 9, "text/beside", "What differs beside the text: config, variables, value sets, tokens, lint";
    DiffStory, "diff.story", Diff, ["L"], 10, "history", "History of this line, or of the section at its heading";
    DiffFind, "diff.find", Diff, ["/", "ctrl-f"], 11, "find", "Find in both texts";
    DiffFindNext, "diff.find_next", Diff, [">"], 0, "next match", "Next match in both texts";
    DiffFindPrevious, "diff.find_previous", Diff, ["<"], 0, "match before", "Match before, in both texts";
    DiffCopyLeft, "diff.copy_left", Diff, ["Y"], 0, "copy left", "Copy the left side of this change; y copies the right one";
    DiffBegin, "diff.begin", Diff, ["D"], 0, "draft from", "Begin the draft anew from the version on the left side";
    DiffWrap, "diff.wrap", Diff, ["w"], 0, "wrap", "Wrap long lines, or cut them";
    DiffBlanks, "diff.blanks", Diff, ["x"], 0, "blanks", "Show blanks and tabs, or not";

    Comment, "review.comment", Review, ["c", "draft c", "diff c", "margin c", "edit alt-c"], 1, "comment", "Comment on the line, the selected lines or the change";
    Suggest, "review.suggest", Review, ["s", "draft s", "diff S", "margin s", "edit alt-s"], 2, "suggest", "Suggest other words for the line or the selected lines";
    Reply, "review.reply", Review, ["r", "margin r"], 3, "answer", "Answer the comment";
    Resolve, "review.resolve", Review, ["x", "margin x"], 4, "settle", "Settle the comment, or open it again";
    TakeSuggestion, "review.take", Review, ["T", "draft T", "margin T"], 5, "take", "Take the suggestion into the draft; undo gives it back";
    Approve, "review.approve", Review, ["A"], 6, "approve", "Approve these bytes: any later change voids it";
    RequestChanges, "review.request_changes", Review, ["X"], 7, "want changes", "Request changes";
    HandOver, "review.hand_over", Review, ["W"], 8, "hand over", "Say that the draft is written and may be reviewed";
    NextComment, "review.next", Review, ["n", "]", "draft }", "diff }", "margin n", "margin ]"], 9, "next", "Next open comment";
    PreviousComment, "review.previous", Review, ["N", "p", "[", "draft {", "diff {", "margin N", "margin p", "margin ["], 0, "previous", "Previous open comment";
    ReviewFind, "review.find", Review, ["/", "ctrl-f"], 12, "find", "Find in the text and in what was said";
    ReviewFindNext, "review.find_next", Review, [">"], 0, "next match", "Next match in the review";
    ReviewFindPrevious, "review.find_previous", Review, ["<"], 0, "match before", "Match before, in the review";
    OnlyOpen, "review.only_open", Review, ["o"], 0, "only open", "Only open comments, or all";
    ReviewSubject, "review.subject", Review, ["a"], 10, "version", "What is reviewed: the draft or a version";
    OpenThread, "review.open", Draft, ["m", "diff m"], 0, "comments", "What was said about this line, in a box";
    CommentAcross, "review.across", Review, ["enter", "margin enter"], 11, "to the text", "From a comment to its line in the draft, or from a line to the Review screen";
    CommentDiff, "review.diff", Review, ["d", "margin d"], 0, "to the diff", "To the line of the comment on the Diff screen";

    SayIt, "say.say", Say, ["enter"], 1, "say it", "Say it";
    SayNewLine, "say.newline", Say, ["alt-enter"], 2, "new line", "New line in what is said";
    SayClose, "say.close", Say, ["esc"], 3, "say nothing", "Say nothing; the words are kept";

    Undo, "edit.undo", Edit, ["ctrl-z", "draft u", "draft ctrl-z", "diff u", "diff ctrl-z", "review u", "review ctrl-z"], 26, "undo", "Undo";
    Redo, "edit.redo", Edit, ["ctrl-y", "draft ctrl-y", "diff ctrl-y", "review ctrl-y"], 0, "redo", "Redo";
    Cut, "edit.cut", Edit, ["ctrl-x"], 0, "cut", "Cut the selection";
    Copy, "edit.copy", Edit, [], 0, "copy", "Copy the selection";
    Paste, "edit.paste", Edit, ["ctrl-v"], 0, "paste", "Paste what was last cut or copied here";
    SelectAll, "edit.select_all", Edit, ["ctrl-a"], 0, "select all", "Select all";
    CursorLeft, "edit.left", Edit, ["left"], 0, "left", "Cursor left";
    CursorRight, "edit.right", Edit, ["right"], 0, "right", "Cursor right";
    CursorUp, "edit.up", Edit, ["up"], 0, "up", "Cursor up";
    CursorDown, "edit.down", Edit, ["down"], 0, "down", "Cursor down";
    WordLeft, "edit.word_left", Edit, ["ctrl-left", "alt-b"], 0, "word left", "A word left";
    WordRight, "edit.word_right", Edit, ["ctrl-right", "alt-f"], 0, "word right", "A word right";
    LineHome, "edit.home", Edit, ["home"], 0, "line start", "To the start of the line";
    LineEnd, "edit.end", Edit, ["end"], 0, "line end", "To the end of the line";
    EditPageUp, "edit.page_up", Edit, ["pageup"], 0, "page up", "A page up";
    EditPageDown, "edit.page_down", Edit, ["pagedown"], 0, "page down", "A page down";
    TextStart, "edit.start", Edit, ["ctrl-home"], 0, "start", "To the start of the text";
    TextEnd, "edit.end_of_text", Edit, ["ctrl-end"], 0, "end", "To the end of the text";
    ParagraphUp, "edit.paragraph_up", Edit, ["ctrl-up"], 0, "paragraph up", "A paragraph up";
    ParagraphDown, "edit.paragraph_down", Edit, ["ctrl-down"], 0, "paragraph down", "A paragraph down";
    ExtendLeft, "select.left", Edit, ["shift-left"], 0, "select", "Select to the left";
    ExtendRight, "select.right", Edit, ["shift-right"], 0, "select", "Select to the right";
    ExtendUp, "select.up", Edit, ["shift-up", "draft shift-up", "review shift-up"], 0, "select", "Select upwards";
    ExtendDown, "select.down", Edit, ["shift-down", "draft shift-down", "review shift-down"], 0, "select", "Select downwards";
    ExtendHome, "select.home", Edit, ["shift-home"], 0, "select", "Select to the start of the line";
    ExtendEnd, "select.end", Edit, ["shift-end"], 0, "select", "Select to the end of the line";
    ExtendWordLeft, "select.word_left", Edit, ["ctrl-shift-left"], 0, "select", "Select a word to the left";
    ExtendWordRight, "select.word_right", Edit, ["ctrl-shift-right"], 0, "select", "Select a word to the right";
    NewLine, "edit.newline", Edit, ["enter", "alt-enter"], 0, "new line", "New line";
    DeleteBack, "edit.backspace", Edit, ["backspace", "shift-backspace"], 0, "backspace", "Delete to the left";
    DeleteForward, "edit.delete", Edit, ["delete"], 0, "delete", "Delete to the right";
    DeleteWordBack, "edit.delete_word_back", Edit, ["ctrl-w", "alt-backspace", "ctrl-backspace"], 0, "delete word", "Delete the word to the left";
    DeleteWordForward, "edit.delete_word", Edit, ["ctrl-delete", "alt-d"], 0, "delete word", "Delete the word to the right";
    DeleteLine, "edit.delete_line", Edit, ["ctrl-k"], 0, "delete line", "Delete the line";
    MoveLineUp, "edit.line_up", Edit, ["alt-up"], 0, "line up", "Move the line up";
    MoveLineDown, "edit.line_down", Edit, ["alt-down"], 0, "line down", "Move the line down";
    Indent, "edit.indent", Edit, ["ctrl-t"], 0, "indent", "Indent the lines";
    Outdent, "edit.outdent", Edit, ["alt-t"], 0, "outdent", "Take an indent away";

    SendMessage, "message.send", Message, ["enter"], 1, "send", "Send the message";
    MessageNewLine, "message.newline", Message, ["alt-enter"], 2, "new line", "New line in the message";
    MessageOlder, "message.older", Message, ["alt-p"], 0, "earlier", "An earlier message";

    ValueDone, "value.done", Value, ["enter"], 1, "done", "Done";
    ValueNewLine, "value.newline", Value, ["alt-enter"], 2, "new line", "New line in the value";

    CompletionTake, "completion.take", Completion, ["tab", "enter"], 1, "write it", "Write the chosen variable";
    CompletionNext, "completion.next", Completion, ["down"], 2, "next", "Next variable";
    CompletionPrevious, "completion.previous", Completion, ["up"], 0, "previous", "Previous variable";

    ListUp, "list.up", List, ["up", "k", "ctrl-p"], 0, "up", "Up";
    ListDown, "list.down", List, ["down", "j"], 0, "down", "Down";
    ListPageUp, "list.page_up", List, ["pageup"], 0, "page up", "A page up";
    ListPageDown, "list.page_down", List, ["pagedown"], 0, "page down", "A page down";
    ListTop, "list.top", List, ["g", "home"], 0, "top", "To the first";
    ListBottom, "list.bottom", List, ["G", "end"], 0, "bottom", "To the last";
    RowOpen, "list.open", List, ["enter"], 1, "choose", "Choose";
    ShowFilter, "list.filter", List, ["/"], 2, "filter", "Filter the list";
    ListNew, "list.new", List, ["n"], 4, "new prompt", "New prompt (in the library)";
    ListDelete, "list.delete", List, ["d"], 6, "delete", "Delete what is chosen, after a question (library, value sets)";
    ListBegin, "list.begin", List, ["b"], 5, "draft from", "Begin the draft anew from the chosen version (library, releases)";
    ListDrill, "list.drill", List, ["t"], 4, "drill", "Try the way back (in the list of releases)";
    FixFinding, "lint.fix", List, ["f"], 4, "fix", "Fix the finding, where that is safe (in the list of findings)";
    AllowFinding, "lint.allow", List, ["a"], 5, "allow", "Allow the finding, with a reason (in the list of findings)";
    RowClose, "list.close", List, ["esc", "q"], 3, "close", "Close";

    DialogNext, "form.next", Form, ["tab", "down"], 2, "next field", "Next field";
    DialogPrevious, "form.previous", Form, ["shift-tab", "up"], 0, "previous field", "Previous field";
    FormLeft, "form.left", Form, ["left"], 0, "left", "Left, or the choice before";
    FormRight, "form.right", Form, ["right"], 0, "right", "Right, or the choice after";
    FormPageUp, "form.page_up", Form, ["pageup"], 0, "page up", "A page up in what is shown below";
    FormPageDown, "form.page_down", Form, ["pagedown"], 0, "page down", "A page down in what is shown below";
    FormAccept, "form.accept", Form, ["enter"], 1, "accept", "Accept";
    FormClose, "form.close", Form, ["esc"], 3, "cancel", "Cancel";

    SearchDown, "search.down", Search, ["down"], 1, "next match", "Next match";
    SearchUp, "search.up", Search, ["up"], 0, "match before", "Match before";
    SearchPageDown, "search.page_down", Search, ["pagedown"], 0, "page down", "Ten matches down";
    SearchPageUp, "search.page_up", Search, ["pageup"], 0, "page up", "Ten matches up";
    SearchLetters, "search.letters", Search, ["alt-c"], 5, "capitals", "Whether capitals count (c in the list)";
    SearchWords, "search.words", Search, ["alt-w"], 6, "words", "Whole words only, or not (w in the list)";
    SearchPattern, "search.pattern", Search, ["alt-x"], 7, "pattern", "A regular expression, or word for word (x in the list)";
    SearchWhere, "search.where", Search, ["alt-i"], 8, "where", "In this section, or in all (i in the list)";
    ReplaceSkip, "replace.skip", Search, ["alt-s"], 3, "skip", "Leave this match as it is (s in the list)";
    ReplaceEvery, "replace.all", Search, ["alt-a"], 2, "replace all", "Replace all matches that are not left (a in the list)";

    PastAgain, "history.again", Past, ["r", "ctrl-r", "f5"], 1, "send again", "Send the messages of the run again, and see both replies";
    PastSide, "history.side", Past, ["tab", "shift-tab"], 2, "other side", "To the prompt then and now, or back to the conversation";
    PastGood, "history.good", Past, ["+"], 3, "good", "Rate the reply good, or take that back";
    PastBad, "history.bad", Past, ["-"], 4, "bad", "Rate the reply bad, or take that back";
    PastEverything, "history.all", Past, ["a"], 5, "all or this", "Runs of all prompts, or of this one";
    PastExport, "history.export", Past, ["x"], 6, "export", "Write the listed runs, or the opened one, to a file";

    CountExactly, "cost.exact", Costs, ["ctrl-r", "f5"], 4, "exact count", "Count the tokens exactly, by the model's own server";

    WireHalf, "wire.half", Wire, ["tab", "shift-tab", "left", "right", "h", "l"], 2, "request/answer", "Request or answer";
    WireUp, "wire.up", Wire, ["up", "k"], 0, "up", "Up";
    WireDown, "wire.down", Wire, ["down", "j"], 0, "down", "Down";
    WirePageUp, "wire.page_up", Wire, ["pageup"], 0, "page up", "One page up";
    WirePageDown, "wire.page_down", Wire, ["pagedown"], 0, "page down", "One page down";
    WireTop, "wire.top", Wire, ["g", "home"], 0, "top", "To the top";
    WireBottom, "wire.bottom", Wire, ["G", "end"], 0, "bottom", "To the bottom";
    WireFind, "wire.find", Wire, ["/", "ctrl-f"], 4, "find", "Find in this half";
    WireNext, "wire.next", Wire, ["n"], 5, "next match", "Next match in this half";
    WirePrevious, "wire.previous", Wire, ["N"], 0, "match before", "Match before in this half";
    WireCurl, "wire.curl", Wire, ["c"], 1, "copy as curl", "Copy the request as a curl command, the key as a $VARIABLE";
    WireFile, "wire.file", Wire, ["w"], 7, "curl to a file", "Write the curl command to a file";
    WireCopy, "wire.copy", Wire, ["y"], 0, "copy", "Copy this half as it stands there";
    WireSent, "wire.next_request", Wire, ["p"], 3, "sent/next", "What was sent, or what would be sent next";
    WireForm, "wire.form", Wire, ["r"], 6, "raw/spread", "The body of the request as it is sent, or spread out";
    WireReveal, "wire.reveal", Wire, ["v"], 0, "reveal", "Show or hide personal values in the request";
    WireClose, "wire.close", Wire, ["esc", "q", "f6"], 8, "close", "Close";
}
