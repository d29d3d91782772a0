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
fn what_a_mask_keeps_from_others_stays_kept_from_them() {
    let list = |entries: &[Entry]| {
        let bytes = entries.iter().flat_map(|(tag, id, permissions)| {
            [&tag.to_le_bytes()[..], &permissions.to_le_bytes(), &id.to_le_bytes()].concat()
        });
        VERSION.into_iter().chain(bytes).collect::<Vec<_>>()
    };
    // An operator took everything from the group and from named users with `chmod g=`.
    let before = [
        (OWNER, NONE, 7),
        (USER, 7, 7),
        (USER, 8, 4),
        (GROUP_OF_OWNER, NONE, 5),
        (GROUP, 9, 6),
        (MASK, NONE, 0),
        (OTHER, NONE, 0),
    ];
    let after = [
        (OWNER, NONE, 7),
        (USER, 7, 0),
        (USER, 8, 1),
        (GROUP_OF_OWNER, NONE, 0),
        (GROUP, 9, 0),
        (MASK, NONE, 1),
        (OTHER, NONE, 0),
    ];
    assert_eq!(entries(&with_user(Some(&list(&before)), 0o700, 8, PASS)), after);
    // What the user may do already stays.
    let reads = [(OWNER, NONE, 7), (USER, 8, 4), (GROUP_OF_OWNER, NONE, 0), (MASK, NONE, 4)];
    let both = [(OWNER, NONE, 7), (USER, 8, 5), (GROUP_OF_OWNER, NONE, 0), (MASK, NONE, 5)];
    assert_eq!(entries(&with_user(Some(&list(&reads)), 0o740, 8, PASS)), both);
}

fn users(folder: &File) -> Vec<Entry> {
    let path = CString::new(format!("/proc/self/fd/{}", folder.as_raw_fd())).unwrap();
    entries(&read(&path).unwrap().unwrap())
}

#[test]
fn the_kernel_takes_the_list() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let folder = File::open(dir.path()).unwrap();
    let_pass(&folder, 4321).unwrap();
    let_pass(&folder, 4321).unwrap();
    let users = users(&folder);
    assert!(users.contains(&(USER, 4321, PASS)) && users.contains(&(OTHER, NONE, 0)), "{users:?}");
}

#[test]
fn many_users_at_the_same_time_are_all_let_in() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let open = || File::open(dir.path()).unwrap();
    std::thread::scope(|scope| {
        for uid in 0..32 {
            scope.spawn(move || let_pass(&open(), 5000 + uid).unwrap());
        }
    });
    let users = users(&open());
    assert_eq!(users.iter().filter(|(tag, ..)| *tag == USER).count(), 32, "{users:?}");
}

#[test]
fn a_lock_that_another_keeps_is_an_error() {
    let dir = tempfile::tempdir_in("/tmp").unwrap();
    let open = || File::open(dir.path()).unwrap();
    let other = lock(&open()).unwrap();
    assert_eq!(let_pass(&open(), 4321).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
    drop(other);
    let_pass(&open(), 4321).unwrap();
}
