//! The last lines that a run of a module wrote or logged, for the report of its crash.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::Level;

use crate::text;

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSource {
    /// Its standard output.
    Stdout,
    /// Its standard error output.
    Stderr,
    /// A log record of this level.
    Log(Level),
}

/// One line of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Where it comes from.
    pub source: LineSource,
    /// The line, without what could control a terminal.
    pub text: String,
}

/// The last lines of one run. A clone shares them. The default keeps none.
#[derive(Clone, Debug, Default)]
pub(in crate::module) struct RecentLog {
    lines: Arc<Mutex<VecDeque<LogLine>>>,
    most: usize,
    line_bytes: usize,
}

impl RecentLog {
    /// Keeps this many lines. Longer lines are cut.
    pub(in crate::module) fn new(most: usize, line_bytes: usize) -> Self {
        Self { lines: Arc::default(), most, line_bytes }
    }

    /// How many lines it keeps.
    pub(in crate::module) fn most(&self) -> usize {
        self.most
    }

    /// Adds the lines of a text.
    pub(in crate::module) fn add(&self, source: LineSource, text: &str) {
        let mut last: Vec<_> = text.rsplit('\n').take(self.most).collect();
        last.reverse();
        let mut lines = self.lines.lock();
        for text in last {
            while lines.len() >= self.most {
                lines.pop_front();
            }
            lines.push_back(LogLine { source, text: text::line(text, self.line_bytes) });
        }
    }

    /// The lines, oldest first.
    pub(in crate::module) fn lines(&self) -> Vec<LogLine> {
        self.lines.lock().iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
