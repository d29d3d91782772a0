//! What a user needs. These tests need root.

use std::os::unix::fs::MetadataExt;

use nix::unistd::Uid;

use super::*;

/// A process of user 4321, with all its folders in `root`.
fn login(root: &Path) -> Login {
    let account = Account { name: "4321".into(), uid: 4321, gid: 4322, groups: vec![4322] };
    let (data_dir, socket) = (root.join("data"), root.join("socket"));
    std::fs::create_dir(&data_dir).unwrap();
    std::fs::write(&socket, "").unwrap();
    let data = data_dir.join("modules/m");
    Login { account, folder: root.join("m"), data, data_dir, socket }
}

fn owner(path: &Path) -> (u32, u32, u32) {
    let found = std::fs::metadata(path).unwrap();
    (found.uid(), found.gid(), found.permissions().mode() & 0o777)
}

#[test]
fn a_data_folder_is_made_for_the_user_alone_and_stays_as_it_is() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let login = login(root.path());
    for _ in 0..2 {
        login.prepare("program", &[]).unwrap();
        assert_eq!(owner(&login.data), (4321, 4322, 0o700));
        assert_eq!(owner(login.data.parent().unwrap()).0, Uid::effective().as_raw());
        std::fs::write(login.data.join("file"), "").unwrap();
    }
}

#[test]
fn a_data_folder_of_another_user_is_used_only_if_it_is_empty_and_that_of_mgrd() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let login = login(root.path());
    std::fs::create_dir_all(&login.data).unwrap();
    std::fs::write(login.data.join("file"), "").unwrap();
    assert!(matches!(login.prepare("x", &[]), Err(LoginError::Owner { owner: 0, .. })));
    std::fs::remove_file(login.data.join("file")).unwrap();
    std::os::unix::fs::chown(&login.data, Some(9), None).unwrap();
    assert!(matches!(login.prepare("x", &[]), Err(LoginError::Owner { owner: 9, .. })));
    std::os::unix::fs::chown(&login.data, Some(0), None).unwrap();
    login.prepare("x", &[]).unwrap();
}

#[test]
fn a_file_in_the_place_of_the_data_folder_is_an_error() {
    let root = tempfile::tempdir_in("/tmp").unwrap();
    let login = login(root.path());
    std::fs::create_dir(login.data.parent().unwrap()).unwrap();
    std::fs::write(&login.data, "").unwrap();
    assert!(matches!(login.prepare("x", &[]), Err(LoginError::Folder { .. })));
    std::fs::remove_file(&login.data).unwrap();
    std::fs::remove_file(&login.socket).unwrap();
    assert!(matches!(login.prepare("x", &[]), Err(LoginError::Reach { .. })));
}
