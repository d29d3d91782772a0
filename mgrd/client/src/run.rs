//! What `mgrctl` does with its command line.

use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

use super::args::{self, Options};
use super::client;
use super::complete;
use super::error::CtlError;
use super::execute;
use super::help;
use super::interactive;
use super::output;
use super::output::say;
use super::poll;
use super::repl;
use super::watch;

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
    let argv = std::env::args_os().skip(1).map(|word| {
        word.into_string().map_err(|word| {
            CtlError::Misuse(format!("argument {} is not UTF-8 text", word.display()))
        })
    });
    let argv = argv.collect::<Result<Vec<_>, _>>()?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(CtlError::io("start"))?;
    let status = match argv.split_first() {
        Some((first, words)) if complete::is_asked(first) => complete::show(&runtime, words, first),
        _ => dispatch(&runtime, &argv),
    };
    // A thread may still wait for standard input that nobody needs any more.
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
        _ => runtime.block_on(command_line(&options, words)),
    }
}

/// Does what one command line says.
pub(super) async fn command_line(
    options: &Options,
    mut words: Vec<String>,
) -> Result<u8, CtlError> {
    if options.help {
        return help::show(options, &words).await;
    }
    match words.first().map(String::as_str) {
        Some("help") => return help::show(options, &words[1..]).await,
        Some("completion") => return complete::script(&words[1..]),
        _ => {}
    }
    if options.status || words.is_empty() {
        words.insert(0, "status".to_owned());
    }
    let mut client = client::connect(options).await?;
    let (status, ending) = execute::once(&mut client, options, &words).await?;
    if status != 0 && options.watch.is_some() {
        return Ok(status);
    }
    if let Some(watch) = &options.watch {
        return watch::show(&mut client, watch).await;
    }
    match poll::period(options) {
        Some(period)
            if ending.polls() && ending.outcome.retval == 0 && options.output.is_none() =>
        {
            poll::repeat(&mut client, options, &words, period).await
        }
        _ => Ok(status),
    }
}
