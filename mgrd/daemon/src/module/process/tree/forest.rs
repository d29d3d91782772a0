//! All trees, and which process belongs to which.
//!
//! A module process leads a session of its own and adopts the orphans of what it started, so that all
//! of that stays its descendants. What is left when it ends, `mgrd` adopts. A process that has a new
//! session and has lost its leader is recognized because it was seen before. What nothing recognizes
//! is a stray: no module that lives has it, and it is ended.

use std::collections::{HashMap, HashSet};
use std::io;
use std::process::Child;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use parking_lot::{Mutex, RwLock};

use super::end::send;
use super::stat::{ProcessId, Stat};
use super::table::Table;

/// A module process and all that it started.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::module) struct Tree {
    /// The module process.
    pub(in crate::module) leader: ProcessId,
    pub(in crate::module) module: String,
}

/// The living processes of all trees at one moment.
#[derive(Debug)]
pub(in crate::module::process) struct Sample {
    /// When it was begun.
    pub(in crate::module::process) began: Instant,
    trees: HashMap<ProcessId, Vec<Stat>>,
    /// What a module started, although it is not known which.
    strays: Vec<ProcessId>,
}

impl Sample {
    pub(in crate::module::process) fn of(&self, leader: ProcessId) -> &[Stat] {
        self.trees.get(&leader).map_or(&[], Vec::as_slice)
    }

    /// All processes that modules started.
    pub(super) fn all(&self) -> impl Iterator<Item = ProcessId> {
        let members = self.trees.values().flatten().map(|stat| stat.id);
        members.chain(self.strays.iter().copied())
    }
}

/// What is known of the processes.
#[derive(Debug, Default)]
struct Forest {
    /// The trees whose leader is not reaped yet, by its number.
    leaders: HashMap<i32, Arc<Tree>>,
    /// To which tree each living process belongs.
    members: HashMap<ProcessId, Arc<Tree>>,
    /// Whether the orphans come to `mgrd`.
    adopts: bool,
    /// What `mgrd` had already when it began to adopt orphans. It is not of a module.
    inherited: HashSet<ProcessId>,
    newest: Option<Arc<Sample>>,
}

static FOREST: LazyLock<Mutex<Forest>> = LazyLock::new(Mutex::default);
/// Read while a process is forked, until its tree is known.
static FORKING: RwLock<()> = RwLock::new(());
/// One sample at a time.
static SAMPLING: Mutex<()> = Mutex::new(());

/// Makes this process the parent of all orphans of what it starts, for as long as it lives. Call it
/// before the first module starts.
///
/// # Errors
///
/// If the system refuses that.
pub fn adopt_orphans() -> io::Result<()> {
    nix::sys::prctl::set_child_subreaper(true)?;
    let table = Table::read();
    let mut forest = FOREST.lock();
    forest.adopts = true;
    forest.inherited = table.descendants(own_pid()).into_iter().map(|stat| stat.id).collect();
    Ok(())
}

/// Starts the process of a module, and makes it the leader of a tree.
pub(in crate::module::process) fn fork(
    module: &str,
    start: impl FnOnce() -> io::Result<Child>,
) -> io::Result<(Child, Arc<Tree>)> {
    let _forking = FORKING.read();
    let mut child = start()?;
    let pid = child.id().cast_signed();
    let Some(stat) = Stat::read(pid) else {
        // Nothing can be known of it. Without free descriptors, that passes.
        let why = std::fs::File::open(format!("/proc/{pid}/stat")).err();
        let _ = child.kill();
        let _ = child.wait();
        let not_shown = || io::Error::other("the process is not shown in /proc; mount /proc");
        let why = why.filter(|why| why.kind() != io::ErrorKind::NotFound);
        return Err(why.unwrap_or_else(not_shown));
    };
    let tree = Arc::new(Tree { leader: stat.id, module: module.to_owned() });
    FOREST.lock().leaders.insert(pid, Arc::clone(&tree));
    Ok((child, tree))
}

/// The leader was reaped. What is left of its tree is ended by the next samples.
pub(in crate::module::process) fn forget(tree: &Tree) {
    let mut forest = FOREST.lock();
    if forest.leaders.get(&tree.leader.pid).is_some_and(|known| **known == *tree) {
        forest.leaders.remove(&tree.leader.pid);
    }
}

/// A sample that is not older than `age`. Blocks for some milliseconds.
pub(in crate::module::process) fn sample(age: Duration) -> Arc<Sample> {
    let asked = Instant::now();
    let _one = SAMPLING.lock();
    let newest = FOREST.lock().newest.clone();
    match newest {
        // Another may have been made while this waited.
        Some(newest) if newest.began + age >= asked => newest,
        _ => take(Instant::now()),
    }
}

