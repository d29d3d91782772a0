use super::*;

#[test]
fn a_file_in_place_of_the_data_directory_or_above_it_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("README.md");
    std::fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("data")] {
        let why = make_data_dir(path.clone()).unwrap_err();
        let ManagerError::NotAFolder { path: named, file: found } = why else { panic!("{why}") };
        assert_eq!((named, found), (path, file.clone()));
    }
    make_data_dir(dir.path().join("a/b")).unwrap();
}
