//! What was written is committed: asked, at once, or never, as the library says.

use std::path::Path;
use std::process::Command;

use crate::config::Commit;
use crate::git::Standing;
use crate::library::Thing;
use crate::tui::committing::{When, Written};
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::{Confirm, Overlay};
use crate::tui::tests::Workbench;
use crate::tui::variables::Asked;

fn git(folder: &Path, words: &[&str]) -> String {
    let run = Command::new("git").args(words).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

/// The samples, kept and committed by git.
fn in_git(commit: Commit) -> Workbench {
    let mut bench = Workbench::on_library(|library| {
        for words in [
            &["init", "-q", "-b", "main"][..],
            &["config", "user.name", "Ana Lima"],
            &["config", "user.email", "ana@example.org"],
            &["add", "."],
            &["commit", "-q", "-m", "the samples"],
        ] {
            git(library, words);
        }
    });
    bench.open("customer_support");
    bench.perform(vec![Effect::AskGit]);
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(0));
    bench.model.settings.commit = commit;
    bench.model.status = None;
    bench
}

fn question(bench: &Workbench) -> &Confirm {
    match &bench.model.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        _ => panic!("nothing is asked: {}", bench.said()),
    }
}

fn deploy(bench: &mut Workbench, why: &str) {
    bench.press_and_settle("space D");
    bench.press_and_settle("enter");
    bench.type_text(why);
    bench.press_and_settle("right enter");
}

fn last_commit(bench: &Workbench) -> String {
    git(bench.library().root(), &["log", "-1", "--format=%s", "--name-only"])
}

fn written(name: &str) -> Written {
    Written { files: vec![name.into()], what: format!("{name} was written\nand more"), when: When::AtOnce }
}

fn wrote(name: &str) -> Msg {
    Msg::Wrote(written(name), Box::new(Msg::Judged(Ok(()))))
}

#[test]
fn what_a_release_wrote_is_committed_after_a_yes_and_nothing_else() {
    let mut bench = in_git(Commit::Ask);
    std::fs::write(bench.library().root().join("notes.txt"), "mine").unwrap();
    deploy(&mut bench, "warmer tone");
    let asked = question(&bench);
    assert_eq!(asked.selected, 0, "not now is chosen at first");
    assert_eq!(asked.consequence[0], "deploy customer_support 1.2.0 in production: warmer tone");
    assert!(asked.consequence[1].starts_with("2 files on main; nothing else goes in"), "{:?}", asked.consequence);
    bench.press_and_settle("right enter");
    assert!(bench.said().starts_with("committed as "), "{}", bench.said());
    assert_eq!(
        last_commit(&bench),
        "deploy customer_support 1.2.0 in production: warmer tone\n\n.gitattributes\nprompts/customer_support/releases.jsonl\n"
    );
    assert_eq!(bench.model.git, Some(Standing { branch: "main".into(), uncommitted: 1 }));
}

#[test]
fn what_was_left_is_asked_again_by_a_key_and_committed_one_by_one() {
    let mut bench = in_git(Commit::Ask);
    deploy(&mut bench, "one");
    bench.press_and_settle("enter");
    assert!(bench.model.overlay.is_none());
    deploy(&mut bench, "two");
    assert_eq!(question(&bench).consequence.len(), 3, "what was left is not asked about again by itself");
    bench.press_and_settle("esc");
    bench.press_and_settle("space g");
    assert_eq!(question(&bench).consequence.len(), 4);
    bench.press_and_settle("right enter");
    // the second line of the log went with the first commit: nothing of it is left for another
    let commits = git(bench.library().root(), &["log", "--format=%s"]);
    assert_eq!(commits, "deploy customer_support 1.2.0 in production: one\nthe samples\n");
    bench.press_and_settle("space g");
    assert_eq!(bench.said(), "everything is committed");
}

#[test]
fn a_library_that_always_commits_does_it_without_a_question() {
    let mut bench = in_git(Commit::Always);
    deploy(&mut bench, "at once");
    assert!(bench.model.overlay.is_none());
    assert!(bench.said().starts_with("committed as "), "{}", bench.said());
    assert!(last_commit(&bench).starts_with("deploy customer_support 1.2.0 in production: at once\n"));
}

