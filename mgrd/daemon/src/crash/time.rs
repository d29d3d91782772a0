//! Times in the form that Ceph's tools write and read.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The form of the time of a crash, such as `2026-11-22T19:32:46.123456Z`.
pub(super) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The form of the time at which a report was archived, such as `2026-11-22 19:32:46.123456`.
pub(super) fn archived(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string()
}

/// Reads the time of a crash. Without a time zone, it is in UTC.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let time: DateTime = text.trim_end_matches('Z').parse().ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
