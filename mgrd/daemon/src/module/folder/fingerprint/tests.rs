//! What makes a description stale.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use mgrd_snapshots::assert_errors;
use nix::sys::stat::Mode;

use super::*;

const FEW: usize = 10;
const SMALL: u64 = 100;

fn now(folder: &Path) -> Result<String, FingerprintError> {
    fingerprint(folder, &Manifest::default(), FEW, SMALL)
}

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
        fingerprint(dir.path(), &manifest, FEW, SMALL).unwrap()
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

#[test]
fn size_and_age_stand_in_for_the_content_of_what_is_too_large() {
    let dir = tempfile::tempdir().unwrap();
    let huge = File::create(dir.path().join("huge")).unwrap();
    huge.set_len(1 << 40).unwrap();
    let first = now(dir.path()).unwrap();
    assert_eq!(now(dir.path()).unwrap(), first);
    huge.set_modified(SystemTime::now() - Duration::from_secs(9)).unwrap();
    let older = now(dir.path()).unwrap();
    assert_ne!(older, first);
    huge.set_len(1 << 41).unwrap();
    assert_ne!(now(dir.path()).unwrap(), older);
}

#[test]
fn the_limit_holds_for_all_files_together() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        std::fs::write(dir.path().join(name), "x".repeat(60)).unwrap();
    }
    let first = now(dir.path()).unwrap();
    let touch = |name: &str| {
        let file = File::options().append(true).open(dir.path().join(name)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    };
    touch("a");
    assert_eq!(now(dir.path()).unwrap(), first);
    touch("b");
    assert_ne!(now(dir.path()).unwrap(), first);
}

#[test]
fn a_link_is_known_by_where_it_leads_and_by_the_file_there() {
    let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let link = |target: &Path| {
        let _ = std::fs::remove_file(dir.path().join("link"));
        symlink(target, dir.path().join("link")).unwrap();
        now(dir.path()).unwrap()
    };
    let (one, two) = (outside.path().join("one"), outside.path().join("two"));
    let missing = link(&one);
    std::fs::write(&one, "1").unwrap();
    let first = link(&one);
    assert_ne!(first, missing);
    std::fs::write(&one, "11").unwrap();
    assert_ne!(now(dir.path()).unwrap(), first);
    assert_ne!(link(&two), missing);
    for odd in ["/dev/zero", "/", "link"] {
        link(Path::new(odd));
    }
}

#[test]
fn what_is_no_file_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let first = now(dir.path()).unwrap();
    nix::unistd::mkfifo(&dir.path().join("fifo"), Mode::S_IRWXU).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    assert_eq!(now(dir.path()).unwrap(), first);
}

#[test]
fn more_files_than_the_limit_are_refused_however_deep_they_lie() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("a/b/c/d/e/f/g/h/i/j")).unwrap();
    now(dir.path()).unwrap();
    std::fs::write(dir.path().join("a/b/c/file"), "").unwrap();
    let error = now(dir.path()).unwrap_err().to_string();
    assert!(error.contains("more than 10 entries"), "{error}");
}

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/modules/hello");
    let denied = || io::Error::from_raw_os_error(13);
    assert_errors!(FingerprintError {
        Folder: FingerprintError::Folder(FolderError::Busy { folder: path(), limit: 8 });
        File: FingerprintError::File(FileError::NotText { path: path().join("module.toml") });
        List: FingerprintError::List { path: path(), source: denied() };
        TooMany: FingerprintError::TooMany { path: path(), limit: 10_000 };
    });
}
