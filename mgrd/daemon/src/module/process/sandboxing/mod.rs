//! The steps by which a child gets a view of the files of its own: a mount namespace.
//!
//! What must stay as it is, is held open before anything changes, and put back afterwards: the folders
//! where the module may write, and what it needs of `/tmp`, such as the socket in a test.

mod mount;
mod namespace;
mod needs;

use std::io;
use std::path::{Path, PathBuf};

use super::limits::ProcessLimits;
use super::steps::Step;
use crate::module::sandbox::Sandbox;
use mount::Held;
use needs::in_folder;
pub(super) use needs::paths_in;

/// Where programs put files for a while.
const TEMPORARY: [&str; 2] = ["/tmp", "/var/tmp"];
/// What stays writable for each module.
const SYSTEM: [&str; 2] = ["/dev", "/proc"];
/// How many files a private folder for temporary files can hold.
const MOST_FILES: usize = 100_000;

const TMP_ADVICE: &str =
    "check this folder, or remove private_tmp from sandbox in the settings of mgrd";
const READ_ONLY_ADVICE: &str =
    "read_only needs Linux 5.12; use it, or remove read_only from sandbox in the settings of mgrd";

/// Makes the steps ready. `needed` are paths that the module must see; it may write in `data`.
pub(super) fn prepare(
    sandbox: Sandbox,
    data: &Path,
    needed: &[PathBuf],
    limits: &ProcessLimits,
) -> io::Result<Vec<Step>> {
    if sandbox.is_none() {
        return Ok(Vec::new());
    }
    let mut steps = namespace::steps()?;
    let (mut visible, mut writable) = (Vec::new(), Vec::new());
    let temporary = if sandbox.private_tmp { temporary() } else { Vec::new() };
    for folder in &temporary {
        for entry in in_folder(folder, needed) {
            visible.push((folder, Held::new(entry)?));
        }
    }
    if sandbox.read_only {
        for path in SYSTEM.map(Path::new).into_iter().chain([data]) {
            writable.push(Held::new(path.to_owned())?);
        }
    }
    steps.extend(visible.iter().map(|(_, held)| held.hold()));
    steps.extend(writable.iter().map(Held::hold));
    if sandbox.read_only {
        steps.push(mount::read_only(READ_ONLY_ADVICE));
        steps.extend(visible.iter().map(|(_, held)| held.make_read_only(READ_ONLY_ADVICE)));
    }
    for folder in &temporary {
        steps.push(mount::temporary(folder, &options(limits), TMP_ADVICE)?);
        let entries = visible.iter().filter(|(of, _)| of == &folder);
        for (_, held) in entries {
            steps.push(held.make_place(TMP_ADVICE));
            steps.push(held.put_back());
        }
    }
    steps.extend(writable.iter().map(Held::put_back));
    steps.push(namespace::keep());
    Ok(steps)
}

/// The folders for temporary files that exist, each once: one may be a link to the other.
fn temporary() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in TEMPORARY.iter().filter_map(|path| std::fs::canonicalize(path).ok()) {
        if folder.is_dir() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

fn options(limits: &ProcessLimits) -> String {
    format!("mode=1777,size={},nr_inodes={MOST_FILES}", limits.private_tmp_bytes)
}

#[cfg(test)]
mod tests;
