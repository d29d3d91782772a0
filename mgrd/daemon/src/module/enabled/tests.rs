use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(EnabledSetError {
        Damaged: EnabledSetError::Damaged("expected a list at line 1 column 1".into());
        NotStored: EnabledSetError::NotStored("mgrd is shutting down".into());
    });
}
