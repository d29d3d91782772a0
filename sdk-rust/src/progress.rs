//! Long work whose progress people can see.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

use mgrd_proto::v1;

use crate::{Host, HostError};

/// Long work whose progress the commands `progress` and `status` show; made by [`Host::progress`].
///
/// End it with [`complete`](Self::complete) or [`fail`](Self::fail). If it is dropped before, because
/// of a `?` or a panic, it has failed: its bar disappears, and its record says "given up".
#[derive(Debug)]
#[must_use = "work that is dropped has failed"]
pub struct Progress {
    event: Event,
    ended: bool,
}

#[derive(Clone, Debug)]
struct Event {
    host: Host,
    id: String,
    message: String,
    done: f32,
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Host {
    /// Shows work that begins now. The message describes it in one line.
    ///
    /// # Errors
    /// Too many are already shown, or the host cannot be reached.
    pub async fn progress(&self, message: impl Into<String>) -> Result<Progress, HostError> {
        // The id is unique among all modules and all processes of a module.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let id = format!("{}-{}-{}", self.module(), now.as_micros(), NEXT.fetch_add(1, Relaxed));
        let event = Event { host: self.clone(), id, message: message.into(), done: 0.0 };
        event.update().await?;
        Ok(Progress { event, ended: false })
    }

    /// Removes all work of this module from the display.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn clear_progress(&self) -> Result<(), HostError> {
        self.client().complete_progress(v1::CompleteProgressRequest::default()).await?;
        Ok(())
    }
}

impl Progress {
    /// Shows how much is done, from 0 to 1.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn set(&mut self, done: f32) -> Result<(), HostError> {
        self.event.done = done;
        self.event.update().await
    }

    /// Shows another message.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn say(&mut self, message: impl Into<String>) -> Result<(), HostError> {
        self.event.message = message.into();
        self.event.update().await
    }

    /// Ends the work with success.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn complete(mut self) -> Result<(), HostError> {
        self.ended = true;
        self.event.end().await
    }

    /// Ends the work with a failure; its record says why.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn fail(mut self, why: &str) -> Result<(), HostError> {
        self.ended = true;
        self.event.fail(why).await
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // Without a runtime, the process is ending, and then the host removes it.
        if let (false, Ok(runtime)) = (self.ended, tokio::runtime::Handle::try_current()) {
            let mut event = self.event.clone();
            runtime.spawn(async move { event.fail("given up").await });
        }
    }
}

impl Event {
    async fn update(&self) -> Result<(), HostError> {
        let request = v1::UpdateProgressRequest {
            id: self.id.clone(),
            message: self.message.clone(),
            progress: self.done,
            add_to_status: true,
        };
        self.host.client().update_progress(request).await?;
        Ok(())
    }

    async fn end(&self) -> Result<(), HostError> {
        let request = v1::CompleteProgressRequest { id: self.id.clone() };
        self.host.client().complete_progress(request).await?;
        Ok(())
    }

    async fn fail(&mut self, why: &str) -> Result<(), HostError> {
        self.message = format!("{}: {why}", self.message);
        self.update().await?;
        self.end().await
    }
}
