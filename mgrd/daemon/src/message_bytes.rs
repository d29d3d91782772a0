//! Sizes in the configuration that must fit into one message: a number of bytes.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::positive;

/// The largest size. With the other fields, it fits into one message.
pub(crate) const MOST: usize = 64 << 20;

/// The largest whole message.
pub(crate) const WHOLE: usize = mgrd_proto::MAX_MESSAGE_BYTES;

/// Reads a size of at most [`MOST`].
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    at_most(MOST, usize::deserialize(from)?)
}

/// Reads the size of a whole message, at most [`WHOLE`].
pub(crate) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    at_most(WHOLE, positive::deserialize(from)?)
}

fn at_most<E: Error>(most: usize, bytes: usize) -> Result<usize, E> {
    if bytes <= most {
        return Ok(bytes);
    }
    Err(E::custom(format!("{bytes} bytes do not fit into a message; use at most {most}")))
}
