//! The story through commands.

use std::fs;

use serde_json::{Value, json};

use crate::people::{PROMPT, Person, SETTINGS, said};

fn states(person: &Person, reference: &str) -> Vec<(String, String)> {
    let review = person.reads(&["review", reference]);
    let decisions = review["decisions"].as_array().unwrap();
    let of = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    decisions.iter().map(|one| (of(one, "kind"), of(one, "state"))).collect()
}

fn production(person: &Person) -> Value {
    person.reads(&["list"])["prompts"][0]["environments"]["production"].clone()
}

#[test]
fn from_a_draft_to_production_and_back_through_commands() {
    let office = tempfile::tempdir().unwrap();
    let library = office.path().join("library");
    greenroom::library::write_samples(&library).unwrap();
    fs::write(library.join("greenroom.toml"), SETTINGS).unwrap();
    let paula = Person::new("Paula", office.path(), library.clone());
    let emil = Person::new("Emil", office.path(), library);

    // what ran so far
    emil.reviews("customer_support@1.2.0", &["approve", "-m", "Runs since March"]);
    emil.does(&["deploy", "customer_support@1.2.0", "--why", "What runs already"]);

    // Paula drafts
    let warm = "- Write as a warm, competent colleague would: plain words, short sentences, no filler.";
    let kind = "- Write as a kind, competent colleague would: plain words, short sentences, no filler.";
    paula.edits(warm, kind);
    paula.reviews(PROMPT, &["done", "draft", "-m", "Warmer, as the survey asks"]);

    // Emil has two comments and a suggestion, and asks for changes
    let leave = "- If they want to leave, do not argue. Say how to take their work along (Full export), then hand over to Billing.";
    let better = "- If they want to leave, do not argue. Say where Full export is, then hand over to Billing.";
    let filler =
        emil.reviews(PROMPT, &["comment", "-m", "- which filler?\n- says who?", "--line", &emil.line_of(kind)]);
    let archive =
        emil.reviews(PROMPT, &["comment", "-m", "Is a day true?", "--section", "capabilities_and_limitations"]);
    let suggestion =
        emil.reviews(PROMPT, &["suggest", "--line", &emil.line_of(leave), "-m", better, "--why", "Shorter"]);
    emil.reviews(PROMPT, &["request-changes", "-m", "See the comments"]);
    assert_eq!(paula.reads(&["review", PROMPT])["open"], 3);
    assert!(paula.is_refused(&["review", PROMPT, "approve"], 1).contains("authors do not approve"));

    // Paula answers, changes and takes
    paula.edits(", no filler.", ".");
    paula.reviews(PROMPT, &["reply", &filler, "-m", "Out it goes"]);
    paula.reviews(PROMPT, &["resolve", &filler]);
    paula.reviews(PROMPT, &["reply", &archive, "-m", "It is: ask the platform team"]);
    emil.reviews(PROMPT, &["resolve", &archive]);
    paula.reviews(PROMPT, &["take", &suggestion]);
    assert!(paula.does(&["show", PROMPT]).contains(better));
    assert_eq!(states(&paula, PROMPT), [("request-changes".into(), "void".into())]);

    // Emil approves, and then one byte changes
    emil.reviews(PROMPT, &["approve", "-m", "Good"]);
    assert_eq!(states(&paula, PROMPT), [("approve".into(), "counts".into())]);
    paula.edits("a kind, competent colleague", "a kind and competent colleague");
    assert!(paula.does(&["review", PROMPT]).contains("void since something changed: the decision of Emil"));
    paula.does(&["cut", PROMPT, "--minor", "-m", "- Warmer", "--why", "- The survey of October"]);
    let refused = paula.is_refused(&["deploy", "customer_support@1.3.0", "--why", "Survey"], 1);
    assert!(refused.contains("approval: nobody has approved these bytes"), "{refused}");
    assert!(refused.contains("Emil approved other bytes, which were changed since"), "{refused}");
    assert_eq!((paula.ledger("releases.jsonl").len(), production(&paula)), (1, json!("1.2.0")));

    // approved again, as it was frozen
    emil.reviews("customer_support@1.3.0", &["approve"]);
    paula.does(&["deploy", "customer_support@1.3.0", "--why", "Survey"]);
    assert_eq!(production(&paula), "1.3.0");

    // an incident: the turn is played again, kept, and the version before comes back
    let played = emil.run(&[
        "play",
        "customer_support@1.3.0",
        "--model",
        "offline",
        "--values",
        "angry_customer",
        "-m",
        "Where is Full export?",
    ]);
    assert_eq!(played.status.code(), Some(0), "{}", said(&played));
    let incident = "+++\ntitle = \"Full export is not found\"\nstatus = \"open\"\n+++\n\nNo path is named.\n";
    fs::create_dir_all(emil.file("incidents")).unwrap();
    fs::write(emil.file("incidents/full-export.md"), incident).unwrap();
    let plan = emil.does(&["rollback", PROMPT, "--why", "x", "--dry-run"]);
    assert!(plan.contains("1.2.0") && plan.contains("1.3.0 runs there"), "{plan}");
    emil.does(&["rollback", PROMPT, "--why", "Full export is not found"]);
    assert_eq!(production(&paula), "1.2.0");

    // and it is all told
    let log = paula.does(&["log", PROMPT]);
    let newest = log.split("\n\n").next().unwrap();
    for told in [
        "1.3.0  ",
        "- Warmer",
        "why: - The survey of October",
        "changes requested by Emil, void since something changed: See the comments",
        "approved by Emil, void since something changed: Good",
        "approved by Emil\n",
        "deployed to production by Paula: Survey",
        "rolled back in production to 1.2.0 by Emil: Full export is not found",
    ] {
        assert!(newest.contains(told), "{told}: {newest}");
    }
    assert!(log.contains("production rolled back to it from 1.3.0 by Emil: Full export is not found"), "{log}");
    let releases: Vec<_> = paula
        .ledger("releases.jsonl")
        .iter()
        .map(|line| ["kind", "version", "by"].map(|key| line[key].as_str().unwrap().to_owned()).join(" "))
        .collect();
    assert_eq!(releases, ["deploy 1.2.0 Emil", "deploy 1.3.0 Paula", "rollback 1.2.0 Emil"]);
    let review = paula.reads(&["review", "customer_support@1.3.0"]);
    assert_eq!(review["comments"].as_array().unwrap().len(), 3, "what was said about the draft went with the version");
    assert_eq!((&review["open"], &review["decisions"][0]["state"]), (&json!(0), &json!("counts")));
    assert!(paula.does(&["list"]).contains("production runs 1.2.0"));
    assert!(paula.does(&["verify", PROMPT]).contains("ok        customer_support 1.3.0"));
    assert!(emil.does(&["history"]).contains("customer_support@1.3.0"));
    assert_eq!(paula.reads(&["list"])["prompts"][0]["damaged"], json!([]));
}
