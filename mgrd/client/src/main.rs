//! `mgrctl`, the command-line client.
//!
//! The words of a command go to the manager unchanged, and the manager matches them. The command table is
//! fetched only for help, completion and the interactive mode. The client does not know the inside of
//! the manager: both share only the contracts, the command grammar and the sockets.

use std::process::ExitCode;

mod args;
mod backup;
mod client;
mod colour;
mod command_line;
mod complete;
mod deadline;
mod error;
mod execute;
mod help;
mod input;
mod interactive;
mod lines;
mod outage;
mod output;
mod poll;
mod python;
mod repl;
mod takeover;
mod values;
mod visible;
mod watch;

use error::CtlError;
use output::say;
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
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

/// An interactive prompt, a console, or one command line.
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
