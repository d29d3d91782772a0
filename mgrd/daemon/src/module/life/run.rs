//! The task of one run: it starts the process, watches it, ends it, and reports how it ended.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use super::complaint::Complaint;
use super::crash;
use super::describe::describe_after_run;
use super::growth::Growth;
use super::input::Input;
use super::launch::{RunGuard, launch};
use super::machine::LATE;
use super::memory_warning::MemoryWarning;
use super::module::{Described, Module};
use super::no_sdk::NoSdk;
use super::overdue::Overdue;
use super::reason::Reason;
use super::run_end::{PostponeReason, RunEnd};
use super::run_record::Urgency;
use super::shared::Shared;
use super::watchdog::{Finding, examine};
use crate::authority::Purpose;
use crate::module::process::{Process, ProcessEnd, Usage, survivor_of};
use crate::module::session::{Session, SessionEnd, ToModule};
use crate::text::lines;

/// How often a process is measured and examined.
const WATCH_INTERVAL: Duration = Duration::from_secs(1);
/// Bytes of the stacks of a stuck module that are logged.
const LOGGED_STACKS: usize = 64 << 10;

/// Carries out the run with this id, from the start of its process to its end.
pub(super) async fn run_process(
    shared: Arc<Shared>,
    module: Arc<Module>,
    run: u64,
    mut urgency: watch::Receiver<Urgency>,
) {
    let asked = urgency.clone();
    let (end, last_words) = match start(&shared, &module, run, &mut urgency).await {
        Ok(process) => {
            let guard = RunGuard::new(&shared, run);
            module.run.lock().process_started(&process);
            // They may have been set while it started.
            process.confined().apply(shared.limits.process.with(&module.own)).await;
            let (ended, complaint) = watch_over(&shared, &module, run, process, urgency).await;
            drop(guard);
            let no_sdk = module.manifest().ok().and_then(|m| NoSdk::found(&m, &ended.last_words));
            let end = match (complaint, no_sdk) {
                // The exit status only says that it did what it was asked to.
                (Some(complaint), _) => RunEnd::Unhealthy(complaint),
                (None, Some(no_sdk)) => RunEnd::NoSdk(no_sdk),
                (None, None) => RunEnd::Exited(ended.exit),
            };
            crash::report(&shared, &module, &end, &ended);
            (end, ended.last_words)
        }
        Err(end) => (end, Vec::new()),
    };
    match &end {
        RunEnd::Postponed(_) => {}
        RunEnd::CannotRun(error) => {
            let reason = Arc::new(Reason::Manifest(Arc::clone(error)));
            shared.set_described(&module, Described::Failed(reason));
        }
        RunEnd::CannotLaunch(error) => {
            let reason = Arc::new(Reason::Launch(Arc::clone(error)));
            shared.set_described(&module, Described::Failed(reason));
        }
        RunEnd::Exited(_) | RunEnd::Unhealthy(_) | RunEnd::NoSdk(_) | RunEnd::NotStarted(_) => {
            log_end(&module, &end, *asked.borrow() > Urgency::None);
            record_end(&shared, &module, &end, last_words);
        }
    }
    shared.report(&module.name, run, Input::Ended(end)).await;
}

/// Starts the process. If there is none, the error says how the run ended.
async fn start(
    shared: &Shared,
    module: &Module,
    run: u64,
    urgency: &mut watch::Receiver<Urgency>,
) -> Result<Process, RunEnd> {
    if let Some(pid) = survivor_of(&module.name) {
        return Err(RunEnd::Postponed(PostponeReason::Survivor { pid }));
    }
    let manifest = tokio::select! {
        manifest = shared.read_manifest(module) => manifest,
        () = reaches(urgency, Urgency::Stop) => {
            return Err(RunEnd::Postponed(PostponeReason::Stopping));
        }
    };
    Ok(launch(shared, module, &*manifest?, run, Purpose::Run).await?)
}

/// Logs how a run ended: as a warning if the module was not asked to end.
fn log_end(module: &Module, end: &RunEnd, asked: bool) {
    let module = &module.name;
    match end {
        RunEnd::Exited(exit) if asked => tracing::info!(module, "the process has ended: {exit}"),
        RunEnd::Exited(exit) => tracing::warn!(module, "the process has ended: {exit}"),
        RunEnd::Unhealthy(why) => tracing::info!(module, "the process has ended, because it {why}"),
        RunEnd::NoSdk(why) => tracing::warn!(module, "the process has ended: {why}"),
        other => tracing::warn!(module, "the process {other}"),
    }
}

