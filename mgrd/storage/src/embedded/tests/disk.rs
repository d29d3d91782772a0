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
use crate::embedded::source::{OnDevice, Source};
use crate::embedded::tables;
use crate::embedded::unsynced::Unsynced;

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
    /// Whether only syncs fail: what was written before may survive a power loss, or not.
    only_syncs: bool,
    failing_reads: Option<io::ErrorKind>,
    /// After so many writes, one is cut short and fails, and so does what follows.
    fails_after: Option<(usize, io::ErrorKind)>,
    frozen: bool,
    /// Whether a sync is being held back.
    holding: bool,
}

/// The disk; a clone is the same disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    state: Arc<(Mutex<State>, Condvar)>,
    syncs: Arc<AtomicUsize>,
    bytes_read: Arc<AtomicUsize>,
    unsynced: Arc<Mutex<Unsynced>>,
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
        EmbeddedStorage::over(Box::new(self.source())).unwrap()
    }

    /// What opens the storage on this disk.
    pub(super) fn source(&self) -> impl Source + use<> {
        let disk = self.clone();
        OnDevice { name: NAME.into(), device: move || Ok(disk.clone()), place: None }
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

    /// Lets every read fail from now on.
    pub(super) fn fail_reads(&self, kind: io::ErrorKind) {
        self.state.0.lock().failing_reads = Some(kind);
    }

    /// Lets a write fail after so many others, and everything that follows it. Half of it is written.
    pub(super) fn fail_after(&self, writes: usize, kind: io::ErrorKind) {
        self.state.0.lock().fails_after = Some((writes, kind));
    }

    /// Lets nothing fail any more.
    pub(super) fn recover(&self) {
        let mut state = self.state.0.lock();
        (state.failing, state.only_syncs) = (None, false);
        (state.failing_reads, state.fails_after) = (None, None);
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

    /// How many bytes of it were read.
    pub(super) fn bytes_read(&self) -> usize {
        self.bytes_read.load(Ordering::SeqCst)
    }
}

impl State {
    fn check_sync(&self) -> io::Result<()> {
        self.failing.map_or(Ok(()), |kind| Err(kind.into()))
    }

    fn check(&self) -> io::Result<()> {
        if self.only_syncs { Ok(()) } else { self.check_sync() }
    }

    /// Whether this write is cut short, and how it then fails.
    fn is_cut_short(&mut self) -> Option<io::ErrorKind> {
        let (left, kind) = self.fails_after.take()?;
        match left.checked_sub(1) {
            Some(left) => {
                self.fails_after = Some((left, kind));
                None
            }
            None => {
                self.failing = Some(kind);
                Some(kind)
            }
        }
    }

    /// Brings what was written to the platters. If that fails, the system forgets what is not there.
    fn settle(&mut self, whole: bool) {
        let writes = std::mem::take(&mut self.unsynced).into_iter().enumerate();
        for (_, (offset, data)) in writes.filter(|(n, _)| whole || n % 2 == 0) {
            let range = offset as usize..offset as usize + data.len();
            // The disk may have shrunk since.
            if let Some(part) = self.durable.get_mut(range) {
                part.copy_from_slice(&data);
            }
        }
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

    fn unsynced(&self) -> &Mutex<Unsynced> {
        &self.unsynced
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state.0.lock().cached.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.state.0.lock();
        state.failing_reads.map_or(Ok(()), |kind| Err(io::Error::from(kind)))?;
        self.bytes_read.fetch_add(out.len(), Ordering::SeqCst);
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
        self.unsynced.lock().synced(synced.is_ok());
        state.settle(synced.is_ok());
        synced?;
        self.syncs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.unsynced.lock().wrote(offset, data.len());
        let mut state = self.state.0.lock();
        state.check()?;
        let start = offset as usize;
        if state.cached.len() < start + data.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut fits = state.take(start, data.len());
        let short = state.is_cut_short();
        if short.is_some() {
            fits = fits.min(data.len() / 2);
        }
        state.cached[start..start + fits].copy_from_slice(&data[..fits]);
        // A power loss may keep any of the blocks.
        for (n, block) in data[..fits].chunks(BLOCK).enumerate() {
            state.unsynced.push((offset + (n * BLOCK) as u64, block.to_vec()));
        }
        if let Some(kind) = short {
            return Err(kind.into());
        }
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
