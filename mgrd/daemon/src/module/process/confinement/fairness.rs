//! Threads that compute without a pause give way to threads that answer requests.
//!
//! A thread that used a large share of a processor in two measurements in a row is scheduled as
//! idle work: it gets what is left over, and gives way at once. When it pauses, it is scheduled as
//! before.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use nix::libc;

/// What is known of the threads of one process.
#[derive(Debug, Default)]
pub(super) struct Fairness {
    last: Option<(Instant, Duration)>,
    threads: HashMap<i32, Thread>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Thread {
    cpu: Duration,
    /// Measurements in a row in which it was busy.
    busy_for: u32,
    /// Whether it is scheduled as idle work.
    idle_class: bool,
}

impl Fairness {
    /// Schedules the threads of process `pid`, which has used `cpu` so far. Cheap while it uses
    /// little.
    pub(super) fn adjust(&mut self, pid: i32, cpu: Duration) {
        let now = Instant::now();
        let Some((then, before)) = self.last.replace((now, cpu)) else { return };
        let passed = now - then;
        if is_busy(cpu.saturating_sub(before), passed) || !self.threads.is_empty() {
            self.adjust_threads(pid, passed);
        }
    }

    fn adjust_threads(&mut self, pid: i32, passed: Duration) {
        let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return };
        let mut threads = HashMap::new();
        for task in tasks.flatten() {
            let Some(tid) = task.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let Some(cpu) = thread_cpu(pid, tid) else { continue };
            let known = self.threads.get(&tid).copied();
            let mut thread = known.unwrap_or(Thread { cpu, ..Thread::default() });
            let used = cpu.saturating_sub(thread.cpu);
            thread.cpu = cpu;
            thread.busy_for = if is_busy(used, passed) { thread.busy_for + 1 } else { 0 };
            let idle_class = thread.busy_for >= 2 || (thread.idle_class && thread.busy_for > 0);
            if idle_class != thread.idle_class {
                set_idle_class(tid, idle_class);
                thread.idle_class = idle_class;
            }
            threads.insert(tid, thread);
        }
        let none_busy = threads.values().all(|thread| thread.busy_for == 0 && !thread.idle_class);
        // The first measurement has nothing to compare with, so it does not show a pause.
        self.threads = if none_busy && !self.threads.is_empty() { HashMap::new() } else { threads };
    }
}

/// More than a fifth of a processor: many spinning threads get little each on a small machine.
fn is_busy(used: Duration, passed: Duration) -> bool {
    used * 5 > passed
}

fn thread_cpu(pid: i32, tid: i32) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{tid}/schedstat")).ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[expect(unsafe_code, reason = "sched_setscheduler has no safe form")]
fn set_idle_class(tid: i32, idle_class: bool) {
    let policy = if idle_class { libc::SCHED_IDLE } else { libc::SCHED_OTHER };
    let param = libc::sched_param { sched_priority: 0 };
    // SAFETY: a plain system call with a valid structure; the thread belongs to a process that is
    // not reaped yet. Without the right to undo it (RLIMIT_NICE) the thread stays idle work: it
    // still gets all of an otherwise idle machine.
    unsafe { libc::sched_setscheduler(tid, policy, &raw const param) };
}
