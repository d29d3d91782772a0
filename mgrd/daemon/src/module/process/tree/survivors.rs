//! What outlived an `mgrd` that was killed: it is found by the record of that `mgrd`, and ended.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::fcntl::{Flock, FlockArg};
use nix::libc;
use nix::sys::signal::Signal;
use nix::unistd::Uid;
use parking_lot::Mutex;

use super::end::{kill_rounds, send};
use super::forest::own_pid;
use super::record::{Content, draft, system};
use super::stat::{ProcessId, Stat};
use super::table::Table;
use crate::text::visible;

/// A larger file is not one that `mgrd` wrote.
const MOST_BYTES: u64 = 4 << 20;
/// How many files of other managers are looked at.
const MOST_FILES: usize = 256;
/// How much of the environment of a process is looked at.
const MOST_ENVIRONMENT: u64 = 1 << 20;
/// How often it is looked for processes that were started before their parents were stopped.
const LOOKS: usize = 16;

/// The processes that did not end, with their modules.
static LEFT: Mutex<Vec<(String, ProcessId)>> = Mutex::new(Vec::new());

/// The process of the module that outlived an earlier `mgrd` and does not end.
pub(in crate::module) fn survivor_of(module: &str) -> Option<i32> {
    let mut left = LEFT.lock();
    left.retain(|(_, id)| is_alive(*id));
    left.iter().find(|(of, _)| of == module).map(|(_, id)| id.pid)
}

/// Ends what outlived the managers that had their records in `folder` and are gone. Blocks until
/// nothing is left, but no longer than `limit`. Call it before the modules of a term start.
pub(in crate::module::process) fn end_survivors(folder: &Path, limit: Duration) {
    let abandoned = abandoned(folder);
    if abandoned.is_empty() {
        return;
    }
    let mut survivors = Survivors::default();
    let here = system().unwrap_or_default();
    let contents = abandoned.iter().filter_map(|file| file.content.as_ref());
    let contents: Vec<&Content> = contents.filter(|content| content.system == here).collect();
    let ended = kill_rounds(|| survivors.find(&contents), limit);
    survivors.report();
    if ended {
        for file in abandoned {
            file.remove();
        }
    }
}

/// Keeps in mind that this process of the module does not end.
#[cfg(test)]
pub(in crate::module) fn outlives(module: &str, pid: i32) {
    let id = Stat::read(pid).expect("a process").id;
    LEFT.lock().push((module.to_owned(), id));
}

/// A file of a manager that is gone.
struct Abandoned {
    path: PathBuf,
    /// None if `mgrd` has not written it.
    content: Option<Content>,
    /// Others may look at it at the same time.
    _shared: Flock<File>,
}

impl Abandoned {
    fn remove(self) {
        // Another manager may have removed it.
        let _ = std::fs::remove_file(draft(&self.path));
        let _ = std::fs::remove_file(self.path);
    }
}

fn abandoned(folder: &Path) -> Vec<Abandoned> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_FILES);
    let paths = entries.map(|entry| entry.path());
    // A draft has the same lock as the file that it becomes.
    let paths = paths.filter(|path| path.extension().is_none());
    paths.filter_map(|path| look(path).unwrap_or_default()).collect()
}

/// The file, if it is a record and no manager has it.
fn look(path: PathBuf) -> io::Result<Option<Abandoned>> {
    if !std::fs::symlink_metadata(&path)?.is_file() {
        return Ok(None);
    }
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(&path)?;
    let opened = file.metadata()?;
    if !opened.is_file() || opened.uid() != Uid::effective().as_raw() {
        return Ok(None);
    }
    let Ok(shared) = Flock::lock(file, FlockArg::LockSharedNonblock) else {
        return Ok(None);
    };
    let now = std::fs::symlink_metadata(&path)?;
    if (now.dev(), now.ino()) != (opened.dev(), opened.ino()) {
        // Its manager lives, and has just written another.
        return Ok(None);
    }
    let mut bytes = Vec::new();
    (&*shared).take(MOST_BYTES).read_to_end(&mut bytes)?;
    let content = serde_json::from_slice(&bytes).ok();
    Ok(Some(Abandoned { path, content, _shared: shared }))
}

/// What was found so far.
#[derive(Debug, Default)]
struct Survivors(HashMap<ProcessId, Survivor>);

/// A process that outlived its manager.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Survivor {
    module: String,
    /// Whether a record names it or one of its ancestors. Then all in its session are survivors: each
    /// module begins with a session of its own.
    recorded: bool,
}

