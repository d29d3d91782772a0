//! `mgrctl` from start to exit status: completion, a console, the interactive mode, or one command.

use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

use super::args;
use super::command_line;
use super::complete;
use super::error::CtlError;
use super::interactive;
use super::output;
use super::output::say;
use super::repl;

/// Runs `mgrctl` with the arguments of this process.
pub(super) fn main() -> ExitCode {
    let status = start().unwrap_or_else(|error| {
        if !error.is_broken_pipe() {
            say(&error);
        }
        error.exit_status()
    });
    ExitCode::from(status)
}

fn start() -> Result<u8, CtlError> {
    let argv =
        std::env::args_os().skip(1).map(|word| word.into_string().map_err(CtlError::NotText));
    let argv = argv.collect::<Result<Vec<_>, _>>()?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CtlError::io("start"))?;
    let status = match argv.split_first() {
        Some((first, words)) if complete::is_asked(first) => complete::show(&runtime, words, first),
        _ => dispatch(&runtime, &argv),
    };
    // A thread may still read standard input, although the command is over.
    runtime.shutdown_background();
    status
}

fn dispatch(runtime: &Runtime, argv: &[String]) -> Result<u8, CtlError> {
    let (options, words) = args::parse(argv)?;
    if options.version {
        output::show(concat!("mgrctl ", env!("CARGO_PKG_VERSION"), "\n"))?;
        return Ok(0);
    }
    let first = words.first().map(String::as_str);
    match first {
        Some("repl") if !options.help => repl::run(runtime, &options, &words[1..]),
        None if !options.help && !options.status && options.watch.is_none() => {
            interactive::run(runtime, &options)
        }
        _ => runtime.block_on(command_line::run(&options, words)),
    }
}
