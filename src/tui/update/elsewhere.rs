//! What has to hold before a text goes to a model's server, for a test message and for an exact count alike: who gets
//! it, and what of it stays here. The question whether it may is in `consent`.

use super::consent;
use super::play::model_of;
use crate::config::Provider;
use crate::model::{Audience, ModelName, Obstacle, Personal, Playtest, Prepared, Turn};
use crate::prompt::Privacy;
use crate::prompt::template::placeholders;
use crate::tui::consent::{Sharing, Wish};
use crate::tui::draft::{Row, RowState};
use crate::tui::model::Model;

/// Where a text would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The model that is asked.
    pub name: ModelName,
    /// The host, when it is not this machine; its whole address where nothing goes there encrypted.
    pub host: Option<String>,
    /// What was agreed to for that host; `None` when nobody was asked.
    pub agreed: Option<Sharing>,
    /// Whether a cassette answers, so that nothing goes out.
    pub on_tape: bool,
}

/// Why a text can go nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nowhere {
    /// No model is chosen.
    Unchosen,
    /// There is no such provider; in words.
    Unknown(String),
    /// There is no key for it; in words.
    Keyless(String),
}

/// What becomes of a text that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// It goes.
    Now {
        /// What goes.
        prepared: Prepared,
        /// The personal variables whose values are in it.
        seen: Vec<Personal>,
    },
    /// The user is asked first.
    Asks(Box<Wish>),
}

impl Destination {
    /// Who would get a text of the open prompt; never another model than the chosen one.
    pub fn of(model: &Model) -> Result<Self, Nowhere> {
        Self::with(model, model_of(model))
    }

    /// The same for another model than that of the focused column.
    pub fn with(model: &Model, name: Option<ModelName>) -> Result<Self, Nowhere> {
        let name = name.ok_or(Nowhere::Unchosen)?;
        let host = match model.settings.provider(&name.provider) {
            _ if name == ModelName::offline() => None,
            Ok(provider) if provider.is_local() => None,
            Ok(provider) => Some(address(provider)),
            Err(error) => return Err(Nowhere::Unknown(error.to_string())),
        };
        let agreed = host.as_deref().and_then(|host| consent::given(model, host));
        match model.settings.keyless.get(&name.provider) {
            Some(lacking) => Err(Nowhere::Keyless(lacking.message.clone())),
            None => Ok(Self { name, host, agreed, on_tape: false }),
        }
    }

    /// Where it would go if a cassette did not answer: filled in the same way, with nobody to agree to it and no key.
    pub fn on_tape(model: &Model, name: Option<ModelName>) -> Result<Self, Nowhere> {
        let name = name.ok_or(Nowhere::Unchosen)?;
        let host = match model.settings.provider(&name.provider) {
            _ if name == ModelName::offline() => None,
            Ok(provider) if provider.is_local() => None,
            Ok(provider) => Some(address(provider)),
            Err(_) => Some(name.provider.clone()),
        };
        let agreed = host.as_deref().map(|host| consent::given(model, host).unwrap_or(Sharing::Examples));
        Ok(Self { name, host, agreed, on_tape: true })
    }

    /// Who will see the text, as far as it was agreed to.
    pub fn audience(&self) -> Audience {
        match (&self.host, self.agreed) {
            (None, _) => Audience::ThisMachine,
            (Some(_), Some(Sharing::RealValues)) => Audience::ElsewhereWithRealValues,
            (Some(_), Some(Sharing::Examples) | None) => Audience::Elsewhere,
        }
    }
}

/// Whether declared examples would go in place of what is personal, to who answers in the focused column.
pub fn examples_go(model: &Model) -> bool {
    let declared = model.draft.iter().flat_map(|draft| &draft.values.declarations.0);
    // it is asked with every key: most prompts have nothing personal
    declared.into_iter().any(|(_, declared)| declared.privacy == Privacy::Personal)
        && host(model).is_some_and(|host| consent::given(model, &host) != Some(Sharing::RealValues))
}

/// The host of who answers in the focused column; `None` when that is this machine.
fn host(model: &Model) -> Option<String> {
    let name = model_of(model).filter(|name| *name != ModelName::offline())?;
    let provider = model.settings.providers.get(&name.provider)?;
    (!provider.is_local()).then(|| address(provider))
}

