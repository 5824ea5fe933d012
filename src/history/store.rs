//! The history itself: runs go in, and out for good.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::run::{Rating, Run};
use super::{disk, schema};
use crate::config::Keeping;
use crate::error::{Error, Result};

/// An open history.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    file: PathBuf,
    /// Where a damaged file was put when this one was opened.
    pub put_aside: Option<PathBuf>,
}

impl Store {
    /// Opens the history to write, and makes it where there is none. One that is damaged is put aside.
    ///
    /// # Errors
    /// When the folder cannot be written, or a newer greenroom has made the file.
    pub fn open(file: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| Error::io("keep the history", file, &error);
        disk::make(file).map_err(failed)?;
        let _lock = disk::lock(file).map_err(failed)?;
        let attempt = || -> rusqlite::Result<Option<Connection>> {
            let mut connection = disk::open(file)?;
            if schema::version(&connection)? > schema::VERSION {
                return Ok(None);
            }
            disk::prepare(&connection)?;
            schema::migrate(&mut connection)?;
            connection.query_row(
                "SELECT count(*), max(length(reply)) FROM (SELECT reply FROM runs ORDER BY id DESC LIMIT 1)",
                [],
                |_| Ok(()),
            )?;
            Ok(Some(connection))
        };
        let (attempted, put_aside) = match attempt() {
            Err(error) if disk::is_damage(&error) => {
                let aside = disk::put_aside(file).map_err(failed)?;
                disk::make(file).map_err(failed)?;
                (attempt(), Some(aside))
            }
            attempted => (attempted, None),
        };
        match attempted {
            Ok(Some(connection)) => Ok(Self { connection, file: file.to_owned(), put_aside }),
            Ok(None) => Err(newer(file)),
            Err(error) => Err(trouble("kept", file, &error)),
        }
    }

