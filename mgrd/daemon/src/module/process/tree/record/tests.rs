//! What a record holds, and in which order.

use std::sync::Arc;

use super::super::Tree;
use super::*;

fn member(pid: i32, leads: bool) -> Member {
    let tree = Arc::new(Tree { leader: ProcessId { pid: -1, start: 1 }, module: "m".into() });
    Member { tree, id: ProcessId { pid, start: 1 }, leads }
}

#[test]
fn module_processes_come_first_and_the_number_is_limited() {
    let many = (2..20_000).map(|pid| member(pid, false)).chain([member(30_000, true)]);
    let recorded = recorded(many.collect());
    assert_eq!(recorded.len(), MOST_PROCESSES);
    assert_eq!(recorded[0].id.pid, 30_000);
}

#[test]
fn a_file_is_replaced_and_stays_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("1-1");
    let content = |pid| Content { manager: ProcessId { pid, start: 1 }, ..Content::default() };
    // What an mgrd left that was killed while it wrote.
    std::fs::write(draft(&path), "{").unwrap();
    let mut lock = write(&path, &content(1)).unwrap();
    for pid in [2, 3] {
        lock = write(&path, &content(pid)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(serde_json::from_slice::<Content>(&bytes).unwrap(), content(pid));
        let other = File::open(&path).unwrap();
        assert!(Flock::lock(other, FlockArg::LockSharedNonblock).is_err());
    }
    drop(lock);
    assert!(Flock::lock(File::open(&path).unwrap(), FlockArg::LockSharedNonblock).is_ok());
}
