//! The lock on a file of the data directory. The manager that holds it leads.
//!
//! The kernel releases the lock when its holder ends for any reason, and wakes one of the processes
//! that wait for it. So a standby needs no timer.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use tokio::sync::oneshot;

use super::error::{LockError, LockLost, is_full};
use crate::election::Leader;

/// A file to lock.
#[derive(Clone, Debug)]
pub(super) struct LockFile {
    path: PathBuf,
}

/// The result of an attempt to lock a file.
enum Attempt {
    Held(HeldLock),
    /// Another process holds the lock of this file.
    HeldElsewhere(File),
}

impl LockFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The leader that the file names.
    pub(super) fn leader(&self) -> Option<Leader> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }

    /// Locks the file, at once or after the holder of the lock releases it, and names `candidate` in
    /// it.
    pub(super) async fn acquire(self, candidate: Leader) -> Result<HeldLock, LockError> {
        let path = self.path.clone();
        self.try_acquire(candidate).await.map_err(|source| LockError { path, source })
    }

    async fn try_acquire(self, candidate: Leader) -> io::Result<HeldLock> {
        match self.lock(self.open()?, FlockArg::LockExclusiveNonblock, &candidate)? {
            Attempt::Held(held) => Ok(held),
            Attempt::HeldElsewhere(file) => self.wait(file, candidate).await,
        }
    }

    /// Waits on a thread of its own. If the campaign is dropped, the thread continues, and releases the
    /// lock as soon as it gets it.
    async fn wait(self, file: File, candidate: Leader) -> io::Result<HeldLock> {
        let (sender, locked) = oneshot::channel();
        let wait = move || drop(sender.send(self.lock(file, FlockArg::LockExclusive, &candidate)));
        std::thread::Builder::new().name("election".into()).spawn(wait)?;
        match locked.await {
            Ok(Ok(Attempt::Held(held))) => Ok(held),
            Ok(Err(why)) => Err(why),
            Ok(Ok(Attempt::HeldElsewhere(_))) | Err(_) => {
                Err(io::Error::other("the thread that waited for the lock ended"))
            }
        }
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)
    }

    fn lock(&self, mut file: File, how: FlockArg, candidate: &Leader) -> io::Result<Attempt> {
        loop {
            let lock = match Flock::lock(file, how) {
                Ok(lock) => lock,
                Err((file, Errno::EWOULDBLOCK)) => return Ok(Attempt::HeldElsewhere(file)),
                Err((same, Errno::EINTR)) => {
                    file = same;
                    continue;
                }
                Err((_, why)) => return Err(why.into()),
            };
            let (path, leader) = (self.path.clone(), serde_json::to_string(candidate)?);
            let held = HeldLock { path, lock, leader, published: AtomicBool::new(false) };
            // Another file may have replaced it in the meantime.
            if held.is_in_place()? {
                held.publish()?;
                return Ok(Attempt::Held(held));
            }
            file = self.open()?;
        }
    }
}

/// The lock while it is held. Dropping it releases it.
#[derive(Debug)]
pub(super) struct HeldLock {
    path: PathBuf,
    lock: Flock<File>,
    /// The text of the file about the holder.
    leader: String,
    published: AtomicBool,
}

impl HeldLock {
    /// Waits until the locked file is no longer the one at its path.
    pub(super) async fn lost(&self, check_interval: Duration) -> LockLost {
        // If the path cannot be read now, it may be readable later.
        while self.is_in_place().unwrap_or(true) {
            // There may now be space.
            let _ = self.publish();
            tokio::time::sleep(check_interval).await;
        }
        LockLost { path: self.path.clone() }
    }

    fn is_in_place(&self) -> io::Result<bool> {
        let ours = self.lock.metadata()?;
        match fs::metadata(&self.path) {
            Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(why) => Err(why),
        }
    }

    /// Writes the leader into the file. A manager can lead on a full disk, so this is tried again
    /// later if there is no space.
    fn publish(&self) -> io::Result<()> {
        if self.published.load(Ordering::SeqCst) {
            return Ok(());
        }
        // In this order, the new text uses the space of the old one.
        let written = self.lock.write_all_at(self.leader.as_bytes(), 0);
        match written.and_then(|()| self.lock.set_len(self.leader.len() as u64)) {
            Ok(()) => self.published.store(true, Ordering::SeqCst),
            Err(why) if is_full(why.kind()) => {}
            Err(why) => return Err(why),
        }
        Ok(())
    }
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        // The next holder writes its own name. Until then, no manager leads.
        let _ = self.lock.set_len(0);
    }
}

#[cfg(test)]
mod tests;
