//! Connects again after a manager ended, for what runs until Ctrl-C: `-w` and commands that poll.

use std::path::PathBuf;
use std::time::Duration;

use mgrd_transport::{Address, dial};
use tokio::time::{Instant, sleep};

use super::args::Options;
use super::client::{self, Client};
use super::error::CtlError;
use super::output::say;

/// How long no manager may answer, without `--connect-timeout`.
pub(super) const LIMIT: Duration = Duration::from_secs(300);
/// The pause before the first attempt. Each further pause is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The time in which no manager answers.
pub(super) struct Outage {
    socket: PathBuf,
    limit: Duration,
    answer_limit: Duration,
    now: Option<Begun>,
}

struct Begun {
    at: Instant,
    pause: Duration,
}

impl Outage {
    /// None so far.
    pub(super) fn new(options: &Options) -> Result<Self, CtlError> {
        let limit = options.connect_timeout.unwrap_or(LIMIT);
        let (socket, answer_limit) = (client::socket(options), client::answer_limit(options)?);
        Ok(Self { socket, limit, answer_limit, now: None })
    }

    /// A manager answered. Returns whether there was an outage.
    pub(super) fn end(&mut self) -> bool {
        self.now.take().is_some()
    }

    /// A new connection after a call ended with `error`. Fails with that error if the manager did not
    /// end, and with another one if none answers for too long.
    pub(super) async fn reconnect(&mut self, error: CtlError) -> Result<Client, CtlError> {
        if !error.manager_ended() {
            return Err(error);
        }
        let limit = self.limit;
        let begun = self.now.get_or_insert_with(|| {
            let seconds = limit.as_secs();
            say(format_args!(
                "mgrctl: the manager ended the connection; connecting again for up to {seconds} s"
            ));
            Begun { at: Instant::now(), pause: FIRST_PAUSE }
        });
        let address = Address::Unix(self.socket.clone());
        while begun.at.elapsed() < limit {
            sleep(begun.pause).await;
            begun.pause = LONGEST_PAUSE.min(2 * begun.pause);
            if let Ok(channel) = dial(&address).await {
                return Ok(client::on(channel, self.socket.clone(), self.answer_limit));
            }
        }
        Err(CtlError::StaysAway { path: self.socket.clone(), limit })
    }
}
