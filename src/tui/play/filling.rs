//! What a turn was filled with when it was sent. The value sets, the declarations and what a column runs may be others
//! since: what is kept or shown of the turn afterwards goes by what was true then.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::Private;
use crate::prompt::{Declarations, Privacy};

/// The values of one turn, and what of them is nobody's business.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// What the column ran: `draft`, or a version.
    pub subject: String,
    /// What stood in each placeholder of the prompt and of the message's template, as it was sent.
    pub values: BTreeMap<String, String>,
    /// The variables in whose place their declared examples went.
    pub stood_in: BTreeSet<String>,
    /// Values that were personal or secret then, sent or not.
    pub private: Vec<Private>,
    /// What was declared personal or secret then.
    pub declared: BTreeMap<String, Privacy>,
}

impl Filling {
    /// How private the value is that was sent for `name`, by what was declared then and by what is declared `now`: the
    /// stricter of both. An example that went in its place is about nobody, and so is a default.
    pub fn privacy(&self, name: &str, now: &Declarations) -> Privacy {
        let Some(value) = self.values.get(name) else { return self.declared(name, now) };
        let then = self.private.iter().filter(|one| one.name == name && one.value == *value);
        let then = then.map(|one| if one.secret { Privacy::Secret } else { Privacy::Personal });
        let about_nobody = self.stood_in.contains(name)
            || now.get(name).is_some_and(|declared| {
                let written = [&declared.example, &declared.default];
                written.into_iter().flatten().any(|one| one == value)
            });
        let now = if about_nobody { Privacy::Public } else { now.privacy(name) };
        then.chain([now]).max().unwrap_or(now)
    }

    /// How private `name` was declared, then or now.
    pub fn declared(&self, name: &str, now: &Declarations) -> Privacy {
        self.declared.get(name).copied().into_iter().chain([now.privacy(name)]).max().unwrap_or_default()
    }

    /// The values that were private then or are by what is declared `now`.
    pub fn private(&self, now: &Declarations) -> Vec<Private> {
        let mut all = self.private.clone();
        for (name, value) in &self.values {
            let privacy = self.privacy(name, now);
            let one = Private { name: name.clone(), value: value.clone(), secret: privacy == Privacy::Secret };
            if privacy >= Privacy::Personal && !value.trim().is_empty() && !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }
}