fn take(began: Instant) -> Arc<Sample> {
    let table = Table::read();
    // From here on, each leader in the table is known, or was reaped.
    let forking = FORKING.write();
    let (sample, zombies) = FOREST.lock().update(&table, began);
    for pid in zombies {
        let _ = waitpid(Pid::from_raw(pid), Some(WaitPidFlag::WNOHANG));
    }
    drop(forking);
    for stray in &sample.strays {
        send(*stray, Signal::SIGKILL);
    }
    sample
}

impl Forest {
    /// Takes over what a table shows. Returns the sample, and the orphans that have ended.
    fn update(&mut self, table: &Table, began: Instant) -> (Arc<Sample>, Vec<i32>) {
        let me = own_pid();
        let mut members = HashMap::new();
        let mut by_pid: HashMap<i32, Option<Arc<Tree>>> = HashMap::new();
        let (mut strays, mut zombies) = (Vec::new(), Vec::new());
        for stat in table.descendants(me) {
            let of_parent = || by_pid.get(&stat.parent).cloned().flatten();
            let tree = self.tree_of(stat).or_else(of_parent);
            by_pid.insert(stat.id.pid, tree.clone());
            if stat.is_zombie {
                if stat.parent == me && !self.leaders.contains_key(&stat.id.pid) {
                    zombies.push(stat.id.pid);
                }
            } else if let Some(tree) = tree {
                members.insert(stat.id, (*stat, tree));
            } else if self.ends_strays() {
                strays.push(stat.id);
            }
        }
        // Without a parent that adopts them, orphans of a tree are elsewhere.
        for stat in table.all().filter(|stat| !stat.is_zombie && stat.id.pid != me) {
            if let Some(tree) = self.tree_of(stat) {
                members.entry(stat.id).or_insert((*stat, tree));
            }
        }
        let mut trees: HashMap<ProcessId, Vec<Stat>> = HashMap::new();
        for (stat, tree) in members.values() {
            trees.entry(tree.leader).or_default().push(*stat);
            if !self.is_live(tree) {
                strays.push(stat.id);
            }
        }
        self.members = members.into_iter().map(|(id, (_, tree))| (id, tree)).collect();
        let sample = Arc::new(Sample { began, trees, strays });
        self.newest = Some(Arc::clone(&sample));
        (sample, if self.adopts { zombies } else { Vec::new() })
    }

    /// The tree of a process by itself, without its parents.
    fn tree_of(&self, stat: &Stat) -> Option<Arc<Tree>> {
        if self.inherited.contains(&stat.id) {
            return None;
        }
        let leads = self.leaders.get(&stat.id.pid).filter(|tree| tree.leader == stat.id);
        // Only descendants of its leader can be in a session, and its number is not used again before.
        let of_session = || self.leaders.get(&stat.session);
        leads.or_else(of_session).or_else(|| self.members.get(&stat.id)).cloned()
    }

    fn is_live(&self, tree: &Tree) -> bool {
        self.leaders.get(&tree.leader.pid).is_some_and(|known| **known == *tree)
    }

    /// As the first process of a container, or if it replaced a process that had children, `mgrd` may
    /// be the parent of what it has not started.
    fn ends_strays(&self) -> bool {
        self.adopts && self.inherited.is_empty() && own_pid() != 1
    }
}

/// A process of a tree, as far as it is known now.
pub(super) struct Member {
    pub(super) tree: Arc<Tree>,
    pub(super) id: ProcessId,
    /// Whether it is the module process.
    pub(super) leads: bool,
}

/// All module processes, and what the newest sample found in their trees.
pub(super) fn members() -> Vec<Member> {
    let forest = FOREST.lock();
    let leaders = forest.leaders.values().map(|tree| (tree.leader, tree));
    let others = forest.members.iter().map(|(id, tree)| (*id, tree));
    let others = others.filter(|(id, tree)| *id != tree.leader);
    let member = |(id, tree): (ProcessId, &Arc<Tree>)| Member {
        tree: Arc::clone(tree),
        id,
        leads: id == tree.leader,
    };
    leaders.chain(others).map(member).collect()
}

/// What is known of a process by itself: its tree, or none if it is not of a module.
pub(super) fn known(stat: &Stat) -> Option<Option<Arc<Tree>>> {
    let forest = FOREST.lock();
    if forest.inherited.contains(&stat.id) {
        return Some(None);
    }
    forest.tree_of(stat).map(Some)
}

pub(super) fn own_pid() -> i32 {
    std::process::id().cast_signed()
}

#[cfg(test)]
mod tests;
