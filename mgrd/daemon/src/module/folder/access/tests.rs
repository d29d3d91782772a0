//! Reads that hang.

use std::sync::{Arc, mpsc};

use mgrd_snapshots::assert_errors;

use super::*;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(60);

/// A read that hangs until the sender is dropped.
fn hanging() -> (mpsc::Sender<()>, impl FnOnce(&Path) + Send + 'static) {
    let (end, ended) = mpsc::channel();
    (end, move |_: &Path| {
        let _ = ended.recv();
    })
}

#[tokio::test]
async fn a_folder_that_hangs_is_not_read_again_before_it_comes_back() {
    let access = Access::new(9, SHORT);
    let (end, hangs) = hanging();
    let error = access.read(Path::new("a"), hangs).await.unwrap_err().to_string();
    assert!(error.contains("the folder a does not answer within 0.02 s"), "{error}");
    for _ in 0..20 {
        let error = access.read(Path::new("a"), |_| panic!("it was read")).await.unwrap_err();
        assert!(matches!(error, FolderError::Silent { .. }));
        assert_eq!(
            access.read(Path::new("b"), |path| path.to_owned()).await.unwrap().as_os_str(),
            "b"
        );
    }
    assert_eq!(access.turns.left(), 8);
    drop(end);
    while access.read(Path::new("a"), |_| ()).await.is_err() {}
    assert_eq!(access.turns.left(), 9);
}

#[tokio::test]
async fn no_more_threads_hang_than_there_are_places() {
    let access = Access::new(2, SHORT);
    let (ends, reads): (Vec<_>, Vec<_>) = [hanging(), hanging()].into_iter().unzip();
    for (folder, read) in ["a", "b"].iter().zip(reads) {
        access.read(Path::new(folder), read).await.unwrap_err();
    }
    let error = access.read(Path::new("c"), |_| panic!("it was read")).await.unwrap_err();
    assert!(matches!(error, FolderError::Busy { limit: 2, .. }), "{error}");
    drop(ends);
    while access.read(Path::new("c"), |_| ()).await.is_err() {}
}

#[tokio::test]
async fn reads_of_one_folder_wait_for_each_other() {
    let access = Arc::new(Access::new(9, LONG));
    let (end, hangs) = hanging();
    let first = tokio::spawn({
        let access = Arc::clone(&access);
        async move { access.read(Path::new("a"), hangs).await }
    });
    while access.turns.left() == 9 {
        tokio::task::yield_now().await;
    }
    let mut second = Box::pin(access.read(Path::new("a"), |_| 2));
    assert!(timeout(SHORT, &mut second).await.is_err());
    drop(end);
    assert_eq!(second.await.unwrap(), 2);
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_read_that_breaks_off_says_so_and_gives_its_place_back() {
    let access = Access::new(1, LONG);
    let error = access.read(Path::new("a"), |_| panic!("a fault")).await.unwrap_err();
    assert!(matches!(error, FolderError::Broken { .. }), "{error}");
    access.read(Path::new("a"), |_| ()).await.unwrap();
}

#[test]
fn texts() {
    let folder = || PathBuf::from("/srv/modules/hello");
    let tasks = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let task = tasks.spawn(std::future::pending::<()>());
    task.abort();
    let source = tasks.block_on(task).unwrap_err();
    assert_errors!(FolderError {
        Silent: FolderError::Silent { folder: folder(), limit: Duration::from_secs(5) };
        Busy: FolderError::Busy { folder: folder(), limit: 8 };
        Broken: FolderError::Broken { folder: folder(), source };
    });
}
