//! The election of one machine: whoever holds the lock on a file of the data directory leads.
//!
//! The kernel gives the lock back when its holder ends, however it ends, and wakes one of those
//! that wait for it: a standby needs no timer to notice.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use tokio::sync::oneshot;

use super::contract::{Campaign, Election, ElectionError, Leader, Lease};

/// The file, inside the data directory.
const FILE: &str = "lock";
/// How often the holder looks whether the file is still the one that it locked.
const LOOK: Duration = Duration::from_millis(500);

/// The election over a data directory.
#[derive(Clone, Debug)]
pub struct FileLock {
    path: PathBuf,
}

impl FileLock {
    /// The election among the managers that use this directory, which must be there.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE) }
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)
    }

    /// Locks the file and publishes who did. Gives the file back if somebody has the lock, unless
    /// `how` says to wait for it.
    fn lock(
        &self,
        mut file: File,
        how: FlockArg,
        candidate: &Leader,
    ) -> io::Result<Result<Held, File>> {
        loop {
            let lock = match Flock::lock(file, how) {
                Ok(lock) => lock,
                Err((file, Errno::EWOULDBLOCK)) => return Ok(Err(file)),
                Err((same, Errno::EINTR)) => {
                    file = same;
                    continue;
                }
                Err((_, why)) => return Err(why.into()),
            };
            let (path, leader) = (self.path.clone(), serde_json::to_string(candidate)?);
            let held = Held { path, lock, leader, published: AtomicBool::new(false) };
            // While we waited somebody may have put another file in its place.
            if held.is_ours()? {
                held.publish()?;
                return Ok(Ok(held));
            }
            file = self.open()?;
        }
    }

    /// Locks the file, at once or when whoever has the lock stops.
    async fn lead(self, candidate: Leader) -> io::Result<Held> {
        match self.lock(self.open()?, FlockArg::LockExclusiveNonblock, &candidate)? {
            Ok(held) => Ok(held),
            Err(file) => self.wait(file, candidate).await,
        }
    }

    /// Waits on a thread of its own, which a campaign that is dropped leaves behind: should it ever
    /// get the lock, it gives it back.
    async fn wait(self, file: File, candidate: Leader) -> io::Result<Held> {
        let (sender, locked) = oneshot::channel();
        let wait = move || drop(sender.send(self.lock(file, FlockArg::LockExclusive, &candidate)));
        std::thread::Builder::new().name("election".into()).spawn(wait)?;
        match locked.await {
            Ok(Ok(Ok(held))) => Ok(held),
            Ok(Err(why)) => Err(why),
            Ok(Ok(Err(_))) | Err(_) => Err(io::Error::other("the thread that waited for it ended")),
        }
    }
}

impl Election for FileLock {
    fn campaign(&self, candidate: &Leader) -> Campaign {
        let (this, candidate) = (self.clone(), candidate.clone());
        Box::pin(async move {
            let path = this.path.clone();
            let held = this.lead(candidate).await;
            let held = held.map_err(|source| ElectionError::File { path, source })?;
            Ok(Box::new(held) as Box<dyn Lease>)
        })
    }

    fn leader(&self) -> Option<Leader> {
        serde_json::from_slice(&std::fs::read(&self.path).ok()?).ok()
    }
}

/// The lock while it is held.
#[derive(Debug)]
struct Held {
    path: PathBuf,
    lock: Flock<File>,
    /// What the file says of the holder, once there is space for it.
    leader: String,
    published: AtomicBool,
}

impl Held {
    fn is_ours(&self) -> io::Result<bool> {
        let ours = self.lock.metadata()?;
        match std::fs::metadata(&self.path) {
            Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(why) => Err(why),
        }
    }

    /// Says in the file who leads. A full disk is no reason not to lead: it is tried again later.
    fn publish(&self) -> io::Result<()> {
        if self.published.load(Ordering::SeqCst) {
            return Ok(());
        }
        // In this order, so that the space of what the file says now is used again.
        let written = self.lock.write_all_at(self.leader.as_bytes(), 0);
        match written.and_then(|()| self.lock.set_len(self.leader.len() as u64)) {
            Ok(()) => self.published.store(true, Ordering::SeqCst),
            Err(why) if why.kind() == io::ErrorKind::StorageFull => {}
            Err(why) => return Err(why),
        }
        Ok(())
    }
}

impl Lease for Held {
    fn lost(&self) -> BoxFuture<'_, String> {
        Box::pin(async {
            // What cannot be looked at now may be looked at later.
            while self.is_ours().unwrap_or(true) {
                // So may what cannot be written now.
                let _ = self.publish();
                tokio::time::sleep(LOOK).await;
            }
            format!("the lock file {} was removed or replaced", self.path.display())
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Whoever comes next writes its own name; until then nobody leads.
        let _ = self.lock.set_len(0);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn candidate(id: &str) -> Leader {
        Leader { id: id.to_owned(), instance: 1, socket: "/s".into() }
    }

    #[tokio::test]
    async fn one_leads_and_the_next_is_woken_when_it_stops() {
        let dir = tempfile::tempdir().unwrap();
        let election = FileLock::new(dir.path());
        assert_eq!(election.leader(), None);
        let lease = election.campaign(&candidate("x")).await.unwrap();
        assert_eq!(election.leader(), Some(candidate("x")));
        let mut second = election.campaign(&candidate("y"));
        assert!((&mut second).now_or_never().is_none());
        drop(lease);
        let _lease = second.await.unwrap();
        assert_eq!(election.leader(), Some(candidate("y")));
    }

    #[tokio::test]
    async fn a_campaign_that_is_given_up_keeps_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let election = FileLock::new(dir.path());
        let lease = election.campaign(&candidate("x")).await.unwrap();
        let mut given_up = election.campaign(&candidate("y"));
        assert!((&mut given_up).now_or_never().is_none());
        drop(given_up);
        drop(lease);
        let _lease = election.campaign(&candidate("z")).await.unwrap();
        assert_eq!(election.leader(), Some(candidate("z")));
    }

    #[tokio::test]
    async fn a_lock_file_that_was_replaced_is_noticed_by_all() {
        let dir = tempfile::tempdir().unwrap();
        let election = FileLock::new(dir.path());
        let former = election.campaign(&candidate("x")).await.unwrap();
        let mut waiting = election.campaign(&candidate("y"));
        assert!((&mut waiting).now_or_never().is_none());
        std::fs::remove_file(dir.path().join(FILE)).unwrap();
        assert!(former.lost().await.contains("lock"));
        let new = election.campaign(&candidate("z")).await.unwrap();
        // The one that waited gets the old file's lock, which is worth nothing.
        drop(former);
        assert!((&mut waiting).now_or_never().is_none());
        drop(new);
        let lease = waiting.await.unwrap();
        assert!(lease.lost().now_or_never().is_none());
    }
}
