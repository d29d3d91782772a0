//! Whether the memory of the process stays level.

use std::fs;

/// After so many inputs, everything that is kept for good has been made.
const WARM: u64 = 2000;
/// How often the memory is looked at, in inputs.
const EVERY: u64 = 500;
/// How much more than then the process may have, in bytes.
const MORE: u64 = 256 << 20;

/// The memory of the process when it was warm.
#[derive(Default)]
pub(super) struct Level(Option<u64>);

impl Level {
    /// Panics if the memory has grown too much.
    pub(super) fn check(&mut self, name: &str, count: u64, seed: u64) {
        if count < WARM || !count.is_multiple_of(EVERY) {
            return;
        }
        let now = resident();
        let before = *self.0.get_or_insert(now);
        let more = now.saturating_sub(before);
        assert!(
            more < MORE,
            "fuzz {name}: {more} bytes more after {count} inputs than after {WARM}, SEED={seed}"
        );
    }
}

/// The resident memory of this process, in bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() << 10
}
