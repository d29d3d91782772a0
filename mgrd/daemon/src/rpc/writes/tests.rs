use super::*;

const MS: Duration = Duration::from_millis(1);

/// What part of ten seconds a caller writes that begins a write of 1 ms, this many at once, as soon as it
/// may, while another begins one in each `quiet` milliseconds, if it does.
fn part_of_a_busy_caller(together: u32, quiet: Option<u32>) -> f64 {
    let start = Instant::now();
    let writes = Writes::new(start);
    let (busy, other) = (writes.add(), writes.add());
    let mut written = 0;
    for n in 0..10_000 {
        let (now, end) = (start + n * MS, start + (n + 1) * MS);
        if quiet.is_some_and(|quiet| n % quiet == 0) {
            writes.begin(other, now);
            writes.end(other, now, now + MS / 10);
        }
        if writes.pause(busy, now).is_none() {
            (0..together).for_each(|_| writes.begin(busy, now));
            // All of one commit end at the same time.
            (0..together).for_each(|_| writes.end(busy, now, end));
            written += 1;
        }
    }
    f64::from(written) / 10_000.0
}

#[test]
fn a_caller_that_writes_alone_is_not_held_back() {
    assert!(part_of_a_busy_caller(1, None) > 0.99);
    assert!(part_of_a_busy_caller(16, None) > 0.99);
}

#[test]
fn a_caller_that_writes_without_a_pause_is_held_back_while_another_writes() {
    for together in [1, 16] {
        let part = part_of_a_busy_caller(together, Some(20));
        assert!((0.1..0.7).contains(&part), "{together}: {part}");
    }
}