#[test]
fn a_library_that_never_commits_shows_what_is_not_committed() {
    let mut bench = in_git(Commit::Never);
    deploy(&mut bench, "by hand");
    assert!(bench.model.overlay.is_none());
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(2));
    bench.press_and_settle("space g");
    assert_eq!(
        bench.said(),
        "this library is not committed from here ([git] commit = \"never\"); 2 files not committed"
    );
}

#[test]
fn outside_of_git_nothing_is_asked() {
    let mut bench = Workbench::on_samples();
    bench.model.settings.commit = Commit::Ask;
    bench.tell(wrote("a"));
    assert!(bench.model.overlay.is_none());
    bench.press("space g");
    assert!(bench.said().starts_with("git does not keep this library"), "{}", bench.said());
}

#[test]
fn whoever_writes_is_not_interrupted_and_finds_the_question_later() {
    let mut bench = in_git(Commit::Ask);
    bench.press("enter");
    bench.tell(wrote("a"));
    assert!(bench.model.overlay.is_none());
    assert!(bench.said().ends_with("not committed yet: Esc and then Space g asks"), "{}", bench.said());
    bench.press_and_settle("esc space g");
    assert_eq!(question(&bench).consequence[0], "a was written");
}

#[test]
fn what_is_written_while_the_question_is_open_stands_in_it() {
    let mut bench = in_git(Commit::Ask);
    bench.tell(wrote("a"));
    bench.press("right");
    for name in ["b", "c", "d", "e"] {
        bench.tell(wrote(name));
    }
    let asked = question(&bench);
    assert_eq!(asked.selected, 1, "the choice stays");
    assert_eq!(asked.consequence[3..5], ["d was written", "and 1 more"]);
    assert!(asked.consequence[5].starts_with("5 files on main"));
    let effects = bench.press("enter");
    let Some(Effect::Commit(all)) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(all.len(), 5);
}

#[test]
fn what_git_refuses_is_told_and_what_was_done_stays() {
    let mut bench = in_git(Commit::Always);
    let hook = bench.library().root().join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho 'no commits on Mondays' >&2\nexit 1\n").unwrap();
    make_executable(&hook);
    deploy(&mut bench, "refused");
    assert!(bench.said().starts_with("not committed: "), "{}", bench.said());
    assert!(bench.said().contains("no commits on Mondays"), "{}", bench.said());
    assert_eq!(bench.library().releases("customer_support").unwrap().all.len(), 1);
}

#[cfg(unix)]
fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}

#[test]
fn a_version_that_was_frozen_is_committed_with_what_was_said_about_it() {
    let mut bench = in_git(Commit::Ask);
    bench.press("enter");
    bench.type_text("More warmth. ");
    bench.press_and_settle("esc ctrl-s f8");
    bench.type_text("Warmer");
    bench.press("tab");
    bench.type_text("complaints");
    bench.press_and_settle("tab enter");
    assert_eq!(question(&bench).consequence[0], "customer_support 1.3.0: Warmer", "{}", bench.said());
    bench.press_and_settle("right enter");
    let commit = last_commit(&bench);
    assert!(commit.contains("prompts/customer_support/v1.3.0_2024-04-02/SHA256SUMS\n"), "{commit}");
    assert!(commit.contains("changelog.md\n"), "{commit}");
    assert!(
        commit.contains("draft/system_prompt.txt"),
        "who takes the version finds the draft that it was cut of: {commit}"
    );
}

#[test]
fn comments_wait_for_the_decision_and_are_one_commit_with_it() {
    let mut bench = in_git(Commit::Ask);
    bench.model.settings.author = Some("Ben".into());
    bench.press_and_settle("6");
    for words in ["why so?", "and this?"] {
        bench.press("down c");
        bench.type_text(words);
        bench.press_and_settle("enter");
        assert!(bench.model.overlay.is_none(), "a question after each comment would be in the way");
    }
    assert_eq!(bench.model.committing.gathered.len(), 1);
    bench.press_and_settle("X");
    bench.type_text("both first");
    bench.press_and_settle("enter");
    let asked = &question(&bench).consequence;
    assert_eq!(asked[0], "changes of customer_support draft requested");
    assert!(asked[1].starts_with("2 files on main"), "{asked:?}");
    bench.press_and_settle("right enter");
    assert!(bench.said().starts_with("committed as "), "{}", bench.said());
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(0));
    assert_eq!(
        last_commit(&bench),
        "changes of customer_support draft requested\n\n.gitattributes\nprompts/customer_support/draft/review.jsonl\n"
    );
}

