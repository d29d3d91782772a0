use super::*;

#[test]
fn private_sockets_are_found_in_the_folder_of_the_public_one() {
    let dir = tempfile::tempdir().unwrap();
    let public = dir.path().join("mgrd.sock");
    let private = PrivateSocket::path(&public, "a.b", 7);
    for path in [&public, &private, &dir.path().join("x.sock"), &dir.path().join("x.1")] {
        std::fs::write(path, "").unwrap();
    }
    let expected = PrivateSocket { id: "a.b".to_owned(), pid: 7, path: private };
    assert_eq!(private_sockets(&public), [expected]);
}
