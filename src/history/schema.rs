//! The tables of the history, and the steps from an older file to today's.

use rusqlite::Connection;

/// What leads from one version of the tables to the next; a file's version is the number of steps that were taken.
pub(super) const STEPS: &[&str] = &[
    "
    CREATE TABLE runs(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        library TEXT NOT NULL,
        prompt TEXT NOT NULL,
        version TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        model TEXT NOT NULL,
        params TEXT NOT NULL,
        system TEXT NOT NULL,
        turns TEXT NOT NULL,
        said TEXT NOT NULL,
        reply TEXT NOT NULL,
        finish TEXT NOT NULL,
        failure TEXT NOT NULL,
        input INTEGER,
        output INTEGER,
        cache_read INTEGER,
        cache_write INTEGER,
        cost REAL,
        first_ms INTEGER,
        total_ms INTEGER NOT NULL,
        rating TEXT,
        private TEXT NOT NULL
    );
    CREATE INDEX runs_at ON runs(at);
    CREATE INDEX runs_prompt ON runs(prompt, at);
    CREATE VIRTUAL TABLE words USING fts5(
        said, reply, system, prompt, model,
        content='runs', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    );
    INSERT INTO words(words, rank) VALUES('secure-delete', 1);
    CREATE TRIGGER runs_added AFTER INSERT ON runs BEGIN
        INSERT INTO words(rowid, said, reply, system, prompt, model)
        VALUES (new.id, new.said, new.reply, new.system, new.prompt, new.model);
    END;
    CREATE TRIGGER runs_gone AFTER DELETE ON runs BEGIN
        INSERT INTO words(words, rowid, said, reply, system, prompt, model)
        VALUES ('delete', old.id, old.said, old.reply, old.system, old.prompt, old.model);
    END;
",
    "
    CREATE INDEX runs_model ON runs(model, at);
",
    // the text of a prompt is searched only when that is asked for, so that it has an index of its own; what is left is
    // small enough to know by its first letter every beginning of a word, of which there are too many to put together
    "
    DROP TRIGGER runs_added;
    DROP TRIGGER runs_gone;
    DROP TABLE words;
    CREATE VIRTUAL TABLE words USING fts5(
        said, reply, prompt, model,
        content='runs', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1'
    );
    CREATE VIRTUAL TABLE texts USING fts5(
        system,
        content='runs', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    );
    INSERT INTO words(words, rank) VALUES('secure-delete', 1);
    INSERT INTO texts(texts, rank) VALUES('secure-delete', 1);
    INSERT INTO words(words) VALUES('rebuild');
    INSERT INTO texts(texts) VALUES('rebuild');
    CREATE TRIGGER runs_added AFTER INSERT ON runs BEGIN
        INSERT INTO words(rowid, said, reply, prompt, model)
        VALUES (new.id, new.said, new.reply, new.prompt, new.model);
        INSERT INTO texts(rowid, system) VALUES (new.id, new.system);
    END;
    CREATE TRIGGER runs_gone AFTER DELETE ON runs BEGIN
        INSERT INTO words(words, rowid, said, reply, prompt, model)
        VALUES ('delete', old.id, old.said, old.reply, old.prompt, old.model);
        INSERT INTO texts(texts, rowid, system) VALUES ('delete', old.id, old.system);
    END;
",
];

/// The indexes of words: of what was said, and of the prompts' own texts.
pub(super) const INDEXES: [&str; 2] = ["words", "texts"];

/// Today's version.
pub(super) const VERSION: u32 = STEPS.len() as u32;

/// Which version the tables have; 0 when there are none.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings older tables to today's version.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? >= VERSION {
        return Ok(());
    }
    // all steps or none: a half-made table would be taken for a whole one
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let taken = version(&transaction)? as usize;
    for step in STEPS.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
