//! Where log lines go: the standard error output or a file, for people or for programs.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::colour;
use crate::config::{ConfigError, LogFormat, Settings};

/// The target of records that modules log: `--log-level` may name it to filter them all the same.
pub const MODULES: &str = "module";

/// Sets the log up for the whole process.
///
/// # Errors
///
/// If the level is none, or the file cannot be written.
pub fn init(settings: &Settings) -> Result<(), ConfigError> {
    let bad = |place, why: String| ConfigError::Value { place, why };
    // What modules log was sorted out by their own level, which may be below the daemon's.
    let filter = EnvFilter::try_new(format!("{MODULES}=trace,{}", settings.log_level))
        .map_err(|why| bad("log_level", format!("{why}; use error, warn, info, debug or trace")))?;
    let coloured = settings.log_file.is_none() && colour::wanted(&std::io::stderr());
    let writer = match &settings.log_file {
        None => BoxMakeWriter::new(std::io::stderr),
        Some(path) => {
            let file = OpenOptions::new().append(true).create(true).mode(0o640).open(path);
            let file = file.map_err(|why| bad("log_file", format!("{}: {why}", path.display())))?;
            BoxMakeWriter::new(std::sync::Mutex::new(file))
        }
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured);
    let log = log.with_writer(writer).with_target(false);
    // A second call, in tests, keeps the first.
    let _ = match settings.log_format {
        LogFormat::Human => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}
