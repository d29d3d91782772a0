//! Whole numbers and fractions, and the bounds they may have.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::Value;

use super::bad_value::BadValue;

/// An inclusive range; without `max` it is open above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds<T> {
    /// The least value allowed.
    pub(crate) min: T,
    /// The greatest value allowed.
    pub(crate) max: Option<T>,
}

impl<T: Copy + PartialOrd + Display + FromStr> Bounds<T> {
    /// Reads `min` or `min|max`; `None` if it is neither or runs backwards.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (min, max) = match text.split_once('|') {
            Some((min, max)) => (min, Some(max.parse().ok()?)),
            None => (text, None),
        };
        let min = min.parse().ok()?;
        // Comparing also refuses a bound that is not a number.
        let ordered = min <= max.unwrap_or(min);
        ordered.then_some(Self { min, max })
    }

    /// The form of descriptors: `min` or `min|max`.
    #[must_use]
    pub(crate) fn attribute(&self) -> String {
        self.max.map_or_else(|| self.min.to_string(), |max| format!("{}|{max}", self.min))
    }

    /// The form of messages: `min-max`, or `min-` when open above.
    #[must_use]
    pub(crate) fn span(&self) -> String {
        format!("{}-{}", self.min, self.max.map_or_else(String::new, |max| max.to_string()))
    }

    fn check(&self, value: T, word: &str) -> Result<(), BadValue> {
        if value >= self.min && self.max.is_none_or(|max| value <= max) {
            return Ok(());
        }
        let max = self.max.map_or_else(|| "inf".to_owned(), |max| max.to_string());
        let reason = format!("{word} not in range [{}, {max}]", self.min);
        Err(BadValue::out_of_range(reason))
    }
}

pub(super) fn int(word: &str, bounds: Option<&Bounds<i64>>) -> Result<Value, BadValue> {
    let value =
        integer(word).ok_or_else(|| BadValue::new(format!("{word} doesn't represent an int")))?;
    let too_large = || BadValue::out_of_range(format!("{word} doesn't fit an int of 64 bits"));
    let value = i64::try_from(value).map_err(|_| too_large())?;
    if let Some(bounds) = bounds {
        bounds.check(value, word)?;
    }
    Ok(Value::from(value))
}

/// A sign, then decimal digits or `0x`, `0o`, `0b`; single underscores between digits. Values
/// beyond the type saturate. A leading zero is refused, because it could mean octal.
fn integer(word: &str) -> Option<i128> {
    let word = word.trim();
    let (negative, digits) = match word.as_bytes().first()? {
        b'-' => (true, &word[1..]),
        b'+' => (false, &word[1..]),
        _ => (false, word),
    };
    let radix = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    let body = if radix == 10 { digits } else { digits[2..].trim_start_matches('_') };
    let zeros = radix == 10 && body.len() > 1 && body.starts_with('0');
    let nothing_but_zeros = body.bytes().all(|b| b == b'0' || b == b'_');
    if body.is_empty() || (zeros && !nothing_but_zeros) {
        return None;
    }
    let between_digits = !body.starts_with('_') && !body.ends_with('_') && !body.contains("__");
    let plain: String = body.chars().filter(|&c| c != '_').collect();
    if !between_digits || !plain.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(&plain, radix).unwrap_or(i128::MAX);
    Some(if negative { -value } else { value })
}

pub(super) fn float(word: &str, bounds: Option<&Bounds<f64>>) -> Result<Value, BadValue> {
    let bad = || BadValue::new(format!("{word} doesn't represent a float"));
    let value: f64 = word.trim().parse().map_err(|_| bad())?;
    if !value.is_finite() {
        return Err(bad());
    }
    if let Some(bounds) = bounds {
        bounds.check(value, word)?;
    }
    Ok(Value::from(value))
}
