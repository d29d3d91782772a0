use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::*;

const CHECK_INTERVAL: Duration = Duration::from_millis(1);

fn candidate(id: &str) -> Leader {
    Leader { id: id.to_owned(), instance: 1, address: "/s".into() }
}

fn lock_file(dir: &tempfile::TempDir) -> LockFile {
    LockFile::new(dir.path().join("lock"))
}

fn acquire(file: &LockFile, id: &str) -> BoxFuture<'static, Result<HeldLock, LockError>> {
    Box::pin(file.clone().acquire(candidate(id)))
}

#[tokio::test]
async fn one_leads_and_the_next_is_woken_when_it_stops() {
    let dir = tempfile::tempdir().unwrap();
    let file = lock_file(&dir);
    assert_eq!(file.leader(), None);
    let held = acquire(&file, "x").await.unwrap();
    assert_eq!(file.leader(), Some(candidate("x")));
    let mut second = acquire(&file, "y");
    assert!((&mut second).now_or_never().is_none());
    drop(held);
    let _held = second.await.unwrap();
    assert_eq!(file.leader(), Some(candidate("y")));
}

#[tokio::test]
async fn a_dropped_campaign_does_not_stop_others() {
    let dir = tempfile::tempdir().unwrap();
    let file = lock_file(&dir);
    let held = acquire(&file, "x").await.unwrap();
    let mut given_up = acquire(&file, "y");
    assert!((&mut given_up).now_or_never().is_none());
    drop(given_up);
    drop(held);
    let _held = acquire(&file, "z").await.unwrap();
    assert_eq!(file.leader(), Some(candidate("z")));
}

#[tokio::test]
async fn all_managers_notice_a_replaced_lock_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = lock_file(&dir);
    let former = acquire(&file, "x").await.unwrap();
    let mut waiting = acquire(&file, "y");
    assert!((&mut waiting).now_or_never().is_none());
    std::fs::remove_file(dir.path().join("lock")).unwrap();
    assert!(former.lost(CHECK_INTERVAL).await.to_string().contains("lock"));
    let new = acquire(&file, "z").await.unwrap();
    // The one that waited gets the lock of the old file, which is worth nothing.
    drop(former);
    assert!((&mut waiting).now_or_never().is_none());
    drop(new);
    let held = waiting.await.unwrap();
    assert!(Box::pin(held.lost(CHECK_INTERVAL)).now_or_never().is_none());
}

#[test]
fn a_leader_that_an_earlier_mgrd_published_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let text = r#"{"id":"x","instance":1,"socket":"/s"}"#;
    std::fs::write(dir.path().join("lock"), text).unwrap();
    assert_eq!(lock_file(&dir).leader(), Some(candidate("x")));
}
