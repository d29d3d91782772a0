use mgrd_snapshots::assert_errors;
use mgrd_storage::StorageFault;

use super::*;
use crate::module::ModuleError;

#[test]
fn texts() {
    let damaged = || serde_json::from_str::<BTreeSet<String>>("{}").unwrap_err();
    assert_errors!(EnabledSetError {
        Damaged: EnabledSetError::Damaged(damaged());
        NotStored: EnabledSetError::NotStored(CommitError::Closed);
    });
}

#[test]
fn a_full_disk_has_the_error_number_that_other_writes_give() {
    let full = StorageFault::Full { name: "/var/lib/mgrd/storage".into() };
    let refused = EnabledSetError::NotStored(CommitError::Fault(full));
    assert_eq!(ModuleError::EnabledSet(refused).errno(), Errno::ENOSPC);
}
