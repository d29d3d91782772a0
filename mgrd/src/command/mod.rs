//! Commands: the descriptor grammar, matching, help and completion; results and their formats.

pub mod builtin;
pub mod format;
pub mod outcome;

pub use format::{Format, Table};
pub use outcome::{CommandError, Errno, Outcome};
