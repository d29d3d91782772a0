//! The sums over a tree.

use super::*;

#[test]
fn the_time_of_children_that_have_ended_stays_in_the_sum() {
    let me = Stat::read(std::process::id().cast_signed()).unwrap();
    let stat = |start, ms, rss_bytes| Stat {
        id: ProcessId { start, ..me.id },
        cpu: Duration::from_millis(ms),
        rss_bytes,
        ..me
    };
    let mut account = Account::default();
    let mut add = |processes: &[Stat]| {
        let (Usage { rss_bytes, cpu, .. }, used) = account.add(processes);
        (rss_bytes, cpu.as_millis(), used.iter().map(|(_, used)| used.as_millis()).sum())
    };
    assert_eq!(add(&[stat(1, 10, 5), stat(2, 20, 6)]), (11, 30, 30));
    // The second has ended, and a third has begun.
    assert_eq!(add(&[stat(1, 15, 5), stat(3, 1, 7)]), (12, 36, 6));
    assert_eq!(add(&[]), (0, 36, 0));
}
