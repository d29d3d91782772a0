//! A module that crashes and restarts, or is enabled and disabled, again and again, and what of `mgrd`
//! must stay level meanwhile.

use nix::sys::signal::Signal;

use crate::daemon::TestManager;
use crate::process;
use crate::setup::Setup;
use crate::wait::eventually;

/// The module.
const MODULE: &str = "cycled";
/// Cycles after which all that is kept for the next one is there.
const WARM_UP: usize = 20;
/// So many more descriptors, threads or tasks are other work that has just begun.
const SLACK: usize = 4;

/// One kind of cycle.
#[derive(Clone, Copy, Debug)]
pub enum Cycle {
    /// The module is killed, and starts again.
    Crash,
    /// The module is enabled, and disabled.
    Enable,
}

/// What `mgrd` uses.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// Resident memory, in bytes.
    pub resident: u64,
    /// Open descriptors.
    pub descriptors: usize,
    /// Threads.
    pub threads: usize,
    /// Tasks.
    pub tasks: usize,
}

/// A daemon with the module, which it restarts without a pause, however often that crashes.
#[must_use]
pub fn start() -> TestManager {
    let settings = "[limits.module]\nbackoff_first = 0.001\nbackoff_max = 0.001\n\
                    failure_limit = 1000000\n";
    Setup::new().installed_rogue(MODULE, &[]).settings(settings).start()
}

impl Cycle {
    /// What `mgrd` uses without a module after a few cycles, and after `count` more. Waits until it
    /// has as few descriptors, threads and tasks as before.
    ///
    /// # Panics
    ///
    /// If it keeps more.
    pub fn run(self, daemon: &TestManager, count: usize) -> (Level, Level) {
        self.repeat(daemon, WARM_UP);
        let before = Level::of(daemon);
        self.repeat(daemon, count);
        let after = eventually("mgrd has no more than before", || {
            let now = Level::of(daemon);
            let pairs = [
                (now.descriptors, before.descriptors),
                (now.threads, before.threads),
                (now.tasks, before.tasks),
            ];
            let is_level = pairs.into_iter().all(|(now, before)| now <= before + SLACK);
            if is_level { Ok(now) } else { Err(format!("{now:?}, before {before:?}")) }
        });
        (before, after)
    }

    fn repeat(self, daemon: &TestManager, count: usize) {
        let enable = || daemon.ok(&format!("mgr module enable {MODULE}"));
        let disable = || daemon.ok(&format!("mgr module disable {MODULE}"));
        match self {
            Self::Crash => {
                enable();
                let mut pid = daemon.await_running(MODULE);
                for _ in 0..count {
                    process::signal(pid, Signal::SIGKILL);
                    pid = daemon.await_restart(MODULE, pid);
                }
                disable();
            }
            Self::Enable => {
                for _ in 0..count {
                    enable();
                    disable();
                }
            }
        }
        daemon.await_state(MODULE, "disabled");
    }
}

impl Level {
    /// What `mgrd` uses now.
    ///
    /// # Panics
    ///
    /// If `mgrd` does not run.
    #[must_use]
    pub fn of(daemon: &TestManager) -> Self {
        let pid = daemon.pid();
        let entries = |folder: &str| {
            std::fs::read_dir(format!("/proc/{pid}/{folder}")).map_or(0, Iterator::count)
        };
        let tasks = tasks(daemon);
        Self {
            resident: process::resident(pid),
            descriptors: entries("fd"),
            threads: entries("task"),
            tasks,
        }
    }
}

/// The number of tasks, which `mgrd` logs when it gets a signal.
fn tasks(daemon: &TestManager) -> usize {
    let all = || -> Vec<usize> {
        let log = daemon.log();
        let numbers = log.lines().filter_map(|line| line.split_once(" tasks=")?.1.parse().ok());
        numbers.collect()
    };
    let before = all().len();
    daemon.signal(Signal::SIGUSR1);
    eventually("mgrd logs its state", || all().get(before).copied().ok_or("nothing new"))
}
