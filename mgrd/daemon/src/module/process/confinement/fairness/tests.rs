//! When a thread is busy.

use super::*;

#[test]
fn a_thread_is_busy_if_it_computes_much_or_never_pauses() {
    let passed = Duration::from_secs(1);
    // Milliseconds of computing and of waiting, and pauses.
    for (computed, waited, pauses, is_busy) in [
        (300, 0, 50, true),
        (100, 800, 50, false),
        (30, 900, 0, true),
        // An idle thread neither computes nor waits.
        (0, 0, 0, false),
        // One that gives way may get nothing for a second.
        (0, 1000, 0, true),
    ] {
        let before = Times { computed: passed, waited: passed, pauses: 7 };
        let after = Times {
            computed: passed + Duration::from_millis(computed),
            waited: passed + Duration::from_millis(waited),
            pauses: 7 + pauses,
        };
        assert_eq!(after.is_busy(before, passed), is_busy, "{computed} {waited} {pauses}");
    }
}

#[test]
fn the_times_of_a_thread_are_read() {
    let me = std::process::id().cast_signed();
    let times = Times::read(me, me).unwrap();
    assert!(!times.computed.is_zero() && times.pauses > 0, "{times:?}");
    assert!(Times::read(me, i32::MAX).is_none());
}

#[test]
fn the_niceness_of_a_thread_is_read_and_replaced() {
    let mut child = std::process::Command::new("sleep").arg("1000").spawn().unwrap();
    let tid = child.id().cast_signed();
    let own = niceness(tid).unwrap();
    assert_eq!(replace_niceness(tid, HIGHEST_NICENESS), Some(own));
    // A thread that it starts now inherits this niceness, but its own is that of the module.
    let new = |gives_way| Thread::new(tid, Times::default(), gives_way, 5).gave_way_from;
    assert_eq!([new(true), new(false)], [Some(5), None]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(replace_niceness(tid, own), None);
    assert_eq!(niceness(i32::MAX), None);
}
