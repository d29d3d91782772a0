//! Threads that compute without a pause give way to threads that answer requests.
//!
//! A thread that used a large share of a processor in two measurements in a row gets the highest niceness:
//! it gets what is left over, and gives way soon. When it pauses, it gets its own niceness back. Many such
//! threads get little each; they are recognized because they never paused, and waited for a processor
//! instead. Short-lived processes are recognized by what they use together. The session of such a thread gives way as a whole, where the kernel divides the processors among
//! sessions.
//!
//! `SCHED_IDLE` would fit better by its name, but other processes then wait longer for a processor: 8 ms in
//! place of 1 ms at most, with 32 threads that compute on two processors and Linux 6.18.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use nix::libc;

use super::autogroup;
use crate::module::process::tree::ProcessId;

/// What a thread or a session that gives way has.
pub(super) const HIGHEST_NICENESS: i32 = 19;

/// A thread, with the number of its process first.
type Key = (i32, i32);

/// What is known of the threads of one tree.
#[derive(Debug, Default)]
pub(super) struct Fairness {
    last: Option<Instant>,
    threads: HashMap<Key, Thread>,
    /// Measurements in a row in which processes without a busy thread used much together.
    crowded_for: u32,
    /// Whether a session gives way, or did in the last measurement.
    gives_way: bool,
}

#[derive(Clone, Copy, Debug)]
struct Thread {
    times: Times,
    /// Measurements in a row in which it was busy.
    busy_for: u32,
    /// The niceness that it had before it gave way, if it gives way.
    gave_way_from: Option<i32>,
}

/// What a thread has done since its start.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    computed: Duration,
    waited: Duration,
    pauses: u64,
}

impl Fairness {
    /// Schedules the threads of the processes of a tree, each with what it used since the last
    /// measurement. Their sessions have this niceness while none of their threads computes without a pause.
    /// Cheap while they use little.
    pub(super) fn adjust(&mut self, now: Instant, processes: &[(ProcessId, Duration)], nice: i32) {
        let Some(then) = self.last.replace(now) else { return };
        let passed = now.saturating_duration_since(then);
        // A second measurement of one moment shows nothing new.
        if passed.is_zero() {
            return;
        }
        let is_loud = is_large(processes.iter().map(|(_, used)| *used).sum(), passed);
        let known = |pid| self.threads.keys().any(|(process, _)| *process == pid);
        let examined =
            processes.iter().filter(|(id, used)| (is_loud && !used.is_zero()) || known(id.pid));
        let measured = examined.flat_map(|(id, _)| threads(id.pid));
        let next = measured.map(|(key, times)| {
            let thread = self.threads.get(&key);
            let new = || Thread::new(key.1, times, self.gives_way(key.0), nice);
            (key, thread.map_or_else(new, |thread| thread.measured(key.1, times, passed)))
        });
        let next = next.collect();
        self.forget_quiet(next);
        self.share_sessions(processes, passed, is_loud, nice);
    }

    /// Whether a thread of the process gives way.
    fn gives_way(&self, pid: i32) -> bool {
        self.threads.iter().any(|((process, _), thread)| *process == pid && thread.gives_way())
    }

    /// Has sessions give way. A new session has no niceness, whatever its process had before, so those of a
    /// loud tree are looked at each time.
    fn share_sessions(
        &mut self,
        processes: &[(ProcessId, Duration)],
        passed: Duration,
        is_loud: bool,
        nice: i32,
    ) {
        let busy = self.threads.iter().filter(|(_, thread)| thread.gives_way());
        let busy: HashSet<i32> = busy.map(|((pid, _), _)| *pid).collect();
        let others = processes.iter().filter(|(id, _)| !busy.contains(&id.pid));
        let is_crowded = others.map(|(_, used)| *used).sum::<Duration>() * 2 > passed;
        self.crowded_for = if is_crowded { self.crowded_for.saturating_add(1) } else { 0 };
        if is_loud || self.gives_way {
            let pids = processes.iter().map(|(id, _)| id.pid);
            let gives_way = |pid| self.crowded_for >= 2 || busy.contains(&pid);
            self.gives_way = autogroup::share(pids, gives_way, nice);
        }
    }

