use std::collections::BTreeSet;

use super::*;

#[test]
fn of_a_folder_only_the_entries_stay_that_are_needed_by_any_name() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let (tmp, link) = (root.join("tmp"), root.join("link"));
    for folder in ["tmp/a/b", "tmp/c", "tmp/d/e", "tmp/unused"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::os::unix::fs::symlink(&tmp, &link).unwrap();
    std::os::unix::fs::symlink(tmp.join("d/e"), root.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("/", tmp.join("out")).unwrap();
    let needed = ["tmp/a/b", "link/c", "elsewhere", "tmp/out", "tmp/missing", "tmp", "other"];
    let found = in_folder(&tmp, &needed.map(|path| root.join(path)));
    let expected = BTreeSet::from(["a", "c", "d", "out"].map(|name| tmp.join(name)));
    assert_eq!(found, expected);
}

#[test]
fn paths_are_found_in_lists_and_not_in_other_texts() {
    let found: Vec<_> = paths_in("/a:b:/c/d:").collect();
    assert_eq!(found, ["/a", "/c/d"].map(PathBuf::from));
    assert_eq!(paths_in("--name=x").count(), 0);
}

#[test]
fn nothing_is_done_without_a_sandbox() {
    let limits = ProcessLimits::default();
    let steps = prepare(Sandbox::default(), Path::new("/"), &[], &limits).unwrap();
    assert!(steps.is_empty());
}
