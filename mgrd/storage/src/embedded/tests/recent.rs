//! A standby that takes over answers from what it has and the last changes, and the disk decides.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use super::disk::Disk;
use super::*;
use crate::backend::Stored;
use crate::embedded::durable::{Durable, Opened};
use crate::embedded::mark::Mark;
use crate::embedded::recent::{self, Resumed};
use crate::embedded::source::{self, Open, Read, Source};
use crate::embedded::stop::Stop;
use crate::image::Image;
use crate::mirror::MirrorStorage;

/// A storage file, its leader, and what a standby had before the last writes.
struct Leading {
    _directory: tempfile::TempDir,
    path: PathBuf,
    leader: EmbeddedStorage,
    known: Known,
}

/// What a standby has that has everything.
fn known(leader: &EmbeddedStorage) -> Known {
    Known { origin: leader.origin(), content: leader.content() }
}

async fn leading() -> Leading {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let leader = open(&path).unwrap();
    put(&leader, "a", "1").await.unwrap();
    put(&leader, "b", "1").await.unwrap();
    let known = known(&leader);
    put(&leader, "a", "2").await.unwrap();
    leader.commit(Transaction::new().delete("b").put("c", vec![0xff, 0, 7])).await.unwrap();
    Leading { _directory: directory, path, leader, known }
}

impl Leading {
    /// What a manager that takes over finds if this one is killed now.
    fn resume(&self, known: &Known) -> Option<Resumed> {
        recent::resume(&self.path, known)
    }

    fn recent(&self) -> PathBuf {
        recent_of(&self.path)
    }
}

fn recent_of(path: &Path) -> PathBuf {
    path.with_extension("recent")
}

/// Makes the last line of this text of the last changes fit the storage file as it is now.
fn vouch(path: &Path, text: &str) {
    let text = text.strip_suffix('\n').unwrap();
    let (before, last) = text.rsplit_once('\n').unwrap();
    let mut last: serde_json::Value = serde_json::from_str(last).unwrap();
    last["storage"] = serde_json::to_value(Mark::of(path).unwrap()).unwrap();
    fs::write(recent_of(path), format!("{before}\n{last}\n")).unwrap();
}

#[tokio::test]
async fn the_last_changes_complete_what_a_standby_has() {
    let leading = leading().await;
    let resumed = leading.resume(&leading.known).unwrap();
    assert_eq!(resumed.content, leading.leader.content());
    assert_eq!(resumed.epoch, leading.leader.epoch());
    // It may have more of the last changes than it knows to be complete.
    let mut ahead = known(&leading.leader);
    ahead.content.revision = 1;
    assert_eq!(leading.resume(&ahead).unwrap().content, leading.leader.content());
    let whole = leading.resume(&known(&leading.leader)).unwrap();
    assert_eq!(whole.content, leading.leader.content());
}

#[tokio::test]
async fn the_last_changes_do_not_count_if_they_may_not_be_all() {
    let leading = leading().await;
    let mut newer = leading.known.clone();
    newer.content.revision = 9;
    assert!(leading.resume(&newer).is_none(), "newer than the changes");
    let other = Known { origin: leading.known.origin ^ 1, ..leading.known.clone() };
    assert!(leading.resume(&other).is_none(), "a copy of another storage");
    let text = fs::read_to_string(leading.recent()).unwrap();
    let lines = text.split_inclusive('\n').collect::<Vec<_>>();
    let [header, .., last] = lines[..] else { panic!("{text}") };
    let without_last = text.strip_suffix(last).unwrap();
    for (what, changed) in [
        ("empty", String::new()),
        ("no changes", header.to_owned()),
        ("cut", text[..text.len() - 5].to_owned()),
        ("without the last commit", without_last.to_owned()),
        ("of another run of the kernel", text.replacen("\"boot\":\"", "\"boot\":\"0", 1)),
        ("begun later", text.replacen("\"after\":0", "\"after\":3", 1)),
        ("with a line that is no change", format!("{text}x\n")),
    ] {
        fs::write(leading.recent(), changed).unwrap();
        assert!(leading.resume(&leading.known).is_none(), "{what}");
    }
    fs::write(leading.recent(), &text).unwrap();
    assert!(leading.resume(&leading.known).is_some());
    let mut storage = File::options().append(true).open(&leading.path).unwrap();
    storage.write_all(b"x").unwrap();
    assert!(leading.resume(&leading.known).is_none(), "the storage file has changed");
}

