//! Numbers and times for people.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::strtime;

use crate::health::age;

/// The largest width of a rounded number with its unit.
const WIDTH: usize = 7;

/// A number of bytes in a suitable unit, such as `410 MiB` or `1.2 GiB`.
pub(super) fn bytes(value: u64) -> String {
    scaled(value, 1024, &[" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"])
}

/// A count in a suitable unit, such as `6.58k`.
pub(super) fn count(value: u64) -> String {
    scaled(value, 1000, &["", "k", "M", "G", "T", "P", "E"])
}

/// Whole multiples have no fraction. Others have as many digits as fit.
fn scaled(value: u64, base: u64, units: &[&str]) -> String {
    let (mut unit, mut multiple) = (0, 1_u64);
    // What would be rounded up to the next unit is shown in that unit.
    let rounds_up = |multiple: u64| {
        !value.is_multiple_of(multiple) && value as f64 / multiple as f64 >= base as f64 - 0.5
    };
    while (value / multiple >= base || rounds_up(multiple)) && unit + 1 < units.len() {
        (unit, multiple) = (unit + 1, multiple * base);
    }
    let name = units.get(unit).copied().unwrap_or_default();
    if value.is_multiple_of(multiple) {
        return format!("{}{name}", value / multiple);
    }
    let number = value as f64 / multiple as f64;
    let written = |digits: usize| format!("{number:.digits$}{name}");
    [2, 1].map(written).into_iter().find(|text| text.len() <= WIDTH).unwrap_or_else(|| written(0))
}

/// Percent with two digits. Zero is `0`.
pub(super) fn percent(ratio: f64) -> String {
    if ratio == 0.0 { "0".to_owned() } else { format!("{:.2}", ratio * 100.0) }
}

/// Reads a time as Ceph writes it, such as `2026-11-22T19:27:32.191470+0000`.
pub(super) fn time(stamp: &str) -> Option<Timestamp> {
    strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", stamp).ok()?.to_timestamp().ok()
}

/// The time from a time in a document until `now`. `None` if it is invalid or later.
pub(super) fn since(stamp: &str, now: Timestamp) -> Option<Duration> {
    Duration::try_from(now.duration_since(time(stamp)?)).ok()
}

/// ` (since 3m)`, or nothing if the time is unknown.
pub(super) fn since_note(stamp: &str, now: Timestamp) -> String {
    since(stamp, now).map(|ago| format!(" (since {})", age(ago))).unwrap_or_default()
}

#[cfg(test)]
mod tests;
