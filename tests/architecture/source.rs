//! Reads Rust source just well enough to know which paths it names, on which line, and which lines are its tests.
//! It compiles nothing and expands no macros.

/// One source file, with comments and literals blanked out; line breaks stay where they were.
pub struct Source {
    /// Path from the package's root, with forward slashes.
    pub path: String,
    /// The file as a path of modules, `crate::library::names`.
    module: String,
    /// The code outside `#[cfg(test)]` items.
    pub code: String,
    /// The code inside them; everything, in a file that only tests compile.
    pub tests: String,
    /// Lines outside of tests, comments and blank lines included.
    pub lines: usize,
}

/// A path that the code names, resolved as far as the text alone allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// 1-based.
    pub line: usize,
    /// `std::fs::read`, `crate::tui::model`, or a lone identifier.
    pub path: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let bare = blank(text);
        let only_tests = path.starts_with("tests/")
            || path.starts_with("benches/")
            || path.ends_with("/tests.rs")
            || path.contains("/tests/");
        let (code, tests) =
            if only_tests { (whitespace_of(&bare, 0..bare.len()), bare.clone()) } else { split_tests(&bare) };
        let test_lines = tests.lines().filter(|line| !line.trim().is_empty()).count();
        let lines = if only_tests { 0 } else { text.lines().count().saturating_sub(test_lines) };
        Self { path: path.to_owned(), module: module_of(path), code, tests, lines }
    }

    /// Every path in the code outside of tests.
    pub fn named(&self) -> Vec<Named> {
        let tokens = tokens(&self.code);
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at].text == "use" {
                at = use_tree(&tokens, at + 1, String::new(), &mut found);
            } else if is_identifier(&tokens[at].text) {
                let line = tokens[at].line;
                let mut path = tokens[at].text.clone();
                at += 1;
                while at + 1 < tokens.len() && tokens[at].text == "::" && is_identifier(&tokens[at + 1].text) {
                    path.push_str("::");
                    path.push_str(&tokens[at + 1].text);
                    at += 2;
                }
                found.push(Named { line, path });
            } else {
                at += 1;
            }
        }
        for named in &mut found {
            named.path = self.resolve(&named.path);
        }
        found
    }

    /// `self::` and `super::` as paths from the crate's root.
    fn resolve(&self, path: &str) -> String {
        let mut base = self.module.as_str();
        let mut rest = path;
        let mut relative = false;
        if let Some(inner) = rest.strip_prefix("self::") {
            (rest, relative) = (inner, true);
        }
        while let Some(outer) = rest.strip_prefix("super::") {
            base = base.rsplit_once("::").map_or(base, |(parent, _)| parent);
            (rest, relative) = (outer, true);
        }
        if relative { format!("{base}::{rest}") } else { path.to_owned() }
    }
}

fn module_of(path: &str) -> String {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    match inner {
        "lib" | "main" => "crate".to_owned(),
        _ => format!("crate::{}", inner.replace('/', "::")),
    }
}

struct Token {
    line: usize,
    text: String,
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (index, text) in code.lines().enumerate() {
        let line = index + 1;
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_identifier(rest) {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push(Token { line, text: rest[..length].to_owned() });
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// Reads one tree of a `use` and returns the position after it: `a::{b, c::d as e}` gives `a::b` and `a::c::d`.
fn use_tree(tokens: &[Token], mut at: usize, mut path: String, found: &mut Vec<Named>) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.line);
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => {
                at += 1;
                while let Some(inner) = tokens.get(at) {
                    match inner.text.as_str() {
                        "}" => return at + 1,
                        "," => at += 1,
                        _ => at = use_tree(tokens, at, path.clone(), found),
                    }
                }
                return at;
            }
            "," | ";" | "}" => break,
            "as" => {
                at += 2;
                break;
            }
            "self" if !path.is_empty() => at += 1,
            "::" | "*" => at += 1,
            segment => {
                if !path.is_empty() {
                    path.push_str("::");
                }
                path.push_str(segment);
                at += 1;
            }
        }
    }
    found.push(Named { line, path });
    at
}

/// The code without its `#[cfg(test)]` items (and `#[cfg(all(test, …))]` ones), and those items without the rest; both keep every line break.
fn split_tests(bare: &str) -> (String, String) {
    let mut code = bare.to_owned();
    let mut tests = whitespace_of(bare, 0..bare.len());
    let mut from = 0;
    while let Some(start) = bare[from..].find("#[cfg(").map(|found| from + found) {
        let condition = bare[start..].find(']').map_or("", |end| &bare[start..start + end]);
        let only_tests = condition.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test");
        if !only_tests || condition.contains("not(") {
            from = start + "#[cfg(".len();
            continue;
        }
        let end = item_end(bare, start);
        code.replace_range(start..end, &whitespace_of(bare, start..end));
        tests.replace_range(start..end, &bare[start..end]);
        from = end;
    }
    (code, tests)
}

/// Where the item that starts at `start` ends: after its `;` or its closing brace.
fn item_end(bare: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in bare[start..].bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return start + offset + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return start + offset + 1,
            _ => {}
        }
    }
    bare.len()
}

fn whitespace_of(text: &str, range: std::ops::Range<usize>) -> String {
    text[range].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// The text with comments and the insides of literals as blanks, byte for byte as long as before.
fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = comment_end(bytes, at).or_else(|| literal_end(bytes, at));
        if let Some(end) = end {
            out.push_str(&whitespace_of(text, at..end));
            at = end;
        } else {
            // Outside of comments and literals Rust code is ASCII but for identifiers, which nobody here spells otherwise.
            out.push(if bytes[at].is_ascii() { char::from(bytes[at]) } else { ' ' });
            at += 1;
        }
    }
    out
}

fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return Some(at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with(b"/*") {
        return None;
    }
    let mut depth = 0;
    let mut inner = 0;
    while inner < rest.len() {
        if rest[inner..].starts_with(b"/*") {
            depth += 1;
            inner += 2;
        } else if rest[inner..].starts_with(b"*/") {
            depth -= 1;
            inner += 2;
            if depth == 0 {
                break;
            }
        } else {
            inner += 1;
        }
    }
    Some(at + inner)
}

fn literal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let rest = &bytes[at..];
    if rest[0] == b'r' && (!word_before || bytes[at - 1] == b'b') {
        let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let mut close = vec![b'"'];
            close.resize(1 + hashes, b'#');
            let from = at + 2 + hashes;
            let found = bytes[from..].windows(close.len()).position(|window| window == close);
            return Some(found.map_or(bytes.len(), |found| from + found + close.len()));
        }
    }
    match rest[0] {
        b'"' => Some(quoted_end(bytes, at)),
        // A quote that closes again after one character is a character, any other one begins a lifetime.
        b'\'' if rest.get(1) == Some(&b'\\') => Some(quoted_end(bytes, at)),
        b'\'' => {
            let width = match rest.get(1)? {
                0xF0.. => 4,
                0xE0.. => 3,
                0xC0.. => 2,
                _ => 1,
            };
            (rest.get(1 + width) == Some(&b'\'')).then_some(at + 2 + width)
        }
        _ => None,
    }
}

fn quoted_end(bytes: &[u8], at: usize) -> usize {
    let mut inner = at + 1;
    while inner < bytes.len() {
        match bytes[inner] {
            b'\\' => inner += 2,
            byte if byte == bytes[at] => return inner + 1,
            _ => inner += 1,
        }
    }
    bytes.len()
}
