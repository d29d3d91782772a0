//! Threads that compute without a pause give way to threads that answer requests.
//!
//! A thread that used a large share of a processor in two measurements in a row is scheduled as
//! idle work: it gets what is left over, and gives way at once. When it pauses, it is scheduled as
//! before. Many such threads get little each; they are recognized because they never paused, and waited
//! for a processor instead.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use nix::libc;

use crate::module::process::tree::ProcessId;

/// A thread, with the number of its process first.
type Key = (i32, i32);

/// What is known of the threads of one tree.
#[derive(Debug, Default)]
pub(super) struct Fairness {
    last: Option<Instant>,
    threads: HashMap<Key, Thread>,
}

#[derive(Clone, Copy, Debug)]
struct Thread {
    times: Times,
    /// Measurements in a row in which it was busy.
    busy_for: u32,
    /// Whether it is scheduled as idle work.
    idle_class: bool,
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
    /// measurement. Cheap while they use little.
    pub(super) fn adjust(&mut self, now: Instant, processes: &[(ProcessId, Duration)]) {
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
            let new = Thread { times, busy_for: 0, idle_class: false };
            let thread = self.threads.get(&key);
            (key, thread.map_or(new, |thread| thread.measured(key.1, times, passed)))
        });
        let next = next.collect();
        self.forget_quiet(next);
    }

    /// Keeps only the processes that have a busy thread.
    fn forget_quiet(&mut self, mut threads: HashMap<Key, Thread>) {
        let mut loud: HashMap<i32, bool> = HashMap::new();
        for (key, thread) in &threads {
            // The first measurement has nothing to compare with, so it does not show a pause.
            let is_new = !self.threads.contains_key(key);
            *loud.entry(key.0).or_default() |= is_new || thread.busy_for > 0 || thread.idle_class;
        }
        threads.retain(|(pid, _), _| loud.get(pid).copied().unwrap_or_default());
        self.threads = threads;
    }
}

impl Thread {
    /// The thread after a measurement; schedules it.
    fn measured(self, tid: i32, times: Times, passed: Duration) -> Self {
        let busy_for =
            if times.is_busy(self.times, passed) { self.busy_for.saturating_add(1) } else { 0 };
        let idle_class = busy_for >= 2 || (self.idle_class && busy_for > 0);
        if idle_class != self.idle_class {
            set_idle_class(tid, idle_class);
        }
        Self { times, busy_for, idle_class }
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

#[expect(unsafe_code, reason = "sched_setscheduler has no safe form")]
fn set_idle_class(tid: i32, idle_class: bool) {
    let policy = if idle_class { libc::SCHED_IDLE } else { libc::SCHED_OTHER };
    let param = libc::sched_param { sched_priority: 0 };
    // SAFETY: a plain system call with a valid structure. The thread existed a moment ago, so another
    // has its number only if all numbers were used meanwhile. Without the right to undo it
    // (RLIMIT_NICE) the thread stays idle work: it still gets all of an otherwise idle machine.
    unsafe { libc::sched_setscheduler(tid, policy, &raw const param) };
}

#[cfg(test)]
mod tests;
