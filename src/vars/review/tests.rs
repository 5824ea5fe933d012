use super::*;
use crate::prompt::Declaration;
use crate::vars::import::Field;

fn record(fields: &[(&str, &str)]) -> Record {
    let field = |(name, value): &(&str, &str)| Field { name: (*name).into(), value: (*value).into(), line: 1 };
    Record { line: 1, fields: fields.iter().map(field).collect() }
}

fn declarations() -> Declarations {
    let declared = |privacy| Declaration { privacy, ..Declaration::default() };
    Declarations(vec![
        ("user".into(), declared(Privacy::Personal)),
        ("mail".into(), declared(Privacy::Personal)),
        ("key".into(), declared(Privacy::Secret)),
        ("plan".into(), Declaration { default: Some("free".into()), ..Declaration::default() }),
    ])
}

fn review(records: &[Record], at: usize, masking: Masking) -> Review {
    let used = ["user", "mail", "city", "gone", "message", "plan"].map(str::to_owned);
    let set = Values([("city".to_owned(), "Bern".to_owned()), ("kept".to_owned(), "1".to_owned())].into());
    let declarations = declarations();
    Review::of(records, at, Against { used: &used, declarations: &declarations, set: &set, picked: false }, masking)
}

fn shown(review: &Review) -> Vec<String> {
    let show = |row: &Row| format!("{} {} {}", row.change.word(), row.name, row.value.as_deref().unwrap_or("-"));
    review.rows.iter().map(show).collect()
}

#[test]
fn a_review_names_what_is_new_changed_same_extra_secret_and_missing() {
    let fields = [("user", "Ada"), ("city", "Rome"), ("DB_PASSWORD", "x"), ("key", "k3y"), ("first name", "A")];
    let review = review(&[record(&fields)], 0, Masking::Masked);
    assert_eq!(
        shown(&review),
        [
            "new user user-1",
            "changed city Rome",
            "extra DB_PASSWORD x",
            "secret key -",
            "no name first name A",
            "missing mail -",
            "missing gone -"
        ]
    );
    assert_eq!(review.summary(), "1 new, 1 changed, 2 missing, 1 extra, 1 secret, 1 no name");
    let merged = review.merged(&Values([("kept".to_owned(), "1".to_owned())].into()), false);
    assert_eq!(merged.0.keys().collect::<Vec<_>>(), ["city", "kept", "user"], "what the record does not name stays");
    assert!(review.merged(&Values::default(), true).get("DB_PASSWORD").is_some());
    assert!(review.merged(&Values::default(), true).get("key").is_none(), "a secret is never taken");
}

#[test]
fn masks_are_the_same_for_the_same_value_and_keep_the_shape_of_an_address() {
    let records: Vec<Record> = [("Ada", "ada@x.org"), ("Bo", "b@y.ch"), ("Ada", "none")]
        .map(|(user, mail)| record(&[("user", user), ("mail", mail)]))
        .into();
    let masks = |at| shown(&review(&records, at, Masking::Masked))[..2].to_vec();
    assert_eq!(masks(0), ["new user user-1", "new mail mail-1@example.com"]);
    assert_eq!(masks(1), ["new user user-2", "new mail mail-2@example.com"]);
    assert_eq!(masks(2), ["new user user-1", "new mail mail-3"]);
    assert_eq!(shown(&review(&records, 1, Masking::Real))[..2], ["new user Bo", "new mail b@y.ch"]);
}

#[test]
fn an_environment_may_shout_the_names() {
    let review = review(&[record(&[("CITY", "Rome"), ("USER", "Ada"), ("user", "Bo")])], 0, Masking::Real);
    assert_eq!(shown(&review)[..2], ["changed city Rome", "new user Bo"]);
    assert_eq!(review.rows[0].called.as_deref(), Some("CITY"));
}

#[test]
fn only_addresses_look_like_addresses() {
    for (value, expected) in
        [("a@b.c", true), ("a b@c.d", false), ("@b.c", false), ("a@b", false), ("a@b@c.d", false), ("a@.b", false)]
    {
        assert_eq!(is_address(value), expected, "{value}");
    }
}
