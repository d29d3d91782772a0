//! What root runs. These tests need root.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, chown};

use super::*;

#[test]
fn what_another_user_can_change_does_not_run_as_root() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let file = dir.path().join("module.toml");
    check_trusted(&file).unwrap();
    std::fs::write(&file, "").unwrap();
    for (owner, mode, trusted) in [
        (0, 0o644, true),
        (0, 0o664, false),
        (0, 0o646, false),
        (0, 0o1646, false),
        (4321, 0o644, false),
    ] {
        chown(&file, Some(owner), None).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        assert_eq!(check_trusted(&file).is_ok(), trusted, "{owner} {mode:o}");
    }
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
    check_trusted(dir.path()).unwrap_err();
    std::fs::set_permissions(dir.path(), Permissions::from_mode(0o1777)).unwrap();
    check_trusted(dir.path()).unwrap();
}
