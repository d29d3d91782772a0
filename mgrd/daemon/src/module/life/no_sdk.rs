//! A Python interpreter that has no SDK.

use crate::module::folder::Manifest;

/// What Python writes if the package of the SDK is not installed.
const NOT_FOUND: [&str; 2] = ["No module named 'mgrd'", "No module named mgrd"];

/// The interpreter that runs modules in Python has no SDK.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the Python interpreter {python} has no package 'mgrd': install the SDK for Python into it, or \
     name another interpreter with --python"
)]
pub struct NoSdk {
    python: String,
}

impl NoSdk {
    /// Whether that is why a process ended, as its last words show.
    pub(super) fn found(manifest: &Manifest, last_words: &[String]) -> Option<Self> {
        let says_so =
            |line: &String| NOT_FOUND.iter().any(|text| line.trim_end_matches(')').ends_with(text));
        let found = manifest.is_python_runner() && last_words.iter().any(says_so);
        let python = manifest.exec.first().filter(|_| found)?;
        Some(Self { python: python.clone() })
    }
}

#[cfg(test)]
mod tests;