#[tokio::test]
async fn a_pipe_in_place_of_the_last_changes_holds_up_nothing() {
    let Leading { _directory, path, leader, known } = leading().await;
    leader.close().await;
    let recent = path.with_extension("recent");
    fs::remove_file(&recent).unwrap();
    nix::unistd::mkfifo(&recent, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let next = EmbeddedStorage::open(&place(&path), known).unwrap();
    put(&next, "d", "1").await.unwrap();
    assert_eq!(next.health(), None);
}

#[tokio::test]
async fn the_file_of_the_last_changes_stays_small_and_completes_what_a_standby_in_step_has() {
    let leading = leading().await;
    let mirror = MirrorStorage::default();
    mirror.replace(leading.leader.origin(), leading.leader.content());
    let mut watch = leading.leader.watch("");
    for n in 0..20 {
        let value = "x".repeat(if n % 5 == 0 { 2_000_000 } else { 300_000 });
        put(&leading.leader, "large", &format!("{n}{value}")).await.unwrap();
        let Some(WatchEvent::Change(change)) = watch.next().await else { panic!("no change") };
        let all = leading.leader.content();
        mirror.apply(vec![change]);
        assert_eq!(leading.resume(&mirror.known()).unwrap().content, all, "{n}");
        assert!(fs::metadata(leading.recent()).unwrap().len() < 3 << 20);
    }
    assert!(leading.resume(&leading.known).is_none());
}

#[tokio::test]
async fn the_next_leader_begins_with_what_is_known_and_a_new_epoch() {
    let Leading { _directory, path, leader, known } = leading().await;
    let (before, epoch) = (leader.content(), leader.epoch());
    leader.close().await;
    assert!(recent::resume(&path, &known).is_some());
    let next = EmbeddedStorage::open(&place(&path), known).unwrap();
    assert_eq!(next.content(), before);
    put(&next, "d", "1").await.unwrap();
    assert_eq!(next.epoch(), epoch + 1);
    let all = next.content();
    drop(next);
    assert_eq!(open(&path).unwrap().content(), all);
}

#[tokio::test]
async fn a_takeover_soon_after_another_is_fast_too() {
    let Leading { _directory, path, leader, known } = leading().await;
    leader.close().await;
    let next = EmbeddedStorage::open(&place(&path), known.clone()).unwrap();
    next.close().await;
    // Whether or not it has verified the file before it closed.
    assert_eq!(recent::resume(&path, &known).unwrap().content, next.content());
    let next = EmbeddedStorage::open(&place(&path), known.clone()).unwrap();
    put(&next, "d", "1").await.unwrap();
    assert_eq!(recent::resume(&path, &known).unwrap().content, next.content());
}

#[tokio::test]
async fn a_leader_does_not_vouch_for_a_file_that_it_has_not_opened() {
    let leading = leading().await;
    let directory = leading.path.parent().unwrap();
    fs::copy(&leading.path, directory.join("backup")).unwrap();
    put(&leading.leader, "d", "1").await.unwrap();
    let known = known(&leading.leader);
    fs::rename(&leading.path, directory.join("away")).unwrap();
    fs::copy(directory.join("backup"), &leading.path).unwrap();
    leading.leader.close().await;
    assert!(leading.resume(&known).is_none());
    let next = EmbeddedStorage::open(&place(&leading.path), known).unwrap();
    assert_eq!(next.get("d"), None);
    put(&next, "e", "1").await.unwrap();
}

#[tokio::test]
async fn a_manager_that_led_before_takes_over_a_file_that_another_leader_opened() {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let place = place(&path);
    EmbeddedStorage::open(&place, Known::default()).unwrap().close().await;
    fs::rename(&path, directory.path().join("away")).unwrap();
    fs::copy(directory.path().join("away"), &path).unwrap();
    let other = open(&path).unwrap();
    put(&other, "a", "1").await.unwrap();
    other.close().await;
    assert!(recent::resume(&path, &known(&other)).is_some());
    let again = EmbeddedStorage::open(&place, known(&other)).unwrap();
    put(&again, "b", "1").await.unwrap();
    assert_eq!(again.health(), None);
}

#[tokio::test]
async fn a_file_that_is_replaced_before_it_is_verified_is_not_opened() {
    let Leading { _directory, path, leader, known } = leading().await;
    leader.close().await;
    let resumed = recent::resume(&path, &known).unwrap();
    let place = place(&path);
    place.expect(resumed.file);
    fs::rename(&path, path.with_extension("away")).unwrap();
    fs::copy(path.with_extension("away"), &path).unwrap();
    let mut durable = Durable::resumed(Box::new(source::in_file(place)), resumed.epoch);
    let found = durable.verify(&Image::new(resumed.content), &Stop::default());
    assert!(matches!(found, Err(StorageFault::Displaced { .. })), "{found:?}");
}

#[tokio::test]
async fn a_last_write_that_was_not_acknowledged_is_shown_after_the_verification() {
    let leading = leading().await;
    let text = fs::read_to_string(leading.recent()).unwrap();
    let before = leading.leader.content();
    leading.leader.commit(Transaction::new().delete("a").put("d", "1")).await.unwrap();
    leading.leader.close().await;
    vouch(&leading.path, &text);
    let known = leading.known.clone();
    assert_eq!(leading.resume(&known).unwrap().content, before);
    let next = EmbeddedStorage::open(&place(&leading.path), known.clone()).unwrap();
    put(&next, "e", "1").await.unwrap();
    let mut expected = leading.leader.content();
    expected.entries.insert("e".into(), next.get("e").unwrap());
    expected.revision += 1;
    assert_eq!(next.content(), expected);
    assert_eq!(leading.resume(&known).unwrap().content, expected);
}

#[tokio::test]
async fn if_the_file_has_other_content_than_was_known_no_write_succeeds_and_the_term_ends() {
    let leading = leading().await;
    let (older, path) = (leading.path.with_extension("older"), &leading.path);
    fs::copy(path, &older).unwrap();
    put(&leading.leader, "d", "1").await.unwrap();
    let known = known(&leading.leader);
    leading.leader.close().await;
    let text = fs::read_to_string(leading.recent()).unwrap();
    // It is copied in place, so that it is the same file.
    fs::copy(&older, path).unwrap();
    assert!(leading.resume(&known).is_none(), "the kernel knows when the file changed");
    vouch(path, &text);
    let place = place(path);
    let stored = || source::in_file(Arc::clone(&place)).inspect().unwrap();
    let before = stored();
    let next = EmbeddedStorage::open(&place, known.clone()).unwrap();
    let fault = StorageFault::Unexpected { name: path.display().to_string() };
    assert_eq!(put(&next, "e", "1").await, Err(fault.clone().into()));
    assert_eq!(next.health(), Some(fault.clone()));
    assert_eq!(place.refuted(), Some(fault));
    next.close().await;
    assert!(stored() == before, "not even the epoch has changed");
    assert!(leading.resume(&known).is_none(), "the next leader reads the file");
    place.look();
    assert_eq!(place.refuted(), None);
    let last = EmbeddedStorage::open(&place, known).unwrap();
    assert_eq!(last.get("d"), None);
    assert_ne!(last.origin(), next.origin());
    put(&last, "e", "1").await.unwrap();
}

#[tokio::test]
async fn a_leader_that_was_overtaken_before_its_verification_writes_nothing() {
    let Leading { _directory, path, leader, known } = leading().await;
    leader.close().await;
    let text = fs::read_to_string(recent_of(&path)).unwrap();
    // Another one leads in between and changes nothing but the epoch.
    let between = open(&path).unwrap();
    let current = between.epoch();
    between.close().await;
    vouch(&path, &text);
    let place = place(&path);
    let next = EmbeddedStorage::open(&place, known).unwrap();
    let name = path.display().to_string();
    let fault = StorageFault::Fenced { name, held: current, current };
    for _ in 0..2 {
        assert_eq!(put(&next, "e", "1").await, Err(fault.clone().into()));
    }
    next.close().await;
    assert_eq!(place.refuted(), Some(fault));
    let stored = source::in_file(place).inspect().unwrap();
    assert_eq!(stored.epoch, current, "it fences no other leader");
}

#[tokio::test]
async fn if_the_file_is_found_damaged_after_a_takeover_writes_fail_and_reads_work() {
    let Leading { _directory, path, leader, known } = leading().await;
    let before = leader.content();
    leader.close().await;
    let text = fs::read_to_string(recent_of(&path)).unwrap();
    let file = File::options().read(true).write(true).open(&path).unwrap();
    // All but the header.
    let length = file.metadata().unwrap().len();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0x5a; length as usize - 4096], 4096)
        .unwrap();
    vouch(&path, &text);
    let stored = fs::read(&path).unwrap();
    let next = EmbeddedStorage::open(&place(&path), known).unwrap();
    for _ in 0..2 {
        let refused = put(&next, "d", "1").await.unwrap_err();
        assert!(refused.to_string().contains("damaged"), "{refused}");
    }
    assert!(next.health().is_some());
    assert_eq!(next.content(), before);
    next.close().await;
    assert!(fs::read(&path).unwrap() == stored, "the file is as it was");
}

