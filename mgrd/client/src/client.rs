//! The connection to the active manager.

use std::path::PathBuf;
use std::time::Duration;

use mgrd_command::{CommandSpec, CommandTable, Flags};
use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::v1::admin_service_client::AdminServiceClient;
use mgrd_proto::v1::{GetCommandTableRequest, TableCommand};
use mgrd_transport::default_socket;
use tonic::transport::Channel;

use super::args::{self, Options};
use super::deadline::Deadline;
use super::error::CtlError;
use super::output::say;
use super::takeover;

/// A connection to the active manager.
pub(super) type Client = AdminServiceClient<Deadline<Channel>>;

/// How long the manager may take to begin its answer, without `--answer-timeout`.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// The public socket of the managers: from the option, the environment, or the default.
pub(super) fn socket(options: &Options) -> PathBuf {
    let given = options.socket.clone();
    let given = given.or_else(|| std::env::var_os("MGRD_SOCKET").map(PathBuf::from));
    given.filter(|path| !path.as_os_str().is_empty()).unwrap_or_else(default_socket)
}

/// Connects. While a manager takes over, it waits for that manager within `--connect-timeout`.
pub(super) async fn connect(options: &Options) -> Result<Client, CtlError> {
    let path = socket(options);
    if options.verbose {
        say(format_args!("mgrctl: connecting to {}", path.display()));
    }
    let limit = options.connect_timeout.unwrap_or(takeover::LIMIT);
    let answer_limit = answer_limit(options)?;
    let channel = tokio::time::timeout(limit, takeover::reach(&path)).await;
    let late = |_| CtlError::ConnectTimeout { path: path.clone(), limit };
    let channel = channel.map_err(late)??;
    Ok(on(channel, path, answer_limit))
}

/// How long the manager may take to begin its answer: from the option, the environment, or the default.
pub(super) fn answer_limit(options: &Options) -> Result<Duration, CtlError> {
    match options.answer_timeout {
        Some(limit) => Ok(limit),
        None => Ok(args::seconds_of("MGRD_ANSWER_TIMEOUT")?.unwrap_or(ANSWER_LIMIT)),
    }
}

/// A client on a channel to the manager at `path`.
pub(super) fn on(channel: Channel, path: PathBuf, answer_limit: Duration) -> Client {
    AdminServiceClient::new(Deadline::new(channel, path, answer_limit))
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
}

/// The command table of the manager.
pub(super) async fn command_table(client: &mut Client) -> Result<CommandTable, CtlError> {
    let answer = client.get_command_table(GetCommandTableRequest::default()).await?;
    let mut table = CommandTable::new();
    for command in answer.into_inner().commands {
        // What this client cannot read, a newer manager still answers; only its help is missing.
        if let Some(spec) = spec(command) {
            let _ = table.register(spec);
        }
    }
    Ok(table)
}

fn spec(command: TableCommand) -> Option<CommandSpec> {
    let spec = command.spec?;
    let perm = if spec.perm.is_empty() { "rw" } else { &spec.perm };
    let flags = Flags { poll: spec.poll, hidden: command.hidden };
    CommandSpec::new(&command.module, &spec.cmd, &spec.desc, perm, flags).ok()
}
