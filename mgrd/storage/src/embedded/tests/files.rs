//! Files that cannot be used, and moving content between files.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use proptest::prelude::*;
use redb::{Database, TableDefinition};

use super::*;
use crate::archive::{ArchiveError, check, export, import};
use crate::backend::Stored;
use crate::embedded::source::{self, Open, Source};
use crate::embedded::stop::Stop;

fn inspect(path: &Path) -> Result<Stored, FileError> {
    source::in_file(place(path)).inspect()
}

fn backend(data_dir: &Path) -> EmbeddedBackend {
    EmbeddedBackend::new(data_dir, EmbeddedPolicy::default())
}

async fn filled(path: &Path) {
    let storage = open(path).unwrap();
    let write = Transaction::new().put("text", "grüße\n").put("binary", vec![0, 255, 128]);
    storage.commit(write.put("empty", "").put("long", vec![b'x'; 20_000])).await.unwrap();
}

#[tokio::test]
async fn stored_values_survive_a_restart_and_the_file_is_private() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    filled(&path).await;
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let storage = open(&path).unwrap();
    assert_eq!(storage.get("text").unwrap().value, "grüße\n");
    assert_eq!(storage.epoch(), 2);
    let names = fs::read_dir(directory.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["mgrd.recent", "mgrd.redb"], "no draft is left behind");
    let recent = fs::metadata(path.with_extension("recent")).unwrap();
    assert_eq!(recent.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_in_use_is_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let _held = open(&path).unwrap();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, FileError::Locked { .. }), "{refused}");
    assert!(matches!(inspect(&path), Err(FileError::Locked { .. })));
}

#[test]
fn a_file_that_is_not_a_storage_is_not_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let other = TableDefinition::<&str, u64>::new("meta");
    let make = |rows: &[(&str, u64)]| {
        fs::remove_file(&path).ok();
        let database = Database::create(&path).unwrap();
        let write = database.begin_write().unwrap();
        let mut table = write.open_table(other).unwrap();
        rows.iter().for_each(|(key, value)| drop(table.insert(key, value).unwrap()));
        drop(table);
        write.commit().unwrap();
    };
    make(&[("format", 7), ("epoch", 1), ("revision", 1)]);
    let before = fs::read(&path).unwrap();
    let newer = open(&path).unwrap_err();
    assert!(matches!(newer, FileError::Newer { found: 7, known: 1, .. }), "{newer}");
    assert_eq!(fs::read(&path).unwrap(), before);
    make(&[]);
    assert!(matches!(open(&path), Err(FileError::Damaged { .. })));
    for foreign in ["", "not a database at all"] {
        fs::write(&path, foreign).unwrap();
        assert!(matches!(open(&path), Err(FileError::Damaged { .. })));
        assert_eq!(fs::read(&path).unwrap(), foreign.as_bytes());
    }
}

#[test]
fn an_error_of_the_system_names_the_path() {
    let directory = tempfile::tempdir().unwrap();
    let refused = open(&directory.path().join("no/such/storage")).unwrap_err();
    assert!(refused.to_string().contains("no/such/storage"), "{refused}");
    let refused = open(directory.path()).unwrap_err();
    assert!(matches!(refused, FileError::Io { .. }), "{refused}");
    let missing = inspect(&storage_file(directory.path())).unwrap_err();
    assert!(matches!(missing, FileError::Missing { .. }), "{missing}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_refused_unchanged_or_reads_as_it_was(
        holes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = storage_file(directory.path());
        runtime.block_on(filled(&path));
        let whole = fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        for (at, byte) in holes {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        if let Some(cut) = cut {
            damaged.truncate(cut.index(whole.len()));
        }
        fs::write(&path, &damaged).unwrap();
        match inspect(&path) {
            Ok(stored) => prop_assert_eq!(stored.content.entries.len(), 4),
            Err(FileError::Damaged { .. }) => {}
            Err(other) => prop_assert!(false, "{}", other),
        }
        prop_assert_eq!(fs::read(&path).unwrap(), &damaged[..], "a check wrote to the file");
        if open(&path).is_err() {
            prop_assert_eq!(fs::read(&path).unwrap(), &damaged[..], "a refused file was written");
        }
    }
}

#[tokio::test]
async fn an_export_imports_to_the_same_content() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (one.path(), two.path());
    filled(&storage_file(one)).await;
    let report = check(&backend(one)).unwrap();
    assert_eq!((report.keys, report.bytes), (4, 20_000 + 8 + 3 + 19));
    let mut text = Vec::new();
    assert_eq!(export(&backend(one), &mut text).unwrap(), 4);
    assert_eq!(import(&backend(two), &text[..], false).unwrap(), 4);
    let values = |path: &Path| {
        let storage = open(&storage_file(path)).unwrap();
        storage.range("").into_iter().map(|(k, e)| (k, e.value)).collect::<Vec<_>>()
    };
    assert_eq!(values(one), values(two));

    put(&open(&storage_file(two)).unwrap(), "more", "1").await.unwrap();
    let refused = import(&backend(two), &text[..], false).unwrap_err();
    assert!(matches!(refused, ArchiveError::NotEmpty { keys: 5 }));
    let before = check(&backend(two)).unwrap().revision;
    assert_eq!(import(&backend(two), &text[..], true).unwrap(), 4);
    assert_eq!(values(one), values(two));
    assert!(check(&backend(two)).unwrap().revision > before);
}

