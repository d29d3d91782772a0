//! What a database holds, and which parts of its device it does not need.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::device::Device;
use super::tables::{self, LoadError, Loaded};
use super::trial::Trial;

/// A database that was read and verified as a whole.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) loaded: Loaded,
    /// The parts of the device that the database does not use, in order.
    pub(super) unused: Vec<Range<u64>>,
}

/// Reads and verifies all of a database without writing to its device. The device stays locked.
pub(super) fn examine<D: Device>(device: &D) -> Result<Examined, LoadError> {
    examine_without(device, Vec::new())
}

/// The same, as if parts of the device were zeros.
fn examine_without<D: Device>(device: &D, blank: Vec<Range<u64>>) -> Result<Examined, LoadError> {
    let trial = Trial::new(device.clone(), blank);
    let load = || {
        let mut builder = tables::builder();
        builder.set_check_integrity_on_open(true);
        tables::load(&builder.create_with_backend(trial.clone())?)
    };
    // A damaged disk may return anything, and the database library did not foresee all of it.
    let loaded = catch_unwind(AssertUnwindSafe(load)).unwrap_or(Err(LoadError::Senseless))?;
    Ok(Examined { loaded, unused: trial.unread()? })
}

/// Gives the unused space back to the file system. A write that did not fit leaves the whole disk
/// in it.
pub(super) fn give_back<D: Device>(device: &D, examined: Examined) -> Result<(), LoadError> {
    // After a failed sync, the disk may still need what the database no longer uses.
    if device.sync_failed() {
        return Ok(());
    }
    device.sync_data()?;
    let Examined { loaded, unused } = examined;
    if examine_without(device, unused.clone())?.loaded != loaded {
        return Err(LoadError::Senseless);
    }
    Ok(unused.into_iter().try_for_each(|range| device.release(range))?)
}
