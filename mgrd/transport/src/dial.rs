//! Connects to a manager over its Unix socket.

use std::path::Path;

use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Error};
use tower::service_fn;

const MIB: u32 = 1 << 20;

/// A channel to the manager that listens on `path`.
///
/// # Errors
///
/// If no process listens there, or the system refuses.
pub async fn dial(path: &Path) -> Result<Channel, Error> {
    let path = path.to_owned();
    let connector = service_fn(move |_| {
        let path = path.clone();
        async move { UnixStream::connect(path).await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost")
        .initial_stream_window_size(4 * MIB)
        .initial_connection_window_size(16 * MIB)
        .connect_with_connector(connector)
        .await
}
