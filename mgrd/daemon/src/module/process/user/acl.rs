//! Lets one more user reach a file or a folder, and no other.
//!
//! The list of a file is an attribute of it. After its version, it has an entry for each user and group:
//! a tag, the permissions and a number.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::libc;
use parking_lot::Mutex;

/// The attribute that holds the list.
const ATTRIBUTE: &std::ffi::CStr = c"system.posix_acl_access";
const VERSION: [u8; 4] = 2_u32.to_le_bytes();
/// The number in entries that are of no particular user or group.
const NONE: u32 = u32::MAX;
/// More than any list has.
const MOST_BYTES: usize = 64 << 10;

/// How often to try to lock a folder that another manager changes, and how long to wait between.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A list is read, changed and written: one at a time in this process.
static CHANGING: Mutex<()> = Mutex::new(());

/// May pass through a folder.
const PASS: u16 = 1;
/// May read and write a file, such as a socket.
const READ_WRITE: u16 = 6;

const OWNER: u16 = 1;
const USER: u16 = 2;
const GROUP_OF_OWNER: u16 = 4;
const GROUP: u16 = 8;
const MASK: u16 = 16;
const OTHER: u16 = 32;
/// What the mask limits.
const MASKED: [u16; 3] = [USER, GROUP_OF_OWNER, GROUP];
const ALL: u16 = 7;

/// Tag, number, permissions. They are kept in this order.
type Entry = (u16, u32, u16);

/// Lets a user pass through an open folder. Other managers may do that at the same time.
pub(super) fn let_pass(folder: &File, uid: u32) -> io::Result<()> {
    let _changing = CHANGING.lock();
    let _locked = lock(folder)?;
    allow(folder, uid, PASS)
}

/// Lets a user connect to a socket that is open as a path. Only this process changes its list.
pub(super) fn let_connect(socket: &File, uid: u32) -> io::Result<()> {
    let _changing = CHANGING.lock();
    allow(socket, uid, READ_WRITE)
}

/// Waits no longer for others than a change takes: a process that can open the folder may keep the lock.
fn lock(folder: &File) -> io::Result<Flock<File>> {
    let mut folder = folder.try_clone()?;
    for _ in 0..LOCK_TRIES {
        match Flock::lock(folder, FlockArg::LockExclusiveNonblock) {
            Ok(locked) => return Ok(locked),
            Err((again, Errno::EAGAIN)) => folder = again,
            Err((_, error)) => return Err(error.into()),
        }
        sleep(LOCK_PAUSE);
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

fn allow(file: &File, uid: u32, permissions: u16) -> io::Result<()> {
    let mode = file.metadata()?.permissions().mode();
    // A socket cannot be opened but as a path, and the calls for descriptors refuse those.
    let path = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    let before = read(&path)?;
    let after = with_user(before.as_deref(), mode, uid, permissions);
    if before.as_ref() == Some(&after) {
        return Ok(());
    }
    write(&path, &after)
}

#[expect(unsafe_code, reason = "getxattr has no safe form")]
fn read(path: &CString) -> io::Result<Option<Vec<u8>>> {
    let mut list = vec![0_u8; MOST_BYTES];
    // SAFETY: the kernel writes at most as many bytes as the buffer has.
    let length = unsafe {
        libc::getxattr(path.as_ptr(), ATTRIBUTE.as_ptr(), list.as_mut_ptr().cast(), list.len())
    };
    match usize::try_from(length) {
        Ok(length) => {
            list.truncate(length);
            Ok(Some(list))
        }
        Err(_) if Errno::last() == Errno::ENODATA => Ok(None),
        Err(_) => Err(io::Error::last_os_error()),
    }
}

#[expect(unsafe_code, reason = "setxattr has no safe form")]
fn write(path: &CString, list: &[u8]) -> io::Result<()> {
    // SAFETY: the kernel reads as many bytes as the list has.
    let done = unsafe {
        libc::setxattr(path.as_ptr(), ATTRIBUTE.as_ptr(), list.as_ptr().cast(), list.len(), 0)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The list with one more user. Without a list, the mode of the file says what it would hold.
fn with_user(list: Option<&[u8]>, mode: u32, uid: u32, permissions: u16) -> Vec<u8> {
    let bits = |shift: u32| (mode >> shift & 7) as u16;
    let plain =
        || vec![(OWNER, NONE, bits(6)), (GROUP_OF_OWNER, NONE, bits(3)), (OTHER, NONE, bits(0))];
    let mut entries = list.map_or_else(plain, entries);
    let mask = entries.iter().find(|(tag, ..)| *tag == MASK).map_or(ALL, |(.., mask)| *mask);
    entries.retain(|(tag, ..)| *tag != MASK);
    // A new mask must not give the others what the old one kept from them.
    for (_, _, allowed) in entries.iter_mut().filter(|(tag, ..)| MASKED.contains(tag)) {
        *allowed &= mask;
    }
    match entries.iter_mut().find(|(tag, id, _)| (*tag, *id) == (USER, uid)) {
        Some((.., allowed)) => *allowed |= permissions,
        None => entries.push((USER, uid, permissions)),
    }
    let masked = entries.iter().filter(|(tag, ..)| MASKED.contains(tag));
    let mask = masked.fold(0, |all, (.., permissions)| all | permissions);
    entries.push((MASK, NONE, mask));
    entries.sort_unstable();
    let bytes = entries.into_iter().flat_map(|(tag, id, permissions)| {
        let [a, b] = tag.to_le_bytes();
        let [c, d] = permissions.to_le_bytes();
        [[a, b, c, d], id.to_le_bytes()].concat()
    });
    VERSION.into_iter().chain(bytes).collect()
}

fn entries(list: &[u8]) -> Vec<Entry> {
    let bytes = list.get(VERSION.len()..).unwrap_or_default();
    let entry = |entry: &[u8; 8]| {
        let [a, b, c, d, id @ ..] = *entry;
        (u16::from_le_bytes([a, b]), u32::from_le_bytes(id), u16::from_le_bytes([c, d]))
    };
    bytes.as_chunks::<8>().0.iter().map(entry).collect()
}

#[cfg(test)]
mod tests;
