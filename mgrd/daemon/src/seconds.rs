//! Durations in the configuration: a number of seconds, such as `30` or `0.5`.

use std::fmt;
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A year. A longer duration is probably a mistake, and a much longer one would overflow.
const LONGEST: f64 = 365.0 * 86400.0;

/// Reads a duration of at least a millisecond, so that nothing is repeated without a pause.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    from.deserialize_any(Seconds).and_then(span)
}

struct Seconds;

impl Visitor<'_> for Seconds {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds, such as 30 or 0.5")
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<f64, E> {
        Ok(seconds)
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<f64, E> {
        Ok(seconds as f64)
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<f64, E> {
        Ok(seconds as f64)
    }
}

fn span<E: Error>(seconds: f64) -> Result<Duration, E> {
    if (0.001..=LONGEST).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(E::custom(format!(
        "{seconds} seconds are not allowed here; use 0.001 to {LONGEST} seconds"
    )))
}

/// A duration that can also be `"never"`.
pub(crate) mod or_never {
    use super::{Deserialize, Deserializer, Duration, span};

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number of seconds or \"never\", such as 30")]
    enum Written {
        Seconds(f64),
        Word(Never),
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Never {
        Never,
    }

    pub(crate) fn deserialize<'de, D>(from: D) -> Result<Option<Duration>, D::Error>
    where
        D: Deserializer<'de>,
    {
        match Written::deserialize(from)? {
            Written::Seconds(seconds) => span(seconds).map(Some),
            Written::Word(Never::Never) => Ok(None),
        }
    }

    #[cfg(test)]
    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(crate) fn serialize<S: serde::Serializer>(
        span: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match span {
            Some(span) => super::serialize(span, to),
            None => to.serialize_str("never"),
        }
    }
}

#[cfg(test)]
pub(crate) fn serialize<S: serde::Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(span.as_secs_f64())
}

#[cfg(test)]
mod tests;
