//! What a failed sync lost comes to the disk before anything else is built on it.

use std::io;

use redb::StorageBackend;

use super::disk::Disk;
use crate::embedded::device::Device;
use crate::embedded::unsynced::write_again;

const PAGE: u64 = 4096;

#[test]
fn what_a_failed_sync_lost_is_written_again_unless_it_is_unused() {
    let disk = Disk::default();
    disk.set_len(8 * PAGE).unwrap();
    (0..8).for_each(|page| disk.write(page * PAGE, &[7; PAGE as usize]).unwrap());
    disk.fail_syncs(io::ErrorKind::Other);
    disk.sync_data().unwrap_err();
    disk.recover();
    let lost = |disk: &Disk| {
        let found = disk.after_power_loss(|| false);
        let mut page = [0; PAGE as usize];
        (0..8)
            .filter(|n| found.read(n * PAGE, &mut page).is_ok() && page[0] != 7)
            .collect::<Vec<_>>()
    };
    assert_eq!(lost(&disk), [1, 3, 5, 7]);
    let unused = 2 * PAGE..4 * PAGE;
    write_again(&disk, disk.unsynced(), std::slice::from_ref(&unused)).unwrap();
    assert_eq!(lost(&disk), [3]);
}
