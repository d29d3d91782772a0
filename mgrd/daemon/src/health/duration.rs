//! Durations as people write and read them: `10m`, `2h`.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

/// A text that is not a duration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid duration: {0} (write a whole number and one of s, m, h, d, w, mo, y, such as 10m)"
)]
pub struct InvalidDuration(String);

/// Parses `90s`, `5m`, `2 hours`, `1w`. A number without a unit is in seconds.
pub fn parse_duration(text: &str) -> Result<Duration, InvalidDuration> {
    let invalid = || InvalidDuration(text.to_owned());
    let trimmed = text.trim();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = trimmed.split_at(digits);
    let seconds = match unit.trim() {
        "" | "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => MINUTE,
        "h" | "hr" | "hour" | "hours" => HOUR,
        "d" | "day" | "days" => DAY,
        "w" | "wk" | "week" | "weeks" => WEEK,
        "mo" | "month" | "months" => MONTH,
        "y" | "yr" | "year" | "years" => YEAR,
        _ => return Err(invalid()),
    };
    let number: u64 = number.parse().map_err(|_| invalid())?;
    // With at most a century, arithmetic with dates does not overflow.
    let total = number.checked_mul(seconds).filter(|&total| total <= 100 * YEAR);
    total.map(Duration::from_secs).ok_or_else(invalid)
}

/// Writes a duration in one suitable unit, such as `90s`, `3m` or `5w`.
#[must_use]
pub fn age(span: Duration) -> String {
    let seconds = span.as_secs();
    let (unit, name) = match seconds {
        s if s < 2 * MINUTE => (1, "s"),
        s if s < 2 * HOUR => (MINUTE, "m"),
        s if s < 2 * DAY => (HOUR, "h"),
        s if s < 2 * WEEK => (DAY, "d"),
        s if s < 12 * WEEK => (WEEK, "w"),
        s if s < 2 * YEAR => (MONTH, "mo"),
        _ => (YEAR, "y"),
    };
    format!("{}{name}", seconds / unit)
}

/// Writes a short duration exactly, such as `7.9 s`, and a longer one as [`age`] does.
#[must_use]
pub fn span(span: Duration) -> String {
    match span.as_secs() {
        0..120 => format!("{:.1} s", span.as_secs_f64()),
        _ => age(span),
    }
}

#[cfg(test)]
mod tests;
