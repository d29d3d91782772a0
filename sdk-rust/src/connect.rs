//! Connects to the host. The environment names its socket and the secret of this process.

use std::path::PathBuf;

use hyper_util::rt::TokioIo;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

use crate::host::{Client, Secret};

/// The largest message in either direction: the largest input data, and room for what wraps it.
const MAX_MESSAGE_BYTES: usize = 80 << 20;
/// How much the host may send before this side reads it. A large document fits into it.
const WINDOW_BYTES: u32 = 4 << 20;

/// Why the host cannot be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error(
        "{0} is not set: modules are started by mgrd; put the module's folder into its module \
         path and enable it"
    )]
    Environment(&'static str),
    #[error("cannot read the secret from {path}: {source}")]
    Secret { path: PathBuf, source: std::io::Error },
    #[error("the secret in {0} is not plain text")]
    SecretText(PathBuf),
    #[error("cannot connect to mgrd at {path}: {source}")]
    Dial { path: PathBuf, source: tonic::transport::Error },
}

/// Connects to the host that started this process.
pub(crate) async fn connect() -> Result<Client, ConnectError> {
    let path = variable("MGRD_SOCKET")?;
    let secret = secret(variable("MGRD_SECRET_FILE")?)?;
    let socket = path.clone();
    let connector = service_fn(move |_: Uri| {
        let socket = socket.clone();
        async move { UnixStream::connect(socket).await.map(TokioIo::new) }
    });
    let channel = endpoint().connect_with_connector(connector).await;
    Ok(client(channel.map_err(|source| ConnectError::Dial { path, source })?, secret))
}

/// The settings of a connection to the host.
pub(crate) fn endpoint() -> Endpoint {
    Endpoint::from_static("http://localhost")
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
}

pub(crate) fn client(channel: Channel, secret: Secret) -> Client {
    ModuleHostServiceClient::with_interceptor(channel, secret)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
}

fn variable(name: &'static str) -> Result<PathBuf, ConnectError> {
    std::env::var_os(name).map(PathBuf::from).ok_or(ConnectError::Environment(name))
}

fn secret(path: PathBuf) -> Result<Secret, ConnectError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => match text.trim_end().parse() {
            Ok(secret) => Ok(Secret(secret)),
            Err(_) => Err(ConnectError::SecretText(path)),
        },
        Err(source) => Err(ConnectError::Secret { path, source }),
    }
}
