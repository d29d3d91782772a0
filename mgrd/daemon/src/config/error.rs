//! Why settings are refused.

use std::path::PathBuf;

/// Why the settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// The file is invalid.
    #[error("{}: {why}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// The line, the key and what is allowed.
        why: Box<toml::de::Error>,
    },
    /// A value is invalid.
    #[error("{place}: {why}")]
    Value {
        /// The flag, variable or key.
        place: &'static str,
        /// What is wrong, and what is allowed.
        why: String,
    },
}

#[cfg(test)]
mod tests;
