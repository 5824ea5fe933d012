//! `.env`: `NAME=value` lines as shells and their libraries read them, without replacing `$NAME`.

use std::path::Path;

use super::{Field, Record, Records};
use crate::error::{Error, Result};
use crate::prompt::template::is_name;
use crate::source::{error_at, without_mark};

/// Reads assignments; values in quotes may go over several lines.
pub fn read(file: &Path, text: &str) -> Result<Records> {
    let body = without_mark(text);
    let mark = text.len() - body.len();
    let mut record = Record { line: 1, fields: Vec::new() };
    let mut at = 0;
    let (mut counted, mut line_number) = (0, 1);
    while at < body.len() {
        let rest = &body[at..];
        let end = rest.find('\n').map_or(body.len(), |feed| at + feed + 1);
        let line = body[at..end].trim();
        if line.is_empty() || line.starts_with('#') {
            at = end;
            continue;
        }
        let start = at + (rest.len() - rest.trim_start().len());
        let refused = |message: String| Err(error_at(file, text, mark + start, message));
        let assignment =
            line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(line).trim_start();
        let Some((name, _)) = assignment.split_once('=') else {
            return refused("this line assigns nothing".into())
                .map_err(|error| error.hint("a line is NAME=value, or begins with #"));
        };
        let name = name.trim_end();
        if !is_name(name) {
            return refused(format!("`{name}` cannot be the name of a variable"));
        }
        let equals = start + body[start..].find('=').unwrap_or(0);
        let (value, next) = value(file, text, mark, body, equals + 1)?;
        line_number += body[counted..start].matches('\n').count();
        counted = start;
        record.fields.push(Field { name: name.to_owned(), value, line: line_number });
        at = next;
    }
    let all = if record.fields.is_empty() { Vec::new() } else { vec![record] };
    Ok(Records { all, remarks: Vec::new() })
}

/// The value that begins at `at`, and where the next line does.
fn value(file: &Path, text: &str, mark: usize, body: &str, at: usize) -> Result<(String, usize)> {
    let line_end = |from: usize| body[from..].find('\n').map_or(body.len(), |feed| from + feed + 1);
    let blanks = body[at..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let start = at + blanks;
    let quote = body[start..].chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        let end = line_end(at);
        let raw = body[at..end].trim_end_matches(['\n', '\r']);
        // a # begins a comment where a blank stands before it
        let comment = [" #", "\t#"].iter().filter_map(|mark| raw.find(mark)).min();
        return Ok((raw[..comment.unwrap_or(raw.len())].trim().to_owned(), end));
    };
    let mut value = String::new();
    let mut letters = body[start + 1..].char_indices();
    while let Some((index, c)) = letters.next() {
        if c == quote {
            let after = start + 1 + index + 1;
            let end = line_end(after);
            let rest = body[after..end].trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err(error_at(file, text, mark + after, "something stands behind the closing quote")
                    .hint("put the whole value in quotes"));
            }
            return Ok((value, end));
        }
        match (c, quote) {
            ('\\', '"') => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, escaped @ ('"' | '\\' | '$' | '`'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            _ => value.push(c),
        }
    }
    Err(unclosed(file, text, mark + start))
}

fn unclosed(file: &Path, text: &str, offset: usize) -> Error {
    error_at(file, text, offset, "the quote that opens here is never closed").hint("close it, or take it away")
}
