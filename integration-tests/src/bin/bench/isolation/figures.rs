//! The times of a command, of `status`, of a durable write and of a new connection, and the memory of `mgrd`.

use std::time::{Duration, Instant};

use integration_tests::{TestManager, process};

use super::super::client::Client;

/// What is measured: its name, and its command line.
pub(super) const MEASURED: [(&str, &str); 4] = [
    ("command", "hello"),
    ("status", "status"),
    ("write", "config-key set measured %"),
    (CONNECT, "hello"),
];

/// The name of the one that runs its command line on a new connection.
const CONNECT: &str = "connect";

/// The times of each of [`MEASURED`], sorted, and how many runs failed.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) times: [Vec<Duration>; MEASURED.len()],
    pub(super) failed: [usize; MEASURED.len()],
}

impl Figures {
    /// Runs the command lines one after another for so long.
    pub(super) async fn measure(
        daemon: &TestManager,
        client: &mut Client,
        duration: Duration,
    ) -> Self {
        let (mut figures, start) = (Self::default(), Instant::now());
        for n in 0_u64.. {
            if start.elapsed() > duration {
                break;
            }
            for (at, (name, line)) in MEASURED.iter().enumerate() {
                let line = line.replace('%', &n.to_string());
                let began = Instant::now();
                let outcome = match *name {
                    CONNECT => Client::run_once(daemon, &line).await,
                    _ => client.run(&line).await,
                };
                figures.times[at].push(began.elapsed());
                figures.failed[at] += usize::from(outcome.is_none_or(|it| it.retval != 0));
            }
        }
        figures.times.iter_mut().for_each(|times| times.sort_unstable());
        figures
    }

    /// The time below which this part of the runs of one command line were.
    pub(super) fn quantile(&self, at: usize, part: f64) -> Duration {
        let times = &self.times[at];
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a part of them"
        )]
        let index = (times.len() as f64 * part) as usize;
        times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// The resident memory of `mgrd` before, at most during, and after an attack, in MiB.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) before: u64,
    pub(super) peak: u64,
    pub(super) after: u64,
}

const MIB: u64 = 1 << 20;

impl Memory {
    /// Begins a new peak.
    pub(super) fn begin(pid: u32) -> Self {
        // If that fails, the peak is that of the whole run.
        let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
        Self { before: process::resident(pid) / MIB, ..Self::default() }
    }

    /// Waits until the memory is back at its level, but no longer than this.
    pub(super) async fn end(&mut self, pid: u32, more: u64, most: Duration) {
        self.peak = process::peak(pid) / MIB;
        let start = Instant::now();
        loop {
            self.after = process::resident(pid) / MIB;
            if self.after <= self.before + more || start.elapsed() > most {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
