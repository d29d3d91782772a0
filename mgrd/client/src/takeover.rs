//! Waits while another manager takes over.
//!
//! Nothing is sent before a manager answers, so that no command can run twice.

use std::path::Path;
use std::time::Duration;

use mgrd_transport::{dial, private_sockets};
use tokio::net::UnixStream;
use tonic::transport::{Channel, Error};

/// How long to wait without `--connect-timeout`.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// How often to try.
const RETRY: Duration = Duration::from_millis(25);

/// A channel to the daemon. If none answers, but a manager may take over, it retries without end. If
/// there is no manager, it fails at once.
pub(super) async fn reach(socket: &Path) -> Result<Channel, Error> {
    let mut may_answer = false;
    loop {
        let refused = match dial(socket).await {
            Ok(channel) => return Ok(channel),
            Err(refused) => refused,
        };
        may_answer = may_answer || manager_waits(socket).await;
        if !may_answer {
            return Err(refused);
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Whether a manager listens for its modules in the folder of the public socket.
async fn manager_waits(socket: &Path) -> bool {
    for private in private_sockets(socket) {
        if UnixStream::connect(private.path).await.is_ok() {
            return true;
        }
    }
    false
}
