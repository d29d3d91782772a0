//! The task that runs one process: watches it, ends it when told to, and tells how it ended.

use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::describe::{describe_after_run, learn};
use super::launch::{Living, launch};
use super::machine::Event;
use super::shared::{Letter, Shared};
use super::slot::{Described, Slot};
use crate::module::process::{Exit, Process, Purpose, Usage};
use crate::module::session::{Session, ToModule};

/// How much of a hurry the end of a process is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::module) enum Urgency {
    None,
    /// Ask, then insist.
    Stop,
    /// At once.
    Kill,
}

/// Runs a process from start to end and reports it as start number `run` of the unit.
pub(in crate::module) async fn execute(
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    run: u64,
    mut urgency: watch::Receiver<Urgency>,
) {
    let (exit, last_words) = match start(&shared, &slot, run, &mut urgency).await {
        Ok(process) => {
            let living = Living::new(&shared, run);
            {
                let mut view = slot.view.lock();
                view.pid = process.pid();
                view.started_us = jiff::Timestamp::now().as_microsecond();
                view.warning = None;
            }
            let ended = watch_over(&shared, &slot, run, process, urgency).await;
            drop(living);
            ended
        }
        Err(exit) => (exit, Vec::new()),
    };
    match &exit {
        Exit::Postponed(_) => {}
        Exit::CannotRun(reason) => learn(&shared, &slot, Described::Failed(reason.clone())),
        _ => ended(&shared, &slot, &exit, last_words),
    }
    report(&shared, &slot, run, Event::Exited(exit)).await;
}

/// Starts the process, or says why there is none.
async fn start(
    shared: &Shared,
    slot: &Slot,
    run: u64,
    urgency: &mut watch::Receiver<Urgency>,
) -> Result<Process, Exit> {
    let manifest = tokio::select! {
        manifest = shared.reread(slot) => manifest,
        () = reaches(urgency, Urgency::Stop) => {
            return Err(Exit::Postponed("it is being stopped".to_owned()));
        }
    };
    let manifest = manifest.map_err(|error| match error.is_passing() {
        true => Exit::Postponed(error.to_string()),
        false => Exit::CannotRun(error.to_string()),
    })?;
    let launched = launch(shared, slot, &manifest, run, Purpose::Run).await;
    launched.map_err(|error| match error.is_passing() {
        true => Exit::Postponed(error.to_string()),
        false => Exit::NotStarted(error.to_string()),
    })
}

/// Shows how a run ended.
fn ended(shared: &Arc<Shared>, slot: &Arc<Slot>, exit: &Exit, last_words: Vec<String>) {
    tracing::info!(module = slot.name, "process ended: {exit}");
    if let Some(session) = slot.session.lock().take() {
        session.close(&exit.to_string());
    }
    describe_after_run(shared, slot, exit, &last_words);
    let mut view = slot.view.lock();
    (view.pid, view.usage, view.warning) = (0, Usage::default(), None);
    view.last_words = last_words;
    view.last_exit = Some(exit.clone());
}

async fn watch_over(
    shared: &Shared,
    slot: &Slot,
    run: u64,
    process: Process,
    mut urgency: watch::Receiver<Urgency>,
) -> (Exit, Vec<String>) {
    let every = shared.policy.ping_interval.min(Duration::from_secs(1));
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next_ping = Instant::now();
    let mut fairness = crate::module::process::Fairness::default();
    loop {
        tokio::select! {
            () = process.ended() => break,
            () = reaches(&mut urgency, Urgency::Stop) => {
                end(shared, slot, &process, &mut urgency).await;
                break;
            }
            _ = ticks.tick() => {
                let ping = Instant::now() >= next_ping;
                if ping {
                    next_ping = Instant::now() + shared.policy.ping_interval;
                }
                if let Some(usage) = Usage::of(process.pid()) {
                    fairness.look(process.pid(), usage.cpu);
                    slot.view.lock().usage = usage;
                }
                if let Some(reason) = complaint(shared, slot, ping) {
                    tracing::warn!(module = slot.name, "is restarted: {reason}");
                    dump_stacks(slot, &process);
                    report(shared, slot, run, Event::Unhealthy(reason)).await;
                }
            }
        }
    }
    process.reap().await
}