/// What the host of a provider gets of personal values, in words; `None` where nothing personal would leave.
pub fn sharing(model: &Model) -> Option<&'static str> {
    let draft = model.draft.as_ref()?;
    let given = |row: &Row| row.privacy == Privacy::Personal && row.state == RowState::Given;
    let host = host(model).filter(|_| draft.rows.iter().any(given))?;
    Some(consent::given(model, &host).map_or("asked first", Sharing::words))
}

/// A host with its port; where nothing goes there encrypted its whole address, because to agree to a host is not to agree
/// that others can read what it gets.
fn address(provider: &Provider) -> String {
    if provider.must_ask_first() { provider.base_url.clone() } else { crate::tui::play::host(&provider.base_url) }
}

/// What becomes of `message`, said after `turns` to who is `to`. `playtest` is filled for whom the destination says;
/// `told` are the personal variables whose values were in the turns.
///
/// # Errors
/// What stops it wherever it goes: something is missing, secret, or has the form of a key.
pub fn leaving(
    model: &Model,
    to: &Destination,
    playtest: Playtest<'_>,
    (turns, message): (&[Turn], &str),
    told: &[Personal],
) -> Result<Leaving, Obstacle> {
    let personal = playtest.personal(message);
    let Some(host) = &to.host else {
        return Ok(Leaving::Now { prepared: playtest.turn(turns, message)?, seen: personal });
    };
    let repeats = |one: &&Personal| turns.iter().any(|turn| one.stands_in(&turn.text));
    let mut repeated: Vec<String> = told.iter().filter(repeats).map(|one| one.name.clone()).collect();
    repeated.sort();
    repeated.dedup();
    let whole = Playtest { audience: Audience::ElsewhereWithRealValues, ..playtest };
    let once = model
        .play
        .once
        .iter()
        .any(|once| once.covers(host, &personal) && repeated.iter().all(|name| once.named.contains(name)));
    if once || to.agreed == Some(Sharing::RealValues) {
        return Ok(Leaving::Now { prepared: whole.turn(turns, message)?, seen: personal });
    }
    let has_examples = repeated.is_empty() && personal.iter().all(|one| one.example.is_some());
    if to.agreed == Some(Sharing::Examples) && has_examples {
        let examples = Playtest { audience: Audience::Elsewhere, ..playtest };
        return Ok(Leaving::Now { prepared: examples.turn(turns, message)?, seen: Vec::new() });
    }
    if to.on_tape {
        // without an example only the real value can have been recorded, and nothing goes out
        return Ok(Leaving::Now { prepared: whole.turn(turns, message)?, seen: personal });
    }
    // only its size is told; it does not leave
    let prepared = whole.turn(turns, message)?;
    let said: usize = turns.iter().map(|turn| turn.text.len()).sum();
    Ok(Leaving::Asks(Box::new(Wish {
        host: host.clone(),
        model: to.name.clone(),
        personal,
        repeated,
        secret: prepared.replaced,
        prompt: prepared.system.len(),
        talk: said + prepared.message.len(),
        is_draft: true,
        reply: None,
    })))
}

/// Why `text`, a prompt with its placeholders, cannot be sent; after "not sent" or what else it was for.
pub fn words(obstacle: &Obstacle, text: &str) -> String {
    let names = match obstacle {
        Obstacle::Leak(what) => return format!("{what}; take it out first"),
        Obstacle::Missing(names) | Obstacle::Secret(names) | Obstacle::Personal(names) => names.join(", "),
    };
    match obstacle {
        Obstacle::Missing(_) => format!("{names} has no value; write one first"),
        Obstacle::Secret(secret) => {
            let at = placeholders(text).find(|(_, name)| secret.iter().any(|one| one == name));
            let place = at.map(|(range, _)| format!(", used in line {},", text[..range.start].split('\n').count()));
            let place = place.unwrap_or_default();
            format!("secrets go nowhere, and {names}{place} has no example in prompt.toml to send instead")
        }
        Obstacle::Personal(_) | Obstacle::Leak(_) => {
            format!("{names} is personal and has no example in prompt.toml to send instead")
        }
    }
}
