//! A standby that takes over answers from what it has and the last changes, and the disk decides.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use super::*;
use crate::embedded::recent::{self, Resumed};
use crate::entry::{Entry, Key};

/// A storage file, its leader, and what a standby had before the last writes.
struct Leading {
    _directory: tempfile::TempDir,
    path: PathBuf,
    leader: EmbeddedStorage,
    known: Content,
}

async fn leading() -> Leading {
    let directory = tempfile::tempdir().unwrap();
    let path = storage_file(directory.path());
    let leader = open(&path).unwrap();
    put(&leader, "a", "1").await.unwrap();
    put(&leader, "b", "1").await.unwrap();
    let known = leader.content();
    put(&leader, "a", "2").await.unwrap();
    leader.commit(Transaction::new().delete("b").put("c", vec![0xff, 0, 7])).await.unwrap();
    Leading { _directory: directory, path, leader, known }
}

impl Leading {
    /// What a manager that takes over finds if this one is killed now.
    fn resume(&self, known: &Content) -> Option<Resumed> {
        recent::resume(&self.path, known)
    }

    fn recent(&self) -> PathBuf {
        self.path.with_extension("recent")
    }
}

#[tokio::test]
async fn the_last_changes_complete_what_a_standby_has() {
    let leading = leading().await;
    let resumed = leading.resume(&leading.known).unwrap();
    assert_eq!(resumed.content, leading.leader.content());
    assert_eq!(resumed.epoch, leading.leader.epoch());
    // It may have more of the last changes than it knows to be complete.
    let ahead = Content { revision: 1, ..leading.leader.content() };
    assert_eq!(leading.resume(&ahead).unwrap().content, leading.leader.content());
    let whole = leading.resume(&leading.leader.content()).unwrap();
    assert_eq!(whole.content, leading.leader.content());
}

#[tokio::test]
async fn the_last_changes_do_not_count_if_they_may_not_be_all() {
    let with_unknown = |known: &Content| Content { revision: 9, ..known.clone() };
    let leading = leading().await;
    assert!(leading.resume(&with_unknown(&leading.known)).is_none(), "newer than the changes");
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
async fn the_file_of_the_last_changes_stays_small() {
    let leading = leading().await;
    let value = "x".repeat(300_000);
    for n in 0..20 {
        let known = leading.leader.content();
        put(&leading.leader, "large", &format!("{n}{value}")).await.unwrap();
        let resumed = leading.resume(&known).map(|resumed| resumed.content);
        assert!(resumed.is_none_or(|content| content == leading.leader.content()));
        assert!(leading.resume(&leading.leader.content()).is_some());
        assert!(fs::metadata(leading.recent()).unwrap().len() < 2 << 20);
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
async fn if_the_file_has_other_content_than_was_known_readers_and_watchers_see_that_of_the_file() {
    let Leading { _directory, path, leader, mut known } = leading().await;
    let before = leader.content();
    leader.close().await;
    let wrong = Entry { value: "wrong".into(), revision: 1 };
    known.entries.insert(Key::from("x"), wrong);
    let next = EmbeddedStorage::open(&place(&path), known).unwrap();
    put(&next, "d", "1").await.unwrap();
    assert_eq!(next.get("x"), None);
    let mut expected = before;
    expected.entries.insert(Key::from("d"), next.get("d").unwrap());
    assert_eq!(next.content().entries, expected.entries);
}

#[tokio::test]
async fn if_the_file_is_found_damaged_after_a_takeover_writes_fail_and_reads_work() {
    let Leading { _directory, path, leader, known } = leading().await;
    let before = leader.content();
    leader.close().await;
    let file = File::options().read(true).write(true).open(&path).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    // All but the header, and the file has its size and its time of change.
    let length = file.metadata().unwrap().len();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0x5a; length as usize - 4096], 4096)
        .unwrap();
    file.set_modified(modified).unwrap();
    let next = EmbeddedStorage::open(&place(&path), known).unwrap();
    let refused = put(&next, "d", "1").await.unwrap_err();
    assert!(refused.to_string().contains("damaged"), "{refused}");
    assert!(next.health().is_some());
    assert_eq!(next.content(), before);
}