/// Waits until the end of the process is as urgent as `level`.
async fn reaches(urgency: &mut watch::Receiver<Urgency>, level: Urgency) {
    // Without a supervisor there is nobody left to hurry.
    if urgency.wait_for(|urgency| *urgency >= level).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Asks the process to end, then insists; at once if it becomes that urgent.
async fn end(
    shared: &Shared,
    slot: &Slot,
    process: &Process,
    urgency: &mut watch::Receiver<Urgency>,
) {
    let session = slot.session.lock().clone();
    let orderly = async {
        if let Some(session) = session.filter(|session| session.over_for().is_none()) {
            let grace = shared.policy.shutdown_grace;
            session.outbox.push_first(ToModule::Shutdown { grace });
            if process.ends_within(grace).await {
                return;
            }
            tracing::warn!(module = slot.name, "did not end when asked to");
        }
        process.terminate().await;
    };
    tokio::select! {
        () = orderly => {}
        () = reaches(urgency, Urgency::Kill) => {
            process.signal(Signal::SIGKILL);
            process.ended().await;
        }
    }
}

/// Why the process must be restarted, if it must; what is bad but not that bad is noted.
fn complaint(shared: &Shared, slot: &Slot, ping: bool) -> Option<String> {
    let policy = &shared.policy;
    let memory = slot.manifest().ok().and_then(|manifest| manifest.limits.memory_mb);
    let rss = slot.view.lock().usage.rss_bytes;
    if let Some(limit) = memory.filter(|limit| rss > limit << 20) {
        return Some(format!("uses {} MiB of memory; its limit is {limit} MiB", rss >> 20));
    }
    let session = slot.session.lock().clone()?;
    if session.over_for() >= Some(policy.session_end_grace) {
        return Some("ended its session, but not its process".to_owned());
    }
    let unanswered = if ping { session.ping() } else { session.unanswered() };
    if unanswered >= policy.ping_restart {
        return Some(format!("did not answer a ping for {} s", unanswered.as_secs()));
    }
    let (busy, what) = session.busy();
    if policy.busy_restart.is_some_and(|limit| busy >= limit) {
        return Some(format!("is busy with {what} for {} s", busy.as_secs()));
    }
    slot.view.lock().warning = if unanswered >= policy.ping_warning {
        Some(format!("does not answer pings for {} s", unanswered.as_secs()))
    } else if busy >= policy.busy_warning {
        Some(format!("is busy with {what} for {} s", busy.as_secs()))
    } else {
        None
    };
    None
}

/// Has a stuck Python module write where its threads stand to stderr; its SDK knows the signal.
fn dump_stacks(slot: &Slot, process: &Process) {
    if slot.manifest().is_ok_and(|manifest| manifest.is_python_runner()) {
        process.signal_leader(Signal::SIGUSR2);
    }
}

async fn report(shared: &Shared, slot: &Slot, start: u64, event: Event) {
    let letter = Letter::Report { module: slot.name.clone(), start, event };
    // The supervisor is gone only when the daemon ends.
    let _ = shared.letters.send(letter).await;
}

/// Closes the session of a peer that went away, once its process had the time to say how it ended.
pub(in crate::module) fn close_soon(shared: Arc<Shared>, session: Arc<Session>, start: u64) {
    let close = async move {
        tokio::time::sleep(Duration::from_millis(250)).await;
        session.close("its session ended");
        let module = session.module.clone();
        let _ = shared.letters.send(Letter::Report { module, start, event: Event::Session }).await;
    };
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(close);
    }
}
