//! YAML: a table of names, or a list of such tables. Every scalar is the text it was written as.

use std::collections::HashMap;
use std::path::Path;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::{Field, Record, Records};
use crate::error::{Error, Result};
use crate::source::{error_at, without_mark};

/// So deep tables are taken apart; deeper ones are refused.
const DEEPEST: usize = 16;

/// Reads one or more documents.
pub fn read(file: &Path, text: &str) -> Result<Records> {
    let body = without_mark(text);
    let mark = text.len() - body.len();
    let mut reading =
        Reading { file, text, mark, levels: Vec::new(), records: Records::default(), anchors: HashMap::new() };
    for next in Parser::new_from_str(body) {
        let (event, span) = next.map_err(|error| {
            let offset = mark + error.marker().byte_offset().unwrap_or(0);
            error_at(file, text, offset, format!("is not valid YAML: {}", error.info()))
        })?;
        reading.event(&event, &span)?;
    }
    reading.records.all.retain(|record| !record.fields.is_empty());
    Ok(reading.records)
}

/// What is open around the place that is read.
enum Level {
    /// The list that the records stand in.
    Records,
    /// A table, the names above it, and the key whose value comes next.
    Table { above: String, key: Option<String> },
    /// A list that is a value: its texts.
    List { name: String, items: Vec<String> },
}

struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    mark: usize,
    levels: Vec<Level>,
    records: Records,
    /// The texts that `&anchor` stands before.
    anchors: HashMap<usize, String>,
}

impl Reading<'_> {
    fn event(&mut self, event: &Event<'_>, span: &Span) -> Result<()> {
        match event {
            Event::MappingStart(..) => self.table(span),
            Event::SequenceStart(..) => self.list(span),
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(Level::List { name, items }) = self.levels.pop() {
                    self.remark(span, format!("`{name}` is a list: its lines, one an item, are the value"));
                    self.put(span, name, items.join("\n"));
                }
                Ok(())
            }
            Event::Scalar(value, style, anchor, _) => {
                if *anchor != 0 {
                    self.anchors.insert(*anchor, value.to_string());
                }
                self.scalar(value, *style, span)
            }
            Event::Alias(id) => match self.anchors.get(id).cloned() {
                Some(value) => self.scalar(&value, ScalarStyle::DoubleQuoted, span),
                None => Err(self.refused(span, "an alias of a table or a list is not followed").hint("write it out")),
            },
            _ => Ok(()),
        }
    }

    fn table(&mut self, span: &Span) -> Result<()> {
        if self.levels.len() > DEEPEST {
            return Err(self.refused(span, "the tables are nested too deep"));
        }
        let above = match self.levels.last_mut() {
            None | Some(Level::Records) => {
                let line = span.start.line();
                self.records.all.push(Record { line, fields: Vec::new() });
                String::new()
            }
            Some(Level::Table { above, key }) => match key.take() {
                Some(key) => joined(above, &key),
                None => return Err(self.refused(span, "a table cannot be a name")),
            },
            Some(Level::List { .. }) => return Err(self.refused(span, "a list of tables cannot be a value")),
        };
        self.levels.push(Level::Table { above, key: None });
        Ok(())
    }

    fn list(&mut self, span: &Span) -> Result<()> {
        let level = match self.levels.last_mut() {
            None => Level::Records,
            Some(Level::Table { above, key }) => match key.take() {
                Some(key) => Level::List { name: joined(above, &key), items: Vec::new() },
                None => return Err(self.refused(span, "a list cannot be a name")),
            },
            Some(_) => return Err(self.refused(span, "a list of lists cannot be a value")),
        };
        self.levels.push(level);
        Ok(())
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: &Span) -> Result<()> {
        let plain = style == ScalarStyle::Plain;
        match self.levels.last_mut() {
            Some(Level::Table { key: key @ None, .. }) => *key = Some(value.to_owned()),
            Some(Level::Table { above, key }) => {
                let name = joined(above, &key.take().unwrap_or_default());
                if plain && matches!(value, "" | "~" | "null" | "Null" | "NULL") {
                    self.remark(span, format!("`{name}` is null and was left out"));
                    return Ok(());
                }
                if plain && let Some(other) = taken_otherwise(value) {
                    self.remark(
                        span,
                        format!("`{name}` is the text `{value}`; other readers of YAML may take it for {other}"),
                    );
                }
                self.put(span, name, value.to_owned());
            }
            Some(Level::List { items, .. }) => items.push(value.to_owned()),
            // an empty document is one scalar without a text
            None if value.is_empty() => {}
            None | Some(Level::Records) => {
                return Err(self.refused(span, "a table of names and values is expected").hint("as in name: Ada"));
            }
        }
        Ok(())
    }

    fn put(&mut self, span: &Span, name: String, value: String) {
        if let Some(record) = self.records.all.last_mut() {
            record.fields.push(Field { name, value, line: span.start.line() });
        }
    }

    fn refused(&self, span: &Span, message: &str) -> Error {
        error_at(self.file, self.text, self.offset(span), message)
    }

    fn remark(&mut self, span: &Span, message: String) {
        let remark = error_at(self.file, self.text, self.offset(span), message);
        self.records.remarks.push(remark);
    }

    fn offset(&self, span: &Span) -> usize {
        self.mark + span.start.byte_offset().unwrap_or(0)
    }
}

fn joined(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}

/// What a reader of an older YAML takes a bare word for.
fn taken_otherwise(value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match lower.as_str() {
        "no" | "off" | "n" => Some("false"),
        "yes" | "on" | "y" => Some("true"),
        _ if value.len() > 1 && value.starts_with('0') && digits(value) => Some("an octal number"),
        _ if value.contains(':') && value.split(':').all(digits) => Some("a number of base sixty"),
        _ if value.contains('_') && digits(&value.replace('_', "")) => Some("a number"),
        _ => None,
    }
}
