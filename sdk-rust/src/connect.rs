//! Connects to the host. The environment names its socket and the secret of this process.

use std::path::PathBuf;

use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use mgrd_transport::{Address, DialError, dial};
use tonic::transport::Channel;

use crate::host::{Client, Secret};

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
    #[error(transparent)]
    Dial(#[from] DialError),
}

/// Connects to the host that started this process.
pub(crate) async fn connect() -> Result<Client, ConnectError> {
    let address = Address::from(variable("MGRD_SOCKET")?);
    let secret = secret(variable("MGRD_SECRET_FILE")?)?;
    Ok(client(dial(&address).await?, secret))
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

#[cfg(test)]
mod tests;
