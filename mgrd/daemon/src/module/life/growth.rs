//! Whether the memory of a module grows all the time.
//!
//! The window is divided into parts, and of each part the smallest measurement counts, so that memory
//! that comes and goes is no growth. A leak grows from each part to the next. The first part, in which
//! the module started, does not count, and neither does memory that grew once and then stayed.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The parts of a window.
const PARTS: u32 = 6;
/// Less growth in a window than this is not worth a warning.
const LEAST_BYTES: u64 = 16 << 20;
/// The same as a share of what there was: a twentieth.
const LEAST_SHARE: u64 = 20;

/// The memory of a module over time.
#[derive(Debug)]
pub(super) struct Growth {
    part: Duration,
    /// The oldest comes first. The newest one is not complete.
    parts: VecDeque<Part>,
    is_new: bool,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    began: Instant,
    least: u64,
}

/// Memory that grows all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leak {
    /// By how much, in bytes in an hour.
    pub per_hour: u64,
    /// The time over which that was seen.
    pub over: Duration,
}

impl Growth {
    pub(super) fn new(window: Duration) -> Self {
        Self { part: window / PARTS, parts: VecDeque::new(), is_new: true }
    }

    /// Takes over a measurement.
    pub(super) fn add(&mut self, now: Instant, bytes: u64) {
        let newest = self.parts.back_mut();
        match newest {
            Some(newest) if now.saturating_duration_since(newest.began) < self.part => {
                newest.least = newest.least.min(bytes);
            }
            newest => {
                // After a gap, such as a suspended machine, nothing can be compared.
                let has_gap = newest.is_some_and(|newest| now - newest.began > 2 * self.part);
                if has_gap {
                    self.parts.clear();
                } else if self.parts.len() == 1 && std::mem::take(&mut self.is_new) {
                    self.parts.pop_front();
                }
                self.parts.push_back(Part { began: now, least: bytes });
                // As many complete ones as a window has, and one before them to compare with.
                while self.parts.len() > PARTS as usize + 2 {
                    self.parts.pop_front();
                }
            }
        }
    }

    /// The growth that was seen in a whole window.
    pub(super) fn leak(&self) -> Option<Leak> {
        let complete = self.parts.len().checked_sub(1)?;
        if complete <= PARTS as usize {
            return None;
        }
        let complete = || self.parts.iter().take(complete);
        let grows = complete().zip(complete().skip(1)).all(|(one, next)| next.least > one.least);
        let (first, last) = (complete().next()?, complete().next_back()?);
        let grown = last.least.saturating_sub(first.least);
        if !grows || grown < LEAST_BYTES.max(first.least / LEAST_SHARE) {
            return None;
        }
        let over = last.began.saturating_duration_since(first.began);
        let per_hour = grown as f64 * 3600.0 / over.as_secs_f64().max(1.0);
        Some(Leak { per_hour: per_hour as u64, over })
    }
}

#[cfg(test)]
mod tests;
