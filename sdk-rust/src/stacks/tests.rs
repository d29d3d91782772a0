use std::hint::black_box;
use std::sync::mpsc::{Receiver, channel};

use super::*;

#[inline(never)]
fn waits_for_a_word(word: &Receiver<()>, number: i32) -> i32 {
    let _ = word.recv();
    black_box(number)
}

#[test]
fn the_stack_of_a_thread_names_the_function_that_waits() {
    capture::prepare().unwrap();
    let (word, listens) = channel();
    let (ready, waits) = channel();
    let waiting = thread::Builder::new().name("waits".into()).spawn(move || {
        ready.send(gettid()).unwrap();
        waits_for_a_word(&listens, 1)
    });
    let thread = waits.recv().unwrap();
    // It may not have come so far yet.
    let shown = loop {
        let shown = stacks();
        if shown.contains("waits_for_a_word") {
            break shown;
        }
    };
    assert!(shown.contains(&format!("thread {thread} waits:\n")), "{shown}");
    assert!(!shown.contains("write_frames"), "{shown}");
    drop(word);
    assert_eq!(waiting.unwrap().join().unwrap(), 1);
}

#[test]
fn a_thread_that_has_ended_does_not_answer() {
    capture::prepare().unwrap();
    let thread = thread::spawn(gettid).join().unwrap();
    assert_eq!(capture::frames_of(thread), None);
}
