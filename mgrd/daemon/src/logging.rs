//! Where log lines go: the standard error output or a file, for people or for programs.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write, stderr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
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
pub struct Log {
    writer: LogWriter,
    /// None if it goes to the standard error output.
    path: Option<PathBuf>,
}

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
        Some(path) => Box::new(open(path)?),
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
    Ok(Log { writer, path: settings.log_file.clone() })
}

fn open(path: &Path) -> Result<File, ConfigError> {
    let file = OpenOptions::new().append(true).create(true).mode(0o640).open(path);
    file.map_err(|source| ConfigError::LogFile { path: path.to_owned(), source })
}

impl Log {
    /// Opens the log file again, after another program has moved it away. If that fails, the log goes
    /// on in the old file and says why. It blocks.
    pub fn reopen(&self) {
        let Some(path) = &self.path else {
            tracing::info!("SIGHUP: the log is no file; there is nothing to open again");
            return;
        };
        match open(path) {
            Ok(file) => {
                self.writer.replace(Box::new(file));
                tracing::info!("SIGHUP: opened the log file again");
            }
            Err(why) => tracing::error!("SIGHUP: {why}; the log goes on in the old file"),
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.writer.flush(LAST_LINES);
    }
}
