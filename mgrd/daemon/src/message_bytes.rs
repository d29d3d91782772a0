//! Sizes in the configuration that must fit into one message: a number of bytes.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// The largest size. With the other fields, it fits into one message.
pub(crate) const MOST: usize = 64 << 20;

/// Reads a size of at most [`MOST`].
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(from)?;
    if bytes <= MOST {
        return Ok(bytes);
    }
    Err(D::Error::custom(format!("{bytes} bytes do not fit into a message; use at most {MOST}")))
}
