//! Plain gRPC clients of the contracts, without an SDK.

use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use mgrd_proto::v1::admin_service_client::AdminServiceClient;
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message as ToHost;
use mgrd_proto::v1::execute_response::Message as FromHost;
use mgrd_proto::v1::feed_service_client::FeedServiceClient;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use mgrd_proto::v1::{CommandOutcome, ExecuteCommand, ExecuteRequest};
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

/// Runs one command; returns its outcome, with all parts of its output.
///
/// # Panics
///
/// If the call ends without an outcome.
pub async fn execute(channel: &Channel, command: Command) -> CommandOutcome {
    let command = ExecuteCommand { command: Some(command), ..ExecuteCommand::default() };
    let request = ExecuteRequest { message: Some(ToHost::Command(command)) };
    let answers = admin(channel.clone()).execute(tokio_stream::once(request)).await;
    let mut answers = answers.expect("a stream of answers").into_inner();
    let mut parts = Vec::new();
    loop {
        let answer = answers.message().await.expect("an answer").expect("an outcome");
        match answer.message.expect("a message") {
            FromHost::Started(_) => {}
            FromHost::Stdout(part) => parts.extend_from_slice(&part),
            FromHost::Outcome(mut outcome) => {
                parts.extend_from_slice(&outcome.stdout);
                outcome.stdout = parts.into();
                return outcome;
            }
        }
    }
}