#[test]
fn what_is_said_and_declared_is_committed_at_once_where_the_library_always_does() {
    let mut bench = in_git(Commit::Always);
    bench.model.settings.author = Some("Ben".into());
    bench.press_and_settle("6");
    bench.press("c");
    bench.type_text("why?");
    bench.press_and_settle("enter");
    assert!(last_commit(&bench).starts_with("review of customer_support draft\n"), "{}", last_commit(&bench));
    let property = crate::vars::Property::Description(Some("new".into()));
    bench.perform(vec![Effect::Variables(Asked::Declare {
        prompt: "customer_support".into(),
        variable: "user_name".into(),
        properties: vec![property],
        seen: crate::library::Seen::Anything,
    })]);
    assert_eq!(
        last_commit(&bench),
        "customer_support: what is declared of variables\n\nprompts/customer_support/prompt.toml\n"
    );
}

#[test]
fn values_and_declarations_wait_until_the_key_that_commits() {
    let mut bench = in_git(Commit::Ask);
    let property = crate::vars::Property::Description(Some("new".into()));
    bench.perform(vec![Effect::Variables(Asked::Declare {
        prompt: "customer_support".into(),
        variable: "user_name".into(),
        properties: vec![property],
        seen: crate::library::Seen::Anything,
    })]);
    assert!(bench.model.overlay.is_none() && bench.said().ends_with("commits it"), "{}", bench.said());
    bench.press_and_settle("space g");
    assert_eq!(question(&bench).consequence[0], "customer_support: what is declared of variables");
    bench.press_and_settle("right enter");
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(0));
}

/// A draft with something typed at its beginning.
fn typed(bench: &mut Workbench, words: &str) {
    bench.press("1 enter");
    bench.type_text(words);
    bench.press_and_settle("esc");
}

#[test]
fn a_draft_that_is_handed_over_is_in_the_commit_that_hands_it_over() {
    let mut bench = in_git(Commit::Ask);
    typed(&mut bench, "More warmth. ");
    bench.press_and_settle("ctrl-s");
    assert_eq!(bench.said(), "saved; Space g commits it");
    assert!(bench.model.overlay.is_none(), "nobody is asked after each save");
    bench.model.settings.author = Some("Ben".into());
    bench.press_and_settle("6");
    bench.press("X");
    bench.type_text("too warm");
    bench.press_and_settle("enter");
    let asked = &question(&bench).consequence;
    assert_eq!((asked.len(), asked[0].as_str()), (3, "changes of customer_support draft requested"), "{asked:?}");
    bench.press_and_settle("right enter");
    assert_eq!(
        last_commit(&bench),
        "changes of customer_support draft requested\n\n.gitattributes\nprompts/customer_support/draft/review.jsonl\n\
         prompts/customer_support/draft/system_prompt.txt\n"
    );
}

#[test]
fn a_release_takes_nothing_of_a_draft_along() {
    let mut bench = in_git(Commit::Ask);
    typed(&mut bench, "Half a sentence that ");
    bench.press_and_settle("ctrl-s");
    deploy(&mut bench, "warmer tone");
    let asked = &question(&bench).consequence;
    assert_eq!((asked.len(), asked[0].as_str()), (3, "deploy customer_support 1.2.0 in production: warmer tone"));
    bench.press_and_settle("right enter");
    assert!(!last_commit(&bench).contains("draft/"), "{}", last_commit(&bench));
    bench.press_and_settle("space g");
    assert_eq!(question(&bench).consequence[0], "customer_support: the draft");
    bench.press_and_settle("right enter");
    assert_eq!(
        last_commit(&bench),
        "customer_support: the draft\n\nprompts/customer_support/draft/system_prompt.txt\n"
    );
}

#[test]
fn who_writes_asks_by_the_palette_and_is_asked() {
    let mut bench = in_git(Commit::Ask);
    typed(&mut bench, "More warmth. ");
    bench.press_and_settle("ctrl-s");
    // an autosave says nothing, and the first comment is told all the same
    bench.press_and_settle("6");
    bench.press("c");
    bench.type_text("why?");
    bench.press_and_settle("enter");
    assert!(bench.said().ends_with("not committed yet: Space g commits it"), "{}", bench.said());
    bench.press_and_settle("1 enter");
    bench.press("ctrl-p");
    bench.type_text("commit the draft");
    bench.press_and_settle("enter");
    let asked = &question(&bench).consequence;
    assert_eq!(asked[..2], ["review of customer_support draft", "customer_support: the draft"], "{asked:?}");
}

