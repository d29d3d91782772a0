//! What the other end of the channel may do.

use std::io::{Read, Write};

use super::*;
use crate::module::process::tree::Stat;

fn limits() -> ProcessLimits {
    ProcessLimits {
        stacks_timeout: Duration::from_millis(200),
        stacks_bytes: 1000,
        ..ProcessLimits::default()
    }
}

fn channel() -> (StackChannel, StdStream, ProcessId) {
    let (ours, theirs) = StdStream::pair().unwrap();
    let me = Stat::read(std::process::id().cast_signed()).unwrap().id;
    (StackChannel::new(ours, None, &limits()).unwrap(), theirs, me)
}

/// Answers requests in a thread.
fn answering(mut theirs: StdStream, answer: &'static [u8]) {
    std::thread::spawn(move || {
        let mut request = [0; 1];
        while theirs.read(&mut request).is_ok_and(|size| size > 0) {
            let _ = theirs.write_all(answer);
        }
    });
}

#[tokio::test]
async fn an_answer_ends_with_a_zero_byte() {
    let (channel, theirs, me) = channel();
    answering(theirs, b"in f\n\0");
    for _ in 0..2 {
        assert_eq!(channel.ask(me).await, Own::Shown("in f".to_owned()));
    }
}

#[tokio::test]
async fn what_came_without_a_request_is_thrown_away() {
    let (channel, mut theirs, me) = channel();
    theirs.write_all(b"old\0older\0").unwrap();
    answering(theirs, b"new\0");
    assert_eq!(channel.ask(me).await, Own::Shown("new".to_owned()));
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_at_its_limit() {
    let (channel, mut theirs, me) = channel();
    std::thread::spawn(move || while theirs.write_all(&[b'x'; 4096]).is_ok() {});
    let Own::Shown(text) = channel.ask(me).await else { panic!("it was shown") };
    assert_eq!(
        text,
        format!("{}\n… cut here: only the first 1000 bytes are kept", "x".repeat(1000))
    );
}

#[tokio::test]
async fn a_module_that_does_not_answer_is_silent() {
    let silent = Own::Silent(limits().stacks_timeout);
    let (channel, theirs, me) = channel();
    // The requests that it does not read fill the channel.
    for _ in 0..2 {
        assert_eq!(channel.ask(me).await, silent);
    }
    drop(theirs);
    assert_eq!(channel.ask(me).await, silent);
}

#[test]
fn only_a_signal_with_a_handler_is_caught() {
    let me = std::process::id().cast_signed();
    // The standard library has one for a stack that overflows.
    assert!(catches(me, nix::libc::SIGSEGV));
    assert!(!catches(me, SIGUSR2));
    assert!(!catches(i32::MAX, SIGUSR2));
}
