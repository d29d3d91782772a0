//! What counts as a module.

use super::*;

#[test]
fn the_first_of_two_wins_and_what_is_no_module_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    for path in [
        "one/a/module.py",
        "one/no/readme",
        "two/a/module.py",
        "two/b/module.toml",
        "two/9.x/module.py",
    ] {
        let file = dir.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "").unwrap();
    }
    let path = ["one", "missing", "two"].map(|name| dir.path().join(name));
    let found = discover(&path, &Runtimes::default());
    assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(found["a"].folder, path[0].join("a"));
    assert!(found["a"].manifest.is_ok() && found["b"].manifest.is_err());
}
