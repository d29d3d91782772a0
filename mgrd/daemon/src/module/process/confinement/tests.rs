//! When a process exceeds its limits.

use super::*;

#[test]
fn what_is_beyond_a_limit_is_exceeded_and_no_limit_overflows() {
    let usage = Usage { rss_bytes: 5 << 20, tasks: 7, ..Usage::default() };
    let exceeded = |memory, processes| {
        let limits = ProcessLimits { memory, processes, ..ProcessLimits::default() };
        Confinement::prepare("m", limits).unwrap().exceeds(&usage)
    };
    let memory = Some(Exceeded::Memory { used: 5, limit: 4 });
    for (limit, expected) in
        [(Some(4 << 20), memory), (Some(5 << 20), None), (Some(u64::MAX), None), (None, None)]
    {
        assert_eq!(exceeded(limit, None), expected, "{limit:?}");
    }
    let processes = Some(Exceeded::Processes { count: 7, limit: 6 });
    for (limit, expected) in [(Some(6), processes), (Some(7), None), (Some(u64::MAX), None)] {
        assert_eq!(exceeded(None, limit), expected, "{limit:?}");
    }
    assert_eq!(exceeded(Some(4 << 20), Some(6)), memory);
}
