//! The setting `log_level`.

use std::str::FromStr;

use serde::Deserialize;
use tracing::level_filters::LevelFilter;

/// Which lines are logged: a level, or a list of levels, some of them for a part of `mgrd`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct LogLevel(String);

/// An entry of the list is invalid.
#[derive(Debug, thiserror::Error)]
#[error(
    "'{0}' is not a log level; use error, warn, info, debug or trace, \
     or a list such as info,mgrd::module=debug"
)]
pub struct InvalidLogLevel(String);

impl LogLevel {
    /// The list, as `tracing` reads it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LogLevel {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

impl FromStr for LogLevel {
    type Err = InvalidLogLevel;

    /// `tracing` takes a word that is not a level for the name of a part. That hides typing mistakes,
    /// so that a part needs a level here.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let entries: Vec<_> = text.split(',').map(str::trim).collect();
        match entries.iter().find(|entry| !is_valid(entry)) {
            Some(entry) => Err(InvalidLogLevel((*entry).to_owned())),
            None => Ok(Self(entries.join(","))),
        }
    }
}

impl TryFrom<String> for LogLevel {
    type Error = InvalidLogLevel;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn is_valid(entry: &str) -> bool {
    let is_level = |level: &str| !level.is_empty() && level.parse::<LevelFilter>().is_ok();
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_:-".contains(c))
    };
    match entry.split_once('=') {
        None => is_level(entry),
        Some((part, level)) => is_part(part) && is_level(level),
    }
}

#[cfg(test)]
mod tests;
