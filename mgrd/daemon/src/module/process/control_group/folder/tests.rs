use super::*;

#[test]
fn files_are_written_only_if_the_kernel_made_them() {
    let folder = tempfile::tempdir().unwrap();
    let error = write(folder.path(), "memory.max", "1").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    std::fs::write(folder.path().join("memory.max"), "max").unwrap();
    write(folder.path(), "memory.max", "1").unwrap();
    assert!(read(folder.path(), "memory.max").unwrap().starts_with('1'));
}

#[test]
fn a_group_is_populated_if_its_events_say_so() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!is_populated(folder.path()));
    for (text, expected) in
        [("populated 1\nfrozen 0\n", true), ("populated 0\nfrozen 1\n", false), ("", false)]
    {
        std::fs::write(folder.path().join("cgroup.events"), text).unwrap();
        assert_eq!(is_populated(folder.path()), expected, "{text}");
    }
    assert!(end_members(folder.path(), Duration::ZERO));
    std::fs::write(folder.path().join("cgroup.events"), "populated 1\n").unwrap();
    std::fs::write(folder.path().join("cgroup.kill"), "").unwrap();
    assert!(!end_members(folder.path(), Duration::ZERO));
    assert_eq!(read(folder.path(), "cgroup.kill").unwrap(), "1");
}

#[test]
fn a_group_is_removed_with_the_groups_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let group = folder.path().join("1-m");
    std::fs::create_dir_all(group.join("a/b")).unwrap();
    std::fs::create_dir_all(group.join("c")).unwrap();
    remove(&group).unwrap();
    assert!(!group.exists());
    remove(&group).unwrap();
    // What cannot be removed is reported, here because a file is in it.
    std::fs::create_dir_all(group.join("a")).unwrap();
    std::fs::write(group.join("a/file"), "").unwrap();
    assert!(remove(&group).is_err());
}
