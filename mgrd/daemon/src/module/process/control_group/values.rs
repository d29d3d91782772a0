//! The texts of the files of control groups.

/// The period of `cpu.max`, in microseconds.
const PERIOD: u64 = 100_000;

/// A number, or no limit.
pub(super) fn number(limit: Option<u64>) -> String {
    limit.map_or_else(|| "max".to_owned(), |limit| limit.to_string())
}

/// Hundredths of one processor, for `cpu.max`.
pub(super) fn quota(percent: Option<u64>) -> String {
    let quota = percent.map(|percent| percent.saturating_mul(PERIOD / 100));
    format!("{} {PERIOD}", number(quota))
}

/// The value of a key, from a file with one key in each line.
pub(super) fn value(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
    line?.trim().parse().ok()
}

/// The numbers of processes, one in each line. A process that this one cannot see is 0.
pub(super) fn processes(text: &str) -> Vec<i32> {
    text.lines().filter_map(|line| line.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests;
