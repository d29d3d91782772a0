//! A module's stdout and stderr: always drained, line by line, bounded, into the log.

mod lines;

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::yield_now;
use tokio::time::sleep_until;

use lines::Lines;

use super::limits::ProcessLimits;
use crate::authority::Caller;
use crate::limits_reached::reached;
use crate::module::recent_log::{LineSource, RecentLog};
use crate::module_limits::OwnLimits;
use crate::pace::Pace;
use crate::rate_limit::RateLimit;
use crate::text::{self, has_controls};

/// After this many lines, other tasks get their turn.
const LINES_PER_TURN: usize = 32;

/// Room for the note at the end of a line that is cut.
const CUT_NOTE: usize = 16;

/// Which stream a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::module) enum Stream {
    Stdout,
    Stderr,
}

/// The last lines of one process's stderr.
pub(in crate::module) type LastWords = Arc<Mutex<VecDeque<String>>>;

/// Reads `from` to its end.
pub(in crate::module) async fn drain(
    mut from: impl AsyncRead + Unpin,
    stream: Stream,
    module: String,
    last_words: LastWords,
    recent_log: RecentLog,
    (all, own): (ProcessLimits, Arc<OwnLimits>),
) {
    let limits = all.paced(&own);
    let mut pace = Pace::new(limits.stream_bytes_per_second);
    let mut output = Output {
        lines: Lines::new(limits.line_bytes),
        rate: RateLimit::new(limits.lines_per_second).with_bytes(limits.line_bytes_per_second),
        limits,
        module,
        last_words,
        last_words_max: if stream == Stream::Stderr { limits.last_words } else { 0 },
        recent_log,
        source: match stream {
            Stream::Stdout => LineSource::Stdout,
            Stream::Stderr => LineSource::Stderr,
        },
    };
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let room = pace.room().await.min(buffer.len());
        let read = tokio::select! {
            read = from.read(&mut buffer[..room]) => read,
            () = at(output.rate.report_at()) => {
                output.log_dropped_rest();
                continue;
            }
        };
        match read {
            Ok(0) | Err(_) => return output.finish(),
            Ok(read) => {
                pace.took(read);
                output.limit(all.paced(&own));
                output.take(&buffer[..read]).await;
            }
        }
        // A stream that always has more must not keep its turn.
        yield_now().await;
    }
}

async fn at(when: Option<Instant>) {
    match when {
        Some(when) => sleep_until(when.into()).await,
        None => pending().await,
    }
}

/// Where the bytes of one stream go.
struct Output {
    lines: Lines,
    rate: RateLimit,
    limits: ProcessLimits,
    module: String,
    last_words: LastWords,
    last_words_max: usize,
    recent_log: RecentLog,
    source: LineSource,
}

impl Output {
    /// Takes over the limits as they are now.
    fn limit(&mut self, limits: ProcessLimits) {
        self.limits = limits;
        self.rate.set(limits.lines_per_second, limits.line_bytes_per_second);
    }

    async fn take(&mut self, mut bytes: &[u8]) {
        let now = Instant::now();
        let mut logged = 0;
        while !self.rate.is_exhausted(now)
            && let Some(line) = self.lines.next(&mut bytes)
        {
            self.log(line, now);
            logged += 1;
            if logged % LINES_PER_TURN == 0 {
                yield_now().await;
            }
        }
        // Of what is not logged, only the lines that may be the last ones are built.
        let kept = self.last_words_max.max(self.recent_log.most());
        self.rate.refuse(self.lines.skip(&mut bytes, kept));
        while let Some(line) = self.lines.next(&mut bytes) {
            self.rate.refuse(1);
            self.remember(self.clean(line));
        }
    }

    fn finish(mut self) {
        if let Some(line) = self.lines.finish() {
            self.log(line, Instant::now());
        }
        self.log_dropped_rest();
    }

    fn log(&mut self, line: String, now: Instant) {
        let line = self.clean(line);
        let (pass, dropped) = self.rate.admit_bytes(now, line.len());
        self.log_dropped(dropped);
        if pass {
            let module = &self.module;
            tracing::info!(target: "mgrd::module::output", module, "{line}");
        }
        self.remember(line);
    }

    /// The line without what could control a terminal.
    fn clean(&self, line: String) -> String {
        // The end of a line that is cut is a note, which needs room, too.
        if has_controls(&line) {
            text::line(&line, self.limits.line_bytes + CUT_NOTE)
        } else {
            line
        }
    }

    fn remember(&self, line: String) {
        self.recent_log.add(self.source, &line);
        if self.last_words_max == 0 {
            return;
        }
        let mut words = self.last_words.lock();
        while words.len() >= self.last_words_max {
            words.pop_front();
        }
        words.push_back(line);
    }

    fn log_dropped_rest(&mut self) {
        let dropped = self.rate.take_dropped();
        self.log_dropped(dropped);
    }

    /// Logs how many lines are missing, if any are.
    fn log_dropped(&self, dropped: u64) {
        if dropped > 0 {
            reached(&Caller::module(&self.module), "limits.module.lines_per_second");
            let module = &self.module;
            let ProcessLimits { lines_per_second: lines, line_bytes_per_second: bytes, .. } =
                self.limits;
            tracing::warn!(
                module,
                "{dropped} lines of output of the module dropped: more than {lines} lines \
                 (limits.module.lines_per_second) or {bytes} bytes \
                 (limits.module.line_bytes_per_second) in one second"
            );
        }
    }
}

#[cfg(test)]
mod tests;
