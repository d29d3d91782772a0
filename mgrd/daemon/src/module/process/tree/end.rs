//! Signals a tree, and ends it.

use std::collections::HashSet;
use std::sync::mpsc;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::Pid;

use super::forest::{Tree, sample};
use super::record::remove_record;
use super::stat::{ProcessId, Stat};

/// How long processes that were killed have to end before they are looked for again.
const PAUSE: Duration = Duration::from_millis(2);

/// Signals all processes of a tree. Blocks for some milliseconds.
pub(in crate::module::process) fn signal(tree: &Tree, signal: Signal) {
    for stat in sample(Duration::ZERO).of(tree.leader) {
        send(stat.id, signal);
    }
}

/// Kills all processes of a tree. Blocks until none is left, but no longer than `limit`; returns
/// whether none is left.
pub(in crate::module::process) fn kill(tree: &Tree, limit: Duration) -> bool {
    let of_tree = || sample(Duration::ZERO).of(tree.leader).iter().map(|stat| stat.id).collect();
    kill_rounds(of_tree, limit)
}

/// Kills all that modules started. Blocks until nothing is left, but no longer than `limit`, whatever
/// other threads do. Call it when `mgrd` ends.
pub(in crate::module::process) fn end_all(limit: Duration) {
    let (done, ended) = mpsc::channel::<()>();
    let work = move || {
        if kill_rounds(|| sample(Duration::ZERO).all().collect(), limit) {
            remove_record();
        }
        drop(done);
    };
    // Without another thread, the kernel still ends the module processes themselves.
    if thread::Builder::new().name("end".into()).spawn(work).is_ok() {
        // The sender is dropped at the end.
        let _ = ended.recv_timeout(limit);
    }
}

/// Kills until none is left. Each round also finds what was forked before its parent was stopped.
pub(super) fn kill_rounds(mut pick: impl FnMut() -> HashSet<ProcessId>, limit: Duration) -> bool {
    let until = Instant::now() + limit;
    let mut known = HashSet::new();
    loop {
        let left = pick();
        if left.is_empty() {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        // What is stopped forks no more while the others are killed.
        for signal in [Signal::SIGSTOP, Signal::SIGKILL] {
            for id in &left {
                send(*id, signal);
            }
        }
        if left.is_subset(&known) {
            sleep(PAUSE);
        }
        known = left;
    }
}

/// Signals a process, if it is still the same.
pub(in crate::module::process) fn send(id: ProcessId, signal: Signal) {
    if Stat::read(id.pid).is_some_and(|stat| stat.id == id) {
        // It may have ended just now.
        let _ = nix::sys::signal::kill(Pid::from_raw(id.pid), signal);
    }
}
