//! A disk that can lose power, fail and be slow.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};
use redb::{Database, StorageBackend};

use super::*;
use crate::{file, tables};

/// What the disk is called.
pub(super) const PLACE: &str = "test disk";

#[derive(Debug, Default)]
struct State {
    /// What a read returns.
    cached: Vec<u8>,
    /// What is on the platters.
    durable: Vec<u8>,
    /// Writes since the last sync, in order.
    unsynced: Vec<(u64, Vec<u8>)>,
    failing: Option<io::ErrorKind>,
    /// Whether only syncs fail: what was written before may survive a power loss, or not.
    only_syncs: bool,
    frozen: bool,
    /// Whether a sync is being held back.
    holding: bool,
}

/// The disk; a clone is the same disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    state: Arc<(Mutex<State>, Condvar)>,
    syncs: Arc<AtomicUsize>,
}

impl Disk {
    /// What is found after a power loss: what was synced and those later writes that `kept` picks.
    pub(super) fn after_power_loss(&self, mut kept: impl FnMut() -> bool) -> Self {
        let state = self.state.0.lock();
        let mut found = state.durable.clone();
        for (offset, data) in state.unsynced.iter().filter(|_| kept()) {
            let end = *offset as usize + data.len();
            found.resize(found.len().max(end), 0);
            found[*offset as usize..end].copy_from_slice(data);
        }
        let found = State { cached: found.clone(), durable: found, ..State::default() };
        Self { state: Arc::new((Mutex::new(found), Condvar::new())), ..Self::default() }
    }

    /// Puts an empty storage on a new disk.
    pub(super) fn initialise(&self) {
        tables::initialise(&self.open().unwrap()).unwrap();
    }

    /// The storage on this disk.
    pub(super) fn storage(&self) -> EmbeddedStorage {
        let disk = self.clone();
        let open = move || {
            let explain = |why: redb::DatabaseError| file::explain(PLACE.as_ref(), why.into());
            disk.open().map(Arc::new).map_err(explain)
        };
        EmbeddedStorage::over(Box::new(open), PLACE.into()).unwrap()
    }

    fn open(&self) -> Result<Database, redb::DatabaseError> {
        Database::builder().create_with_backend(self.clone())
    }

    /// Lets every write and sync fail from now on.
    pub(super) fn fail(&self, kind: io::ErrorKind) {
        self.state.0.lock().failing = Some(kind);
    }

    /// Lets every sync fail from now on.
    pub(super) fn fail_syncs(&self, kind: io::ErrorKind) {
        self.fail(kind);
        self.state.0.lock().only_syncs = true;
    }

    /// Lets nothing fail any more.
    pub(super) fn mend(&self) {
        let mut state = self.state.0.lock();
        (state.failing, state.only_syncs) = (None, false);
    }

    /// Holds back syncs until thawed.
    pub(super) fn freeze(&self, frozen: bool) {
        self.state.0.lock().frozen = frozen;
        self.state.1.notify_all();
    }

    /// Waits until a sync is being held back: the writer is busy, and what comes now queues up.
    pub(super) async fn until_holding(&self) {
        while !self.state.0.lock().holding {
            tokio::task::yield_now().await;
        }
    }

    /// How many syncs there were.
    pub(super) fn syncs(&self) -> usize {
        self.syncs.load(Ordering::SeqCst)
    }
}

impl State {
    fn check_sync(&self) -> io::Result<()> {
        self.failing.map_or(Ok(()), |kind| Err(kind.into()))
    }

    fn check(&self) -> io::Result<()> {
        if self.only_syncs { Ok(()) } else { self.check_sync() }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state.0.lock().cached.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state.0.lock();
        let range = offset as usize..offset as usize + out.len();
        out.copy_from_slice(state.cached.get(range).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state.0.lock();
        state.check()?;
        state.cached.resize(len as usize, 0);
        state.durable.resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state.0.lock();
        state.holding = state.frozen;
        self.state.1.wait_while(&mut state, |state| state.frozen);
        state.holding = false;
        state.check_sync()?;
        state.durable = state.cached.clone();
        state.unsynced.clear();
        self.syncs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state.0.lock();
        state.check()?;
        let range = offset as usize..offset as usize + data.len();
        state.cached.get_mut(range).ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        state.unsynced.push((offset, data.to_vec()));
        Ok(())
    }
}
