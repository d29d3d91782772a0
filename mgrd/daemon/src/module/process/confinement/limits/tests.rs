use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(Exceeded { Memory: Exceeded::Memory { used: 300, limit: 256 }; });
    let refused = |memory_mb, open_files| ResourceLimits { memory_mb, open_files }.check();
    let refusals = [refused(Some(0), None), refused(None, Some(0))];
    assert_errors!(LimitError of refusals.into_iter().filter_map(Result::err));
}
