//! A message that is longer than its module may send.

use mgrd_command::{CommandError, Errno};

use super::message::{CommandEvent, FromModule, MethodError};

/// A message that is longer than its module may send.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "module '{module}' sent a message of {bytes} bytes, but may send at most {limit} \
     (limits.module.message_bytes); use smaller messages, or raise it with \
     'mgrctl mgr module limit {module} message_bytes=…'"
)]
pub struct TooLong {
    /// The module.
    pub module: String,
    /// The bytes of the message.
    pub bytes: usize,
    /// How many it may have.
    pub limit: usize,
}

impl TooLong {
    /// Whether a module with this limit may send a message of so many bytes.
    ///
    /// # Errors
    ///
    /// If the message is longer.
    pub fn check(module: &str, bytes: usize, limit: usize) -> Result<(), Self> {
        if bytes <= limit {
            return Ok(());
        }
        Err(Self { module: module.to_owned(), bytes, limit })
    }

    /// What is delivered instead of the message: the error, if a caller or the supervisor waits for it.
    pub(super) fn instead_of(&self, message: FromModule) -> Option<FromModule> {
        Some(match message {
            FromModule::Command { id, .. } => {
                FromModule::Command { id, event: CommandEvent::Done(self.clone().into()) }
            }
            FromModule::RemoteResult { id, .. } => {
                FromModule::RemoteResult { id, result: Err(MethodError::Raised(self.to_string())) }
            }
            FromModule::Failed { .. } => {
                FromModule::Failed { message: self.to_string(), traceback: String::new() }
            }
            FromModule::Pong { seq, busy, .. } => {
                FromModule::Pong { seq, busy, busy_with: String::new() }
            }
            // `rpc` ends the session of a module that waits for documents.
            FromModule::Log(_) | FromModule::WatchDocuments(_) => return None,
            short @ (FromModule::Ready | FromModule::ExtendStart(_)) => short,
        })
    }
}

impl CommandError for TooLong {
    fn errno(&self) -> Errno {
        Errno::EFBIG
    }
}

#[cfg(test)]
mod tests;
