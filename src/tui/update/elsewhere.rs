//! What has to hold before a text goes to a model's server, for a test message and for an exact count alike: who gets
//! it, and what of it stays here. That the user was asked is in `consent`.

use super::consent;
use super::play::model_of;
use crate::model::{Audience, ModelName, Obstacle};
use crate::tui::model::Model;

/// Where a text would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The model that is asked.
    pub name: ModelName,
    /// The host, when it is not this machine; its whole address where nothing goes there encrypted.
    pub host: Option<String>,
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
            // to agree to a host is not to agree that others can read what it gets
            Ok(provider) if provider.must_ask_first() => Some(provider.base_url.clone()),
            Ok(provider) => Some(crate::tui::play::host(&provider.base_url)),
            Err(error) => return Err(Nowhere::Unknown(error.to_string())),
        };
        match model.settings.keyless.get(&name.provider) {
            Some(lacking) => Err(Nowhere::Keyless(lacking.message.clone())),
            None => Ok(Self { name, host }),
        }
    }

    /// Who will see the text.
    pub fn audience(&self) -> Audience {
        if self.host.is_some() { Audience::Elsewhere } else { Audience::ThisMachine }
    }

    /// The host that the user has to agree to first; `None` when the text stays here or was agreed to before.
    pub fn unagreed(&self, model: &Model) -> Option<String> {
        self.host.clone().filter(|host| !consent::is_given(model, host))
    }
}

/// Why a text cannot be sent, after "not sent" or what else it was for.
pub fn words(obstacle: &Obstacle) -> String {
    let names = match obstacle {
        Obstacle::Leak(what) => return format!("{what}; take it out first"),
        Obstacle::Missing(names) | Obstacle::Secret(names) | Obstacle::Personal(names) => names.join(", "),
    };
    match obstacle {
        Obstacle::Missing(_) => format!("{names} has no value; write one first"),
        Obstacle::Secret(_) => {
            format!("secrets go nowhere, and {names} has no example in prompt.toml to send instead")
        }
        Obstacle::Personal(_) | Obstacle::Leak(_) => {
            format!("{names} is personal and has no example in prompt.toml to send instead")
        }
    }
}