    /// Opens the history to read; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or a newer greenroom has made it.
    pub fn read(file: &Path) -> Result<Option<Self>> {
        match file.metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read the history", file, &error)),
            // a file that was made a moment ago has no tables yet
            Ok(found) if found.len() == 0 => return Ok(None),
            Ok(_) => {}
        }
        let read = || -> rusqlite::Result<(Connection, u32)> {
            let connection = disk::open_to_read(file)?;
            let version = schema::version(&connection)?;
            Ok((connection, version))
        };
        match read() {
            Ok((_, 0)) => Ok(None),
            // what is asked of it is asked of today's tables
            Ok((connection, version)) if version < schema::VERSION => {
                drop(connection);
                Self::open(file).map(Some)
            }
            Ok((connection, version)) if version <= schema::VERSION => {
                Ok(Some(Self { connection, file: file.to_owned(), put_aside: None }))
            }
            Ok(_) => Err(newer(file)),
            Err(error) => Err(trouble("read", file, &error)),
        }
    }

    /// Keeps a run, masked, and gives its number. With `keeping.real_values` the personal values stay in it, and are
    /// masked wherever it is shown.
    pub fn add(&mut self, mut run: Run, keeping: Keeping) -> Result<i64> {
        let (kept, hidden): (Vec<_>, Vec<_>) =
            std::mem::take(&mut run.private).into_iter().partition(|one| keeping.real_values && !one.secret);
        run.hide(&hidden);
        run.shorten();
        self.insert(&run, &kept).map_err(|error| self.failed("kept", &error))
    }

    fn insert(&self, run: &Run, private: &[super::Private]) -> rusqlite::Result<i64> {
        let whole = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
        self.connection.execute(
            "INSERT INTO runs(at, library, prompt, version, sha256, model, params, system, turns, said, reply, finish,
                failure, input, output, cache_read, cache_write, cost, first_ms, total_ms, rating, private)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22)",
            params![
                run.at_ms,
                run.library,
                run.prompt,
                run.version,
                run.sha256,
                run.model,
                run.params.to_string(),
                run.system,
                serde_json::to_string(&run.turns).unwrap_or_default(),
                run.message(),
                run.reply,
                run.finish,
                run.failure.to_string(),
                whole(run.usage.input),
                whole(run.usage.output),
                whole(run.usage.cache_read),
                whole(run.usage.cache_write),
                run.cost,
                whole(run.first_ms),
                whole(Some(run.total_ms)),
                run.rating.map(Rating::word),
                serde_json::to_string(private).unwrap_or_default(),
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Lets go of what is too old or too much; gives how many runs went. `now_ms` is the time now.
    pub fn forget_old(&mut self, keeping: Keeping, now_ms: i64) -> Result<usize> {
        let mut forget = || -> rusqlite::Result<usize> {
            let mut gone = 0;
            if keeping.days > 0 {
                let oldest = now_ms - i64::from(keeping.days) * 24 * 3_600_000;
                gone += self.let_go("at < ?1", oldest)?;
            }
            if keeping.megabytes > 0 {
                let most = i64::from(keeping.megabytes) * 1_000_000;
                while self.bytes()? > most {
                    // a tenth at a time, so that this is not to be done again with the next run
                    let runs: i64 = self.connection.query_row("SELECT count(*) FROM runs", [], |row| row.get(0))?;
                    let went = self.let_go("id IN (SELECT id FROM runs ORDER BY at, id LIMIT ?1)", runs / 10 + 1)?;
                    if went == 0 {
                        break;
                    }
                    gone += went;
                }
            }
            if gone > 0 {
                self.wipe()?;
            }
            Ok(gone)
        };
        forget().map_err(|error| self.failed("tidied", &error))
    }

    /// Deletes the runs for which `condition` holds of `limit`, and gives the room back that they had in the indexes.
    fn let_go(&mut self, condition: &str, limit: i64) -> rusqlite::Result<usize> {
        let any = format!("SELECT EXISTS(SELECT 1 FROM runs WHERE {condition})");
        if !self.connection.query_row(&any, [limit], |row| row.get::<_, bool>(0))? {
            return Ok(0);
        }
        // words that are wiped one by one leave the pages of an index half empty, and the runs that were kept would have
        // to go for them: here they are crossed out, and the index is written anew without them
        let transaction = self.connection.transaction()?;
        let all = |command: &str| -> rusqlite::Result<()> {
            schema::INDEXES.iter().try_for_each(|index| transaction.execute_batch(&command.replace('@', index)))
        };
        all("INSERT INTO @(@, rank) VALUES ('secure-delete', 0)")?;
        let went = transaction.execute(&format!("DELETE FROM runs WHERE {condition}"), [limit])?;
        all("INSERT INTO @(@) VALUES ('optimize')")?;
        all("INSERT INTO @(@, rank) VALUES ('secure-delete', 1)")?;
        transaction.commit()?;
        Ok(went)
    }

    /// Deletes these runs for good; gives those that there were. Nothing of them is left in the file.
    pub fn delete(&mut self, ids: &[i64]) -> Result<Vec<i64>> {
        let delete = || -> rusqlite::Result<Vec<i64>> {
            let mut gone = Vec::new();
            for id in ids {
                if self.connection.execute("DELETE FROM runs WHERE id = ?1", [id])? > 0 {
                    gone.push(*id);
                }
            }
            self.wipe()?;
            Ok(gone)
        };
        delete().map_err(|error| self.failed("changed", &error))
    }

    /// Says what the user thinks of a run; `false` when there is none of this number.
    pub fn rate(&mut self, id: i64, rating: Option<Rating>) -> Result<bool> {
        let change = "UPDATE runs SET rating = ?2 WHERE id = ?1";
        let changed = self.connection.execute(change, params![id, rating.map(Rating::word)]);
        changed.map(|rows| rows > 0).map_err(|error| self.failed("changed", &error))
    }

    /// Whether the file was found damaged by what has just failed.
    pub(super) fn failed(&self, what: &str, error: &rusqlite::Error) -> Error {
        trouble(what, &self.file, error)
    }

    /// Bytes of the pages in use.
    fn bytes(&self) -> rusqlite::Result<i64> {
        let number = |pragma: &str| self.connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let used = number("PRAGMA page_count")? - number("PRAGMA freelist_count")?;
        Ok(used * number("PRAGMA page_size")?)
    }

    /// Gives pages back that are not in use, and empties the journal, which still holds what was deleted.
    fn wipe(&self) -> rusqlite::Result<()> {
        let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        drop(rows);
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

fn newer(file: &Path) -> Error {
    Error::input("the history was made by a newer greenroom, and is left as it is").at(file).hint("use that one")
}

/// Why the history could not be read or written, in a sentence.
fn trouble(what: &str, file: &Path, error: &rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    let said = |why: &str| Error::input(format!("the history cannot be {what}: {why}")).at(file);
    match error.sqlite_error_code() {
        _ if disk::is_damage(error) => said("the file is damaged, or is none of greenroom's")
            .hint("the next run puts it aside and begins a new one; `sqlite3 FILE .recover` may save what is in it"),
        Some(ErrorCode::DiskFull) => said("the disk is full").hint("make room, and runs are kept again"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => said("another program holds it"),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            said("its folder cannot be written")
        }
        Some(ErrorCode::SystemIoFailure) => said("the disk fails"),
        _ => said(&error.to_string()),
    }
}

#[cfg(test)]
mod tests;
