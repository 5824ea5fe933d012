//! The file of the history: made readable by the user alone, opened by one process after the other, put aside when it is
//! damaged.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// How long a process waits for another one that is writing.
const BUSY: Duration = Duration::from_secs(3);

/// Makes folder and file where they are not there yet, readable only by the user.
pub(super) fn make(file: &Path) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    builder.create(folder)?;
    let made = options.open(file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if made.metadata()?.permissions().mode() & 0o077 != 0 {
            made.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    drop(made);
    Ok(())
}

/// Held while the file is opened or put aside, so that two processes do not do it at once. The system lets go of it when
/// a process ends.
pub(super) fn lock(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(file.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Opens it to write; it is not looked at yet.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Makes it ready to be written to.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // takes effect only before the first table is made
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    // a journal beside the file, so that who reads and who writes do not wait for each other
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    // a lost power may cost the last run, and never the file
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))
}

/// Opens it to read, also where nothing can be written: then what other processes write meanwhile is not seen.
pub(super) fn open_to_read(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let looked = |connection: Connection| {
        connection.busy_timeout(BUSY)?;
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        Ok(connection)
    };
    match Connection::open_with_flags(file, flags).and_then(looked) {
        Err(error) if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)) => {
            let mut escaped = String::new();
            for byte in file.as_os_str().as_encoded_bytes() {
                use std::fmt::Write as _;
                let _ = if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
                    write!(escaped, "{}", *byte as char)
                } else {
                    write!(escaped, "%{byte:02x}")
                };
            }
            let uri = format!("file:{escaped}?immutable=1");
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).and_then(looked)
        }
        opened => opened,
    }
}

/// Whether the file itself is damaged or is something else.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    let damaged = matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
    // tables that are not what they should be
    let foreign = matches!(error, rusqlite::Error::SqliteFailure(cause, Some(words))
        if cause.code == ErrorCode::Unknown && (words.contains("no such table") || words.contains("already exists") || words.contains("no such column") || words.contains("malformed")));
    damaged || foreign
}

/// Moves the file away, with what `SQLite` keeps beside it; gives its new name.
pub(super) fn put_aside(file: &Path) -> io::Result<PathBuf> {
    let beside = |name: &Path, ending: &str| {
        let mut whole = name.as_os_str().to_owned();
        whole.push(ending);
        PathBuf::from(whole)
    };
    let free = (1..10_000).map(|number| file.with_extension(format!("damaged-{number}"))).find(|name| !name.exists());
    let aside = free.ok_or_else(|| io::Error::other("no name is free"))?;
    fs::rename(file, &aside)?;
    for ending in ["-wal", "-shm"] {
        match fs::rename(beside(file, ending), beside(&aside, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}
