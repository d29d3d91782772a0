//! Where log lines go: the standard error output or a file, for people or for programs.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write, stderr};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use crate::config::{ConfigError, LogFormat, Settings};
use crate::log_lines::LogLines;
use crate::log_writer::LogWriter;
use crate::module::LOG_TARGET;

/// How long the end of the process waits for whatever reads the log.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log of the process. Dropping it waits a moment for the last lines to be written.
#[derive(Clone, Debug)]
#[must_use]
pub struct Log(LogWriter);

/// Sets the log up for the whole process.
///
/// # Errors
///
/// If the file cannot be written, or a thread cannot start.
pub fn init(settings: &Settings) -> Result<Log, ConfigError> {
    // What modules log was sorted out by their own level, which may be below the daemon's.
    let filter = EnvFilter::new(format!("{LOG_TARGET}=trace,{}", settings.log_level.as_str()));
    // What `NO_COLOR` asks for is the default of the subscriber.
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let plain = settings.log_file.is_some() || dumb || !stderr().is_terminal();
    let sink: Box<dyn Write + Send> = match &settings.log_file {
        None => Box::new(stderr()),
        Some(path) => {
            let file = OpenOptions::new().append(true).create(true).mode(0o640).open(path);
            let path = path.clone();
            Box::new(file.map_err(|source| ConfigError::LogFile { path, source })?)
        }
    };
    let lost = |lines| tracing::warn!("{lines} lines of the log were lost: its reader is too slow");
    let writer = LogWriter::start(sink, settings.limits.log_waiting_bytes, lost)
        .map_err(ConfigError::LogThread)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    let log = if plain { log.with_ansi(false) } else { log };
    let log = log.with_writer(writer.clone()).with_target(false);
    // A second call, in tests, keeps the first.
    let _ = match settings.log_format {
        LogFormat::Human => log.event_format(LogLines).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(Log(writer))
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.flush(LAST_LINES);
    }
}
