use std::sync::mpsc;

use super::*;

#[test]
fn the_threads_of_this_process_are_shown_with_their_names() {
    let (end, wait) = mpsc::channel::<()>();
    let (began, begins) = mpsc::channel();
    let waits = std::thread::Builder::new().name("waits".into()).spawn(move || {
        // A thread gives itself its name before this.
        began.send(()).unwrap();
        wait.recv()
    });
    begins.recv().unwrap();
    let seen = Threads::of(std::process::id(), 1000).unwrap();
    assert!(seen.threads.iter().any(|thread| thread.name == "waits"), "{seen}");
    assert_eq!(seen.more, 0);
    drop(end);
    assert!(waits.unwrap().join().unwrap().is_err());
}

#[test]
fn what_exceeds_the_limit_is_counted() {
    let (end, wait) = mpsc::channel::<()>();
    let waits = std::thread::spawn(move || wait.recv());
    let seen = Threads::of(std::process::id(), 1).unwrap();
    assert_eq!(seen.threads.len(), 1);
    assert!(seen.to_string().ends_with(" more threads"), "{seen}");
    drop(end);
    assert!(waits.join().unwrap().is_err());
}

#[test]
fn a_process_that_does_not_exist_is_an_error() {
    assert!(Threads::of(u32::MAX, 10).is_err());
}
