//! What a module logs goes into the log of the daemon.

use tracing::Level;

/// The target of the records that modules log. `--log-level` may name it to filter them.
pub const LOG_TARGET: &str = "module";

/// One log record of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// Its level.
    pub level: Level,
    /// The logger's name; may be empty.
    pub logger: String,
    /// The text; may have several lines.
    pub message: String,
    /// The id of the command whose handler logs it; 0 if none does.
    pub call_id: u64,
}

impl LogRecord {
    pub(super) fn write(&self, module: &str) {
        let (logger, message) = (self.logger.as_str(), self.message.as_str());
        match self.level {
            Level::ERROR => tracing::error!(target: LOG_TARGET, module, logger, "{message}"),
            Level::WARN => tracing::warn!(target: LOG_TARGET, module, logger, "{message}"),
            Level::INFO => tracing::info!(target: LOG_TARGET, module, logger, "{message}"),
            Level::DEBUG | Level::TRACE => {
                tracing::debug!(target: LOG_TARGET, module, logger, "{message}");
            }
        }
    }
}
