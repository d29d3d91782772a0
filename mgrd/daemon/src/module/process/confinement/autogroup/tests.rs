//! The share of a session.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::*;

#[test]
fn the_text_of_the_kernel_is_read() {
    let read = Autogroup::parse("/autogroup-43140 nice -5\n").unwrap();
    assert_eq!((read.name.as_str(), read.nice), ("/autogroup-43140", -5));
    for text in ["", "nice 5", "/autogroup-1 nice", "/autogroup-1 nice x"] {
        assert!(Autogroup::parse(text).is_none(), "{text}");
    }
}

#[test]
fn a_niceness_is_written_as_text() {
    for nice in [-20, -1, 0, 5, 19] {
        let niceness = Niceness::new(nice);
        assert_eq!(niceness.text[..niceness.length], *nice.to_string().as_bytes());
    }
}

/// A process in a session of its own, which waits until it is killed.
#[expect(unsafe_code, reason = "setsid runs between fork and exec")]
fn session() -> Child {
    let mut command = Command::new("sleep");
    command.arg("1000");
    // SAFETY: setsid is async-signal-safe.
    unsafe { command.pre_exec(|| Ok(nix::unistd::setsid().map(drop)?)) };
    command.spawn().unwrap()
}

#[test]
fn only_the_session_that_computes_gives_way_and_gets_its_share_back() {
    let mut sessions = [session(), session()];
    let pids = sessions.each_ref().map(|child| child.id().cast_signed());
    let nice = || pids.map(|pid| Autogroup::of(pid).map(|group| group.nice));
    // Without root, each call may change only one of them, and none before a tenth of a second has passed.
    let share_until = |gives_way: &dyn Fn(i32) -> bool, expected| {
        let end = Instant::now() + Duration::from_secs(30);
        while share(pids.into_iter(), gives_way, 5) && nice() != expected {
            assert!(Instant::now() < end, "{:?}", nice());
        }
        assert_eq!(nice(), expected);
    };
    // A kernel without such groups has nothing to show.
    if nice() != [None, None] {
        share_until(&|pid| pid == pids[0], [Some(19), Some(5)]);
        share_until(&|_| false, [Some(5), Some(5)]);
        assert!(!share(pids.into_iter(), |_| false, 5));
    }
    for child in &mut sessions {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