/// A source that does something else first.
struct First<F> {
    first: F,
    source: Box<dyn Source>,
}

impl<F: Fn(&Stop) -> Result<(), FileError> + Send> Source for First<F> {
    fn name(&self) -> &Path {
        self.source.name()
    }

    fn check_place(&self) -> Result<(), StorageFault> {
        self.source.check_place()
    }

    fn open(&self, how: Open, known: &Content, stop: &Stop) -> Result<Read, FileError> {
        (self.first)(stop)?;
        self.source.open(how, known, stop)
    }

    fn inspect(&self) -> Result<Stored, FileError> {
        self.source.inspect()
    }
}

/// A storage on a disk whose content is known, and that does something before each verification.
async fn resumed(
    first: impl Fn(&Stop) -> Result<(), FileError> + Send + 'static,
) -> (Disk, EmbeddedStorage) {
    let disk = Disk::default();
    disk.initialise();
    let former = disk.storage();
    put(&former, "a", "1").await.unwrap();
    former.close().await;
    let source = First { first, source: Box::new(disk.source()) };
    let durable = Durable::resumed(Box::new(source), former.epoch());
    let opened = Opened { durable, content: former.content(), fault: None };
    (disk, EmbeddedStorage::start(opened, former.origin(), None).unwrap())
}

