use mgrd_snapshots::assert_errors;

use super::*;

fn too_many_bytes() -> TooManyBytes {
    TooManyBytes { caller: Caller::Module("m".into()), receiving: 100, bytes: 1, limit: 100 }
}

#[test]
fn messages_that_arrive_are_limited_in_bytes() {
    let limits = ConnectionLimits { receiving_bytes: 100, ..ConnectionLimits::default() };
    let usage = PeerUsage::new(Caller::Module("m".into()), &limits);
    usage.receive(60).unwrap();
    usage.receive(40).unwrap();
    assert_eq!(usage.receive(1), Err(too_many_bytes()));
    usage.received(60);
    usage.receive(60).unwrap();
}

#[test]
fn texts() {
    assert_errors!(TooManyBytes of [too_many_bytes()]);
}
