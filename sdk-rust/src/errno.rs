//! Error numbers as clients see them.

use std::fmt;

/// A positive Linux error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Errno(pub i32);

macro_rules! numbers {
    ($($(#[$doc:meta])+ $name:ident = $number:literal;)+) => {
        impl Errno {
            $($(#[$doc])+ pub const $name: Self = Self($number);)+

            fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(stringify!($name)),)+
                    _ => None,
                }
            }
        }
    };
}

numbers! {
    /// Not permitted.
    EPERM = 1;
    /// It does not exist.
    ENOENT = 2;
    /// Input or output failed.
    EIO = 5;
    /// Not possible now; try again.
    EAGAIN = 11;
    /// Access denied.
    EACCES = 13;
    /// In use.
    EBUSY = 16;
    /// It already exists.
    EEXIST = 17;
    /// The argument is invalid.
    EINVAL = 22;
    /// Too large.
    EFBIG = 27;
    /// No space is left.
    ENOSPC = 28;
    /// Out of range.
    ERANGE = 34;
    /// Not supported.
    EOPNOTSUPP = 95;
    /// Not connected.
    ENOTCONN = 107;
    /// It took too long.
    ETIMEDOUT = 110;
}

/// The name, or the number if it has no name here.
impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "errno {}", self.0),
        }
    }
}