    /// Keeps only the processes that have a busy thread.
    fn forget_quiet(&mut self, mut threads: HashMap<Key, Thread>) {
        let mut loud: HashMap<i32, bool> = HashMap::new();
        for (key, thread) in &threads {
            // The first measurement has nothing to compare with, so it does not show a pause.
            let is_new = !self.threads.contains_key(key);
            *loud.entry(key.0).or_default() |= is_new || thread.busy_for > 0 || thread.gives_way();
        }
        threads.retain(|(pid, _), _| loud.get(pid).copied().unwrap_or_default());
        self.threads = threads;
    }
}

impl Thread {
    /// A thread that was not there before. It inherits the niceness of the thread that started it, which is
    /// not its own if that one gives way.
    fn new(tid: i32, times: Times, process_gives_way: bool, nice: i32) -> Self {
        let inherited = process_gives_way && niceness(tid) == Some(HIGHEST_NICENESS);
        Self { times, busy_for: 0, gave_way_from: inherited.then_some(nice) }
    }

    /// The thread after a measurement; schedules it.
    fn measured(self, tid: i32, times: Times, passed: Duration) -> Self {
        let busy_for =
            if times.is_busy(self.times, passed) { self.busy_for.saturating_add(1) } else { 0 };
        let gave_way_from = match self.gave_way_from {
            None if busy_for >= 2 => replace_niceness(tid, HIGHEST_NICENESS),
            Some(own) if busy_for == 0 => {
                replace_niceness(tid, own);
                None
            }
            same => same,
        };
        Self { times, busy_for, gave_way_from }
    }

    fn gives_way(self) -> bool {
        self.gave_way_from.is_some()
    }
}

impl Times {
    /// Whether it computed most of the time that passed, or would have.
    fn is_busy(self, before: Self, passed: Duration) -> bool {
        let computed = self.computed.saturating_sub(before.computed);
        let waited = self.waited.saturating_sub(before.waited);
        let never_paused = self.pauses == before.pauses;
        is_large(computed, passed) || (never_paused && is_large(computed + waited, passed))
    }

    /// None if the thread has ended.
    fn read(pid: i32, tid: i32) -> Option<Self> {
        let read = |file| std::fs::read_to_string(format!("/proc/{pid}/task/{tid}/{file}")).ok();
        let text = read("schedstat")?;
        let mut fields = text.split(' ');
        let mut time = || fields.next()?.parse().ok().map(Duration::from_nanos);
        let (computed, waited) = (time()?, time()?);
        let status = read("status")?;
        let pauses = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        Some(Self { computed, waited, pauses: pauses?.trim().parse().ok()? })
    }
}

/// More than a fifth of what passed.
fn is_large(part: Duration, passed: Duration) -> bool {
    part * 5 > passed
}

/// The threads of a process.
fn threads(pid: i32) -> Vec<(Key, Times)> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let thread = |task: std::fs::DirEntry| {
        let tid = task.file_name().to_str()?.parse().ok()?;
        Some(((pid, tid), Times::read(pid, tid)?))
    };
    tasks.filter_map(thread).collect()
}

/// Gives a thread another niceness and returns the one that it had; none if it has ended. Without the right
/// to undo it (`RLIMIT_NICE`) the thread keeps it: it still gets all of an otherwise idle machine.
#[expect(unsafe_code, reason = "setpriority has no safe form")]
fn replace_niceness(tid: i32, nice: i32) -> Option<i32> {
    let own = niceness(tid)?;
    let id = libc::id_t::try_from(tid).ok()?;
    // SAFETY: a plain system call. The thread existed a moment ago, so another has its number only if all
    // numbers were used meanwhile.
    let set = unsafe { libc::setpriority(libc::PRIO_PROCESS, id, nice) };
    (set == 0).then_some(own)
}

/// The niceness of a thread; none if it has ended.
fn niceness(tid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{tid}/stat")).ok()?;
    // The name of the program ends with the last parenthesis; the state follows, which is field 3.
    stat.rsplit_once(") ")?.1.split(' ').nth(19 - 3)?.parse().ok()
}

#[cfg(test)]
mod tests;
