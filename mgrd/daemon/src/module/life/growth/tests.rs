//! What is a leak, and what is not.

use super::*;

const MINUTE: Duration = Duration::from_secs(60);
const MIB: u64 = 1 << 20;

/// What is seen in a minute each, of memory in MiB at each minute.
fn leak(memory: impl IntoIterator<Item = u64>) -> Option<u64> {
    let mut growth = Growth::new(60 * MINUTE);
    let start = Instant::now();
    for (minute, bytes) in memory.into_iter().enumerate() {
        growth.add(start + MINUTE * minute as u32, bytes * MIB);
    }
    growth.leak().map(|leak| leak.per_hour / MIB)
}

#[test]
fn steady_growth_over_the_window_is_a_leak_with_its_rate() {
    assert_eq!(leak((0..90).map(|minute| 100 + minute)), Some(60));
    // With requests that come and go on top of it.
    assert_eq!(leak((0..90).map(|minute| 100 + minute + 50 * (minute % 3))), Some(60));
    // After hours without growth.
    let late = (0..300).map(|_| 100).chain((0..90).map(|minute| 100 + 2 * minute));
    assert_eq!(leak(late), Some(120));
}

#[test]
fn what_does_not_grow_all_the_time_is_no_leak() {
    type Memory = fn(u64) -> u64;
    let cases: [(&str, Memory); 8] = [
        ("the same", |_| 100),
        ("it grows at the start only", |minute| 100 + 50 * minute.min(15)),
        ("a cache fills up", |minute| 100 + 10 * minute.min(40)),
        ("one step", |minute| if minute < 30 { 100 } else { 500 }),
        ("it comes and goes", |minute| 100 + 30 * (minute % 20)),
        ("too little", |minute| 100 + minute / 10),
        ("little beside what there is", |minute| 10_000 + minute),
        ("it shrinks", |minute| 1000 - minute),
    ];
    for (name, memory) in cases {
        assert_eq!(leak((0..120).map(memory)), None, "{name}");
    }
}

#[test]
fn a_window_must_be_seen_whole_and_without_a_gap() {
    assert_eq!(leak((0..60).map(|minute| 100 + minute)), None);
    assert_eq!(leak([]), None);
    let mut growth = Growth::new(60 * MINUTE);
    let start = Instant::now();
    for minute in (0..70).chain(200..240) {
        growth.add(start + MINUTE * minute, u64::from(minute) * MIB);
    }
    assert_eq!(growth.leak(), None);
}

#[test]
fn a_tiny_window_and_huge_figures_overflow_nothing() {
    for window in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let mut growth = Growth::new(window);
        let start = Instant::now();
        for step in 0..100 {
            growth.add(start + Duration::from_nanos(step), u64::MAX - 100 + step);
            let _ = growth.leak();
        }
    }
}
