//! How large values and stores may be.

/// The largest value, in bytes, that a client may set; a module may store larger ones.
pub const COMMAND_VALUE_LIMIT: usize = 65536;

/// What the store of each module is kept to. What exceeds it already can be read and shrunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Bytes of all keys and values.
    pub bytes: usize,
    /// Keys.
    pub keys: usize,
    /// Bytes of one value.
    pub value_bytes: usize,
}
