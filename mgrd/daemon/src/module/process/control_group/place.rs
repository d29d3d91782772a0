//! Where the control group of `mgrd` is, from what `/proc` shows.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::error::NoControlGroups;

/// The group of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Whether it is the outermost group that the process can see, as in a container.
    pub(super) is_outermost: bool,
}

impl Place {
    /// From `/proc/self/mountinfo` and `/proc/self/cgroup`.
    pub(super) fn find(mounts: &str, groups: &str) -> Result<Self, NoControlGroups> {
        let own = own_path(groups).ok_or(NoControlGroups::NotMounted)?;
        let mounts: Vec<_> = mounts.lines().filter_map(Mount::read).collect();
        if mounts.is_empty() {
            return Err(NoControlGroups::NotMounted);
        }
        let folder = |mount: &Mount| {
            let below = Path::new(own).strip_prefix(&mount.root).ok()?;
            // To join an empty path would add a slash.
            let folder =
                if below == Path::new("") { mount.at.clone() } else { mount.at.join(below) };
            Some((folder, mount.is_writable))
        };
        // The last mount of a place hides those before it.
        let mut folders: Vec<_> = mounts.iter().rev().filter_map(folder).collect();
        folders.sort_by_key(|(_, is_writable)| !is_writable);
        match folders.into_iter().next() {
            None => Err(NoControlGroups::NotVisible(own.to_owned())),
            Some((folder, false)) => Err(NoControlGroups::ReadOnly(folder)),
            Some((folder, true)) => Ok(Self { folder, is_outermost: own == "/" }),
        }
    }
}

/// The path of a group in its hierarchy, from `/proc/PID/cgroup`.
pub(super) fn own_path(groups: &str) -> Option<&str> {
    groups.lines().find_map(|line| line.strip_prefix("0::"))
}

/// A mounted hierarchy of version 2.
struct Mount {
    /// The group that is mounted.
    root: PathBuf,
    at: PathBuf,
    is_writable: bool,
}

impl Mount {
    /// From a line of `mountinfo`; none if it is of another kind.
    fn read(line: &str) -> Option<Self> {
        let (mount, system) = line.split_once(" - ")?;
        let mut system = system.split(' ');
        if system.next()? != "cgroup2" {
            return None;
        }
        let read_only = |options: &str| options.split(',').any(|option| option == "ro");
        let mut mount = mount.split(' ').skip(3);
        let (root, at, options) = (mount.next()?, mount.next()?, mount.next()?);
        let is_writable = !read_only(options) && !system.nth(1).is_some_and(read_only);
        Some(Self { root: unescaped(root), at: unescaped(at), is_writable })
    }
}

/// A path of `mountinfo`, in which a space is `\040`.
fn unescaped(text: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *first == b'\\');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests;