#[test]
fn a_broken_export_names_the_line_and_imports_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let header = r#"{"format":"mgrd-storage","version":1,"revision":3,"keys":2}"#;
    let entry = r#"{"key":"a","value":"1"}"#;
    let (other, second) =
        (entry.replace("\"a\"", "\"b\""), header.replace("version\":1", "version\":2"));
    let cases = [
        (String::new(), 1, "header"),
        (header.replace("1,", "9,"), 1, "version 9"),
        (format!("{header}\n{entry}"), 2, "announces 2 keys"),
        (format!("{header}\n{entry}\n{entry}"), 3, "same key"),
        (format!("{header}\n{entry}\n{{\"key\":\"b\"}}"), 3, "exactly one"),
        (format!("{header}\n{{\"key\":\"b\",\"base64\":\"%\"}}"), 2, "base64"),
        (format!("{header}\n{entry}\n{{\"key\":"), 3, "EOF"),
        (format!("{header}\n{entry}\n{other}\n\n"), 4, "after the end"),
        (format!("{second}\n{entry}\n{other}\n"), 4, "not the checksum"),
        (format!("{second}\n{entry}\n{other}\n{{\"sha256\":\"00\"}}"), 4, "this checksum"),
    ];
    for (text, number, reason) in cases {
        match import(&backend(directory.path()), text.as_bytes(), false) {
            Err(ArchiveError::Line { line, source }) => {
                let found = source.to_string();
                assert!(line == number && found.contains(reason), "{line}: {found}");
            }
            other => panic!("{other:?}"),
        }
        assert!(!path.exists());
    }
}

#[tokio::test]
async fn a_file_releases_its_unused_space() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let storage = open(&path).unwrap();
    put(&storage, "a", "2").await.unwrap();
    drop(storage);
    let blocks = || fs::metadata(&path).unwrap().blocks();
    // As after a write that did not fit, which leaves space that is in use for nothing.
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&[b'x'; 1 << 20]).unwrap();
    let before = blocks();
    let source = source::in_file(place(&path));
    let database =
        source.open(Open::ReleasingSpace, &Content::default(), &Stop::default()).unwrap();
    assert!(blocks() < before - 1024, "{} of {before} blocks are still in use", blocks());
    drop(database);
    let storage = open(&path).unwrap();
    assert_eq!(content(&storage), [("a".to_owned(), "2".to_owned())]);
}

#[tokio::test]
async fn no_write_is_acknowledged_while_the_file_is_away_and_all_work_again_when_it_is_back() {
    let directory = tempfile::tempdir().unwrap();
    let (path, away) = (directory.path().join("storage"), directory.path().join("away"));
    let place = place(&path);
    let storage = EmbeddedStorage::open(&place, Known::default()).unwrap();
    put(&storage, "a", "1").await.unwrap();
    fs::rename(&path, &away).unwrap();
    let displaced = StorageFault::Displaced { name: path.display().to_string() };
    place.check().unwrap_err();
    assert_eq!(storage.health(), Some(displaced.clone()), "it is noticed without a write");
    assert_eq!(put(&storage, "a", "2").await, Err(CommitError::Fault(displaced.clone())));
    fs::copy(&away, &path).unwrap();
    assert_eq!(put(&storage, "a", "3").await, Err(CommitError::Fault(displaced)), "a copy");
    assert_eq!(content(&storage), [("a".to_owned(), "1".to_owned())]);
    fs::rename(&away, &path).unwrap();
    put(&storage, "a", "4").await.unwrap();
    assert_eq!(storage.health(), None);
    drop(storage);
    assert_eq!(content(&EmbeddedStorage::open(&place, Known::default()).unwrap())[0].1, "4");
    fs::remove_file(&path).unwrap();
    let missing = EmbeddedStorage::open(&place, Known::default()).unwrap_err();
    assert!(matches!(missing, FileError::Missing { .. }), "no new empty storage: {missing}");
}
