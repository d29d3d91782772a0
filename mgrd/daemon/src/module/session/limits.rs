//! How much one module may send, and how much may wait for it.

use std::time::Duration;

use crate::limits::limits;
use crate::message_bytes;
use crate::module_limits::{Limit, OwnLimits, Settings, written};
use crate::{positive, seconds};

limits! {
    /// The limits of the session of a module.
    SessionLimits {
        /// Commands and remote calls under way in one module; more are refused.
        #[serde(deserialize_with = "positive::deserialize")]
        in_flight: usize = 256,
        /// Those of one caller: a module, or a process of a client; more are refused.
        #[serde(deserialize_with = "positive::deserialize")]
        caller_in_flight: usize = 128,
        /// Input and arguments waiting for one module, in bytes; more are refused.
        waiting_bytes: usize = 256 << 20,
        /// Those of one caller; more are refused.
        caller_waiting_bytes: usize = 128 << 20,
        /// Output of one command that its client did not take yet, in bytes; more ends the command.
        output_bytes: usize = 64 << 20,
        /// Notifications waiting for one module; more drop the oldest.
        notifications: usize = 1000,
        /// Bytes of these; more drop the oldest.
        notification_bytes: usize = 4 << 20,
        /// Documents that one module may watch. It reads further ones again each time.
        watched_documents: usize = 1024,
        /// The depth at which a chain of remote calls counts as a cycle.
        call_depth: usize = 16,
        /// How long a remote call may take if its caller sets no limit.
        #[serde(with = "seconds")]
        call_timeout: Duration = Duration::from_secs(30),
        /// How long a command that a module sends may take if the module sets no limit.
        #[serde(with = "seconds")]
        command_timeout: Duration = Duration::from_secs(600),
        /// Log records of one module a second that are logged; more are counted and dropped.
        log_records_per_second: u32 = 1000,
        /// Bytes of these a second; more are counted and dropped.
        log_bytes_per_second: usize = 1 << 20,
        /// Bytes of one log record's message or of a traceback; a longer one is cut.
        log_record_bytes: usize = 64 << 10,
        /// Bytes of one text for people, such as the reason for which it cannot run; a longer one is
        /// cut.
        #[serde(deserialize_with = "positive::deserialize")]
        text_bytes: usize = 4096,
        /// Bytes of all that it declares, such as commands and options; what does not fit is left out.
        #[serde(deserialize_with = "positive::deserialize")]
        declaration_bytes: usize = 256 << 10,
        /// Bytes of the descriptor of one command; a command with a longer one is left out.
        #[serde(deserialize_with = "positive::deserialize")]
        descriptor_bytes: usize = 64 << 10,
        /// Bytes of one literal word of a command; a command with a longer one is left out.
        #[serde(deserialize_with = "positive::deserialize")]
        word_bytes: usize = 256,
        /// Arguments of one command; a command with more is left out.
        command_arguments: usize = 256,
        /// Choices of one argument; a command with more is left out.
        argument_choices: usize = 4096,
        /// How long a command may run, in milliseconds. Then its client gets an error.
        #[serde(with = "written::command_deadline")]
        command_deadline: Option<u64> = None,
        /// Bytes of one message that it sends; a longer one is refused. At most 72 MiB.
        #[serde(deserialize_with = "message_bytes::whole")]
        message_bytes: usize = message_bytes::WHOLE,
    }
}

impl SessionLimits {
    /// These limits with what is set for one module.
    #[must_use]
    pub(in crate::module) fn with(self, own: &OwnLimits) -> Self {
        let count = |limit, all| own.count(limit, all);
        let records = count(Limit::LogRecordsPerSecond, self.log_records_per_second as usize);
        Self {
            in_flight: count(Limit::InFlight, self.in_flight),
            caller_in_flight: count(Limit::CallerInFlight, self.caller_in_flight),
            log_records_per_second: u32::try_from(records).unwrap_or(u32::MAX),
            log_bytes_per_second: count(Limit::LogBytesPerSecond, self.log_bytes_per_second),
            command_deadline: own.or(Limit::CommandDeadline, self.command_deadline),
            message_bytes: count(Limit::MessageBytes, self.message_bytes),
            ..self
        }
    }

    /// Those that can be set for one module.
    pub(in crate::module) fn settings(&self, settings: Settings) -> Settings {
        settings
            .with(Limit::InFlight, Some(self.in_flight as u64))
            .with(Limit::CallerInFlight, Some(self.caller_in_flight as u64))
            .with(Limit::LogRecordsPerSecond, Some(self.log_records_per_second.into()))
            .with(Limit::LogBytesPerSecond, Some(self.log_bytes_per_second as u64))
            .with(Limit::CommandDeadline, self.command_deadline)
            .with(Limit::MessageBytes, Some(self.message_bytes as u64))
    }
}
