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
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use imbl::OrdMap;
use nix::libc;
use serde::{Deserialize, Serialize};

use super::mark::{Id, Mark};
use super::place::Place;
use crate::content::{Content, Known};
use crate::entry::{Entry, Key};
use crate::watch::Change;

/// How large the file becomes until it begins again. A standby that has less than what it then begins
/// with reads the whole storage.
const BYTES: u64 = 1 << 20;
/// A commit of more bytes is not in the file, which then begins after it.
const COMMIT_BYTES: u64 = 4 * BYTES;
/// More is not read. In the text, a value may be longer than it is.
const MOST_BYTES: u64 = 8 * BYTES;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// This run of the kernel.
    boot: String,
    /// The origin of the storage. The changes say nothing about a copy of another origin.
    origin: u64,
    /// The epoch of the writer.
    epoch: u64,
    /// The revision after which the changes begin.
    after: u64,
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
    pub(super) origin: u64,
    /// The epoch of the last leader.
    pub(super) epoch: u64,
    /// The storage file that it had open.
    pub(super) file: Id,
    pub(super) former: Former,
}

/// The changes of the last leader, as they are in its file.
#[derive(Debug)]
pub(super) struct Former {
    after: u64,
    lines: Vec<u8>,
}

/// The file, for the one that writes the storage.
#[derive(Debug)]
pub(super) struct Recent {
    place: Arc<Place>,
    path: PathBuf,
    origin: u64,
    epoch: u64,
    /// None if it is not begun, or cannot be written. There is then no file, or an empty one.
    file: Option<File>,
    bytes: u64,
    /// Whether it could not be written the last time.
    failed: bool,
}

impl Recent {
    /// The file for the storage at `place`, of this origin, in this epoch.
    pub(super) fn new(place: Arc<Place>, origin: u64, epoch: u64) -> Self {
        let path = path_of(place.path());
        Self { place, path, origin, epoch, file: None, bytes: 0, failed: false }
    }

    /// Begins the file: the storage is at this revision. What the last leader left in it stays.
    pub(super) fn begin(&mut self, revision: u64, former: Option<Former>) {
        let former = former.unwrap_or(Former { after: revision, lines: Vec::new() });
        let begun = self.create(&former, &[]);
        self.keep(begun);
    }

    /// Adds what was just written to the storage. Readers must not see it before.
    pub(super) fn add(&mut self, changes: &[Change]) {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return };
        let weight = changes.iter().map(Change::weight).sum::<usize>() as u64;
        let begins_after = |after| Former { after, lines: Vec::new() };
        let added = match self.file {
            Some(_) if self.bytes + weight <= BYTES => self.write(changes),
            _ if weight <= COMMIT_BYTES => self.create(&begins_after(first.revision - 1), changes),
            _ => self.create(&begins_after(last.revision), &[]),
        };
        self.keep(added);
    }

    /// Adds how the storage file looks now that it is closed.
    pub(super) fn end(&mut self) {
        if self.file.is_some() {
            let added = self.write(&[]);
            self.keep(added);
        }
    }

    /// Ends the file, because it is not certain any more what is stored. The next change begins another.
    pub(super) fn drop_all(&mut self) {
        let emptied = self.file.take().map_or(Ok(()), |file| file.set_len(0));
        let removed = fs::remove_file(&self.path);
        if let (Err(why), Err(_)) = (emptied, removed) {
            tracing::error!("cannot empty or remove '{}': {why}; remove it", self.path.display());
        }
    }

    /// Puts another file in place, in one step, so that no other leader has it open.
    fn create(&mut self, former: &Former, changes: &[Change]) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.set_len(0)?;
        }
        let new = self.path.with_extension("recent.new");
        // A leader that was killed may have left it.
        let _ = fs::remove_file(&new);
        let mut options = OpenOptions::new();
        self.file = Some(options.write(true).create_new(true).mode(0o600).open(&new)?);
        self.bytes = former.lines.len() as u64;
        let (origin, epoch, after) = (self.origin, self.epoch, former.after);
        self.line(serde_json::to_vec(&Header { boot: boot()?, origin, epoch, after })?)?;
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(&former.lines))?;
        self.write(changes)?;
        fs::rename(&new, &self.path)
    }

    fn write(&mut self, changes: &[Change]) -> io::Result<()> {
        let storage = Mark::of(self.place.path())?;
        if self.place.opened() != Some(storage.id()) {
            return Err(io::Error::other("the storage file is not the one that was opened"));
        }
        let changes = changes.iter().map(Changed::from).collect();
        self.line(serde_json::to_vec(&Line { storage, changes })?)
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
        self.drop_all();
    }
}

/// What is stored, if `known` and the last changes show it.
pub(super) fn resume(storage: &Path, known: &Known) -> Option<Resumed> {
    let Known { origin, content: known } = known;
    if *origin == 0 || known.revision == 0 {
        return None;
    }
    let mut text = read(&path_of(storage)).ok()?;
    let lines = text.split_off(text.iter().position(|byte| *byte == b'\n')? + 1);
    let header: Header = serde_json::from_slice(&text).ok()?;
    let fits = header.boot == boot().ok()? && header.origin == *origin;
    if !fits || known.revision < header.after {
        return None;
    }
    let complete = known.revision;
    let mut content = Content { revision: header.after, entries: known.entries.clone() };
    let mut last = None;
    for line in lines.strip_suffix(b"\n")?.split(|byte| *byte == b'\n') {
        let Line { storage, changes } = serde_json::from_slice(line).ok()?;
        for change in changes {
            content.revision = change.revision;
            if change.revision > complete {
                change.apply(&mut content.entries)?;
            }
        }
        last = Some(storage);
    }
    let last = last?;
    if complete > content.revision || last != Mark::of(storage).ok()? {
        return None;
    }
    let (file, former) = (last.id(), Former { after: header.after, lines });
    Some(Resumed { content, origin: *origin, epoch: header.epoch, file, former })
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
