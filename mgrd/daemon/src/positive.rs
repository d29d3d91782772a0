//! Limits in the configuration with which nothing would work if they were 0.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Reads a whole number of at least 1.
pub(crate) fn deserialize<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default + PartialEq,
{
    let limit = T::deserialize(from)?;
    if limit == T::default() {
        return Err(Error::custom("nothing would work with 0; use a number of at least 1"));
    }
    Ok(limit)
}
