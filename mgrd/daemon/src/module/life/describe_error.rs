//! Why it is not known what a module offers.

use std::sync::Arc;
use std::time::Duration;

use super::launch_error::LaunchError;
use super::no_sdk::NoSdk;
use crate::module::folder::ManifestError;
use crate::module::process::Exit;

/// Why a module did not send its declaration.
#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    #[error(transparent)]
    Manifest(#[from] Arc<ManifestError>),
    #[error(transparent)]
    Launch(#[from] LaunchError),
    #[error(transparent)]
    NoSdk(#[from] NoSdk),
    #[error("mgrd is shutting down{}", colon(.last_words))]
    ShuttingDown { last_words: Vec<String> },
    #[error("sent no hello within {:.1} s{}", .limit.as_secs_f32(), colon(.last_words))]
    TimedOut { limit: Duration, last_words: Vec<String> },
    #[error("{exit} before it sent a hello{}", colon(.last_words))]
    Ended { exit: Exit, last_words: Vec<String> },
}

impl DescribeError {
    /// Whether another try may succeed although nothing was changed.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Manifest(error) => error.is_passing(),
            Self::Launch(error) => error.is_passing(),
            Self::NoSdk(_)
            | Self::ShuttingDown { .. }
            | Self::TimedOut { .. }
            | Self::Ended { .. } => false,
        }
    }
}

/// What follows an error: the last line of stderr that says what happened, if there is one.
fn colon(last_words: &[String]) -> String {
    let line =
        last_words.iter().rev().map(|line| line.trim()).find(|line| says_what_happened(line));
    line.map(|line| format!(": {line}")).unwrap_or_default()
}

/// Neither the carets that Python writes below code, nor the advice that Rust adds to a panic.
fn says_what_happened(line: &str) -> bool {
    !line.starts_with("note: ") && line.contains(|c| !matches!(c, ' ' | '^' | '~'))
}

#[cfg(test)]
mod tests;