impl Survivors {
    /// Finds those that live, and stops them, so that they start no others.
    fn find(&mut self, contents: &[&Content]) -> HashSet<ProcessId> {
        let mut roots = Vec::new();
        for look in 0..LOOKS {
            let table = Table::read();
            if look == 0 && self.0.is_empty() {
                roots = contents.iter().flat_map(|content| roots_of(content, &table)).collect();
            }
            let known = self.0.iter().map(|(id, survivor)| (*id, survivor.clone()));
            let mut fresh = false;
            for (id, survivor) in descend(known.chain(roots.drain(..)).collect(), &table) {
                if self.0.insert(id, survivor).is_none() {
                    fresh = true;
                    send(id, Signal::SIGSTOP);
                }
            }
            if !fresh {
                break;
            }
        }
        self.0.keys().copied().filter(|id| is_alive(*id)).collect()
    }

    /// Says what was found, and keeps in mind what has not ended.
    fn report(&self) {
        let mut modules: HashMap<&str, usize> = HashMap::new();
        for survivor in self.0.values() {
            *modules.entry(&survivor.module).or_default() += 1;
        }
        for (module, processes) in modules {
            tracing::warn!(
                module,
                processes,
                "processes of the module outlived an mgrd that was killed; they were killed, too"
            );
        }
        let mut left = LEFT.lock();
        let alive = self.0.iter().filter(|(id, _)| is_alive(**id));
        *left = alive.map(|(id, survivor)| (survivor.module.clone(), *id)).collect();
        for (module, id) in &*left {
            let pid = id.pid;
            tracing::error!(
                module,
                pid,
                "the process does not end although it was killed; the disk or mount that it waits for may \
                 not answer"
            );
        }
    }
}

fn is_alive(id: ProcessId) -> bool {
    Stat::read(id.pid).is_some_and(|stat| stat.id == id && !stat.is_zombie)
}

/// The processes that a record names, and those that have the environment of a module of its manager.
fn roots_of(content: &Content, table: &Table) -> Vec<(ProcessId, Survivor)> {
    let named = content.processes.iter().map(|process| {
        let module = visible(&process.module);
        (process.id, Survivor { module, recorded: true })
    });
    let mut roots: Vec<_> = named.collect();
    // Another manager may have the same number by now, and with it the same socket.
    if table.get(content.manager.pid).is_none_or(|stat| stat.id == content.manager) {
        let started = |stat: &Stat| {
            let module = module_of(stat.id.pid, &content.socket)?;
            Some((stat.id, Survivor { module, recorded: false }))
        };
        roots.extend(table.all().filter_map(started));
    }
    roots
}

/// The module of a process that began with the environment of a module which dials `socket`. A
/// module that is started by hand has its secret in another place.
fn module_of(pid: i32, socket: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    let file = File::open(format!("/proc/{pid}/environ")).ok()?;
    file.take(MOST_ENVIRONMENT).read_to_end(&mut bytes).ok()?;
    let value =
        |name: &[u8]| bytes.split(|byte| *byte == 0).find_map(|line| line.strip_prefix(name));
    let dials = value(b"MGRD_SOCKET=")? == socket.as_os_str().as_bytes();
    let is_started = value(b"MGRD_SECRET_FILE=")?.starts_with(b"/dev/fd/");
    let module = String::from_utf8_lossy(value(b"MGRD_MODULE=")?);
    (dials && is_started).then(|| visible(&module))
}

/// The roots that live, all that descends from them, and all in the sessions of those that are recorded.
fn descend(roots: Vec<(ProcessId, Survivor)>, table: &Table) -> HashMap<ProcessId, Survivor> {
    let mut children: HashMap<i32, Vec<&Stat>> = HashMap::new();
    let mut sessions: HashMap<i32, Vec<&Stat>> = HashMap::new();
    for stat in table.all() {
        children.entry(stat.parent).or_default().push(stat);
        sessions.entry(stat.session).or_default().push(stat);
    }
    let spared = spared(table);
    let own_session = table.get(own_pid()).map(|stat| stat.session);
    let mut found = HashMap::new();
    let mut next = roots;
    while let Some((id, survivor)) = next.pop() {
        let Some(stat) = table.get(id.pid).filter(|stat| stat.id == id) else { continue };
        if spared.contains(&id.pid) || own_session == Some(stat.session) {
            continue;
        }
        let session = survivor.recorded.then(|| sessions.remove(&stat.session)).flatten();
        let related = [children.remove(&id.pid), session].into_iter().flatten().flatten();
        next.extend(related.map(|stat| (stat.id, survivor.clone())));
        if !stat.is_zombie {
            found.insert(id, survivor);
        }
    }
    found
}

/// This process, its ancestors and its descendants. A record that names them is wrong.
fn spared(table: &Table) -> HashSet<i32> {
    let mut spared: HashSet<i32> = table.descendants(own_pid()).iter().map(|s| s.id.pid).collect();
    spared.insert(1);
    let mut next = own_pid();
    while spared.insert(next) {
        next = table.get(next).map_or(1, |stat| stat.parent);
    }
    spared
}

#[cfg(test)]
mod tests;
