//! Commands that are repeated every period, such as `iostat`.

use std::time::Duration;

use super::args::Options;
use super::client::Client;
use super::error::CtlError;
use super::execute::{self, Call};
use super::outage::Outage;
use super::output::{self, Stdout, say};

/// The default period.
const PERIOD: f64 = 1.0;

/// The time between two rounds; `None` for a single round.
pub(super) fn period(options: &Options) -> Option<Duration> {
    let seconds = options.period.unwrap_or(PERIOD);
    Duration::try_from_secs_f64(seconds).ok().filter(|period| !period.is_zero())
}

/// Repeats a command after its first round, until it fails or Ctrl-C; returns the exit status. If the
/// manager ends, the rounds continue at the next one.
pub(super) async fn repeat(
    client: Client,
    options: &Options,
    words: &[String],
    period: Duration,
) -> Result<u8, CtlError> {
    tokio::select! {
        ended = rounds(client, options, words, period) => ended,
        _ = tokio::signal::ctrl_c() => Err(CtlError::Interrupted),
    }
}

async fn rounds(
    mut client: Client,
    options: &Options,
    words: &[String],
    period: Duration,
) -> Result<u8, CtlError> {
    let page = u64::from(output::terminal_size().1.saturating_sub(3)).max(1);
    let mut outage = Outage::new(options)?;
    let mut round: u64 = 0;
    loop {
        round += 1;
        tokio::time::sleep(period).await;
        let print_header = round.is_multiple_of(page);
        let call = Call { words, format: &options.format, input: None, print_header };
        let mut output = Stdout::new(&options.format);
        let ending = match execute::call(&mut client, call, &mut output).await {
            Ok(ending) => ending,
            Err(error) => {
                client = outage.reconnect(error).await?;
                continue;
            }
        };
        if outage.end() {
            say("mgrctl: connected again");
        }
        let status = execute::report(&ending);
        if ending.outcome.retval != 0 {
            return Ok(status);
        }
    }
}
