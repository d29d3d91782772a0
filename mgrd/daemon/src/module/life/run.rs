//! The task of one run: it starts the process, has it watched, and reports how it ended.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::sleep;

use super::crash;
use super::describe::describe_after_run;
use super::input::Input;
use super::launch::{RunGuard, launch};
use super::module::{Described, Module};
use super::no_sdk::NoSdk;
use super::reason::Reason;
use super::run_end::{PostponeReason, RunEnd};
use super::run_record::{Urgency, reaches};
use super::shared::Shared;
use super::watch::watch_over;
use crate::authority::Purpose;
use crate::module::process::{Process, survivor_of};
use crate::module::session::{Session, SessionEnd};

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
    let asked = module.run.lock().asked.clone();
    if let Some(session) = module.session.lock().take() {
        session.close(match (end, asked) {
            (RunEnd::Unhealthy(why), _) => SessionEnd::Unhealthy(why.to_string().into()),
            (_, Some(asked)) => asked,
            (RunEnd::Exited(exit), None) => SessionEnd::ProcessEnded(*exit),
            _ => SessionEnd::Closed,
        });
    }
    describe_after_run(shared, module, end, &last_words);
    module.run.lock().process_ended(end.clone(), last_words);
}

/// Closes the session of a peer that went away, after its process has had the time to end.
pub(in crate::module) fn close_after_exit(shared: Arc<Shared>, session: Arc<Session>, run: u64) {
    let close = async move {
        sleep(shared.limits.life.exit_wait).await;
        let module = shared.module(&session.module);
        let asked = module.and_then(|module| module.run.lock().asked(run));
        session.close(asked.unwrap_or(SessionEnd::Closed));
        shared.report(&session.module, run, Input::SessionChanged).await;
    };
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(close);
    }
}
