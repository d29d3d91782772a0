//! A module's stdout and stderr: always drained, line by line, bounded, into the log.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::policy::Policy;

/// Which stream a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// The last lines of one process's stderr.
pub(super) type LastWords = Arc<Mutex<VecDeque<String>>>;

/// Reads `from` to its end.
pub(super) async fn drain(
    mut from: impl AsyncRead + Unpin,
    stream: Stream,
    module: String,
    last_words: LastWords,
    policy: Arc<Policy>,
) {
    let mut lines = Lines::new(policy.line_bytes);
    let mut flood = Flood::new(policy.lines_per_second);
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let (read, last) = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => (0, true),
            Ok(read) => (read, false),
        };
        let mut emit = |line: String| {
            if stream == Stream::Stderr {
                let mut words = last_words.lock();
                words.push_back(line.clone());
                while words.len() > policy.last_words {
                    words.pop_front();
                }
            }
            let (pass, dropped) = flood.admit(Instant::now());
            if dropped > 0 {
                tracing::warn!(module, "{dropped} lines of output dropped: too many a second");
            }
            if pass {
                tracing::info!(target: "mgrd::module::output", module, "{line}");
            }
        };
        lines.feed(&buffer[..read], &mut emit);
        if last {
            lines.finish(&mut emit);
            let dropped = flood.rest();
            if dropped > 0 {
                tracing::warn!(module, "{dropped} lines of output dropped: too many a second");
            }
            return;
        }
    }
}

/// Cuts bytes into lines of a bounded length.
#[derive(Debug)]
pub(super) struct Lines {
    line: Vec<u8>,
    max: usize,
    cut: bool,
}

impl Lines {
    pub(super) fn new(max: usize) -> Self {
        Self { line: Vec::new(), max, cut: false }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], emit: &mut impl FnMut(String)) {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (text, ended) = match part.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (part, false),
            };
            let fits = text.len().min(self.max - self.line.len());
            self.line.extend_from_slice(&text[..fits]);
            self.cut |= fits < text.len();
            if ended {
                self.end_line(emit);
            }
        }
    }

    /// Emits what has no newline at the end.
    pub(super) fn finish(&mut self, emit: &mut impl FnMut(String)) {
        if !self.line.is_empty() {
            self.end_line(emit);
        }
    }

    fn end_line(&mut self, emit: &mut impl FnMut(String)) {
        let mut line = String::from_utf8_lossy(&self.line).trim_end_matches('\r').to_owned();
        if std::mem::take(&mut self.cut) {
            line.push_str(" … [cut]");
        }
        self.line.clear();
        emit(line);
    }
}

/// Lets so many lines a second pass, and counts the others.
#[derive(Debug)]
pub(super) struct Flood {
    per_second: u32,
    second: Option<Instant>,
    passed: u32,
    dropped: u64,
}

impl Flood {
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second, second: None, passed: 0, dropped: 0 }
    }

    /// Whether a line passes, and how many did not since one did, told once a second.
    pub(super) fn admit(&mut self, now: Instant) -> (bool, u64) {
        let mut told = 0;
        if self.second.is_none_or(|start| now - start >= Duration::from_secs(1)) {
            self.second = Some(now);
            self.passed = 0;
            told = std::mem::take(&mut self.dropped);
        }
        let pass = self.passed < self.per_second;
        if pass {
            self.passed += 1;
        } else {
            self.dropped += 1;
        }
        (pass, told)
    }

    /// How many did not pass and were not told yet.
    pub(super) fn rest(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }
}

#[cfg(test)]
#[path = "tests/output.rs"]
mod tests;
