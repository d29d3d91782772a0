//! Waits while another manager takes over.
//!
//! Nothing is sent before a manager answers, so that no command can run twice.

use std::path::Path;
use std::time::Duration;

use mgrd_transport::{Address, DialError, dial, manager_runs};
use tonic::transport::Channel;

/// How long to wait without `--connect-timeout`.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// How often to try.
const RETRY: Duration = Duration::from_millis(25);

/// A channel to the active manager. If none answers, but a manager may take over, it retries without
/// end. If there is no manager, it fails at once.
pub(super) async fn reach(socket: &Path) -> Result<Channel, DialError> {
    let address = Address::Unix(socket.to_owned());
    let mut may_answer = false;
    loop {
        let refused = match dial(&address).await {
            Ok(channel) => return Ok(channel),
            Err(refused) => refused,
        };
        // Which manager it is does not matter: none lets this user in.
        if refused.is_denied() {
            return Err(refused);
        }
        may_answer = may_answer || manager_runs(socket).await;
        if !may_answer {
            return Err(refused);
        }
        tokio::time::sleep(RETRY).await;
    }
}
