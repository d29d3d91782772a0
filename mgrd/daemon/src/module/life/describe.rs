//! What a disabled module offers. It is started once to send its declaration, which is cached.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{AcquireError, SemaphorePermit, oneshot};
use tokio::time::{sleep, timeout};

use super::describe_error::DescribeError;
use super::description_cache::{load_cached, save_to_cache};
use super::launch::{RunGuard, launch};
use super::module::{Described, Module};
use super::no_sdk::NoSdk;
use super::reason::Reason;
use super::run_end::RunEnd;
use super::shared::Shared;
use crate::authority::Purpose;
use crate::module::declaration::Declaration;
use crate::module::process::{Process, ProcessEnd};
use crate::module::session::Hello;

/// Where a description comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::module) enum Source {
    CacheFirst,
    /// The module itself, because something outside its folder may have changed.
    Module,
}

/// Finds out what a disabled module offers, from the cache or by asking it. A module that is enabled,
/// or has a process, is not asked, because it must not run twice. If another task does this already, that
/// one asks again at once, so that each module has one such task.
pub(in crate::module) async fn describe(shared: Arc<Shared>, module: Arc<Module>, source: Source) {
    let Ok(_one) = module.describing.try_lock() else {
        module.ask_again.notify_one();
        return;
    };
    if source == Source::CacheFirst && load_cached(&shared, &module).await {
        return;
    }
    for attempt in 1.. {
        if ask_in_turn(&shared, &module).await {
            return;
        }
        tokio::select! {
            () = sleep(shared.limits.life.delay(attempt, 0.0)) => {}
            () = module.ask_again.notified() => {}
            () = shared.shutting_down() => return,
        }
    }
}

/// Asks the module when it is its turn, unless its description is known by then or it was enabled.
/// Returns false if another try may succeed.
async fn ask_in_turn(shared: &Arc<Shared>, module: &Module) -> bool {
    tokio::select! {
        () = module.until_idle_or_enabled() => {}
        () = shared.shutting_down() => return true,
    }
    let Ok(_permit) = turn(shared, module).await else { return true };
    // The shutdown waits until this permit is free.
    let shutting_down = || *shared.shutting_down.borrow();
    if module.is_described() || module.is_enabled() || shutting_down() {
        return true;
    }
    // It was enabled and disabled while this waited, and its process has not ended.
    if !module.is_idle() {
        return false;
    }
    let described = match ask(shared, module).await {
        Ok(declaration) => {
            NOT_LOADED.lock().remove(&module.name);
            save_to_cache(shared, module, &declaration).await;
            Described::read(&module.name, declaration, &shared.limits.session)
        }
        // The manager that runs next asks again.
        Err(_) if shutting_down() => return true,
        Err(error) if error.is_passing() => {
            tracing::warn!(
                module = module.name,
                "the module cannot be loaded for the moment: {error}"
            );
            module.not_described_yet(Reason::NotDescribed(Arc::new(error)));
            return false;
        }
        Err(error) => {
            log_once(&module.name, &error);
            Described::Failed(Arc::new(Reason::NotDescribed(Arc::new(error))))
        }
    };
    shared.set_described(module, described);
    true
}

/// The modules that could not be loaded, with the newest reason of each. They are asked again in each role.
static NOT_LOADED: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// How many of them are known.
const MOST_NOT_LOADED: usize = 1024;

/// Logs why a module cannot be loaded, unless that is known from an earlier role.
fn log_once(module: &str, error: &DescribeError) {
    let text = error.to_string();
    let mut known = NOT_LOADED.lock();
    if known.len() >= MOST_NOT_LOADED {
        known.clear();
    }
    if known.insert(module.to_owned(), text.clone()).is_none_or(|before| before != text) {
        tracing::warn!(module, "the module cannot be loaded: {text}");
    }
}

