//! When a process exceeds its limits.

use super::*;

#[test]
fn memory_beyond_its_limit_is_exceeded_and_no_limit_overflows() {
    let usage = Usage { rss_bytes: 5 << 20, ..Usage::default() };
    for (limit, exceeded) in
        [(Some(4), true), (Some(5), false), (Some(1 << 44), false), (None, false)]
    {
        let limits = ResourceLimits { memory_mb: limit, open_files: None };
        let confinement = Confinement::prepare(limits, 0);
        assert_eq!(confinement.exceeds(&usage).is_some(), exceeded, "{limit:?}");
    }
}
