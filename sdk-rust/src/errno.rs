//! Error numbers as clients see them.

/// A positive Linux error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Errno(pub i32);

impl Errno {
    /// Not permitted.
    pub const EPERM: Self = Self(1);
    /// There is no such thing.
    pub const ENOENT: Self = Self(2);
    /// Input or output failed.
    pub const EIO: Self = Self(5);
    /// Not now, try again.
    pub const EAGAIN: Self = Self(11);
    /// Access denied.
    pub const EACCES: Self = Self(13);
    /// In use.
    pub const EBUSY: Self = Self(16);
    /// It exists already.
    pub const EEXIST: Self = Self(17);
    /// The argument is wrong.
    pub const EINVAL: Self = Self(22);
    /// No space is left.
    pub const ENOSPC: Self = Self(28);
    /// Not supported.
    pub const EOPNOTSUPP: Self = Self(95);
    /// Not connected.
    pub const ENOTCONN: Self = Self(107);
    /// It took too long.
    pub const ETIMEDOUT: Self = Self(110);
}