/// Waits for the module's turn. A module that an operator waits for does not wait behind the
/// others, because any of them may hang.
async fn turn<'a>(
    shared: &'a Shared,
    module: &Module,
) -> Result<SemaphorePermit<'a>, AcquireError> {
    tokio::select! {
        biased;
        permit = shared.describers.acquire() => permit,
        () = module.until_wanted() => shared.wanted_describers.acquire().await,
    }
}

/// How a describing run ended.
enum Answer {
    Hello(Hello),
    ShuttingDown,
    TimedOut,
    Ended,
}

/// Starts the module to read its hello.
async fn ask(shared: &Arc<Shared>, module: &Module) -> Result<Declaration, DescribeError> {
    let manifest = tokio::select! {
        manifest = shared.read_manifest(module) => manifest?,
        () = shared.shutting_down() => {
            return Err(DescribeError::ShuttingDown { last_words: Vec::new() });
        }
    };
    let run = shared.live_runs.next_id();
    let (sender, hello) = oneshot::channel();
    shared.describing.lock().insert(run, sender);
    let guard = RunGuard::new(shared, run);
    let process = launch(shared, module, &manifest, run, Purpose::Describe).await?;
    let limit = shared.limits.life.describe_timeout;
    let hello = async { timeout(limit, hello).await.ok()?.ok() };
    let answer = first_of(hello, shared.shutting_down(), process.ended()).await;
    end(shared, &process, matches!(answer, Answer::Hello(_))).await;
    drop(guard);
    let ProcessEnd { exit, last_words, .. } = process.reap().await;
    match answer {
        Answer::Hello(hello) => Ok(hello.declaration),
        Answer::ShuttingDown => Err(DescribeError::ShuttingDown { last_words }),
        Answer::TimedOut => Err(DescribeError::TimedOut { limit, last_words }),
        Answer::Ended => Err(match NoSdk::found(&manifest, &last_words) {
            Some(no_sdk) => no_sdk.into(),
            None => DescribeError::Ended { exit, last_words },
        }),
    }
}

/// Waits for what happens first. A hello counts even if all has happened: a process sends it and may have
/// ended before this task runs.
async fn first_of(
    hello: impl Future<Output = Option<Hello>>,
    shutting_down: impl Future<Output = ()>,
    ended: impl Future<Output = ()>,
) -> Answer {
    tokio::select! {
        biased;
        hello = hello => hello.map_or(Answer::TimedOut, Answer::Hello),
        () = shutting_down => Answer::ShuttingDown,
        () = ended => Answer::Ended,
    }
}

/// Ends the process of a describing run. After its hello its session is over, so it should end
/// without being asked.
async fn end(shared: &Shared, process: &Process, said_hello: bool) {
    let orderly = async {
        if !said_hello || !process.ends_within(shared.limits.process.term_grace).await {
            process.terminate().await;
        }
    };
    tokio::select! {
        () = orderly => {}
        () = shared.shutting_down() => {
            // It has nothing to lose, and another manager may wait to become active.
            process.kill().await;
            process.ended().await;
        }
    }
}

/// Call it when a run ended. If the module has sent no hello yet, it is still unknown what it offers. An
/// enabled module would fail in the same way again, so this failure is its description. A disabled
/// one is asked.
pub(in crate::module) fn describe_after_run(
    shared: &Arc<Shared>,
    module: &Arc<Module>,
    end: &RunEnd,
    last_words: &[String],
) {
    if module.is_described() {
        return;
    }
    if module.is_enabled() {
        let reason = match end {
            RunEnd::Exited(exit) => {
                let (exit, last_words) = (*exit, last_words.to_vec());
                Reason::NotDescribed(Arc::new(DescribeError::Ended { exit, last_words }))
            }
            other => Reason::RunEnded(other.clone()),
        };
        module.described.send_replace(Described::Failed(Arc::new(reason)));
        shared.changed();
    } else {
        tokio::spawn(describe(Arc::clone(shared), Arc::clone(module), Source::CacheFirst));
    }
}

#[cfg(test)]
mod tests;
