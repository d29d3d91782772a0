//! Backups of the storage while it is in use.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::Errno;
use mgrd_proto::v1;
use mgrd_proto::v1::back_up_storage_response::Message;
use mgrd_storage::Content;
use mgrd_storage::archive::Parts;
use tokio::sync::mpsc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tracing::Instrument;

use super::super::limits::ClientLimits;
use super::super::status;
use crate::host::Host;

/// How many messages wait for a client that does not read them.
const WAITING: usize = 2;
/// The most bytes of one message.
const MESSAGE_BYTES: usize = 256 << 10;

type Response = Result<v1::BackUpStorageResponse, Status>;

/// The backups under way, which have a limit: each keeps the values that it has not sent yet.
pub(super) struct Backups {
    host: Arc<Host>,
    turns: Arc<Semaphore>,
    most: usize,
    pause: Duration,
}

impl Backups {
    pub(super) fn new(host: &Arc<Host>, limits: &ClientLimits) -> Self {
        let most = limits.backups.min(Semaphore::MAX_PERMITS);
        let pause = limits.backup_pause;
        Self { host: Arc::clone(host), turns: Arc::new(Semaphore::new(most)), most, pause }
    }

    /// Begins a backup of what is stored now.
    pub(super) fn begin(&self) -> Result<ReceiverStream<Response>, Status> {
        let turn = Arc::clone(&self.turns).try_acquire_owned().map_err(|_| self.too_many())?;
        let (answers, outgoing) = mpsc::channel(WAITING);
        let (host, pause) = (Arc::clone(&self.host), self.pause);
        let content = host.storage().content();
        let send = async move {
            let sending = Sending { answers, pause, turn };
            let refused = tokio::select! {
                sent = sending.all(content) => sent.err(),
                ending = status::ending(host.managers()) => Some(ending),
            };
            if let Some(refused) = refused {
                tracing::warn!("a backup ended before it was complete: {}", refused.message());
                let Sending { answers, turn, .. } = sending;
                drop(turn);
                // If the client does not read this either, its backup ends without an end.
                let _ = timeout(pause, answers.send(Err(refused))).await;
            }
        };
        tokio::spawn(send.in_current_span());
        Ok(ReceiverStream::new(outgoing))
    }

    fn too_many(&self) -> Status {
        let text = format!(
            "{} backups are under way, and limits.client.backups allows no more; try again when one \
             has ended",
            self.most
        );
        status::with_errno(Code::Unavailable, text, Errno::EAGAIN)
    }
}

/// A backup on its way to a client.
struct Sending {
    answers: mpsc::Sender<Response>,
    pause: Duration,
    turn: OwnedSemaphorePermit,
}

impl Sending {
    /// Sends everything. Parts are made on other threads, because that takes a while.
    async fn all(&self, content: Content) -> Result<(), Status> {
        let (keys, revision) = (content.entries.len() as u64, content.revision);
        let mut parts = Parts::new(content);
        loop {
            let make = move || (parts.next(), parts);
            let made = spawn_blocking(make).await.map_err(|why| Status::internal(why.to_string()));
            let (part, rest) = made?;
            parts = rest;
            let Some(part) = part else { break };
            self.part(part.map_err(|why| Status::internal(why.to_string()))?).await?;
        }
        self.send(Message::End(v1::BackUpEnd { keys, revision })).await
    }

    /// Sends a part, which may be as large as the largest value.
    async fn part(&self, mut part: Bytes) -> Result<(), Status> {
        while !part.is_empty() {
            let next = part.split_to(part.len().min(MESSAGE_BYTES));
            self.send(Message::Part(next)).await?;
        }
        Ok(())
    }

    async fn send(&self, message: Message) -> Result<(), Status> {
        let response = v1::BackUpStorageResponse { message: Some(message) };
        match timeout(self.pause, self.answers.send(Ok(response))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Status::cancelled("the client is gone")),
            Err(_) => {
                let seconds = self.pause.as_secs_f64();
                let text =
                    format!("the client read nothing for {seconds} s; start the backup again");
                Err(status::with_errno(Code::DeadlineExceeded, text, Errno::ETIMEDOUT))
            }
        }
    }
}
