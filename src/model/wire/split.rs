//! Bytes → the JSON values in them, one behind the other, as soon as each is whole: a document, or lines of a stream.

/// Finds where JSON objects and lists end. What is no JSON never ends; whoever pushes limits what may wait.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    waiting: Vec<u8>,
    scanned: usize,
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Splitter {
    /// Takes in what came; gives the values that are whole by now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.waiting.extend_from_slice(bytes);
        let mut whole = Vec::new();
        while let Some(&byte) = self.waiting.get(self.scanned) {
            self.scanned += 1;
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        let rest = self.waiting.split_off(self.scanned);
                        whole.push(std::mem::replace(&mut self.waiting, rest));
                        self.scanned = 0;
                    }
                }
                _ => {}
            }
        }
        whole
    }

    /// How many bytes wait for the end of their value.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// What was left open when no more comes; empty when that is only blanks.
    pub fn finish(&mut self) -> Vec<u8> {
        let rest = std::mem::take(&mut self.waiting);
        if rest.trim_ascii().is_empty() { Vec::new() } else { rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: usize) -> (Vec<String>, String) {
        let mut splitter = Splitter::default();
        let found = text.as_bytes().chunks(size).flat_map(|piece| splitter.push(piece));
        let found: Vec<String> = found.map(|value| String::from_utf8(value).unwrap().trim().to_owned()).collect();
        (found, String::from_utf8(splitter.finish()).unwrap())
    }

    #[test]
    fn values_end_where_they_end_in_pieces_of_any_size() {
        let text = "{\"a\":\"}\\\"{[\",\"b\":{}}\n[1,{\"c\":\"é\\\\\"}]{\"d\":\n1}\r\n{\"open";
        for size in 1..text.len() {
            let (found, rest) = split(text, size);
            assert_eq!(found, ["{\"a\":\"}\\\"{[\",\"b\":{}}", "[1,{\"c\":\"é\\\\\"}]", "{\"d\":\n1}"], "{size}");
            assert_eq!(rest.trim(), "{\"open");
        }
        assert_eq!(split("{}\n \n", 2).1, "");
    }
}
