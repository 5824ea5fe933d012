//! The bytes that a decision covers. An approval is of these bytes and no others: any later byte voids it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// What somebody has looked at when deciding. A file that is not there is `None`, which differs from an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence<'a> {
    /// The bytes of `system_prompt.txt`.
    pub prompt: &'a [u8],
    /// The bytes of `config.json`.
    pub config: Option<&'a [u8]>,
    /// What `prompt.toml` declares: the `variables` table as JSON, in the order of the file.
    pub declarations: Option<&'a str>,
    /// The bytes of the eval suite, `evals/cases.yaml`.
    pub suite: Option<&'a [u8]>,
}

impl Evidence<'_> {
    /// The digest of all of it: SHA-256, in small hexadecimal letters, over one line for each part in this order,
    /// `DIGEST  NAME` with the part's own SHA-256, or `-  NAME` where there is none. The lines are those that
    /// `sha256sum` writes, so that anyone can check it without greenroom; the declarations are named `variables`.
    pub fn sha256(&self) -> String {
        let parts = [
            ("system_prompt.txt", Some(self.prompt)),
            ("config.json", self.config),
            ("variables", self.declarations.map(str::as_bytes)),
            ("cases.yaml", self.suite),
        ];
        let mut sum = String::new();
        for (name, bytes) in parts {
            let digest = bytes.map_or_else(|| "-".to_owned(), hexadecimal);
            let _ = writeln!(sum, "{digest}  {name}");
        }
        hexadecimal(sum.as_bytes())
    }
}

/// The SHA-256 of these bytes, in small hexadecimal letters.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Evidence<'_> =
        Evidence { prompt: b"text", config: Some(b"{}"), declarations: Some("{}"), suite: Some(b"[]") };

    #[test]
    fn any_other_byte_is_another_digest() {
        let changed = [
            Evidence { prompt: b"text\n", ..WHOLE },
            Evidence { config: Some(b"{ }"), ..WHOLE },
            Evidence { config: None, ..WHOLE },
            Evidence { config: Some(b""), ..WHOLE },
            Evidence { declarations: None, ..WHOLE },
            Evidence { suite: Some(b"[] "), ..WHOLE },
            Evidence { prompt: b"", suite: Some(b"text"), ..WHOLE },
        ];
        let mut digests: Vec<_> = changed.iter().chain([&WHOLE]).map(Evidence::sha256).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), changed.len() + 1);
    }

    #[test]
    fn it_is_the_digest_of_lines_that_sha256sum_writes() {
        let lines = concat!(
            "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1  system_prompt.txt\n",
            "-  config.json\n-  variables\n-  cases.yaml\n",
        );
        let evidence = Evidence { prompt: b"text", ..Evidence::default() };
        assert_eq!(evidence.sha256(), hexadecimal(lines.as_bytes()));
    }
}
