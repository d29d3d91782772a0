//! How large values and stores may be.

/// The largest value, in bytes, that a client may set. A module may store larger values.
pub const COMMAND_VALUE_LIMIT: usize = 65536;

/// The limits of the store of each module. A store that already exceeds them can be read and shrunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Bytes of all keys and values.
    pub bytes: usize,
    /// Keys.
    pub keys: usize,
    /// Bytes of one value.
    pub value_bytes: usize,
}