#[tokio::test]
async fn a_storage_that_closes_does_not_wait_for_its_verification() {
    let (disk, storage) = resumed(|stop| {
        while !stop.is_asked() {
            std::thread::yield_now();
        }
        Ok(())
    })
    .await;
    let epoch = disk.source().inspect().unwrap().epoch;
    let storage = Arc::new(storage);
    let writer = Arc::clone(&storage);
    let write = tokio::spawn(async move { put(&writer, "b", "1").await });
    storage.close().await;
    assert_eq!(write.await.unwrap(), Err(CommitError::Closed));
    assert_eq!(disk.source().inspect().unwrap().epoch, epoch, "it has begun no epoch");
}

#[tokio::test]
async fn a_storage_says_that_writes_wait_for_its_verification_until_that_is_over() {
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let (_disk, storage) = resumed(move |_| {
        waits.recv().unwrap();
        Ok(())
    })
    .await;
    assert!(storage.verifying().is_some());
    go_on.send(()).unwrap();
    put(&storage, "b", "1").await.unwrap();
    assert_eq!(storage.verifying(), None);
}

#[tokio::test]
async fn a_verification_that_failed_is_tried_again_without_a_write() {
    let failed = AtomicBool::new(false);
    let (_disk, storage) = resumed(move |_| match failed.swap(true, SeqCst) {
        true => Ok(()),
        false => Err(FileError::Locked { path: "d".into() }),
    })
    .await;
    let written = storage.revision();
    while put(&storage, "b", "1").await.is_err() {}
    assert_eq!(storage.health(), None);
    assert_eq!(storage.revision(), written + 1);
}

#[tokio::test]
async fn the_file_of_the_last_changes_is_private_and_begins_again_after_a_failed_write() {
    let leading = leading().await;
    fs::remove_file(leading.recent()).unwrap();
    fs::write(leading.recent(), "").unwrap();
    fs::rename(&leading.path, leading.path.with_extension("away")).unwrap();
    put(&leading.leader, "d", "1").await.unwrap_err();
    assert!(!leading.recent().exists());
    fs::rename(leading.path.with_extension("away"), &leading.path).unwrap();
    fs::write(leading.recent(), "of another").unwrap();
    put(&leading.leader, "e", "1").await.unwrap();
    let known = known(&leading.leader);
    assert_eq!(leading.resume(&known).unwrap().content, known.content);
    let mode = fs::metadata(leading.recent()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
