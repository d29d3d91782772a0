//! What is found by a record, and what is not.

use std::os::unix::fs::symlink;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::json;

use super::*;

/// A process with this number, parent and session.
fn process((pid, parent, session): (i32, i32, i32)) -> Stat {
    let any = Stat::read(own_pid()).unwrap();
    Stat { id: id(pid), parent, session, is_zombie: false, ..any }
}

fn id(pid: i32) -> ProcessId {
    ProcessId { pid, start: 1 }
}

fn found(recorded: bool, roots: &[ProcessId], rows: &[(i32, i32, i32)]) -> Vec<i32> {
    let me = Stat::read(own_pid()).unwrap();
    let table = rows.iter().copied().map(process).chain([me]).collect();
    let root = |id: &ProcessId| (*id, Survivor { module: "m".into(), recorded });
    let found = descend(roots.iter().map(root).collect(), &table);
    let mut found: Vec<_> = found.keys().map(|id| id.pid).collect();
    found.sort_unstable_by_key(|pid| -pid);
    found
}

#[test]
fn what_descends_from_a_root_or_shares_its_session_is_found() {
    let rows = [(-1, 1, -1), (-2, -1, -2), (-3, -2, -2), (-4, 1, -2), (-5, 1, -1), (-6, 1, -6)];
    assert_eq!(found(true, &[id(-1)], &rows), [-1, -2, -3, -4, -5]);
    assert_eq!(found(true, &[id(-4)], &rows), [-2, -3, -4]);
    // An environment says nothing of the others in the session.
    assert_eq!(found(false, &[id(-2)], &rows), [-2, -3]);
}

#[test]
fn a_process_that_has_the_number_of_another_is_left_alone() {
    let rows = [(-1, 1, -1), (-2, -1, -1)];
    assert_eq!(found(true, &[ProcessId { pid: -1, start: 2 }], &rows), Vec::<i32>::new());
}

#[test]
fn this_process_and_its_relatives_are_spared() {
    let me = Stat::read(own_pid()).unwrap();
    let rows = [(-1, own_pid(), -1), (-2, -1, -2), (-3, 1, me.session), (1, 0, 1), (-4, 1, -4)];
    let roots = [me.id, id(-1), id(-2), id(-3), id(1)];
    assert_eq!(found(true, &roots, &rows), Vec::<i32>::new());
}

#[test]
fn only_files_that_no_manager_has_are_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let content = Content { system: "here".into(), ..Content::default() };
    std::fs::write(path("whole"), serde_json::to_vec(&content).unwrap()).unwrap();
    std::fs::write(path("half"), "{\"system\": \"here\", ").unwrap();
    std::fs::write(path("wrong"), json!({ "processes": [{ "pid": -1 }] }).to_string()).unwrap();
    std::fs::write(path("deep"), "[".repeat(1 << 20)).unwrap();
    std::fs::write(path("draft.new"), "").unwrap();
    std::fs::write(path("in-use"), "").unwrap();
    let in_use = File::open(path("in-use")).unwrap();
    let _lock = Flock::lock(in_use, FlockArg::LockExclusiveNonblock).unwrap();
    mkfifo(&path("fifo"), Mode::S_IRWXU).unwrap();
    symlink("/dev/zero", path("link")).unwrap();
    std::fs::create_dir(path("folder")).unwrap();
    let mut known: Vec<_> = abandoned(dir.path())
        .into_iter()
        .map(|file| (file.path.file_name().unwrap().to_owned(), file.content.is_some()))
        .collect();
    known.sort();
    let expected = [("deep", false), ("half", false), ("whole", true), ("wrong", false)];
    assert_eq!(known, expected.map(|(name, is_record)| (name.into(), is_record)));
}

#[test]
fn a_survivor_that_does_not_end_is_named_as_long_as_it_lives() {
    let me = Stat::read(own_pid()).unwrap().id;
    let survivor = Survivor { module: "stuck".into(), recorded: true };
    Survivors(HashMap::from([(me, survivor)])).report();
    assert_eq!((survivor_of("stuck"), survivor_of("other")), (Some(me.pid), None));
    LEFT.lock().iter_mut().for_each(|(_, id)| id.start += 1);
    assert_eq!(survivor_of("stuck"), None);
}
