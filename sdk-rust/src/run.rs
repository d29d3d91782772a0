//! A module's `main`.

use std::process::ExitCode;

use tonic::Code;

use crate::connect::{ConnectError, connect};
use crate::log::Logging;
use crate::session::{self, End};
use crate::stacks;
use crate::standby::{self, Half};
use crate::{Module, Standby};

/// The module cannot run here, and the host does not restart it.
const EXIT_CANNOT_RUN: u8 = 77;
/// The module and the host have no protocol version in common.
const EXIT_PROTOCOL_MISMATCH: u8 = 78;

/// Runs a module in this process until the host ends it or is gone. Errors go to stderr, which the
/// host reads.
///
/// The module runs on one thread, because most modules are idle most of the time. Put long
/// computations into [`tokio::task::spawn_blocking`].
#[must_use]
pub fn run<M: Module>() -> ExitCode {
    run_as::<M>(None)
}

/// Like [`run`], for a module that has a standby half. The host decides which of the two runs.
#[must_use]
pub fn run_with_standby<M: Standby>() -> ExitCode {
    run_as::<M>(Some(standby::half::<M>))
}

fn run_as<M: Module>(standby: Option<Half<M>>) -> ExitCode {
    stacks::answer();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start the runtime: {error}"), 1),
    };
    let logging = Logging::new();
    // It fails if the module has set its own subscriber, which then stays.
    let _ = tracing::dispatcher::set_global_default(logging.dispatch());
    let end = runtime.block_on(async {
        let client = connect().await?;
        Ok::<_, ConnectError>(session::run::<M>(client, logging, standby).await)
    });
    // The process ends now, even if threads of the module still run.
    runtime.shutdown_background();
    match end {
        Ok(End::Described | End::Finished | End::HostGone) => ExitCode::SUCCESS,
        Ok(End::CannotRun(error)) => fail(&error.to_string(), EXIT_CANNOT_RUN),
        Ok(End::StartFailed(error)) => fail(&format!("start failed: {error}"), 1),
        Ok(End::Refused(status)) => {
            let mismatch = status.code() == Code::FailedPrecondition;
            let exit = if mismatch { EXIT_PROTOCOL_MISMATCH } else { 1 };
            fail(&format!("mgrd refused the session: {}", status.message()), exit)
        }
        Err(error) => fail(&error.to_string(), 1),
    }
}

#[expect(clippy::print_stderr, reason = "there is no session to log to")]
fn fail(message: &str, exit: u8) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(exit)
}
