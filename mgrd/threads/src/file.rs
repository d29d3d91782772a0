//! The short files of `/proc`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// No file that is read here is longer. What exceeds it is cut.
const MOST_BYTES: u64 = 16 << 10;

/// The text of a file; none if it cannot be read, as for a process that has ended or is of another
/// user.
pub(crate) fn read(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}
