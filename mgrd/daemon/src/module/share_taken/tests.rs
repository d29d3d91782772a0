use mgrd_snapshots::assert_errors;

use super::*;
use crate::authority::Identity;

#[test]
fn texts() {
    let share = |caller| ShareTaken { module: "hello".into(), caller, limit: 128 };
    assert_errors!(ShareTaken of [
        share(Caller::from(&Identity::default())),
        share(Caller::module("greedy")),
    ]);
}
