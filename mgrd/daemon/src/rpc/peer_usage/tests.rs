use futures_util::FutureExt;
use mgrd_snapshots::assert_errors;

use super::*;

fn usage(limits: &ConnectionLimits) -> PeerUsage {
    let shares = Arc::new(Shares::new(Instant::now()));
    let writes = Arc::new(Writes::new(Instant::now()));
    PeerUsage::new(Caller::Module("m".into()), limits, shares, writes)
}

fn too_many_bytes() -> TooManyBytes {
    TooManyBytes { caller: Caller::Module("m".into()), receiving: 100, bytes: 1, limit: 100 }
}

fn too_many_calls() -> TooManyCalls {
    TooManyCalls(2)
}

#[test]
fn messages_that_arrive_are_limited_in_bytes() {
    let limits = ConnectionLimits { receiving_bytes: 100, ..ConnectionLimits::default() };
    let usage = usage(&limits);
    usage.receive(60).unwrap();
    usage.receive(40).unwrap();
    assert_eq!(usage.receive(1), Err(too_many_bytes()));
    usage.received(60);
    usage.receive(60).unwrap();
}

#[test]
fn calls_under_way_are_limited() {
    let limits = ConnectionLimits { calls: 2, ..ConnectionLimits::default() };
    let usage = usage(&limits);
    usage.begin().unwrap();
    usage.begin().unwrap();
    assert_eq!(usage.begin(), Err(too_many_calls()));
    usage.end();
    usage.begin().unwrap();
}

#[tokio::test]
async fn calls_wait_while_answers_are_unread() {
    let limits = ConnectionLimits { unread_bytes: 100, ..ConnectionLimits::default() };
    let usage = usage(&limits);
    usage.has_sent(99);
    usage.turn().await;
    usage.has_sent(1);
    let mut first = std::pin::pin!(usage.turn());
    let mut second = std::pin::pin!(usage.turn());
    assert!((&mut first).now_or_never().is_none());
    assert!((&mut second).now_or_never().is_none());
    usage.has_read(1);
    // They begin in the order in which they came.
    assert!((&mut second).now_or_never().is_none());
    first.await;
    second.await;
}

#[tokio::test]
async fn calls_wait_while_answers_are_not_taken() {
    let usage = usage(&ConnectionLimits::default());
    for _ in 1..UNTAKEN {
        usage.has_answer();
    }
    usage.turn().await;
    usage.has_answer();
    let mut next = std::pin::pin!(usage.turn());
    assert!((&mut next).now_or_never().is_none());
    usage.has_taken();
    next.await;
}

#[test]
fn after_a_rest_what_was_used_before_counts_no_longer() {
    let (start, mut time) = (Instant::now(), Time::default());
    let at = |micros| start + Duration::from_micros(micros);
    time.count(at(0), at(150));
    time.count(at(200), at(350));
    assert_eq!(time.slice, Duration::from_micros(300));
    time.count(at(1_400), at(1_410));
    assert_eq!(time.slice, Duration::from_micros(10));
}

#[tokio::test]
async fn calls_of_a_caller_that_used_much_begin_in_turns_while_others_wait() {
    let shares = Arc::new(Shares::new(Instant::now()));
    let writes = Arc::new(Writes::new(Instant::now()));
    let new = |name: &str| {
        PeerUsage::new(
            Caller::Module(name.into()),
            &ConnectionLimits::default(),
            Arc::clone(&shares),
            Arc::clone(&writes),
        )
    };
    let (busy, other) = (new("busy"), new("other"));
    let used = || busy.time.lock().slice = SLICE * 2;
    used();
    assert!(busy.turn().now_or_never().is_some(), "no others wait");
    other.connects();
    used();
    let mut waits = std::pin::pin!(busy.turn());
    assert!((&mut waits).now_or_never().is_none());
    assert!(other.turn().now_or_never().is_some());
    waits.await;
    assert!(busy.turn().now_or_never().is_some(), "it had its pause");
}

#[test]
fn texts() {
    assert_errors!(TooManyBytes of [too_many_bytes()]);
    assert_errors!(TooManyCalls of [too_many_calls()]);
}
