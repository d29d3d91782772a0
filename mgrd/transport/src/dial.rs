//! Connects to a manager.

use std::error::Error;
use std::io;

use hyper_util::rt::TokioIo;
use nix::errno::Errno;
use tonic::transport::{self, Channel, Endpoint};
use tower::service_fn;

use crate::address::Address;
use crate::endpoint::connect;

const MIB: u32 = 1 << 20;

/// A connection to an address cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to {address}: {}", self.reason())]
pub struct DialError {
    address: Address,
    source: transport::Error,
}

impl DialError {
    /// The address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Whether this user may not connect.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        let errno = self.cause().downcast_ref().and_then(io::Error::raw_os_error);
        matches!(errno.map(Errno::from_raw), Some(Errno::EACCES | Errno::EPERM))
    }

    /// The reason in a few words, from the system if it refused.
    #[must_use]
    pub fn reason(&self) -> String {
        let cause = self.cause();
        let refused = cause.downcast_ref().and_then(io::Error::raw_os_error);
        refused.map_or_else(|| cause.to_string(), |errno| Errno::from_raw(errno).desc().to_owned())
    }

    fn cause(&self) -> &(dyn Error + 'static) {
        let mut cause: &(dyn Error + 'static) = &self.source;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        cause
    }
}

/// A channel to the manager that listens at `address`.
///
/// # Errors
///
/// If no process listens there, or the system refuses.
pub async fn dial(address: &Address) -> Result<Channel, DialError> {
    let to = address.clone();
    let connector = service_fn(move |_| {
        let to = to.clone();
        async move { connect(&to).await.map(TokioIo::new) }
    });
    let endpoint = Endpoint::from_static("http://localhost")
        .initial_stream_window_size(4 * MIB)
        .initial_connection_window_size(16 * MIB);
    let channel = endpoint.connect_with_connector(connector).await;
    channel.map_err(|source| DialError { address: address.clone(), source })
}

#[cfg(test)]
mod tests;