/// Records how a run ended.
fn record_end(shared: &Arc<Shared>, module: &Arc<Module>, end: &RunEnd, last_words: Vec<String>) {
    if let Some(session) = module.session.lock().take() {
        session.close(match end {
            RunEnd::Exited(exit) => SessionEnd::ProcessEnded(*exit),
            RunEnd::Unhealthy(complaint) => SessionEnd::Unhealthy(complaint.to_string().into()),
            _ => SessionEnd::Closed,
        });
    }
    describe_after_run(shared, module, end, &last_words);
    module.run.lock().process_ended(end.clone(), last_words);
}

/// Watches the process until it has ended. Also returns why it was ended, if that was because of a
/// complaint whose reason the process does not know.
async fn watch_over(
    shared: &Shared,
    module: &Module,
    run: u64,
    process: Process,
    mut urgency: watch::Receiver<Urgency>,
) -> (ProcessEnd, Option<Complaint>) {
    let mut complaint_made = None;
    let every = shared.limits.life.ping_interval.min(WATCH_INTERVAL);
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next_ping = Instant::now();
    let mut growth = Growth::new(shared.limits.process.leak_window);
    let mut last_tick = Instant::now();
    loop {
        tokio::select! {
            () = process.ended() => break,
            () = reaches(&mut urgency, Urgency::Stop) => {
                end(shared, module, &process, &mut urgency).await;
                break;
            }
            _ = ticks.tick() => {
                // What came in the meantime has not been read.
                let late = last_tick.elapsed().saturating_sub(every);
                last_tick = Instant::now();
                if late > LATE && let Some(session) = module.live_session() {
                    session.forgive(late);
                }
                let ping = Instant::now() >= next_ping;
                if ping {
                    next_ping = Instant::now() + shared.limits.life.ping_interval;
                }
                if let Some(usage) = process.confined().measure(every / 2).await {
                    growth.add(Instant::now().into_std(), usage.rss_bytes);
                    let warning = memory_warning(&process, &usage, &growth);
                    let mut run = module.run.lock();
                    (run.usage, run.memory) = (Some(usage), warning);
                }
                let finding = examine(module, &process, &shared.limits.life, ping);
                match finding.with_cause(module, &process).await {
                    Finding::Healthy => module.run.lock().warning = None,
                    Finding::Unknown => {}
                    Finding::Warning(warning) => module.run.lock().warn(&module.name, warning),
                    Finding::Unhealthy(complaint) => {
                        tracing::warn!(module = module.name, "the module is restarted, because it {complaint}");
                        let exceeded = match complaint {
                            Complaint::Exceeds(exceeded) => Some(exceeded),
                            _ => None,
                        };
                        if exceeded.is_none() {
                            tokio::select! {
                                () = keep_stacks(module, &process) => {}
                                () = process.ended() => {}
                                () = reaches(&mut urgency, Urgency::Stop) => {}
                            }
                        }
                        if exceeded.is_none() {
                            complaint_made = Some(complaint.clone());
                        }
                        shared.report(&module.name, run, Input::Unhealthy(complaint)).await;
                        if let Some(exceeded) = exceeded {
                            // It would take more while it is asked to end.
                            process.kill_because(exceeded).await;
                            break;
                        }
                    }
                }
            }
        }
    }
    (process.reap().await, complaint_made)
}

/// What an operator should know about its memory.
fn memory_warning(process: &Process, usage: &Usage, growth: &Growth) -> Option<MemoryWarning> {
    let limits = process.confined().limits();
    MemoryWarning::of(usage.rss_bytes, limits.memory, limits.memory_warning, growth.leak())
}

/// Waits until the end of the run is as urgent as `level`.
async fn reaches(urgency: &mut watch::Receiver<Urgency>, level: Urgency) {
    // Without a sender, the urgency no longer changes.
    if urgency.wait_for(|urgency| *urgency >= level).await.is_err() {
        std::future::pending::<()>().await;
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
        let stacks = lines(&stacks.to_string(), LOGGED_STACKS);
        tracing::warn!(module = module.name, "what the stuck module does:\n{stacks}");
        module.run.lock().evidence.attach("stacks", stacks);
    }
}

/// Closes the session of a peer that went away, after its process has had the time to end.
pub(in crate::module) fn close_after_exit(shared: Arc<Shared>, session: Arc<Session>, run: u64) {
    let close = async move {
        sleep(shared.limits.life.exit_wait).await;
        session.close(SessionEnd::Closed);
        shared.report(&session.module, run, Input::SessionChanged).await;
    };
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(close);
    }
}
