//! The rules, one file each.

mod always_and_never;
mod bare_prohibition;
mod bidi_characters;
mod can_and_cannot;
mod card_number;
mod contradicting_formats;
mod contradicting_lengths;
mod contradicting_tones;
mod control_bytes;
mod dated_fact;
mod early_request_variable;
mod email_address;
mod escalation_without_response;
mod hidden_tags;
mod identity_without_role;
mod invisible_characters;
mod leftover_note;
mod lone_braces;
mod long_line;
mod look_alike_letters;
mod malformed_placeholder;
mod mixed_line_endings;
mod no_way_out;
mod other_model;
mod output_without_example;
mod phone_number;
mod said_twice;
pub(super) mod secret;
mod secret_variable;
mod section_empty;
mod section_missing;
mod section_order;
mod section_repeated;
mod shouting;
mod trailing_blanks;
mod unbalanced_tag;
mod unclosed_fence;
mod undeclared_variable;
mod unknown_key;
mod unsorted_text;
mod untrusted_unfenced;
mod unused_variable;
mod vague_words;
mod value_stale;
mod value_too_long;

use super::rule::{Group, Rule};

/// All rules, by group, in the order in which they are listed.
pub const ALL: &[&Rule] = &[
    &section_missing::RULE,
    &section_empty::RULE,
    &section_repeated::RULE,
    &unsorted_text::RULE,
    &section_order::RULE,
    &identity_without_role::RULE,
    &no_way_out::RULE,
    &output_without_example::RULE,
    &escalation_without_response::RULE,
    &undeclared_variable::RULE,
    &unused_variable::RULE,
    &malformed_placeholder::RULE,
    &lone_braces::RULE,
    &untrusted_unfenced::RULE,
    &secret_variable::RULE,
    &value_too_long::RULE,
    &value_stale::RULE,
    &early_request_variable::RULE,
    &unknown_key::RULE,
    &can_and_cannot::RULE,
    &always_and_never::RULE,
    &contradicting_lengths::RULE,
    &contradicting_tones::RULE,
    &contradicting_formats::RULE,
    &said_twice::RULE,
    &vague_words::RULE,
    &bare_prohibition::RULE,
    &shouting::RULE,
    &dated_fact::RULE,
    &other_model::RULE,
    &leftover_note::RULE,
    &secret::RULE,
    &card_number::RULE,
    &email_address::RULE,
    &phone_number::RULE,
    &hidden_tags::RULE,
    &bidi_characters::RULE,
    &control_bytes::RULE,
    &invisible_characters::RULE,
    &look_alike_letters::RULE,
    &unclosed_fence::RULE,
    &unbalanced_tag::RULE,
    &long_line::RULE,
    &trailing_blanks::RULE,
    &mixed_line_endings::RULE,
];

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// The rules of one group.
pub fn of(group: Group) -> impl Iterator<Item = &'static Rule> {
    ALL.iter().copied().filter(move |rule| rule.group == group)
}
