//! The record of all processes of the trees, by which a later `mgrd` finds what outlived this one.
//!
//! The kernel ends a module process together with `mgrd`, unless the process has switched that off. It
//! does not end what that process started. Each `mgrd` has a file of its own, and holds its lock: a
//! file without a lock is from an `mgrd` that was killed.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use nix::fcntl::{Flock, FlockArg};
use nix::libc;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::forest::{Member, members, own_pid};
use super::stat::{ProcessId, Stat};

/// How often changes are recorded that are not the start of a module.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long the start of a module waits for the record. A disk that does not answer may hold it.
const PATIENCE: Duration = Duration::from_secs(1);
/// The processes that are recorded at most. The module processes themselves come first.
const MOST_PROCESSES: usize = 8192;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// The running system that the numbers of processes belong to.
    pub(super) system: String,
    pub(super) manager: ProcessId,
    /// What is in the environment of all that its modules started, unless they cleared that.
    pub(super) socket: PathBuf,
    pub(super) processes: Vec<Recorded>,
}

/// A process of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recorded {
    pub(super) module: String,
    #[serde(flatten)]
    pub(super) id: ProcessId,
}

/// The file of this `mgrd`.
#[derive(Debug)]
struct Record {
    path: PathBuf,
    /// The lock of the file as it was written last.
    _lock: Flock<File>,
    content: Content,
    written: Instant,
}

static RECORD: Mutex<Option<Record>> = Mutex::new(None);
/// Whether the last attempt to write failed.
static FAILING: AtomicBool = AtomicBool::new(false);

/// Keeps a record of the processes of modules in a file of `folder`, for as long as this process
/// lives. Modules dial `socket`. Call it before the first module starts.
///
/// # Errors
///
/// If the file cannot be written.
pub fn keep_record(folder: &Path, socket: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let manager = Stat::read(own_pid()).ok_or_else(|| io::Error::other("/proc is not mounted"))?;
    let id = manager.id;
    let path = folder.join(format!("{}-{}", id.pid, id.start));
    let content =
        Content { system: system()?, manager: id, socket: socket.into(), processes: vec![] };
    let lock = write(&path, &content)?;
    *RECORD.lock() = Some(Record { path, _lock: lock, content, written: Instant::now() });
    Ok(())
}

/// Records all processes of the trees, before one of them runs its program.
pub(in crate::module::process) fn record_start() {
    match RECORD.try_lock_for(PATIENCE) {
        Some(mut record) => record.iter_mut().for_each(Record::update),
        None => failed(&io::Error::from_raw_os_error(libc::ETIMEDOUT)),
    }
}

/// Whether it is time to record the processes that were found since.
pub(in crate::module::process) fn is_record_due() -> bool {
    let record = RECORD.try_lock();
    record.is_some_and(|record| record.as_ref().is_some_and(|r| r.written.elapsed() >= INTERVAL))
}

/// Records the processes that were found since. Waits for the disk.
pub(in crate::module::process) fn record_members() {
    if let Some(mut record) = RECORD.try_lock() {
        record.iter_mut().for_each(Record::update);
    }
}

/// Removes the record: nothing is left of the trees.
pub(super) fn remove_record() {
    if let Some(mut record) = RECORD.try_lock_for(PATIENCE)
        && let Some(record) = record.take()
    {
        // If it stays, a later mgrd finds none of its processes.
        let _ = std::fs::remove_file(record.path);
    }
}

/// The running system and its numbers of processes, as far as this process can see them.
pub(super) fn system() -> io::Result<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    let numbers = std::fs::read_link("/proc/self/ns/pid")?;
    Ok(format!("{} {}", boot.trim(), numbers.display()))
}

impl Record {
    fn update(&mut self) {
        self.written = Instant::now();
        let processes = recorded(members());
        if processes == self.content.processes {
            return;
        }
        let content = Content { processes, ..self.content.clone() };
        match write(&self.path, &content) {
            Ok(lock) => {
                (self._lock, self.content) = (lock, content);
                FAILING.store(false, Relaxed);
            }
            Err(error) => failed(&error),
        }
    }
}

/// The members in the order of their importance.
fn recorded(mut members: Vec<Member>) -> Vec<Recorded> {
    members.sort_unstable_by_key(|member| (!member.leads, member.id.start, member.id.pid));
    members.truncate(MOST_PROCESSES);
    let recorded = |member: Member| Recorded { module: member.tree.module.clone(), id: member.id };
    members.into_iter().map(recorded).collect()
}

fn failed(error: &io::Error) {
    if !FAILING.swap(true, Relaxed) {
        tracing::warn!(
            "cannot record the processes of modules: {error}; if mgrd is killed now, the next one may not \
             find a process that outlives it. Check the data directory"
        );
    }
}

/// Puts a new file in the place of `path`. It is locked before it is there.
fn write(path: &Path, content: &Content) -> io::Result<Flock<File>> {
    let draft = draft(path);
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(&draft)?;
    let locked = Flock::lock(file, FlockArg::LockExclusiveNonblock);
    let mut lock = locked.map_err(|(_, errno)| io::Error::from(errno))?;
    lock.write_all(&serde_json::to_vec(content)?)?;
    std::fs::rename(&draft, path)?;
    Ok(lock)
}

/// The file that becomes the one at `path`.
pub(super) fn draft(path: &Path) -> PathBuf {
    path.with_extension("new")
}

#[cfg(test)]
mod tests;
