//! The watch over the process of a run, until it has ended.

use std::ops::ControlFlow;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::complaint::Complaint;
use super::crash;
use super::growth::Growth;
use super::input::Input;
use super::machine::LATE;
use super::memory_warning::MemoryWarning;
use super::module::Module;
use super::overdue::Overdue;
use super::run_record::{Urgency, reaches};
use super::shared::Shared;
use super::watchdog::{Finding, examine};
use crate::module::process::{Process, ProcessEnd};
use crate::module::session::ToModule;
use crate::text::whole_lines;

/// How often a process is measured and examined.
const WATCH_INTERVAL: Duration = Duration::from_secs(1);
/// Bytes of the stacks of a stuck module that are logged.
const LOGGED_STACKS: usize = 64 << 10;

/// Watches the process until it has ended. Also returns why it was ended, if that was because of a
/// complaint whose reason the process does not know.
pub(super) async fn watch_over(
    shared: &Shared,
    module: &Module,
    run: u64,
    process: Process,
    urgency: watch::Receiver<Urgency>,
) -> (ProcessEnd, Option<Complaint>) {
    let (now, complaint) = (Instant::now(), None);
    let every = shared.limits.life.ping_interval.min(WATCH_INTERVAL);
    let growth = Growth::new(shared.limits.process.leak_window);
    let (last_look, next_ping) = (now, now);
    let mut watch = Watch {
        shared,
        module,
        run,
        process,
        urgency,
        every,
        last_look,
        next_ping,
        growth,
        complaint,
    };
    watch.until_the_end().await;
    (watch.process.reap().await, watch.complaint)
}

/// The watch over one process.
struct Watch<'a> {
    shared: &'a Shared,
    module: &'a Module,
    run: u64,
    process: Process,
    urgency: watch::Receiver<Urgency>,
    /// How often it looks at the process.
    every: Duration,
    last_look: Instant,
    next_ping: Instant,
    growth: Growth,
    /// The complaint because of which the process ends.
    complaint: Option<Complaint>,
}

impl Watch<'_> {
    async fn until_the_end(&mut self) {
        let mut ticks = interval_at(Instant::now() + self.every, self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.process.ended() => return,
                () = reaches(&mut self.urgency, Urgency::Stop) => {
                    return end(self.shared, self.module, &self.process, &mut self.urgency).await;
                }
                _ = ticks.tick() => {
                    if self.look().await.is_break() {
                        return;
                    }
                }
            }
        }
    }

    /// Looks at the process, and breaks if it was killed.
    async fn look(&mut self) -> ControlFlow<()> {
        self.forgive_a_delay();
        self.measure().await;
        let ping = self.is_ping_due();
        let finding = examine(self.module, &self.process, &self.shared.limits.life, ping);
        match finding.with_cause(self.module, &self.process).await {
            Finding::Healthy => self.module.run.lock().warning = None,
            Finding::Unknown => {}
            Finding::Warning(warning) => {
                self.module.run.lock().warn(&self.module.name, warning);
            }
            Finding::Unhealthy(complaint) => return self.restart(complaint).await,
        }
        ControlFlow::Continue(())
    }

    /// If this look is late, what came from the module in the meantime has not been read.
    fn forgive_a_delay(&mut self) {
        let late = self.last_look.elapsed().saturating_sub(self.every);
        self.last_look = Instant::now();
        if late > LATE
            && let Some(session) = self.module.live_session()
        {
            session.forgive(late);
        }
    }

    async fn measure(&mut self) {
        let confined = self.process.confined();
        let Some(usage) = confined.measure(self.every / 2).await else { return };
        self.growth.add(Instant::now().into_std(), usage.rss_bytes);
        let (limits, leak) = (confined.limits(), self.growth.leak());
        let warning =
            MemoryWarning::of(usage.rss_bytes, limits.memory, limits.memory_warning, leak);
        let mut run = self.module.run.lock();
        (run.usage, run.memory) = (Some(usage), warning);
    }

    fn is_ping_due(&mut self) -> bool {
        let due = Instant::now() >= self.next_ping;
        if due {
            self.next_ping = Instant::now() + self.shared.limits.life.ping_interval;
        }
        due
    }

    /// Reports that the module must be restarted, and breaks if its process was killed for that.
    async fn restart(&mut self, complaint: Complaint) -> ControlFlow<()> {
        let module = &self.module.name;
        tracing::warn!(module, "the module is restarted, because it {complaint}");
        if let Complaint::Exceeds(exceeded) = complaint {
            self.report(complaint).await;
            // It would take more while it is asked to end.
            self.process.kill_because(exceeded).await;
            return ControlFlow::Break(());
        }
        tokio::select! {
            () = keep_stacks(self.module, &self.process) => {}
            () = self.process.ended() => {}
            () = reaches(&mut self.urgency, Urgency::Stop) => {}
        }
        self.complaint = Some(complaint.clone());
        self.report(complaint).await;
        ControlFlow::Continue(())
    }

    async fn report(&self, complaint: Complaint) {
        self.shared.report(&self.module.name, self.run, Input::Unhealthy(complaint)).await;
    }
}

/// Asks the process to end, and ends it by force if it does not. Kills it at once if the end
/// becomes urgent.
async fn end(
    shared: &Shared,
    module: &Module,
    process: &Process,
    urgency: &mut watch::Receiver<Urgency>,
) {
    crash::note_work(module);
    let orderly = async {
        if let Some(session) = module.live_session() {
            let grace = shared.limits.life.shutdown_grace;
            session.outbox.push_first(ToModule::Shutdown { grace });
            if process.ends_within(grace).await {
                return;
            }
            tracing::warn!(module = module.name, "the module did not end when asked to");
        }
        process.terminate().await;
    };
    tokio::select! {
        () = orderly => {}
        () = warn_while_it_ends(module, shared.limits.life.stop_warning) => {}
        () = reaches(urgency, Urgency::Kill) => {
            process.kill().await;
            process.ended().await;
        }
    }
}

/// Shows that the end of a module takes long. It does not return.
async fn warn_while_it_ends(module: &Module, warning: Duration) {
    let asked = Instant::now();
    sleep(warning).await;
    loop {
        let slow = Complaint::Overdue(Overdue::end(asked.elapsed()));
        module.run.lock().warn(&module.name, slow);
        sleep(WATCH_INTERVAL).await;
    }
}

/// Logs what the threads of a stuck module do, before it is ended, and keeps it for the report.
async fn keep_stacks(module: &Module, process: &Process) {
    if let Ok(stacks) = process.stacks().take().await {
        let stacks = whole_lines(&stacks.to_string(), LOGGED_STACKS);
        tracing::warn!(module = module.name, "what the stuck module does:\n{stacks}");
        module.run.lock().evidence.attach("stacks", stacks);
    }
}
