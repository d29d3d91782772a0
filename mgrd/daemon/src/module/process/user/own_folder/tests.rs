//! Folders that other users can change. These tests need root.

use std::fs::{Permissions, create_dir, set_permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use super::*;

const USER: u32 = 4321;

fn account() -> Account {
    Account { name: "4321".into(), uid: USER, gid: USER, groups: vec![USER, 4322] }
}

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_another_user_can_change_or_replace_is_refused() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let (above, folder) = (root.path().join("above"), root.path().join("above/folder"));
    create_dir(&above).unwrap();
    create_dir(&folder).unwrap();
    let try_open = || open(&folder, &account()).map(drop);
    try_open().unwrap();
    chown(&folder, Some(USER), None).unwrap();
    assert!(matches!(try_open(), Err(LoginError::Foreign { owner: USER, .. })));
    chown(&folder, Some(0), None).unwrap();
    for writable in [0o770, 0o707, 0o1777] {
        mode(&folder, writable);
        assert!(matches!(try_open(), Err(LoginError::Writable { .. })), "{writable:o}");
    }
    mode(&folder, 0o700);
    for (uid, gid, bits, replaceable) in [
        (USER, 0, 0o1777, true),
        (USER, 0, 0o500, true),
        (9, 0, 0o777, true),
        (9, 0, 0o1777, false),
        (9, 4322, 0o775, true),
        (9, 4323, 0o775, false),
        (0, 0, 0o755, false),
    ] {
        chown(&above, Some(uid), Some(gid)).unwrap();
        mode(&above, bits);
        let refused = matches!(try_open(), Err(LoginError::Replaceable { .. }));
        assert_eq!(refused, replaceable, "{uid} {gid} {bits:o}");
    }
}

#[test]
fn a_data_directory_with_files_of_another_user_is_refused() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let lock = root.path().join("lock");
    std::fs::write(&lock, "").unwrap();
    check_content(root.path(), &account()).unwrap();
    chown(&lock, Some(USER), None).unwrap();
    let refused = check_content(root.path(), &account()).unwrap_err().to_string();
    assert!(refused.contains("chown -hR 0 "), "{refused}");
}
