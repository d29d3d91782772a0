//! What makes a description stale.

use super::*;

#[test]
fn a_change_of_what_runs_is_seen_and_a_change_of_what_it_leaves_behind_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = dir.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    let now = |exec: &str| {
        let manifest = Manifest { exec: vec![exec.into()], ..Manifest::default() };
        fingerprint(dir.path(), &manifest).unwrap()
    };
    write("module.py", "1");
    let first = now("py");
    write("__pycache__/module.pyc", "x");
    write(".cache", "x");
    assert_eq!(now("py"), first);
    assert_ne!(now("py3"), first);
    write("lib/part.py", "");
    let second = now("py");
    assert_ne!(second, first);
    write("lib/part.py", "2");
    assert_ne!(now("py"), second);
}
