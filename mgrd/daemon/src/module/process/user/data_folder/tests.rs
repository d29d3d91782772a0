//! Folders of modules. These tests need root.

use std::os::unix::fs::chown;

use super::*;

#[test]
fn a_link_in_the_place_of_a_data_folder_is_not_followed() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let (target, link) = (root.path().join("target"), root.path().join("link"));
    std::fs::create_dir(&target).unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let account = Account { name: "4321".into(), uid: 4321, gid: 4321, groups: vec![4321] };
    assert!(matches!(give(&link, &account), Err(LoginError::Folder { .. })));
    assert_eq!(std::fs::metadata(&target).unwrap().uid(), 0);
    give(&target, &account).unwrap();
    assert_eq!(std::fs::metadata(&target).unwrap().uid(), 4321);
}

#[test]
fn a_module_of_the_user_of_mgrd_does_not_use_a_folder_of_another_user() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    check_owner(root.path()).unwrap();
    check_owner(&root.path().join("none")).unwrap();
    chown(root.path(), Some(4321), None).unwrap();
    let refused = check_owner(root.path()).unwrap_err().to_string();
    assert!(refused.contains("belongs to user 4321") && refused.contains("chown -hR 0:0"));
}
