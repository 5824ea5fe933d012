//! One turn of a conversation under a prompt: what is sent, with which values, and who may see them.
//!
//! Decides, and asks nobody: the command and the screen send what comes out of this.

use std::collections::BTreeMap;

use super::request::{Role, Turn};
use crate::prompt::template::placeholders;
use crate::prompt::{Declarations, Filled, Origin, Privacy, Resolver, Values, fill};

/// Where the filled prompt goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// It stays on this machine.
    ThisMachine,
    /// To another host: personal values are replaced by their declared examples.
    Elsewhere,
    /// To another host, and the user wants the personal values to go there.
    ElsewhereWithRealValues,
}

/// A prompt with its values, ready for messages.
#[derive(Debug, Clone, Copy)]
pub struct Playtest<'a> {
    /// The system prompt with its placeholders.
    pub system: &'a str,
    /// What a message is put into; `None` sends it as it is.
    pub user_template: Option<&'a str>,
    /// Values given for this conversation; they win.
    pub given: &'a Values,
    /// The chosen value set.
    pub set: Option<&'a Values>,
    /// What is declared about the variables.
    pub declarations: &'a Declarations,
    /// Who will see it.
    pub audience: Audience,
}

/// What is sent for one turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The filled system prompt.
    pub system: String,
    /// The filled message of the user.
    pub message: String,
    /// Variables whose value was replaced by its declared example, sorted.
    pub replaced: Vec<String>,
    /// What was put in place of each variable, but for what the playtest itself gives.
    pub values: BTreeMap<String, String>,
}

/// A personal variable that a prompt uses, with a value that is about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// Its name.
    pub name: String,
    /// The value, which stays on this machine unless the user wants it to leave.
    pub value: String,
    /// The declared example, which is sent instead.
    pub example: Option<String>,
}

/// Why a turn cannot be sent. Each names all variables that it is about, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// They have no value.
    Missing(Vec<String>),
    /// They are secret and have no example that could be sent instead.
    Secret(Vec<String>),
    /// What would be sent holds a key, or the value of a secret variable: what, and where.
    Leak(String),
    /// They are personal, would leave the machine, and have no example that could be sent instead.
    Personal(Vec<String>),
}

impl Playtest<'_> {
    /// What is sent when `message` is said after `earlier`.
    pub fn turn(&self, earlier: &[Turn], message: &str) -> Result<Prepared, Obstacle> {
        let history = history(earlier);
        let resolver = Resolver {
            given: self.given,
            set: self.set,
            message: Some(message),
            conversation_history: Some(&history),
            declarations: self.declarations,
        };
        let (mut replaced, mut secret, mut personal) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = BTreeMap::new();
        let mut put = |name: &str| {
            let (value, origin) = resolver.resolve(name)?;
            let privacy = match (origin, self.declarations.privacy(name)) {
                // The user says a message in order to send it, nothing is nobody's, and a default was written by the
                // prompt's author for anyone: it is about no person.
                (Origin::Playtest | Origin::Empty, _) | (Origin::Default, Privacy::Personal) => Privacy::Public,
                (_, declared) => declared,
            };
            let withheld = match (privacy, self.audience) {
                (Privacy::Secret, _) => &mut secret,
                (Privacy::Personal, Audience::Elsewhere) => &mut personal,
                _ => return Some((value, origin)),
            };
            let declared = self.declarations.get(name);
            let Some(example) = declared.and_then(|declared| declared.example.as_deref()) else {
                withheld.push(name.to_owned());
                return Some((value, origin));
            };
            if example != value {
                replaced.push(name.to_owned());
            }
            Some((example, origin))
        };
        let mut resolve = |name: &str| {
            let (value, origin) = put(name)?;
            if origin != Origin::Playtest && !values.contains_key(name) {
                values.insert(name.to_owned(), value.to_owned());
            }
            Some(value)
        };
        let system = fill(self.system, &mut resolve);
        // Without a template the message goes out as it is; nothing in it is a placeholder.
        let said = self.user_template.map(|template| fill(template, &mut resolve));
        let texts = std::iter::once(&system).chain(&said);
        let missing = texts.flat_map(Filled::missing).map(str::to_owned).collect();
        for (names, obstacle) in [
            (missing, Obstacle::Missing as fn(Vec<String>) -> Obstacle),
            (secret, Obstacle::Secret),
            (personal, Obstacle::Personal),
        ] {
            if !names.is_empty() {
                return Err(obstacle(distinct(names)));
            }
        }
        let message = said.map_or_else(|| message.to_owned(), |said| said.text);
        if let Some(leak) = self.leak(&resolver, &system.text, &message, earlier) {
            return Err(Obstacle::Leak(leak));
        }
        Ok(Prepared { system: system.text, message, replaced: distinct(replaced), values })
    }
}

