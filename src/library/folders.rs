//! Where the user's own settings, state and library are.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders of this user; none of them need exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Holds `config.toml` and the user's themes: `$XDG_CONFIG_HOME/greenroom` on Linux.
    pub config: PathBuf,
    /// Holds journals, history and logs: `$XDG_STATE_HOME/greenroom` on Linux.
    pub state: PathBuf,
    /// Holds the user's own library: `$XDG_DATA_HOME/greenroom` on Linux.
    pub data: PathBuf,
}

/// The folders of this user; `None` when there is no home folder.
pub fn folders() -> Option<Folders> {
    let known = ProjectDirs::from("", "", "greenroom")?;
    let state = known.state_dir().map_or_else(|| known.data_local_dir().join("state"), ToOwned::to_owned);
    Some(Folders { config: known.config_dir().to_owned(), state, data: known.data_dir().to_owned() })
}
