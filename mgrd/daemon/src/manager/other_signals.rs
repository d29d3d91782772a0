//! The signals that do not ask for the end: SIGHUP, SIGUSR1, and those that mean nothing.

use std::sync::Arc;

use nix::libc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tracing::info;

use super::error::ManagerError;
use crate::logging::Log;

/// Signals whose default is to end the process, and that mean nothing to `mgrd`. A program that was
/// aimed at another process, or a mistyped name, must not end a manager. What a process limit refuses fails as
/// an error of its system call.
const IGNORED: [i32; 9] = [
    libc::SIGUSR2,
    libc::SIGALRM,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGIO,
    libc::SIGPWR,
    libc::SIGSTKFLT,
    libc::SIGXFSZ,
    libc::SIGXCPU,
];

/// From now on, SIGHUP opens the log file again, and SIGUSR1 notifies `dump`. Needs a runtime.
///
/// # Errors
///
/// If the system refuses.
pub(super) fn watch(log: Log, dump: Arc<Notify>) -> Result<(), ManagerError> {
    ignore_the_rest();
    let mut hangup = signal(SignalKind::hangup()).map_err(ManagerError::Signals)?;
    let mut state = signal(SignalKind::user_defined1()).map_err(ManagerError::Signals)?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = hangup.recv() => {
                    let log = log.clone();
                    // Opening a file can take any time.
                    spawn_blocking(move || log.reopen());
                }
                _ = state.recv() => {
                    info!("SIGUSR1: the state of mgrd follows");
                    dump.notify_one();
                }
            }
        }
    });
    Ok(())
}

#[expect(unsafe_code, reason = "signal has no safe form")]
fn ignore_the_rest() {
    for number in IGNORED.into_iter().chain(libc::SIGRTMIN()..=libc::SIGRTMAX()) {
        // SAFETY: ignoring a signal runs no code of ours. Modules get the defaults at their start.
        unsafe { libc::signal(number, libc::SIG_IGN) };
    }
}
