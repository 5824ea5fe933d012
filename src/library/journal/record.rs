//! The bytes of a journal: records one after the other, each with its length and a checksum, so that an end that was
//! torn off by a crash is seen and left out.
//!
//! Pure. Reading gives what is whole for any bytes, never panics, and takes no more memory than the bytes themselves.

use sha2::{Digest, Sha256};

use super::Edit;

/// The first bytes of every journal. The number changes with the form.
pub const MAGIC: &[u8] = b"greenroom journal 1\n";

/// Length and checksum of a record.
const HEAD: usize = 4 + 8;

/// One thing that a journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Whose journal it is, for people who look at the file.
    About {
        /// The library's folder.
        library: String,
        /// The prompt.
        prompt: String,
    },
    /// The whole text, which is the start of everything that follows. It is what stands in the draft's file.
    Text {
        /// When, in milliseconds since 1970.
        at_ms: u64,
        /// The text.
        text: String,
    },
    /// The text has changed; the change belongs to the last undo step.
    Now {
        /// When, in milliseconds since 1970.
        at_ms: u64,
        /// How.
        edit: Edit,
    },
    /// A new undo step begins.
    Step,
    /// One step is undone. The text itself follows as [`Record::Now`] only where the journal does not know the step.
    Undo,
    /// One step is done again.
    Redo,
    /// A text is about to be written to the draft's file: the edit leads to it from the text at this moment.
    Saving {
        /// How it differs.
        edit: Edit,
    },
    /// The text of the last [`Record::Saving`] stands in the file.
    Saved,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// The records that are whole.
    pub records: Vec<Record>,
    /// How many bytes they and the first line take: the rest is torn. 0 when this is no journal.
    pub valid: usize,
    /// Whether the rest is more than the torn end of a record that was being written: it is damaged, or it is of a newer
    /// greenroom, and who writes the journal anew keeps a copy.
    pub damaged: bool,
}

impl Record {
    /// Adds its bytes to `out`. A record of 4 GiB or more is left out: no journal holds one.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; HEAD]);
        match self {
            Self::About { library, prompt } => {
                out.push(b'A');
                put_text(out, library);
                out.extend_from_slice(prompt.as_bytes());
            }
            Self::Text { at_ms, text } => {
                out.push(b'T');
                put_number(out, *at_ms);
                out.extend_from_slice(text.as_bytes());
            }
            Self::Now { at_ms, edit } => {
                out.push(b'N');
                put_number(out, *at_ms);
                put_edit(out, edit);
            }
            Self::Step => out.push(b'S'),
            Self::Undo => out.push(b'U'),
            Self::Redo => out.push(b'R'),
            Self::Saving { edit } => {
                out.push(b'W');
                put_edit(out, edit);
            }
            Self::Saved => out.push(b'D'),
        }
        let body = start + HEAD;
        let Ok(length) = u32::try_from(out.len() - body) else { return out.truncate(start) };
        let sum = checksum(&out[body..]);
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        out[start + 4..body].copy_from_slice(&sum);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, mut rest) = bytes.split_first()?;
        let rest = &mut rest;
        let record = match kind {
            b'A' => Self::About { library: take_text(rest)?, prompt: take_all(rest)? },
            b'T' => Self::Text { at_ms: take_number(rest)?, text: take_all(rest)? },
            b'N' => Self::Now { at_ms: take_number(rest)?, edit: take_edit(rest)? },
            b'S' => Self::Step,
            b'U' => Self::Undo,
            b'R' => Self::Redo,
            b'W' => Self::Saving { edit: take_edit(rest)? },
            b'D' => Self::Saved,
            _ => return None,
        };
        rest.is_empty().then_some(record)
    }
}

