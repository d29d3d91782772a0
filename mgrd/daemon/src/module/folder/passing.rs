//! Failures that pass by themselves.

use std::io;

use nix::libc;

/// Whether another try may succeed although nothing was changed: the system is short of
/// something, or a disk or mount is in trouble for the moment. Such a failure shows nothing about a
/// module.
pub(in crate::module) fn is_passing(error: &io::Error) -> bool {
    const PASSING: [i32; 9] = [
        libc::EMFILE,
        libc::ENFILE,
        libc::ENOMEM,
        libc::EINTR,
        libc::EAGAIN,
        libc::ETXTBSY,
        libc::EIO,
        libc::ESTALE,
        libc::ETIMEDOUT,
    ];
    error.raw_os_error().is_some_and(|number| PASSING.contains(&number))
}

#[cfg(test)]
mod tests;
