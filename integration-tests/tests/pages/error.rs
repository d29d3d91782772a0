//! Why a block of a page fails.

use serde_json::Value;

/// Why a block of a page fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BlockError {
    /// Something else came than the page shows.
    #[error("{0}")]
    Differs(String),
    #[error("'{0}' has no direction; begin the line with → or ←")]
    NoDirection(String),
    #[error("'{0}' cannot be sent")]
    NotAMessage(String),
    #[error("{json} is not JSON: {source}")]
    NotJson { json: String, source: serde_json::Error },
    #[error("{message} is not a message of this call: {source}")]
    WrongMessage { message: Value, source: serde_json::Error },
    #[error("the host has no call '{0}'")]
    NoCall(String),
    #[error("the page has not called '{0}' before")]
    NotCalled(String),
    #[error("the call panicked: {0}")]
    Panicked(#[from] tokio::task::JoinError),
    #[error("there is no session")]
    NoSession,
    #[error("the module is not connected")]
    NotConnected,
    #[error("no message came")]
    NoMessage,
    #[error("cannot connect: {0}")]
    Connect(#[from] tonic::transport::Error),
    #[error("cannot read the secret: {0}")]
    Secret(#[from] std::io::Error),
}
