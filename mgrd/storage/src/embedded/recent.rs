//! The last changes, in a file beside the storage, so that a standby of this host answers before it has
//! read the whole storage.
//!
//! Each line follows its commit to the storage, and comes before the acknowledgement. The file is not
//! synced, because it is for managers that outlive the writer: after a power loss, there are none. A
//! line also says what the storage file looked like after its commit. If that file looks different now,
//! something else wrote to it, or not all lines are there, and the whole storage must be read.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use imbl::OrdMap;
use nix::libc;
use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::entry::{Entry, Key};
use crate::watch::Change;

/// How large the file becomes until it begins again. A standby that has less than what it then begins
/// with reads the whole storage.
const BYTES: u64 = 1 << 20;
/// More is not read. In the text, a value may be longer than it is.
const MOST_BYTES: u64 = 8 * BYTES;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// This run of the kernel.
    boot: String,
    /// The epoch of the writer.
    epoch: u64,
    /// The revision after which the changes begin.
    after: u64,
}

/// What distinguishes a state of the storage file from others.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

/// Each further line: the changes of a commit, and the storage file after it.
#[derive(Debug, Serialize, Deserialize)]
struct Line<'a> {
    storage: Mark,
    #[serde(borrow)]
    changes: Vec<Changed<'a>>,
}

/// A change. The value is text, or base64 if it is not text, or absent if the key was removed.
#[derive(Debug, Serialize, Deserialize)]
struct Changed<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    revision: u64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    value: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// What is stored, as the last leader left it.
#[derive(Debug)]
pub(super) struct Resumed {
    pub(super) content: Content,
    /// The epoch of the last leader.
    pub(super) epoch: u64,
}

/// The file, for the one that writes the storage.
#[derive(Debug)]
pub(super) struct Recent {
    storage: PathBuf,
    path: PathBuf,
    /// None if it cannot be written. There is then no file, or an empty one.
    file: Option<File>,
    bytes: u64,
    epoch: u64,
    /// Whether it could not be written the last time.
    failed: bool,
}

impl Recent {
    /// The file for the storage at `storage`.
    pub(super) fn new(storage: &Path) -> Self {
        let (storage, path) = (storage.to_owned(), path_of(storage));
        Self { storage, path, file: None, bytes: 0, epoch: 0, failed: false }
    }

    /// Begins the file: the storage is at this revision, in this epoch.
    pub(super) fn begin(&mut self, epoch: u64, revision: u64) {
        self.epoch = epoch;
        let begun = self.create(revision).and_then(|()| self.write(&[]));
        self.keep(begun);
    }

    /// Adds what was just written to the storage. Readers must not see it before.
    pub(super) fn add(&mut self, changes: &[Change]) {
        let Some(last) = changes.last() else { return self.end() };
        let weight: usize = changes.iter().map(Change::weight).sum();
        let begins = self.file.is_none() || self.bytes + weight as u64 > BYTES;
        let added = match begins {
            true => self.create(last.revision).and_then(|()| self.write(&[])),
            false => self.write(changes),
        };
        self.keep(added);
    }

    /// Adds how the storage file looks now that it is closed.
    pub(super) fn end(&mut self) {
        let added = self.write(&[]);
        self.keep(added);
    }

    fn create(&mut self, after: u64) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.custom_flags(libc::O_NONBLOCK);
        self.file = Some(options.open(&self.path)?);
        self.bytes = 0;
        let header = Header { boot: boot()?, epoch: self.epoch, after };
        self.line(serde_json::to_vec(&header)?)
    }

    fn write(&mut self, changes: &[Change]) -> io::Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        let changes = changes.iter().map(Changed::from).collect();
        let line = Line { storage: Mark::of(&self.storage)?, changes };
        self.line(serde_json::to_vec(&line)?)
    }

    fn line(&mut self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        self.bytes += line.len() as u64;
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(&line))
    }

    /// Without its last line, the file would be wrong.
    fn keep(&mut self, done: io::Result<()>) {
        let failed_before = std::mem::replace(&mut self.failed, done.is_err());
        let Err(why) = done else { return };
        if !failed_before {
            tracing::warn!(
                "cannot write '{}': {why}; a standby that takes over reads the whole storage before it \
                 answers",
                self.path.display()
            );
        }
        let emptied = self.file.take().map_or(Ok(()), |file| file.set_len(0));
        if emptied.is_err() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What is stored, if `known` and the last changes show it. The revision of `known` is the last one of
/// which it has everything.
pub(super) fn resume(storage: &Path, known: &Content) -> Option<Resumed> {
    if known.revision == 0 {
        return None;
    }
    let text = read(&path_of(storage)).ok()?;
    let mut lines = text.strip_suffix(b"\n")?.split(|byte| *byte == b'\n');
    let header: Header = serde_json::from_slice(lines.next()?).ok()?;
    if header.boot != boot().ok()? || known.revision < header.after {
        return None;
    }
    let complete = known.revision;
    let mut content = Content { revision: header.after, entries: known.entries.clone() };
    let mut last = None;
    for line in lines {
        let Line { storage, changes } = serde_json::from_slice(line).ok()?;
        for change in changes {
            content.revision = change.revision;
            if change.revision > complete {
                change.apply(&mut content.entries)?;
            }
        }
        last = Some(storage);
    }
    let is_whole = complete <= content.revision && last? == Mark::of(storage).ok()?;
    is_whole.then_some(Resumed { content, epoch: header.epoch })
}

impl Mark {
    fn of(path: &Path) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        let modified = (file.mtime(), file.mtime_nsec());
        Ok(Self { device: file.dev(), inode: file.ino(), length: file.len(), modified })
    }
}

impl<'a> From<&'a Change> for Changed<'a> {
    fn from(change: &'a Change) -> Self {
        let (key, revision) = (Cow::Borrowed(&*change.key), change.revision);
        let (value, base64) =
            match change.value.as_deref().map(|value| (value, str::from_utf8(value))) {
                None => (None, None),
                Some((_, Ok(text))) => (Some(Cow::Borrowed(text)), None),
                Some((bytes, Err(_))) => (None, Some(BASE64.encode(bytes))),
            };
        Self { key, revision, value, base64 }
    }
}

impl Changed<'_> {
    /// None if this is not a change.
    fn apply(self, entries: &mut OrdMap<Key, Entry>) -> Option<()> {
        let value = match (self.value, self.base64) {
            (None, None) => {
                entries.remove(&*self.key);
                return Some(());
            }
            (Some(text), None) => text.into_owned().into(),
            (None, Some(coded)) => BASE64.decode(coded).ok()?.into(),
            (Some(_), Some(_)) => return None,
        };
        entries.insert(self.key.into(), Entry { value, revision: self.revision });
        Some(())
    }
}

/// Reads a file of a sensible size.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    // A pipe in its place must not hold up the takeover.
    let file = options.read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut text = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// The file beside the storage.
fn path_of(storage: &Path) -> PathBuf {
    storage.with_extension("recent")
}

/// What distinguishes this run of the kernel from others.
fn boot() -> io::Result<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
}
