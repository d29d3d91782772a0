//! The two ends of a connection, for each kind of address.

use std::io;
use std::sync::Arc;

use crate::address::Address;
use crate::listen::{Bind, ByteStream, ListenError};
use crate::unix::{self, UnixSocket};

/// Listens on an address.
///
/// # Errors
///
/// If another process listens there, or the system refuses.
pub fn listen(address: &Address) -> Result<Arc<dyn Bind>, ListenError> {
    match address {
        Address::Unix(path) => Ok(Arc::new(UnixSocket::bind(path)?)),
    }
}

/// Connects to an address.
pub(crate) async fn connect(address: &Address) -> io::Result<Box<dyn ByteStream>> {
    match address {
        Address::Unix(path) => Ok(Box::new(unix::connect(path).await?)),
    }
}
