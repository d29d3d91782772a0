//! Why settings are refused.

use std::path::PathBuf;

/// Why the settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file does not fit.
    #[error("{}: {why}", path.display())]
    Parse {
        /// Which file.
        path: PathBuf,
        /// The line, the key and what is allowed.
        why: Box<toml::de::Error>,
    },
    /// A value does not fit.
    #[error("{place}: {why}")]
    Value {
        /// The flag, variable or key.
        place: &'static str,
        /// What is wrong and what is allowed.
        why: String,
    },
}

#[cfg(test)]
mod tests;
