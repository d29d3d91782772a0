//! What is read of a file, and how much.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use mgrd_snapshots::assert_errors;
use nix::sys::stat::Mode;

use super::*;

const LIMIT: u64 = 100;

fn read(path: &Path) -> Result<Option<String>, String> {
    text(path, Links::Follow, LIMIT, "some_bytes").map_err(|error| error.to_string())
}

#[test]
fn a_regular_file_is_read_through_a_link_too_and_none_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let (file, link) = (dir.path().join("file"), dir.path().join("link"));
    std::fs::write(&file, "x".repeat(100)).unwrap();
    symlink(&file, &link).unwrap();
    assert_eq!(read(&link), Ok(Some("x".repeat(100))));
    assert_eq!(read(&dir.path().join("none")), Ok(None));
}

#[test]
fn whatever_is_not_a_regular_file_is_refused_by_its_kind() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    nix::unistd::mkfifo(&path("fifo"), Mode::S_IRWXU).unwrap();
    let _listener = UnixListener::bind(path("socket")).unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    symlink("/dev/zero", path("zero")).unwrap();
    symlink(path("fifo"), path("link")).unwrap();
    for (name, kind) in [
        ("fifo", "a FIFO"),
        ("socket", "a socket"),
        ("folder", "a folder"),
        ("zero", "a device"),
        ("link", "a FIFO"),
    ] {
        let error = read(&path(name)).unwrap_err();
        let expected = format!("{} is {kind}: put a regular", path(name).display());
        assert!(error.starts_with(&expected), "{error}");
        assert!(is_there(&path(name)).is_err(), "{name}");
    }
}

#[test]
fn a_file_beyond_the_limit_is_refused_whatever_size_it_claims() {
    let dir = tempfile::tempdir().unwrap();
    let huge = dir.path().join("huge");
    File::create(&huge).unwrap().set_len(1 << 40).unwrap();
    for path in [&*huge, Path::new("/proc/self/status")] {
        let error = read(path).unwrap_err();
        assert!(error.contains("larger than 100 bytes") && error.contains("some_bytes"));
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_whether_that_may_pass() {
    let dir = tempfile::tempdir().unwrap();
    let (circle, binary) = (dir.path().join("circle"), dir.path().join("binary"));
    symlink(&circle, &circle).unwrap();
    std::fs::write(&binary, b"\xff").unwrap();
    let error = text(&circle, Links::Follow, LIMIT, "").unwrap_err();
    assert!(error.to_string().contains("cannot read") && !error.is_passing(), "{error}");
    assert!(read(&binary).unwrap_err().contains("is not text"));
    // Nothing is mapped at address 0.
    let error = text(Path::new("/proc/self/mem"), Links::Follow, LIMIT, "").unwrap_err();
    assert!(error.is_passing(), "{error}");
}

#[test]
fn a_link_is_refused_where_only_mgrd_writes() {
    let dir = tempfile::tempdir().unwrap();
    let (file, link) = (dir.path().join("file"), dir.path().join("link"));
    std::fs::write(&file, "x").unwrap();
    symlink(&file, &link).unwrap();
    let error = text(&link, Links::Refuse, LIMIT, "").unwrap_err().to_string();
    assert!(error.contains("link is a link: put a regular file"), "{error}");
    assert_eq!(text(&file, Links::Refuse, LIMIT, "").unwrap().unwrap(), "x");
}

#[test]
fn a_new_file_takes_the_place_of_anything_and_nothing_is_written_through_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept");
    std::fs::write(&kept, "kept").unwrap();
    let place = dir.path().join("made").join("file.json");
    let draft = place.with_extension(format!("{}.new", std::process::id()));
    replace(&place, b"first").unwrap();
    let put: [&dyn Fn(&Path); 4] = [
        &|path| nix::unistd::mkfifo(path, Mode::S_IRWXU).unwrap(),
        &|path| std::fs::create_dir(path).unwrap(),
        &|path| symlink(&kept, path).unwrap(),
        &|path| std::fs::write(path, "old").unwrap(),
    ];
    for put in put {
        std::fs::remove_file(&place).unwrap();
        put(&place);
        symlink(&kept, &draft).unwrap();
        replace(&place, b"new").unwrap();
        assert!(place.symlink_metadata().unwrap().is_file());
        assert_eq!(std::fs::read_to_string(&place).unwrap(), "new");
        assert!(!draft.exists());
    }
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "kept");
}

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/modules/hello/module.toml");
    let setting = "limits.module.manifest_bytes";
    assert_errors!(FileError {
        Read: FileError::Read { path: path(), source: io::Error::from_raw_os_error(5) };
        NotRegular: FileError::NotRegular { path: path(), kind: "a named pipe" };
        TooLarge: FileError::TooLarge { path: path(), limit: 65_536, setting };
        NotText: FileError::NotText { path: path() };
    });
}
