//! Prepares the control group that `mgrd` is in, so that it can give each module one.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::libc;

use super::error::NoControlGroups;
use super::folder::{members, read, write};
use super::group::Controllers;
use super::place::Place;

/// The group of `mgrd` itself, in the one that it was given. Other managers find it by its name.
const MANAGERS: &str = "mgrd-managers";
/// Its share of the processors, where all modules of a manager together have 100: that of a process
/// with the niceness that modules have, against one without.
const WEIGHT: &str = "300";
/// How often it is looked for processes that were started meanwhile.
const LOOKS: usize = 16;

/// Makes the group `name` for modules, with the controllers that can be had.
pub(super) fn claim(
    place: &Place,
    name: &str,
    own_pid: i32,
) -> Result<(PathBuf, Controllers), NoControlGroups> {
    let base = base(place);
    // Only the root of all groups may have processes and give controllers.
    if base.join("cgroup.type").exists() {
        let kind = read(base, "cgroup.type").unwrap_or_default();
        if kind.trim() != "domain" {
            let (folder, kind) = (base.to_owned(), kind.trim().to_owned());
            return Err(NoControlGroups::NotADomain { folder, kind });
        }
        vacate(base, place.is_outermost, own_pid)?;
    }
    if give_controllers(base) == Controllers::default() {
        return Err(NoControlGroups::NoControllers(base.to_owned()));
    }
    let folder = base.join(name);
    make(&folder)?;
    // It may be that of the whole system, which has no weight.
    let _ = write(&base.join(MANAGERS), "cpu.weight", WEIGHT);
    match give_controllers(&folder) {
        given if given == Controllers::default() => {
            let _ = std::fs::remove_dir(&folder);
            Err(NoControlGroups::NoControllers(base.to_owned()))
        }
        given => Ok((folder, given)),
    }
}

/// The group that was given to `mgrd`. Another manager may have moved what started this one.
fn base(place: &Place) -> &Path {
    let is_moved = place.folder.file_name().is_some_and(|name| name == MANAGERS);
    let parent = place.folder.parent().filter(|_| is_moved);
    parent.unwrap_or(&place.folder)
}

/// Moves all processes of a group into the group of managers.
fn vacate(base: &Path, is_outermost: bool, own_pid: i32) -> Result<(), NoControlGroups> {
    let managers = base.join(MANAGERS);
    let shared = || NoControlGroups::Shared(base.to_owned());
    let may_move_others = is_outermost || is_delegated(base);
    for _ in 0..LOOKS {
        let file = base.join("cgroup.procs");
        let refused = |source| NoControlGroups::Refused { path: file.clone(), source };
        let found = members(base).map_err(refused)?;
        if found.is_empty() {
            return Ok(());
        }
        if !may_move_others && found.iter().any(|pid| *pid != own_pid) {
            return Err(shared());
        }
        make(&managers)?;
        for pid in found {
            match write(&managers, "cgroup.procs", &pid.to_string()) {
                // It has ended, or is on the way out.
                Err(why) if pid != own_pid && why.raw_os_error() == Some(libc::ESRCH) => {}
                Err(source) => {
                    // It is empty, unless another manager uses it.
                    let _ = std::fs::remove_dir(&managers);
                    let path = managers.join("cgroup.procs");
                    return Err(NoControlGroups::Refused { path, source });
                }
                Ok(()) => {}
            }
        }
    }
    Err(shared())
}

fn make(folder: &Path) -> Result<(), NoControlGroups> {
    match std::fs::create_dir(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(NoControlGroups::Refused { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Gives the groups in this one the controllers that can be had; returns those that they have.
fn give_controllers(folder: &Path) -> Controllers {
    for name in ["cpu", "memory", "pids"] {
        // Each by itself: the kernel takes all or none.
        let _ = write(folder, "cgroup.subtree_control", &format!("+{name}"));
    }
    Controllers::read(&read(folder, "cgroup.subtree_control").unwrap_or_default())
}

/// Whether systemd has marked the group as delegated.
#[expect(unsafe_code, reason = "getxattr has no safe form")]
fn is_delegated(folder: &Path) -> bool {
    let Ok(path) = CString::new(folder.as_os_str().as_bytes()) else { return false };
    [c"user.delegate", c"trusted.delegate"].iter().any(|name| {
        let mut value = [0_u8; 1];
        // SAFETY: both texts end with a null byte, and the kernel writes at most the bytes of the value.
        let read = unsafe {
            libc::getxattr(path.as_ptr(), name.as_ptr(), value.as_mut_ptr().cast(), value.len())
        };
        read == 1 && value == *b"1"
    })
}

#[cfg(test)]
mod tests;
