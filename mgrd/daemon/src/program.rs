//! Runs the command line of `mgrd`.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use crate::config::{Cli, Settings, Tool};
use crate::module::end_all;
use crate::{descriptors, logging, manager, memory, tools};

/// How long processes of modules that are left at the end have to end after they were killed.
const MODULES_TIMEOUT: Duration = Duration::from_secs(1);
/// The exit status for invalid settings (`EX_USAGE`).
const USAGE: u8 = 64;

/// Runs `mgrd` with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    memory::give_back();
    descriptors::raise_limit();
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(refused) => {
            let status = if refused.use_stderr() { USAGE } else { 0 };
            // If printing fails, there is no reader.
            let _ = refused.print();
            return ExitCode::from(status);
        }
    };
    let action = cli.tool().map(|Tool::Storage { action }| action.clone());
    let settings = match cli.settings() {
        Ok(settings) => settings,
        Err(why) => return report(Err::<(), _>(why), USAGE),
    };
    if let Some(action) = action {
        let (data_dir, out) = (&settings.data_dir, &mut std::io::stdout().lock());
        return report(tools::storage(data_dir, &*manager::backend(&settings), &action, out), 1);
    }
    match logging::init(&settings) {
        Ok(log) => {
            if let Err(why) = memory::keep_giving_back() {
                tracing::warn!("cannot start the thread that gives memory back: {why}");
            }
            let ended = run(settings, log.clone());
            drop(log);
            report(ended, 1)
        }
        Err(why) => report(Err::<(), _>(why), USAGE),
    }
}

fn run(settings: Settings, log: logging::Log) -> Result<(), Box<dyn std::error::Error>> {
    // This runtime only waits for signals, the election and the end of a role. Each role has its own
    // runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(manager::run(settings, log.clone(), move || exit_at_once(log)));
    // Everything important has ended. Do not wait for the rest.
    end_all(MODULES_TIMEOUT);
    runtime.shutdown_background();
    Ok(ended?)
}

/// Ends the process even if parts of it hang. Acknowledged writes are stored, and the kernel ends the
/// modules too, but not what they started.
fn exit_at_once(log: logging::Log) {
    drop(log);
    end_all(MODULES_TIMEOUT);
    std::process::exit(1);
}

fn report<E: std::fmt::Display>(result: Result<(), E>, status: u8) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "mgrd: {why}");
            ExitCode::from(status)
        }
    }
}
