//! Keeps the checks of one source within the limits.

use super::check::{Check, Checks};
use crate::cluster::Limits;
use crate::text;

/// What a check or a line of detail costs to keep, in bytes, beside its text.
const ENTRY_BYTES: usize = 64;

/// Checks within the limits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Bounded {
    pub(super) checks: Checks,
    /// How many checks are left out.
    pub(super) left_out: usize,
}

impl Bounded {
    /// As many of the checks as fit, and then as many of their details. Texts are cut first, so that
    /// what does not fit costs little.
    pub(super) fn new(checks: Checks, limits: &Limits) -> Self {
        let mut bounded = Self::default();
        let mut room = limits.health_bytes;
        let mut kept = Vec::new();
        for (code, check) in checks {
            let has_name = code.len() <= limits.name_bytes && !text::has_controls(&code);
            let summary = text::line(&check.summary, limits.text_bytes);
            let is_one_of_few = kept.len() < limits.health_checks;
            if has_name && is_one_of_few && take(&mut room, code.len() + summary.len()) {
                kept.push((code, Check { summary, ..check }));
            } else {
                bounded.left_out += 1;
            }
        }
        for (code, check) in kept {
            let detail = details(&check.detail, &mut room, limits);
            bounded.checks.insert(code, Check { detail, ..check });
        }
        bounded
    }
}

/// As many lines of detail as fit, and the number of the others.
fn details(all: &[String], room: &mut usize, limits: &Limits) -> Vec<String> {
    let mut kept = Vec::new();
    for detail in all.iter().take(limits.health_details) {
        let detail = text::lines(detail, limits.text_bytes);
        if !take(room, detail.len()) {
            break;
        }
        kept.push(detail);
    }
    let left_out = all.len() - kept.len();
    if left_out > 0 {
        kept.push(format!("and {left_out} more"));
    }
    kept
}

/// Takes the room for one entry, if there is enough.
fn take(room: &mut usize, bytes: usize) -> bool {
    match room.checked_sub(bytes + ENTRY_BYTES) {
        Some(left) => *room = left,
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests;
