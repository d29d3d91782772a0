//! Failures that pass by themselves.

use std::io;

use nix::libc;

/// Whether trying again later may succeed although nobody changed anything: the system is short of
/// something, or a disk or mount is in trouble for the moment. Such a failure says nothing about a
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
mod tests {
    use super::*;

    #[test]
    fn a_shortage_passes_and_a_missing_file_does_not() {
        let error = io::Error::from_raw_os_error;
        assert!(is_passing(&error(libc::EMFILE)) && is_passing(&error(libc::EIO)));
        assert!(!is_passing(&error(libc::ENOENT)) && !is_passing(&error(libc::EACCES)));
        assert!(!is_passing(&io::Error::other("something else")));
    }
}
