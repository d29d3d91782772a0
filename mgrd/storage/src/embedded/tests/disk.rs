//! A disk that can lose power, fail, be slow and be full.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};
use redb::{Database, StorageBackend};

use super::*;
use crate::embedded::device::Device;
use crate::embedded::source::OnDevice;
use crate::embedded::tables;

/// What the disk is called.
pub(super) const NAME: &str = "test disk";

/// The unit of space.
const BLOCK: usize = 4096;

#[derive(Clone, Debug, Default)]
struct State {
    /// What a read returns.
    cached: Vec<u8>,
    /// What is on the platters.
    durable: Vec<u8>,
    /// Writes since the last sync, in order.
    unsynced: Vec<(u64, Vec<u8>)>,
    failing: Option<io::ErrorKind>,
    /// The blocks that take space, and how many there may be.
    blocks: BTreeSet<usize>,
    capacity: Option<usize>,
    /// The disk as it was when a write first found no space.
    when_full: Option<Box<State>>,
    sync_failed: bool,
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
        let (blocks, capacity) = (state.blocks.clone(), state.capacity);
        let cached = found.clone();
        Self::with(State { cached, durable: found, blocks, capacity, ..State::default() })
    }

    fn with(state: State) -> Self {
        Self { state: Arc::new((Mutex::new(state), Condvar::new())), ..Self::default() }
    }

    /// What a process finds that starts after another one was killed when there was no space, for
    /// the first time since this was asked.
    pub(super) fn when_full(&self) -> Option<Self> {
        Some(Self::with(*self.state.0.lock().when_full.take()?))
    }

    /// Lets the disk have only so many bytes; none means that nothing is left.
    pub(super) fn limit(&self, bytes: Option<usize>) {
        let mut state = self.state.0.lock();
        let used = state.blocks.len();
        state.capacity = Some(bytes.map_or(used, |bytes| bytes / BLOCK));
    }

    /// How many bytes of it are in use.
    pub(super) fn used(&self) -> usize {
        self.state.0.lock().blocks.len() * BLOCK
    }

    /// Puts an empty storage on a new disk.
    pub(super) fn initialise(&self) {
        tables::initialise(&self.open().unwrap()).unwrap();
    }

    /// The storage on this disk.
    pub(super) fn storage(&self) -> EmbeddedStorage {
        let disk = self.clone();
        let source = OnDevice { name: NAME.into(), device: move || Ok(disk.clone()), place: None };
        EmbeddedStorage::over(Box::new(source)).unwrap()
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
    pub(super) fn recover(&self) {
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

    /// Takes space for a range; returns how many bytes of it have some.
    fn take(&mut self, offset: usize, length: usize) -> usize {
        for block in offset / BLOCK..(offset + length).div_ceil(BLOCK) {
            let full = self.capacity.is_some_and(|capacity| self.blocks.len() >= capacity);
            if full && !self.blocks.contains(&block) {
                return (block * BLOCK).saturating_sub(offset);
            }
            self.blocks.insert(block);
        }
        length
    }
}

impl Device for Disk {
    fn release(&self, range: Range<u64>) -> io::Result<()> {
        let mut state = self.state.0.lock();
        let range = range.start as usize..range.end as usize;
        state.cached[range.clone()].fill(0);
        state.durable[range.clone()].fill(0);
        state.blocks.retain(|block| !range.contains(&(block * BLOCK)));
        Ok(())
    }

    fn sync_failed(&self) -> bool {
        self.state.0.lock().sync_failed
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
        state.blocks.split_off(&(len as usize).div_ceil(BLOCK));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state.0.lock();
        state.holding = state.frozen;
        self.state.1.wait_while(&mut state, |state| state.frozen);
        state.holding = false;
        let synced = state.check_sync();
        state.sync_failed |= synced.is_err();
        synced?;
        state.durable = state.cached.clone();
        state.unsynced.clear();
        self.syncs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state.0.lock();
        state.check()?;
        let start = offset as usize;
        if state.cached.len() < start + data.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let fits = state.take(start, data.len());
        state.cached[start..start + fits].copy_from_slice(&data[..fits]);
        state.unsynced.push((offset, data[..fits].to_vec()));
        if fits == data.len() {
            return Ok(());
        }
        if state.when_full.is_none() {
            let unsynced = Vec::new();
            let now = State { durable: state.cached.clone(), unsynced, ..state.clone() };
            state.when_full = Some(Box::new(now));
        }
        Err(io::ErrorKind::StorageFull.into())
    }
}
