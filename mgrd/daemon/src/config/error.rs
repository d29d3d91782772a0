//! Why settings are refused.

use std::path::PathBuf;

use super::plain_words::plain_words;

/// Why the settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read the configuration file {}: {source}; \
         check the path in --config or MGRD_CONFIG, and who may read the file",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// The file is invalid.
    #[error("{}: {}", path.display(), plain_words(source))]
    Parse {
        /// The file.
        path: PathBuf,
        /// The line, the key and what is allowed.
        source: Box<toml::de::Error>,
    },
    /// The log file cannot be written.
    #[error("log_file: cannot write {}: {source}; check its folder and its owner", path.display())]
    LogFile {
        /// The file.
        path: PathBuf,
        /// Why it cannot be written.
        source: std::io::Error,
    },
    /// The thread that writes the log cannot start.
    #[error("cannot start the thread that writes the log: {0}; raise the limit of threads")]
    LogThread(#[source] std::io::Error),
    /// A value is invalid.
    #[error("{place}: {why}")]
    Value {
        /// The flag, variable or key.
        place: String,
        /// What is wrong, and what is allowed.
        why: String,
    },
}

#[cfg(test)]
mod tests;
