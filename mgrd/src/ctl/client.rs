//! The connection to the daemon.

use std::path::{Path, PathBuf};

use hyper_util::rt::TokioIo;
use mgrd_proto::v1::admin_service_client::AdminServiceClient;
use mgrd_proto::v1::{GetCommandTableRequest, TableCommand};
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint, Error as TransportError};
use tower::service_fn;

use super::args::Options;
use super::error::CtlError;
use crate::command::{CommandSpec, CommandTable, Flags};
use crate::config::default_socket;

const MIB: u32 = 1 << 20;
/// The largest message; input and output may have 64 MiB, and something around them.
const LARGEST_MESSAGE: usize = 65 << 20;

/// A connection to the daemon.
pub(super) type Client = AdminServiceClient<Channel>;

/// Where the daemon listens: by option, by environment, or by default.
pub(super) fn socket(options: &Options) -> PathBuf {
    let told = options.socket.clone();
    let told = told.or_else(|| std::env::var_os("MGRD_SOCKET").map(PathBuf::from));
    told.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(default_socket)
}

/// Connects, within `--connect-timeout` if that was given.
pub(super) async fn connect(options: &Options) -> Result<Client, CtlError> {
    let path = socket(options);
    if options.verbose {
        eprintln!("mgrctl: connecting to {}", path.display());
    }
    let connecting = dial(&path);
    let channel = match options.connect_timeout {
        Some(limit) => tokio::time::timeout(limit, connecting)
            .await
            .map_err(|_| CtlError::ConnectTimeout(path.clone()))?,
        None => connecting.await,
    };
    let channel = channel.map_err(|error| CtlError::NoDaemon { path, why: cause(&error) })?;
    Ok(AdminServiceClient::new(channel)
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE))
}

async fn dial(path: &Path) -> Result<Channel, TransportError> {
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

/// The innermost reason, which names what the system said.
fn cause(error: &TransportError) -> String {
    let mut why: &dyn std::error::Error = error;
    while let Some(inner) = why.source() {
        why = inner;
    }
    let text = why.to_string();
    match text.split_once(" (os error") {
        Some((plain, _)) => plain.to_owned(),
        None => text,
    }
}

/// The daemon's command table.
pub(super) async fn command_table(client: &mut Client) -> Result<CommandTable, CtlError> {
    let answer = client.get_command_table(GetCommandTableRequest::default()).await?;
    let mut table = CommandTable::new();
    for command in answer.into_inner().commands {
        // What this client cannot read, a newer daemon still answers; only its help is missing.
        if let Some(spec) = spec(command) {
            let _ = table.register(spec);
        }
    }
    Ok(table)
}

fn spec(command: TableCommand) -> Option<CommandSpec> {
    let spec = command.spec?;
    let perm = if spec.perm.is_empty() { "rw" } else { &spec.perm };
    let flags = Flags { poll: spec.poll, hidden: command.hidden, ..Flags::default() };
    CommandSpec::new(&command.module, &spec.cmd, &spec.desc, perm, flags).ok()
}
