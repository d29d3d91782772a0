use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(Exceeded {
        Memory: Exceeded::Memory { used: 300, limit: 256 };
        Processes: Exceeded::Processes { count: 5000, limit: 4096 };
    });
}
