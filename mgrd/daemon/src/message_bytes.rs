//! Sizes of what must fit into one message, as the configuration has them: a number of bytes.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// What fits into one message, with what is around it.
pub(crate) const MOST: usize = 64 << 20;

/// Reads a size that is not above [`MOST`].
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(from)?;
    if bytes <= MOST {
        return Ok(bytes);
    }
    Err(D::Error::custom(format!("{bytes} bytes do not fit into a message; use at most {MOST}")))
}