impl Playtest<'_> {
    /// The personal variables whose values would be seen by who gets a turn filled with them: each once, in the order of
    /// the text. A value that is its own example is about nobody.
    pub fn personal(&self, message: &str) -> Vec<Personal> {
        let resolver = Resolver {
            given: self.given,
            set: self.set,
            message: Some(message),
            conversation_history: Some(""),
            declarations: self.declarations,
        };
        let mut found: Vec<Personal> = Vec::new();
        let texts = std::iter::once(self.system).chain(self.user_template);
        for name in texts.flat_map(|text| placeholders(text).map(|(_, name)| name)) {
            let Some((value, Origin::Given | Origin::Set)) = resolver.resolve(name) else { continue };
            let declared = self.declarations.get(name).filter(|declared| declared.privacy == Privacy::Personal);
            let Some(example) = declared.map(|declared| declared.example.clone()) else { continue };
            if example.as_deref() != Some(value) && found.iter().all(|known| known.name != name) {
                found.push(Personal { name: name.to_owned(), value: value.to_owned(), example });
            }
        }
        found
    }

    /// Whether something secret stands in what would be sent, and where: the value of a secret variable that somebody
    /// wrote out, or, when it leaves this machine, what has the form of a key.
    fn leak(&self, resolver: &Resolver<'_>, system: &str, message: &str, earlier: &[Turn]) -> Option<String> {
        let parts = [("the filled system prompt", system), ("the message", message)].into_iter();
        let parts = parts.chain(earlier.iter().map(|turn| ("the conversation so far", turn.text.as_str())));
        let secret = self.declarations.0.iter().filter(|(_, declared)| declared.privacy == Privacy::Secret);
        let values: Vec<(&str, &str)> = secret
            .filter_map(|(name, declared)| {
                let (value, _) = resolver.resolve(name)?;
                let telling = value.chars().count() >= TELLING && declared.example.as_deref() != Some(value);
                telling.then_some((name.as_str(), value))
            })
            .collect();
        parts.into_iter().find_map(|(part, text)| {
            let line = |at: usize| text[..at].split('\n').count();
            let value = values.iter().find_map(|(name, value)| {
                let at = text.find(value)?;
                Some(format!("the value of {name}, which is secret, stands in line {} of {part}", line(at)))
            });
            value.or_else(|| {
                let found =
                    crate::lint::secrets(text).into_iter().next().filter(|_| self.audience != Audience::ThisMachine)?;
                Some(format!("what looks like a key or a password stands in line {} of {part}", line(found.start)))
            })
        })
    }
}

/// A secret of fewer characters is found in any text by chance.
const TELLING: usize = 4;

/// A value of more words is prose: its single words name nobody.
const WORDS_OF_A_NAME: usize = 4;
/// A shorter word says nothing about a person.
const SHORTEST_WORD: usize = 3;

impl Personal {
    /// Whether `text` repeats the value: as a whole, or a word of it that reads like a name or a number. A model that was
    /// told "Ada Lovelace" answers "Hello Ada".
    pub fn stands_in(&self, text: &str) -> bool {
        let whole = self.value.trim();
        if whole.is_empty() {
            return false;
        }
        let apart = |c: char| !c.is_alphanumeric();
        let words: Vec<&str> = whole.split(apart).filter(|word| !word.is_empty()).collect();
        let tells = |word: &&&str| {
            let first = word.chars().next();
            word.chars().count() >= SHORTEST_WORD
                && (first.is_some_and(char::is_uppercase) || word.contains(|c: char| c.is_numeric()))
        };
        let is_name = words.len() <= WORDS_OF_A_NAME;
        (whole.chars().count() >= SHORTEST_WORD && text.contains(whole))
            || words.iter().filter(|_| is_name).filter(tells).any(|word| text.split(apart).any(|other| other == *word))
    }
}

