//! Asks the system for users, without waiting for it on the worker thread.

use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::account::Account;
use super::account_error::AccountError;
use crate::module::run_as::RunAs;
use crate::module::turns::Turns;

/// Looks users up. A thread that a server of the name service holds keeps its turn.
#[derive(Debug)]
pub(in crate::module) struct Accounts {
    limit: Duration,
    turns: Turns<String>,
}

impl Accounts {
    /// At most `most` lookups at the same time, and none is waited for longer than `limit`.
    pub(in crate::module) fn new(most: u32, limit: Duration) -> Self {
        Self { limit, turns: Turns::new(most, limit) }
    }

    /// The account that is set for a module; none if that is the user that runs `mgrd`.
    pub(in crate::module) async fn find(
        &self,
        wanted: &RunAs,
    ) -> Result<Option<Account>, AccountError> {
        let silent = || AccountError::Silent { wanted: wanted.to_string(), limit: self.limit };
        let turn = self.turns.take(&wanted.to_string()).await.map_err(|_| silent())?;
        let asked = wanted.clone();
        let finding = spawn_blocking(move || {
            let _turn = turn;
            Account::find(&asked)
        });
        // It also ends without a result when the runtime ends.
        timeout(self.limit, finding)
            .await
            .ok()
            .and_then(Result::ok)
            .unwrap_or_else(|| Err(silent()))
    }
}
