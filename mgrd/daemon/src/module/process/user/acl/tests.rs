//! Lists of who may reach a file.

use super::*;

#[test]
fn a_user_is_added_and_no_other_gains() {
    let list = with_user(None, 0o600, 1000, READ_WRITE);
    let expected = [
        (OWNER, NONE, 6),
        (USER, 1000, 6),
        (GROUP_OF_OWNER, NONE, 0),
        (MASK, NONE, 6),
        (OTHER, NONE, 0),
    ];
    assert_eq!(entries(&list), expected);
    // The mode of a file with a list has the mask in place of its group.
    let two = with_user(Some(&list), 0o660, 7, PASS);
    let users: Vec<_> = entries(&two).into_iter().filter(|entry| entry.0 == USER).collect();
    assert_eq!(users, [(USER, 7, 1), (USER, 1000, 6)]);
    assert_eq!(entries(&two).iter().find(|entry| entry.0 == GROUP_OF_OWNER).unwrap().2, 0);
    assert_eq!(with_user(Some(&two), 0o670, 7, PASS), two);
}

#[test]
fn what_is_no_list_breaks_nothing() {
    for list in [&b""[..], b"\x02", b"\x02\0\0\0\x01"] {
        assert_eq!(entries(&with_user(Some(list), 0, 5, PASS)).len(), 2);
    }
}

#[test]
fn the_kernel_takes_the_list() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    allow(dir.path(), 4321, PASS).unwrap();
    allow(dir.path(), 4321, PASS).unwrap();
    let path = CString::new(dir.path().as_os_str().as_bytes()).unwrap();
    let users = entries(&read(&path).unwrap().unwrap());
    assert!(users.contains(&(USER, 4321, PASS)) && users.contains(&(OTHER, NONE, 0)), "{users:?}");
}