/// The turns so far as the value of `conversation_history`.
pub fn history(turns: &[Turn]) -> String {
    let line = |turn: &Turn| match turn.role {
        Role::User => format!("User: {}", turn.text),
        Role::Assistant => format!("Assistant: {}", turn.text),
    };
    turns.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Declaration;

    fn values(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn declared(name: &str, privacy: Privacy, example: Option<&str>) -> (String, Declaration) {
        (name.to_owned(), Declaration { privacy, example: example.map(str::to_owned), ..Declaration::default() })
    }

    fn prepare(system: &str, declarations: &Declarations, audience: Audience) -> Result<Prepared, Obstacle> {
        let given = values(&[("user", "Ada"), ("pin", "1234")]);
        let playtest = Playtest { system, user_template: None, given: &given, set: None, declarations, audience };
        playtest.turn(&[], "hi {{user}}")
    }

    #[test]
    fn a_key_or_a_secret_value_stops_what_would_be_sent_and_its_place_is_said() {
        let key = ["sk-ant-", "api03-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"].concat();
        let text = format!("One.\nUse {key} now.");
        let none = Declarations::default();
        let place = "what looks like a key or a password stands in line 2 of the filled system prompt";
        assert_eq!(prepare(&text, &none, Audience::Elsewhere), Err(Obstacle::Leak(place.into())));
        assert!(prepare(&text, &none, Audience::ThisMachine).is_ok(), "it stays here");
        let secret = Declarations(vec![declared("pin", Privacy::Secret, Some("0000"))]);
        let place = "the value of pin, which is secret, stands in line 1 of the filled system prompt";
        for audience in [Audience::Elsewhere, Audience::ThisMachine] {
            assert_eq!(prepare("pin 1234 {{pin}}", &secret, audience), Err(Obstacle::Leak(place.into())));
        }
        assert!(prepare("pin {{pin}}", &secret, Audience::Elsewhere).is_ok());
    }

    #[test]
    fn the_message_goes_out_as_it_is_and_never_scanned() {
        let prepared = prepare("for {{user}}", &Declarations::default(), Audience::Elsewhere).unwrap();
        assert_eq!((prepared.system.as_str(), prepared.message.as_str()), ("for Ada", "hi {{user}}"));
    }

    #[test]
    fn a_template_of_the_user_message_is_filled() {
        let set = values(&[("user", "Ada")]);
        let playtest = Playtest {
            system: "Before: {{conversation_history}}|{{message}}",
            user_template: Some("{{user}} asks: {{message}}"),
            given: &Values::default(),
            set: Some(&set),
            declarations: &Declarations::default(),
            audience: Audience::ThisMachine,
        };
        let earlier = [Turn { role: Role::User, text: "a".into() }, Turn { role: Role::Assistant, text: "b".into() }];
        let prepared = playtest.turn(&earlier, "{{x}}").unwrap();
        assert_eq!(prepared.message, "Ada asks: {{x}}");
        assert_eq!(prepared.system, "Before: User: a\nAssistant: b|{{x}}");
    }

    #[test]
    fn every_missing_variable_is_named_once_in_the_order_of_the_text_before_anything_else() {
        let declarations = Declarations(vec![declared("pin", Privacy::Secret, None)]);
        let obstacle = prepare("{{b}} {{pin}} {{a}} {{b}}", &declarations, Audience::ThisMachine).unwrap_err();
        assert_eq!(obstacle, Obstacle::Missing(vec!["b".into(), "a".into()]));
    }

    #[test]
    fn personal_values_leave_the_machine_only_when_they_are_meant_to() {
        let declarations = Declarations(vec![declared("user", Privacy::Personal, Some("Sam"))]);
        for (audience, text, replaced) in [
            (Audience::ThisMachine, "Ada", vec![]),
            (Audience::Elsewhere, "Sam", vec!["user".to_owned()]),
            (Audience::ElsewhereWithRealValues, "Ada", vec![]),
        ] {
            let prepared = prepare("{{user}}", &declarations, audience).unwrap();
            assert_eq!((prepared.system.as_str(), prepared.replaced), (text, replaced), "{audience:?}");
        }
        let without = Declarations(vec![declared("user", Privacy::Personal, None)]);
        let obstacle = prepare("{{user}}", &without, Audience::Elsewhere).unwrap_err();
        assert_eq!(obstacle, Obstacle::Personal(vec!["user".into()]));
    }

    #[test]
    fn who_would_be_seen_is_told_with_the_examples_that_can_stand_in() {
        let declarations = Declarations(vec![
            declared("user", Privacy::Personal, Some("Sam")),
            declared("pin", Privacy::Personal, None),
            declared("lost", Privacy::Personal, None),
        ]);
        let given = values(&[("user", "Ada"), ("pin", "1234"), ("other", "x")]);
        let of = |system, user_template| {
            let audience = Audience::Elsewhere;
            let playtest =
                Playtest { system, user_template, given: &given, set: None, declarations: &declarations, audience };
            let found = playtest.personal("hi {{lost}}");
            found.into_iter().map(|one| (one.name, one.value, one.example)).collect::<Vec<_>>()
        };
        let pin = ("pin".to_owned(), "1234".to_owned(), None);
        let user = ("user".to_owned(), "Ada".to_owned(), Some("Sam".to_owned()));
        assert_eq!(of("{{pin}} {{user}} {{pin}} {{other}}", None), [pin, user.clone()]);
        assert_eq!(of("nothing", Some("{{user}}: {{message}}")), [user]);
        assert_eq!(of("nothing", None), []);
    }

    #[test]
    fn a_text_repeats_a_value_when_it_says_a_name_or_a_number_of_it() {
        let value = |value: &str| Personal { name: "x".into(), value: value.into(), example: None };
        for (known, text, stands) in [
            ("Ada Lovelace", "Hello Ada, how are you?", true),
            ("Ada Lovelace", "Adaptable people", false),
            ("ada@example.com", "I wrote to ada@example.com.", true),
            ("Order 4711 of today", "your order 4711", true),
            ("of the team", "one of the others", false),
            ("Role: Admin. One open ticket, on the CSV export", "The CSV export stops", false),
            ("Role: Admin. One open ticket", "Role: Admin. One open ticket, I see", true),
            (" ", "a text", false),
        ] {
            assert_eq!(value(known).stands_in(text), stands, "{known:?} in {text:?}");
        }
    }

    #[test]
    fn a_default_is_about_no_person_and_is_sent_as_it_is() {
        let (name, declaration) = declared("context", Privacy::Personal, Some("an example"));
        let declaration = Declaration { default: Some("(nothing known)".into()), ..declaration };
        let declarations = Declarations(vec![(name, declaration)]);
        let prepared = prepare("{{context}}", &declarations, Audience::Elsewhere).unwrap();
        assert_eq!((prepared.system.as_str(), prepared.replaced.len()), ("(nothing known)", 0));
    }

    #[test]
    fn a_secret_value_goes_nowhere() {
        let with = Declarations(vec![declared("pin", Privacy::Secret, Some("0000"))]);
        let without = Declarations(vec![declared("pin", Privacy::Secret, None)]);
        for audience in [Audience::ThisMachine, Audience::Elsewhere, Audience::ElsewhereWithRealValues] {
            let prepared = prepare("{{pin}}", &with, audience).unwrap();
            assert_eq!((prepared.system.as_str(), prepared.replaced.len()), ("0000", 1));
            assert_eq!(prepare("{{pin}}", &without, audience), Err(Obstacle::Secret(vec!["pin".into()])));
            assert_eq!(prepare("no variable", &without, audience).map(|sent| sent.system), Ok("no variable".into()));
        }
    }
}
