//! Input data for a command, sent in parts while it is read.

use std::os::fd::AsFd;
use std::path::Path;

use mgrd_proto::v1::execute_request::Message;
use mgrd_proto::v1::{ExecuteCommand, ExecuteRequest};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::error::CtlError;

/// The size of one part, in bytes.
const PART: usize = 1 << 20;

/// The source of input data.
pub(super) type Source = Box<dyn AsyncRead + Send + Unpin>;

/// Opens a file, or the standard input for `-`.
pub(super) async fn open(path: &Path) -> Result<Source, CtlError> {
    if path.as_os_str() == "-" {
        let stdin = std::io::stdin().as_fd().try_clone_to_owned();
        let stdin = stdin.map_err(CtlError::io("open the standard input"))?;
        return Ok(Box::new(File::from_std(stdin.into())));
    }
    let file = File::open(path).await;
    let file = file.map_err(CtlError::io(format!("open input file {}", path.display())))?;
    Ok(Box::new(file))
}

/// The requests of one execution: the command, then its input. It reads only as fast as the manager
/// takes the parts, and stops when the call ends. If a read fails, the error goes to `failed`, and the
/// call never sees the end of its input.
pub(super) fn requests(
    command: ExecuteCommand,
    source: Option<Source>,
    failed: mpsc::Sender<CtlError>,
) -> impl Stream<Item = ExecuteRequest> + Send + 'static {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let first = ExecuteRequest { message: Some(Message::Command(command)) };
        if sender.send(first).await.is_err() {
            return;
        }
        let Some(source) = source else { return };
        if let Err(source) = send_parts(source, &sender).await {
            let what = "read the input data".to_owned();
            let _ = failed.send(CtlError::Io { what, source }).await;
            // Held until the call is dropped, so that half an input never looks like a whole one.
            sender.closed().await;
        }
    });
    ReceiverStream::new(receiver)
}

async fn send_parts(
    mut source: Source,
    sender: &mpsc::Sender<ExecuteRequest>,
) -> std::io::Result<()> {
    loop {
        let mut part = Vec::with_capacity(PART);
        let limit = u64::try_from(PART).unwrap_or(u64::MAX);
        (&mut source).take(limit).read_to_end(&mut part).await?;
        if part.is_empty() {
            return Ok(());
        }
        let request = ExecuteRequest { message: Some(Message::Input(part.into())) };
        if sender.send(request).await.is_err() {
            return Ok(());
        }
    }
}
