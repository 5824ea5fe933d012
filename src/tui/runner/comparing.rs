//! What is compared: two sides as the Diff screen shows them, and our draft beside somebody else's.

use std::sync::Arc;

use crate::diff::Conflict;
use crate::error::Result;
use crate::library::on_equal_terms;
use crate::library::{Library, PromptConfig, Snapshot, Stamp, Which};
use crate::tui::changes::Changes;
use crate::tui::compare::Compared;
use crate::tui::msg::{Reconciled, Side, SideSource};

/// What differs between ours and theirs, and both put together as far as that goes by itself.
pub fn reconcile(base: &str, mine: &str, theirs: &str, (moment, stamp): (u64, Stamp)) -> Reconciled {
    let merge = crate::diff::merge(base, mine, theirs);
    let of = |conflict: &Conflict| {
        let title = conflict.section.map_or("Unsorted", |section| section.title());
        Arc::new(Changes::within(title, &conflict.mine, &conflict.theirs))
    };
    let conflicts = merge.conflicts().map(of).collect();
    Reconciled { moment, stamp, changes: Arc::new(Changes::between(mine, theirs)), merge, conflicts }
}

/// Compares the texts and configurations of two sides.
pub fn compare(library: &Library, prompt: &str, from: Side, to: Side) -> Result<Arc<Compared>> {
    let read = |side: Side| -> Result<(String, String, PromptConfig)> {
        Ok(match side.source {
            SideSource::Draft { text, config } => (side.label, text.to_text(), config),
            SideSource::Version(version) => {
                let snapshot = library.read(prompt, &Which::Version(version))?;
                (side.label, snapshot.text, snapshot.config)
            }
            SideSource::Named(name) => {
                let snapshot = library.side(&name)?.snapshot;
                (side.label, snapshot.text, snapshot.config)
            }
        })
    };
    Ok(Arc::new(Compared::new(read(from)?, read(to)?)))
}

/// The same with what differs beside the texts. What is not on disk as it should be takes away no comparison.
pub fn compare_whole(library: &Library, prompt: &str, from: Side, to: Side) -> Result<Arc<Compared>> {
    let read = |side: &Side| -> Result<crate::library::Side> {
        match &side.source {
            SideSource::Draft { text, config } => {
                let snapshot = library.read(prompt, &Which::Draft)?;
                library.side_of(Snapshot { text: text.to_text(), config: config.clone(), ..snapshot })
            }
            SideSource::Version(version) => library.side_of(library.read(prompt, &Which::Version(version.clone()))?),
            SideSource::Named(name) => library.side(name),
        }
    };
    match (read(&from), read(&to)) {
        (Ok(mut old), Ok(mut new)) => {
            on_equal_terms(&mut old, &mut new);
            Ok(Arc::new(Compared::whole([from.label, to.label], [old, new])))
        }
        _ => compare(library, prompt, from, to),
    }
}
