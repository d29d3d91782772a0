use std::os::unix::fs::{MetadataExt, symlink};

use super::*;

/// Writes a file as a draft, and returns what the folder then holds, in order.
fn write(path: &Path, text: &str, replace: bool) -> Result<(), DraftError> {
    let mut draft = Draft::new(path, replace)?;
    draft.write_all(text.as_bytes()).unwrap();
    draft.publish()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_appears_when_it_is_complete_and_only_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let mut draft = Draft::new(&path, false).unwrap();
    draft.write_all(b"half").unwrap();
    assert!(!path.exists());
    draft.publish().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "half");
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    assert_eq!(names(folder.path()), ["new"]);
}

#[test]
fn a_draft_that_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(Draft::new(&folder.path().join("new"), false).unwrap());
    let (name, file) = leftovers::create(folder.path()).unwrap();
    let (path, replace) = (folder.path().join("named"), false);
    drop(Draft { file, name: Some(name), folder: folder.path().to_owned(), path, replace });
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn an_existing_file_is_replaced_only_if_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "mine").unwrap();
    assert!(matches!(write(&path, "new", false), Err(DraftError::Exists(_))));
    // Someone else writes it meanwhile.
    let other = folder.path().join("other");
    let draft = Draft::new(&other, false).unwrap();
    fs::write(&other, "theirs").unwrap();
    assert!(matches!(draft.publish(), Err(DraftError::Exists(_))));
    assert_eq!(
        fs::read_to_string(&path).unwrap() + &fs::read_to_string(&other).unwrap(),
        "minetheirs"
    );
    write(&path, "new", true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(names(folder.path()), ["file", "other"]);
}

#[test]
fn a_draft_with_a_name_keeps_the_same_promises() {
    let folder = tempfile::tempdir().unwrap();
    let publish = |name: &str, replace| {
        let (draft, file) = leftovers::create(folder.path()).unwrap();
        (&*file).write_all(b"new").unwrap();
        let path = folder.path().join(name);
        Draft { file, name: Some(draft), folder: folder.path().to_owned(), path, replace }.publish()
    };
    publish("a", false).unwrap();
    assert!(matches!(publish("a", false), Err(DraftError::Exists(_))));
    publish("a", true).unwrap();
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn what_is_no_regular_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    symlink(folder.path().join("nowhere"), &link).unwrap();
    for path in [folder.path(), &link, Path::new("/dev/null"), Path::new("/"), Path::new("")] {
        let refused = write(path, "new", true);
        assert!(matches!(refused, Err(DraftError::NotAFile(_))), "{path:?}: {refused:?}");
    }
    let missing = write(&folder.path().join("no/folder"), "new", false);
    assert!(matches!(missing, Err(DraftError::Io { .. })), "{missing:?}");
}

#[test]
fn the_next_draft_removes_what_killed_writers_left_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (left, file) = leftovers::create(folder.path()).unwrap();
    drop(file);
    let (alive, locked) = leftovers::create(folder.path()).unwrap();
    fs::create_dir(leftovers::name(folder.path())).unwrap();
    fs::write(folder.path().join(".mgrd-other"), "").unwrap();
    write(&folder.path().join("new"), "", false).unwrap();
    assert!(!left.exists() && alive.exists());
    assert_eq!(names(folder.path()).len(), 4);
    drop(locked);
}
