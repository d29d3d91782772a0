//! A trial of a database: the database is opened, verified and closed, and nothing is written to its
//! device.

use std::collections::BTreeMap;
use std::io;
use std::ops::{Bound, Range};
use std::sync::Arc;

use parking_lot::Mutex;
use redb::{BackendError, StorageBackend};

use super::device::Device;
use super::repair::Repair;
use super::stop::Stop;

/// The unit in which written bytes are kept and unused bytes are released.
const PAGE: usize = 4096;
const PAGE_BYTES: u64 = PAGE as u64;

/// A device that keeps its writes in memory, and records them and what is read. A clone is the same trial. When
/// the database closes, it keeps the lock until its user closes the device.
#[derive(Clone, Debug)]
pub(super) struct Trial<D> {
    device: D,
    state: Arc<Mutex<State>>,
    stop: Stop,
}

#[derive(Debug, Default)]
struct State {
    /// The length of the trial, and of the part of the device that it still shows; none before the
    /// first access, which holds the lock.
    length: Option<Length>,
    written: BTreeMap<u64, Box<[u8; PAGE]>>,
    read: Vec<Range<u64>>,
    repair: Repair,
    /// The parts that read as zeros, whatever the device contains there; in order.
    blank: Vec<Range<u64>>,
}

#[derive(Clone, Copy, Debug)]
struct Length {
    now: u64,
    of_device: u64,
}

impl<D: Device> Trial<D> {
    /// A trial of a device, as if `blank` were zeros. Reads fail once it is asked to stop.
    pub(super) fn new(device: D, blank: Vec<Range<u64>>, stop: Stop) -> Self {
        Self { device, state: Arc::new(Mutex::new(State { blank, ..State::default() })), stop }
    }

    /// All that was written, when the database has closed.
    pub(super) fn repair(&self) -> Repair {
        std::mem::take(&mut self.state.lock().repair)
    }

    /// The parts of the device that nothing has read, in order.
    pub(super) fn unread(&self) -> io::Result<Vec<Range<u64>>> {
        let mut read = std::mem::take(&mut self.state.lock().read);
        read.sort_by_key(|range| range.start);
        let end = self.device.len()? / PAGE_BYTES * PAGE_BYTES;
        read.push(end..end);
        let mut unread = Vec::new();
        let mut reached = 0;
        for range in read {
            let start = range.start / PAGE_BYTES * PAGE_BYTES;
            if start > reached {
                unread.push(reached..start.min(end));
            }
            reached = reached.max(range.end.next_multiple_of(PAGE_BYTES));
        }
        unread.retain(|range| !range.is_empty());
        Ok(unread)
    }
}

impl State {
    fn length<D: Device>(&mut self, device: &D) -> io::Result<Length> {
        if let Some(length) = self.length {
            return Ok(length);
        }
        let of_device = device.len()?;
        Ok(*self.length.insert(Length { now: of_device, of_device }))
    }

    /// Reads the device, with zeros after its end and in blank parts.
    fn read_device<D: Device>(
        &mut self,
        device: &D,
        offset: u64,
        out: &mut [u8],
    ) -> io::Result<()> {
        let there = self.length(device)?.of_device.saturating_sub(offset);
        let there = usize::try_from(there).unwrap_or(usize::MAX).min(out.len());
        let (from_device, beyond) = out.split_at_mut(there);
        if !from_device.is_empty() {
            device.read(offset, from_device)?;
        }
        beyond.fill(0);
        let first = self.blank.partition_point(|blank| blank.end <= offset);
        for blank in &self.blank[first..] {
            match overlap(blank, offset, out.len()) {
                Some(range) => out[range].fill(0),
                None => break,
            }
        }
        Ok(())
    }
}

/// The part of a buffer of `len` bytes at `offset` that is in `range`.
fn overlap(range: &Range<u64>, offset: u64, len: usize) -> Option<Range<usize>> {
    let within = |at: u64| usize::try_from(at.saturating_sub(offset)).map_or(len, |at| at.min(len));
    let (start, end) = (within(range.start), within(range.end));
    (start < end).then_some(start..end)
}

fn pages(offset: u64, len: usize) -> Range<u64> {
    offset / PAGE_BYTES..(offset + len as u64).div_ceil(PAGE_BYTES)
}

fn page_range(page: u64) -> Range<u64> {
    page * PAGE_BYTES..(page + 1) * PAGE_BYTES
}

impl<D: Device> StorageBackend for Trial<D> {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state.lock().length(&self.device)?.now)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.stop.check()?;
        let mut state = self.state.lock();
        let end = offset.checked_add(out.len() as u64).ok_or(io::ErrorKind::InvalidInput)?;
        if end > state.length(&self.device)?.now {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        state.read.push(offset..end);
        state.read_device(&self.device, offset, out)?;
        for (page, bytes) in state.written.range(pages(offset, out.len())) {
            if let Some(range) = overlap(&page_range(*page), offset, out.len()) {
                let start = (offset + range.start as u64 - page * PAGE_BYTES) as usize;
                let length = range.len();
                out[range].copy_from_slice(&bytes[start..start + length]);
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state.lock();
        let before = state.length(&self.device)?;
        state.length = Some(Length { now: len, of_device: before.of_device.min(len) });
        state.written.retain(|page, _| page_range(*page).end <= len);
        state.repair.set_len(len);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.state.lock().repair.sync();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock();
        for page in pages(offset, data.len()) {
            let mut bytes = match state.written.remove(&page) {
                Some(bytes) => bytes,
                None => {
                    let mut bytes = Box::new([0; PAGE]);
                    state.read_device(&self.device, page * PAGE_BYTES, &mut bytes[..])?;
                    bytes
                }
            };
            if let Some(range) = overlap(&page_range(page), offset, data.len()) {
                let start = (offset + range.start as u64 - page * PAGE_BYTES) as usize;
                bytes[start..start + range.len()].copy_from_slice(&data[range]);
            }
            state.written.insert(page, bytes);
        }
        state.repair.write(offset, data);
        Ok(())
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.device.try_lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.query_lock_range(start, end)
    }
}
