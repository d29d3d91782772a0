use super::*;

const ALL: Controllers = Controllers { cpu: true, memory: true, pids: true };

/// A folder with the files of a group. What is written to them stays there, unlike in a real group.
fn group(at: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(at).unwrap();
    for (file, text) in files {
        std::fs::write(at.join(file), text).unwrap();
    }
}

/// A group of which `files` are as given, with the groups that `claim` makes in it.
fn given(files: &[(&str, &str)]) -> (tempfile::TempDir, Place) {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("g");
    group(&folder, files);
    (top, Place { folder, is_outermost: false })
}

fn refused(place: &Place) -> String {
    claim(place, "mgrd-1-2-3", 7).unwrap_err().to_string()
}

#[test]
fn the_root_of_all_groups_gives_controllers_and_keeps_its_processes() {
    let (_top, place) =
        given(&[("cgroup.procs", "1\n7\n"), ("cgroup.subtree_control", "cpu memory pids\n")]);
    group(&place.folder.join("mgrd-1-2-3"), &[("cgroup.subtree_control", "cpu memory pids\n")]);
    // A write replaces only the beginning of a plain file, so the last name is what is left.
    let (folder, controllers) = claim(&place, "mgrd-1-2-3", 7).unwrap();
    assert_eq!(folder, place.folder.join("mgrd-1-2-3"));
    assert!(controllers.pids);
    assert!(!place.folder.join(MANAGERS).exists());
}

#[test]
fn a_group_of_threads_or_without_controllers_is_not_used() {
    for (kind, expected) in [
        ("threaded\n", "is of type 'threaded'"),
        ("domain threaded\n", "is of type 'domain threaded'"),
        ("domain invalid\n", "is of type 'domain invalid'"),
        ("", "is of type ''"),
        ("domain\n", "none of the controllers"),
    ] {
        let (_top, place) = given(&[("cgroup.type", kind), ("cgroup.procs", "")]);
        let why = refused(&place);
        assert!(why.contains(expected), "{kind}: {why}");
        assert!(!place.folder.join("mgrd-1-2-3").exists());
    }
}

#[test]
fn the_group_of_others_is_left_alone() {
    let (_top, place) = given(&[("cgroup.type", "domain\n"), ("cgroup.procs", "7\n8\n")]);
    assert!(refused(&place).contains("other programs"));
    assert!(!place.folder.join(MANAGERS).exists());
}

#[test]
fn a_group_of_mgrd_alone_is_vacated() {
    let (_top, place) = given(&[("cgroup.type", "domain\n"), ("cgroup.procs", "7\n")]);
    let managers = place.folder.join(MANAGERS);
    group(&managers, &[("cgroup.procs", "")]);
    // A plain file never becomes empty, as the file of a group does.
    assert!(refused(&place).contains("other programs"));
    assert_eq!(std::fs::read_to_string(managers.join("cgroup.procs")).unwrap(), "7");
    // In the outermost group of a container, the others come along.
    let outermost = Place { is_outermost: true, ..place.clone() };
    std::fs::write(place.folder.join("cgroup.procs"), "8\n").unwrap();
    assert!(refused(&outermost).contains("other programs"));
    assert_eq!(std::fs::read_to_string(managers.join("cgroup.procs")).unwrap(), "8");
}

#[test]
fn what_the_kernel_refuses_is_named() {
    let (_top, place) = given(&[("cgroup.type", "domain\n"), ("cgroup.procs", "7\n")]);
    let why = refused(&place);
    assert!(why.contains("mgrd-managers/cgroup.procs: No such file"), "{why}");
    assert!(!place.folder.join(MANAGERS).exists());
    let (_top, place) = given(&[("cgroup.type", "domain\n")]);
    assert!(refused(&place).contains("g/cgroup.procs: No such file"));
}

#[test]
fn a_manager_that_another_has_moved_finds_the_group_above() {
    let moved = Place { folder: "/g/mgrd-managers".into(), is_outermost: false };
    assert_eq!(base(&moved), Path::new("/g"));
    let other = Place { folder: "/g/mgrd".into(), is_outermost: false };
    assert_eq!(base(&other), Path::new("/g/mgrd"));
}

#[test]
fn the_controllers_are_read_by_their_names() {
    for (names, expected) in [
        ("cpuset cpu io memory hugetlb pids\n", ALL),
        ("cpuset io", Controllers::default()),
        ("memory", Controllers { memory: true, ..Controllers::default() }),
        ("", Controllers::default()),
    ] {
        assert_eq!(Controllers::read(names), expected, "{names}");
    }
}
