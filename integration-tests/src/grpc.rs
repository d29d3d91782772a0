//! Plain gRPC clients of the contracts, without an SDK.

use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use mgrd_proto::v1::admin_service_client::AdminServiceClient;
use mgrd_proto::v1::feed_service_client::FeedServiceClient;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Error};

/// The largest input of a command, and room for what wraps it.
const MAX_MESSAGE_BYTES: usize = 80 << 20;

/// A connection to a Unix socket.
///
/// # Errors
///
/// If no process listens there.
pub async fn connect(socket: &Path) -> Result<Channel, Error> {
    let socket: PathBuf = socket.to_owned();
    let dial = tower::service_fn(move |_| {
        let socket = socket.clone();
        async move { UnixStream::connect(socket).await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(dial).await
}

/// The service for clients.
#[must_use]
pub fn admin(channel: Channel) -> AdminServiceClient<Channel> {
    AdminServiceClient::new(channel)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
}

/// The service for feeds.
#[must_use]
pub fn feed(channel: Channel) -> FeedServiceClient<Channel> {
    FeedServiceClient::new(channel).max_encoding_message_size(MAX_MESSAGE_BYTES)
}

/// The service for modules.
#[must_use]
pub fn module_host(channel: Channel) -> ModuleHostServiceClient<Channel> {
    ModuleHostServiceClient::new(channel)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
}