/// Reads a journal as far as it is whole.
pub fn decode(bytes: &[u8]) -> Decoded {
    let mut records = Vec::new();
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else {
        return Decoded { damaged: !MAGIC.starts_with(bytes), ..Decoded::default() };
    };
    let mut damaged = false;
    while let Some((head, after)) = rest.split_at_checked(HEAD) {
        let (length, sum) = head.split_at(4);
        let length = length.iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        let Some((body, after)) = after.split_at_checked(length) else { break };
        let Some(record) = Some(body).filter(|body| checksum(body) == sum).and_then(Record::decode) else {
            // a file that grew before its bytes were there ends in zeros
            damaged = rest.iter().any(|byte| *byte != 0);
            break;
        };
        records.push(record);
        rest = after;
    }
    Decoded { records, valid: bytes.len() - rest.len(), damaged }
}

fn checksum(bytes: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|index| digest[index])
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Place, what went with its length, and what came, up to the end of the record.
fn put_edit(out: &mut Vec<u8>, edit: &Edit) {
    put_number(out, edit.at as u64);
    put_text(out, &edit.removed);
    out.extend_from_slice(edit.inserted.as_bytes());
}

fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            return None;
        }
        number |= part << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    std::str::from_utf8(text).ok().map(str::to_owned)
}

fn take_all(rest: &mut &[u8]) -> Option<String> {
    let text = std::str::from_utf8(std::mem::take(rest)).ok()?;
    Some(text.to_owned())
}

fn take_edit(rest: &mut &[u8]) -> Option<Edit> {
    let at = usize::try_from(take_number(rest)?).ok()?;
    Some(Edit { at, removed: take_text(rest)?, inserted: take_all(rest)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit() -> impl Strategy<Value = Edit> {
        (any::<u32>(), ".{0,12}", ".{0,12}").prop_map(|(at, removed, inserted)| Edit {
            at: at as usize,
            removed,
            inserted,
        })
    }

    fn record() -> impl Strategy<Value = Record> {
        prop_oneof![
            (".{0,9}", ".{0,9}").prop_map(|(library, prompt)| Record::About { library, prompt }),
            (any::<u64>(), ".{0,40}").prop_map(|(at_ms, text)| Record::Text { at_ms, text }),
            (any::<u64>(), edit()).prop_map(|(at_ms, edit)| Record::Now { at_ms, edit }),
            Just(Record::Step),
            Just(Record::Undo),
            Just(Record::Redo),
            edit().prop_map(|edit| Record::Saving { edit }),
            Just(Record::Saved),
        ]
    }

    fn written(records: &[Record]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for record in records {
            record.encode(&mut bytes);
        }
        bytes
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(records in prop::collection::vec(record(), 0..12)) {
            let bytes = written(&records);
            prop_assert_eq!(decode(&bytes), Decoded { records, valid: bytes.len(), damaged: false });
        }

        #[test]
        fn a_torn_end_is_left_out(records in prop::collection::vec(record(), 1..6), cut in any::<prop::sample::Index>()) {
            let bytes = written(&records);
            let torn = &bytes[..cut.index(bytes.len())];
            let found = decode(torn);
            prop_assert!(found.records.len() < records.len());
            prop_assert_eq!(&found.records, &records[..found.records.len()]);
            prop_assert_eq!(decode(&torn[..found.valid]), found);
        }

        #[test]
        fn a_byte_that_was_changed_ends_it_there(records in prop::collection::vec(record(), 1..6), at in any::<prop::sample::Index>(), by in 1_u8..) {
            let mut bytes = written(&records);
            let at = at.index(bytes.len());
            bytes[at] ^= by;
            let found = decode(&bytes).records;
            prop_assert!(found.len() < records.len());
            prop_assert_eq!(&found[..], &records[..found.len()]);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200), magic in any::<bool>()) {
            let bytes = if magic { [MAGIC, &bytes].concat() } else { bytes };
            let found = decode(&bytes);
            prop_assert!(found.valid <= bytes.len());
        }
    }

    #[test]
    fn a_length_that_promises_too_much_takes_no_memory() {
        let bytes = [MAGIC, &[0xff; 40]].concat();
        assert_eq!(decode(&bytes), Decoded { records: Vec::new(), valid: MAGIC.len(), damaged: false });
    }
}
