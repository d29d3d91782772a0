//! One command line: help, a watch, or a command and its answer.

use super::args::Options;
use super::backup;
use super::client;
use super::complete;
use super::error::CtlError;
use super::execute;
use super::help;
use super::poll;
use super::watch;

/// Runs a command line, and returns the exit status.
pub(super) async fn run(options: &Options, mut words: Vec<String>) -> Result<u8, CtlError> {
    if options.help {
        return help::show(options, &words).await;
    }
    match words.first().map(String::as_str) {
        Some("help") => return help::show(options, &words[1..]).await,
        Some("completion") => return complete::script(&words[1..]),
        _ => {}
    }
    if backup::is_asked(&words) {
        return backup::run(options, &words).await;
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
        return watch::show(client, options, watch).await;
    }
    match poll::period(options) {
        Some(period)
            if ending.polls() && ending.outcome.retval == 0 && options.output.is_none() =>
        {
            poll::repeat(client, options, &words, period).await
        }
        _ => Ok(status),
    }
}
