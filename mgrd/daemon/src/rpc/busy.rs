//! Callers that ask for more than their share for some time: health names them.

use std::sync::Arc;
use std::time::Duration;

use super::connections::Connections;
use crate::host::{BusyCaller, Host};

/// How often the callers are looked at.
const TICK: Duration = Duration::from_secs(1);
/// A caller is busy after so many ticks in which it waited for long, and until it has not waited for
/// long in as many.
const TICKS: u32 = 3;
/// It waited for long if that was more than a part of the time: one of so many. Less is counted than it
/// waits, because a timer fires up to a millisecond later than it is asked to.
const PART: u32 = 10;

/// What a caller used of a period, and how long it had to wait for others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Period {
    pub(super) used: Duration,
    pub(super) waited: Duration,
}

/// Whether a caller is busy.
#[derive(Debug, Default)]
pub(super) struct Busy {
    ticks: u32,
    raised: bool,
}

impl Busy {
    /// Looks at one more tick; returns whether the caller is busy.
    pub(super) fn tick(&mut self, period: Period) -> bool {
        self.ticks = match period.waited > TICK / PART {
            true => (self.ticks + 1).min(TICKS),
            false => self.ticks.saturating_sub(1),
        };
        self.raised = if self.raised { self.ticks > 0 } else { self.ticks == TICKS };
        self.raised
    }
}

/// Reports the busy callers to health, and logs when there are others than before.
pub(super) async fn report(host: Arc<Host>, connections: Arc<Connections>) {
    let mut ticks = tokio::time::interval(TICK);
    let mut before = Vec::new();
    loop {
        ticks.tick().await;
        let busy = connections.busy();
        for caller in busy.iter().filter(|caller| !before.contains(&caller.name)) {
            tracing::warn!("{}", caller.detail());
        }
        before = busy.iter().map(|caller| caller.name.clone()).collect();
        host.report_callers(&busy);
    }
}

impl Period {
    /// This period of a caller of this name.
    pub(super) fn of(self, name: String) -> BusyCaller {
        let percent = |part: Duration| (part.as_secs_f64() / TICK.as_secs_f64() * 100.0).min(100.0);
        BusyCaller { name, used: percent(self.used), waited: percent(self.waited) }
    }
}

#[cfg(test)]
mod tests;
