use std::time::Duration;

use mgrd_snapshots::assert_text;

use super::*;

const MIB: u64 = 1 << 20;

#[test]
fn a_warning_begins_at_its_level() {
    let high = |used, limit| Some(MemoryWarning::High { used, limit });
    let cases = [
        (79, Some(100), Some(80), None),
        (80, Some(100), Some(80), high(80, 100)),
        (99, Some(100), Some(100), None),
        (99, Some(100), None, None),
        (99, None, Some(80), None),
        (u64::MAX, Some(u64::MAX), Some(100), high(u64::MAX, u64::MAX)),
    ];
    for (used, limit, percent, expected) in cases {
        assert_eq!(MemoryWarning::of(used, limit, percent, None), expected, "{used} {limit:?}");
    }
}

#[test]
fn texts() {
    let leak = Leak { per_hour: 120 * MIB, over: Duration::from_secs(3600) };
    let (used, limit) = (410 * MIB, Some(512 * MIB));
    let warnings = [
        MemoryWarning::High { used, limit: 512 * MIB },
        MemoryWarning::Leak { used, leak, limit },
        MemoryWarning::Leak { used, leak, limit: None },
    ];
    let text = |warning: MemoryWarning| format!("{warning}\n{}", warning.advice("hello"));
    assert_text!("memory_warning", warnings.map(text).join("\n"));
}
