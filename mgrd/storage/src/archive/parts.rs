//! An export, made bit by bit.

use std::io::{self, Write};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::format::{End, FORMAT, Header, Line, VERSION, hex};
use crate::content::Content;
use crate::entry::{Entry, Key};

/// How many bytes a part has at least, except the last one.
const PART_BYTES: usize = 256 << 10;

/// The parts of an export of some content, made one at a time. Together they are the export.
pub struct Parts {
    entries: Box<dyn Iterator<Item = (Key, Entry)> + Send>,
    part: Vec<u8>,
    digest: Sha256,
    ended: bool,
}

impl Parts {
    /// The parts of an export of `content`.
    #[must_use]
    pub fn new(content: Content) -> Self {
        let Content { entries, revision } = content;
        let keys = entries.len();
        let header = Header { format: FORMAT.into(), version: VERSION, revision, keys };
        let entries = Box::new(entries.into_iter());
        let mut parts = Self { entries, part: Vec::new(), digest: Sha256::new(), ended: false };
        // Memory takes everything.
        let _ = parts.add(&header);
        parts
    }

    fn add(&mut self, line: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.part, line)?;
        self.part.write_all(b"\n")
    }

    fn make(&mut self) -> io::Result<Bytes> {
        while self.part.len() < PART_BYTES {
            match self.entries.next() {
                Some((key, entry)) => self.add(&Line::new(&key, &entry))?,
                None => {
                    self.digest.update(&self.part);
                    let sha256 = hex(&self.digest.clone().finalize());
                    self.add(&End { sha256 })?;
                    self.ended = true;
                    return Ok(std::mem::take(&mut self.part).into());
                }
            }
        }
        self.digest.update(&self.part);
        Ok(std::mem::take(&mut self.part).into())
    }
}

impl Iterator for Parts {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.ended).then(|| self.make())
    }
}
