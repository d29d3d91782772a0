//! What was written to a device and may not be on its disk.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

use parking_lot::Mutex;
use redb::StorageBackend;

/// The unit in which writes are remembered.
const PAGE_BYTES: u64 = 4096;

/// The writes since the last sync that succeeded. It outlives the device.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsynced {
    pages: BTreeSet<u64>,
    failed: bool,
}

impl Unsynced {
    /// Remembers a write, whether it succeeded or not.
    pub(super) fn wrote(&mut self, offset: u64, bytes: usize) {
        let end = offset.saturating_add(bytes as u64);
        self.pages.extend(offset / PAGE_BYTES..end.div_ceil(PAGE_BYTES));
    }

    /// Remembers how a sync ended.
    pub(super) fn synced(&mut self, succeeded: bool) {
        self.failed = !succeeded;
        if succeeded {
            self.pages.clear();
        }
    }
}

/// Writes again what a failed sync may have lost, and syncs it. The `unused` parts are not needed.
///
/// After a failed sync, the system does not write these pages again, although reads still return them. A
/// later sync then succeeds without them.
pub(super) fn write_again(
    device: &impl StorageBackend,
    unsynced: &Mutex<Unsynced>,
    unused: &[Range<u64>],
) -> io::Result<()> {
    let Unsynced { pages, failed } = unsynced.lock().clone();
    if !failed {
        return Ok(());
    }
    let length = device.len()?;
    let is_used = |start: u64| {
        let after = unused.partition_point(|range| range.end <= start);
        start < length && unused.get(after).is_none_or(|range| start < range.start)
    };
    let mut page = Vec::new();
    for start in pages.into_iter().map(|page| page * PAGE_BYTES).filter(|start| is_used(*start)) {
        page.resize((length - start).min(PAGE_BYTES) as usize, 0);
        device.read(start, &mut page)?;
        device.write(start, &page)?;
    }
    device.sync_data()
}
