//! What the database library writes when it opens, repairs and closes a database.

use std::io;

use redb::StorageBackend;

/// What was written to a trial, in order. Made on the device of the trial, it has the effect that opening
/// and closing the database there would have had, and is as safe if it is cut short.
///
/// Without it, the library would walk through the whole database once more after a crash.
#[derive(Debug, Default)]
pub(super) struct Repair(Vec<Step>);

#[derive(Debug)]
enum Step {
    Length(u64),
    Write { offset: u64, bytes: Box<[u8]> },
    Sync,
}

impl Repair {
    pub(super) fn set_len(&mut self, length: u64) {
        self.0.push(Step::Length(length));
    }

    pub(super) fn write(&mut self, offset: u64, bytes: &[u8]) {
        self.0.push(Step::Write { offset, bytes: bytes.into() });
    }

    pub(super) fn sync(&mut self) {
        self.0.push(Step::Sync);
    }

    /// Makes it on the device of the trial, which must not have changed in the meantime.
    pub(super) fn make(self, device: &impl StorageBackend) -> io::Result<()> {
        self.0.into_iter().try_for_each(|step| match step {
            Step::Length(length) => device.set_len(length),
            Step::Write { offset, bytes } => device.write(offset, &bytes),
            Step::Sync => device.sync_data(),
        })
    }
}