#[test]
fn a_commit_names_no_folder_of_this_machine() {
    let mut bench = in_git(Commit::Ask);
    std::fs::write(bench.library().root().join(".gitattributes"), "* -text\n").unwrap();
    bench.press_and_settle("space g");
    assert_eq!(question(&bench).consequence[0], "customer_support: .gitattributes");
}

#[test]
fn the_draft_of_yesterday_is_committed_by_the_key() {
    let mut bench = in_git(Commit::Ask);
    let folder = bench.library().root().join("prompts/customer_support");
    for file in ["draft/system_prompt.txt", "prompt.toml", "notes[1].md", "values/a.json", "values/b.json", "z.md"] {
        let before = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        std::fs::write(folder.join(file), format!("{before}\n")).unwrap();
    }
    std::fs::write(bench.library().root().join("prompts/recipe_ideas/notes.md"), "of another prompt").unwrap();
    bench.press_and_settle("space g");
    let asked = &question(&bench).consequence;
    let line = "customer_support: draft/system_prompt.txt, prompt.toml, notes[1].md, values/a.json and 2 more";
    assert_eq!(asked[0], line);
    assert!(asked[1].starts_with("6 files on main"), "{asked:?}");
    bench.press_and_settle("right enter");
    assert_eq!(last_commit(&bench).lines().count(), 8, "{}", last_commit(&bench));
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(1));
    bench.press_and_settle("space g");
    assert_eq!(bench.said(), "nothing of this prompt waits; 1 file elsewhere in this library not committed");
}

#[test]
fn a_library_that_always_commits_gets_the_draft_when_it_is_saved_by_hand_and_at_the_end() {
    let mut bench = in_git(Commit::Always);
    typed(&mut bench, "More warmth. ");
    bench.press_and_settle("ctrl-s");
    assert!(bench.said().starts_with("committed as "), "{}", bench.said());
    assert!(last_commit(&bench).starts_with("customer_support: the draft\n"), "{}", last_commit(&bench));
    typed(&mut bench, "And more. ");
    let effects = bench.tell(Msg::Timer(Timer::Autosave));
    bench.perform(effects);
    assert_eq!(bench.model.git.as_ref().map(|standing| standing.uncommitted), Some(1), "{}", bench.said());
    let effects = bench.press("ctrl-q");
    let place = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted);
    assert!(
        place(|effect| matches!(effect, Effect::Commit(_))) < place(|effect| *effect == Effect::Quit),
        "{effects:?}"
    );
    assert!(place(|effect| matches!(effect, Effect::Commit(_))).is_some(), "{effects:?}");
}

#[test]
fn what_was_deleted_and_brought_back_can_be_committed() {
    let set = Thing::ValueSet { prompt: "customer_support".into(), set: "new_free_user".into() };
    for thing in [set, Thing::Prompt("recipe_ideas".into())] {
        let mut bench = in_git(Commit::Ask);
        let clean = |bench: &Workbench| bench.model.git.as_ref().map(|standing| standing.uncommitted) == Some(0);
        bench.perform(vec![Effect::Delete(thing.clone())]);
        bench.press_and_settle("space g");
        assert_eq!(question(&bench).consequence[0], format!("{}: deleted", thing.words()));
        bench.press_and_settle("right enter");
        assert!(clean(&bench), "{}", bench.said());
        assert!(last_commit(&bench).contains(thing.path().to_str().unwrap()), "{}", last_commit(&bench));
        let [deleted] = &bench.library().trash()[..] else { panic!("not in the trash") };
        bench.perform(vec![Effect::BringBack(deleted.clone())]);
        bench.press_and_settle("space g");
        assert_eq!(question(&bench).consequence[0], format!("{}: brought back", thing.words()));
        bench.press_and_settle("right enter");
        assert!(clean(&bench), "{}", bench.said());
    }
}

#[test]
fn what_was_committed_elsewhere_meanwhile_is_not_asked_about() {
    let mut bench = in_git(Commit::Ask);
    typed(&mut bench, "More warmth. ");
    bench.press_and_settle("ctrl-s");
    git(bench.library().root(), &["commit", "-q", "-a", "-m", "by hand"]);
    bench.press_and_settle("space g");
    assert!(bench.model.overlay.is_none());
}
