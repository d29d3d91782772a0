//! Values of limits as people write them: `512M`, `50%`, `30s`.

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Bytes; K, M, G and T are powers of 1024.
    Bytes,
    /// Things.
    Number,
    /// Hundredths.
    Percent,
    /// Milliseconds; a number without a unit is in seconds.
    Time,
}

/// The prefixes of sizes, from 1024 on.
const PREFIXES: [char; 4] = ['K', 'M', 'G', 'T'];
/// The units of times, in milliseconds, the longest first.
const TIMES: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

impl Unit {
    /// Its name for programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Number => "count",
            Self::Percent => "percent",
            Self::Time => "milliseconds",
        }
    }

    /// What is expected, as the end of a sentence.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Bytes => "a size in bytes, or with K, M, G or T, which are powers of 1024",
            Self::Number => "a whole number",
            Self::Percent => "a whole number of percent",
            Self::Time => "a time in ms, s, m, h or d",
        }
    }

    /// Reads a value; none if it is not one. What is too large to count becomes the largest number.
    pub(crate) fn read(self, text: &str) -> Option<u64> {
        match self {
            Self::Number => whole(text),
            Self::Percent => whole(text.strip_suffix('%').unwrap_or(text)),
            Self::Bytes => {
                let upper = text.to_ascii_uppercase();
                let text = upper.strip_suffix("IB").or_else(|| upper.strip_suffix('B'));
                let text = text.unwrap_or(&upper);
                let prefix = PREFIXES.iter().position(|prefix| text.ends_with(*prefix));
                match prefix {
                    Some(at) => scaled(&text[..text.len() - 1], 1 << (10 * (at + 1))),
                    None => whole(text),
                }
            }
            Self::Time => {
                let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
                let (number, unit) = text.split_at(end);
                let unit = if unit.is_empty() { "s" } else { unit };
                let (_, factor) = TIMES.iter().find(|(name, _)| *name == unit)?;
                scaled(number, *factor)
            }
        }
    }

    /// Writes a value, in the largest unit that leaves a whole number.
    pub(crate) fn show(self, value: u64) -> String {
        match self {
            Self::Number => value.to_string(),
            Self::Percent => format!("{value}%"),
            Self::Bytes => {
                let power = (value.trailing_zeros() / 10).min(PREFIXES.len() as u32);
                match power {
                    _ if value == 0 => "0".to_owned(),
                    0 => value.to_string(),
                    power => format!("{}{}", value >> (10 * power), PREFIXES[power as usize - 1]),
                }
            }
            Self::Time => {
                let fits = |(_, factor): &&(&str, u64)| value.is_multiple_of(*factor);
                let (name, factor) = TIMES.iter().find(fits).unwrap_or(&("ms", 1));
                format!("{}{name}", value / factor)
            }
        }
    }
}

/// Digits. A number that is too large becomes the largest one.
fn whole(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// Digits with a fraction, such as `1.5`, in units of which each has `factor` parts.
fn scaled(text: &str, factor: u64) -> Option<u64> {
    let (whole_part, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts = whole(whole_part)?.saturating_mul(factor);
    whole(fraction)?;
    // Further digits are less than one part of any unit.
    let digits = &fraction[..fraction.len().min(6)];
    let more = u128::from(whole(digits)?) * u128::from(factor) / 10_u128.pow(digits.len() as u32);
    Some(parts.saturating_add(u64::try_from(more).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests;
