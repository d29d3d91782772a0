use mgrd_snapshots::assert_errors;

use super::*;

fn too_many_bytes() -> TooManyBytes {
    TooManyBytes { owner: Owner::Module("m".into()), receiving: 100, bytes: 1, limit: 100 }
}

#[test]
fn messages_that_arrive_are_limited_in_bytes() {
    let limits = ConnectionLimits { receiving_bytes: 100, ..ConnectionLimits::default() };
    let account = Account::new(Owner::Module("m".into()), &limits);
    account.receive(60).unwrap();
    account.receive(40).unwrap();
    assert_eq!(account.receive(1), Err(too_many_bytes()));
    account.received(60);
    account.receive(60).unwrap();
}

#[test]
fn texts() {
    assert_errors!(TooManyBytes of [too_many_bytes()]);
}
