//! What is asked of the history: runs by prompt, model, time and words, and what was spent.

use rusqlite::{Row, params_from_iter, types::Value as Stored};

use super::run::{Rating, Run, Said};
use super::store::Store;
use crate::error::Result;
use crate::model::Usage;

/// Which runs are wanted, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this prompt.
    pub prompt: Option<String>,
    /// Only of the library in this folder.
    pub library: Option<String>,
    /// Only by this model.
    pub model: Option<String>,
    /// Only from this moment on: milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// Only those that have all these words, in the message, the reply or a name; one behind `prompt:` in the text of the
    /// prompt.
    pub words: String,
    /// At most so many.
    pub most: Option<usize>,
}

/// What was spent on one model under one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Spent {
    /// The prompt.
    pub prompt: String,
    /// The model.
    pub model: String,
    /// Dollars.
    pub dollars: f64,
    /// How many runs it were.
    pub runs: u64,
}

/// What stands before a word that is searched in the text of the prompt.
const TEXT: &str = "prompt:";

const COLUMNS: &str = "id, at, library, prompt, version, sha256, model, params, system, turns, reply, finish, failure, \
                       input, output, cache_read, cache_write, cost, first_ms, total_ms, rating, private";

impl Store {
    /// The runs that the filter lets through, newest first.
    pub fn find(&self, filter: &Filter) -> Result<Vec<Run>> {
        let mut all = Vec::new();
        self.each(filter, "DESC", |run| {
            all.push(run);
            Ok(())
        })?;
        Ok(all)
    }

    /// Gives the runs that the filter lets through to `take`, oldest first, one at a time: a history may be larger than
    /// memory.
    pub fn export(&self, filter: &Filter, take: impl FnMut(Run) -> Result<()>) -> Result<()> {
        self.each(filter, "ASC", take)
    }

    fn each(&self, filter: &Filter, order: &str, mut take: impl FnMut(Run) -> Result<()>) -> Result<()> {
        let (conditions, values) = conditions(filter);
        let most = filter.most.map_or(-1, |most| i64::try_from(most).unwrap_or(i64::MAX));
        let question =
            format!("SELECT {COLUMNS} FROM runs WHERE {conditions} ORDER BY at {order}, id {order} LIMIT {most}");
        let failed = |error: rusqlite::Error| self.failed("read", &error);
        let mut statement = self.connection.prepare(&question).map_err(failed)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            take(run(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// The run of this number.
    pub fn get(&self, id: i64) -> Result<Option<Run>> {
        let question = format!("SELECT {COLUMNS} FROM runs WHERE id = ?1");
        match self.connection.query_row(&question, [id], run) {
            Ok(run) => Ok(Some(run)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(self.failed("read", &error)),
        }
    }

    /// What was spent from a moment on (milliseconds since 1970), the most expensive first.
    pub fn spent(&self, since_ms: i64) -> Result<Vec<Spent>> {
        let question = "SELECT prompt, model, total(cost), count(*) FROM runs WHERE at >= ?1
                        GROUP BY prompt, model ORDER BY 3 DESC, 1, 2";
        let read = || -> rusqlite::Result<Vec<Spent>> {
            let mut statement = self.connection.prepare(question)?;
            let rows = statement.query_map([since_ms], |row| {
                let runs = row.get::<_, i64>(3)?.unsigned_abs();
                Ok(Spent { prompt: row.get(0)?, model: row.get(1)?, dollars: row.get(2)?, runs })
            })?;
            rows.collect()
        };
        read().map_err(|error| self.failed("read", &error))
    }
}

pub(super) fn conditions(filter: &Filter) -> (String, Vec<Stored>) {
    let (mut conditions, mut values) = (vec!["1".to_owned()], Vec::new());
    let mut put = |condition: &str, value: Stored| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("?{}", values.len())));
    };
    let equal = [("prompt = ?", &filter.prompt), ("library = ?", &filter.library), ("model = ?", &filter.model)];
    for (condition, wanted) in equal {
        if let Some(wanted) = wanted {
            put(condition, Stored::Text(wanted.clone()));
        }
    }
    if let Some(since) = filter.since_ms {
        put("at >= ?", Stored::Integer(since));
    }
    for word in filter.words.split_whitespace() {
        // nearly every run of a prompt has the words of the prompt's own text, so that they are searched only when asked
        let (index, columns, word) = match word.strip_prefix(TEXT).filter(|word| !word.is_empty()) {
            Some(word) => ("texts", ["system"].as_slice(), word),
            None => ("words", ["said", "reply", "prompt", "model"].as_slice(), word),
        };
        if split_by_blanks(word) {
            // a word in quotes is nothing but a word, whatever is in it; the beginning of one will do
            let quoted = format!("\"{}\"*", word.replace('"', "\"\""));
            // the plus keeps the order of the runs' own index: looking up each run that has the word would take longer
            let found = format!("+id IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)");
            put(&found, Stored::Text(quoted));
        } else {
            let pattern = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let each: Vec<_> = columns.iter().map(|column| format!("{column} LIKE ? ESCAPE '\\'")).collect();
            put(&format!("({})", each.join(" OR ")), Stored::Text(format!("%{pattern}%")));
        }
    }
    (conditions.join(" AND "), values)
}

/// Whether the index knows such a word: of a script whose words stand apart, and not of signs alone.
fn split_by_blanks(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric) && word.chars().all(|c| u32::from(c) < 0x0e00)
}

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let whole = |column| row.get::<_, Option<i64>>(column).map(|number| number.and_then(|n| u64::try_from(n).ok()));
    let json = |column| row.get::<_, String>(column);
    Ok(Run {
        id: row.get(0)?,
        at_ms: row.get(1)?,
        library: row.get(2)?,
        prompt: row.get(3)?,
        version: row.get(4)?,
        sha256: row.get(5)?,
        model: row.get(6)?,
        params: serde_json::from_str(&json(7)?).unwrap_or_default(),
        system: row.get(8)?,
        turns: serde_json::from_str::<Vec<Said>>(&json(9)?).unwrap_or_default(),
        reply: row.get(10)?,
        left_out: 0,
        finish: row.get(11)?,
        failure: serde_json::from_str(&json(12)?).unwrap_or_default(),
        usage: Usage { input: whole(13)?, output: whole(14)?, cache_read: whole(15)?, cache_write: whole(16)? },
        cost: row.get(17)?,
        first_ms: whole(18)?,
        total_ms: whole(19)?.unwrap_or_default(),
        rating: row.get::<_, Option<String>>(20)?.as_deref().and_then(Rating::of),
        private: serde_json::from_str(&json(21)?).unwrap_or_default(),
    })
}
