//! The input data of commands, which is held in memory: bounded in number and in size.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mgrd_command::{Errno, Outcome};
use mgrd_proto::v1::{self, execute_request::Message as FromClient};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tonic::{Status, Streaming};

use super::limits::ClientLimits;

/// The bounds of what clients send.
pub(super) struct Inputs {
    turns: Semaphore,
    bytes: usize,
    pause: Duration,
}

impl Inputs {
    pub(super) fn new(limits: &ClientLimits) -> Self {
        // With no turn at all a command with input would wait for ever.
        let turns = Semaphore::new(limits.inputs.max(1) as usize);
        Self { turns, bytes: limits.input_bytes, pause: limits.input_pause }
    }

    /// Waits for the right to bring input data.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }

    /// Reads the input data; more than allowed is refused as soon as it shows.
    pub(super) async fn gather(
        &self,
        incoming: &mut Streaming<v1::ExecuteRequest>,
    ) -> Result<Bytes, Outcome> {
        let mut input = BytesMut::new();
        let broken = |why: Status| {
            Outcome::error(
                Errno::EIO,
                format!("the input data ended with an error: {why}; send the command again"),
            )
        };
        loop {
            // A command that holds a turn must use it, because others wait.
            let next = timeout(self.pause, incoming.message()).await;
            let next = next.map_err(|_| self.paused())?.map_err(broken)?;
            let Some(request) = next else { return Ok(input.freeze()) };
            let Some(FromClient::Input(part)) = request.message else { continue };
            if input.len() + part.len() > self.bytes {
                return Err(self.too_large());
            }
            input.extend_from_slice(&part);
        }
    }

    fn paused(&self) -> Outcome {
        let seconds = self.pause.as_secs_f64();
        let text = format!("no input data came for {seconds} s; write it to a file and send that");
        Outcome::error(Errno::ETIMEDOUT, text)
    }

    fn too_large(&self) -> Outcome {
        let limit = if self.bytes.is_multiple_of(1 << 20) {
            format!("{} MiB", self.bytes >> 20)
        } else {
            format!("{} bytes", self.bytes)
        };
        Outcome::error(
            Errno::EFBIG,
            format!(
                "the input data is larger than {limit}; send less, or put it where the module can \
                 read it"
            ),
        )
    }
}
