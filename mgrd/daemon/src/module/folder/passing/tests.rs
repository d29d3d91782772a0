//! Which failures pass by themselves.

use super::*;

#[test]
fn a_shortage_passes_and_a_missing_file_does_not() {
    let error = io::Error::from_raw_os_error;
    assert!(is_passing(&error(libc::EMFILE)) && is_passing(&error(libc::EIO)));
    assert!(!is_passing(&error(libc::ENOENT)) && !is_passing(&error(libc::EACCES)));
    assert!(!is_passing(&io::Error::other("something else")));
}
