//! Verifies a database, and finds the parts of its device that it does not use.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::device::Device;
use super::repair::Repair;
use super::stop::Stop;
use super::tables::{self, LoadError};
use super::trial::Trial;
use crate::backend::Stored;
use crate::content::Content;

/// A database that was read and verified as a whole.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) loaded: Stored,
    /// The parts of the device that the database does not use, in order.
    pub(super) unused: Vec<Range<u64>>,
    /// After it, the database can be opened without a walk through it.
    pub(super) repair: Repair,
}

/// Reads and verifies all of a database without writing to its device. The device stays locked. What
/// `known` has, too, is shared with it. It fails early if it is asked to stop.
pub(super) fn examine<D: Device>(
    device: &D,
    known: &Content,
    stop: &Stop,
) -> Result<Examined, LoadError> {
    examine_without(device, known, Vec::new(), stop)
}

/// Like [`examine`], as if parts of the device were zeros.
fn examine_without<D: Device>(
    device: &D,
    known: &Content,
    blank: Vec<Range<u64>>,
    stop: &Stop,
) -> Result<Examined, LoadError> {
    let trial = Trial::new(device.clone(), blank, stop.clone());
    let load = || {
        let mut builder = tables::builder();
        builder.set_check_integrity_on_open(true);
        tables::load(&builder.create_with_backend(trial.clone())?, known)
    };
    // A damaged disk may return any bytes, and the database library panics at some of them.
    let loaded = catch_unwind(AssertUnwindSafe(load)).unwrap_or(Err(LoadError::Inconsistent))?;
    Ok(Examined { loaded, unused: trial.unread()?, repair: trial.repair() })
}

/// Releases the unused space to the file system. After a write that did not fit, that is all free space
/// of the disk. What was written before must be synced.
pub(super) fn release_unused<D: Device>(device: &D, examined: &Examined) -> Result<(), LoadError> {
    let Examined { loaded, unused, .. } = examined;
    let again = examine_without(device, &loaded.content, unused.clone(), &Stop::default())?;
    if again.loaded != *loaded {
        return Err(LoadError::Inconsistent);
    }
    Ok(unused.iter().try_for_each(|range| device.release(range.clone()))?)
}
