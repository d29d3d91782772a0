use super::*;

const MIB: u64 = 1 << 20;

/// At which looks, and with how much memory in MiB, the trims happen, if the looks see so much, and a trim
/// leaves `after`.
fn trims(seen: &[u64], after: impl Fn(u64) -> u64) -> Vec<(usize, u64)> {
    let (start, mut trims, mut times) = (Instant::now(), Trims::default(), Vec::new());
    for (at, &resident) in seen.iter().enumerate() {
        let now = start + TICK * u32::try_from(at).unwrap();
        if trims.is_due(now, resident * MIB) {
            trims.trimmed(now, after(resident) * MIB);
            times.push((at, resident));
        }
    }
    times
}

#[test]
fn memory_that_stays_is_trimmed_once() {
    assert_eq!(trims(&[173; 1000], |resident| resident), [(1, 173)]);
    assert_eq!(trims(&[1100; 1000], |resident| resident), [(1, 1100)]);
    assert_eq!(trims(&[20; 1000], |resident| resident), []);
}

#[test]
fn what_a_flood_leaves_is_given_back_when_the_memory_is_at_rest() {
    let flood = [30, 30, 80, 130, 180, 180, 30, 30, 30, 30];
    assert_eq!(trims(&flood, |_| 29), [(1, 30), (5, 180)]);
    // It shrinks a little by itself, and the rest is freed memory.
    let after_nothing: Vec<u64> = [vec![180; 35], vec![150; 35]].concat();
    assert_eq!(trims(&after_nothing, |resident| resident), [(1, 180), (36, 150)]);
}

#[test]
fn after_a_trim_that_gave_back_nothing_there_is_none_for_a_minute() {
    let grows: Vec<u64> = (5..20).flat_map(|step| [step * 10; 2]).collect();
    assert_eq!(trims(&grows, |resident| resident), [(1, 50)]);
    let grows_slowly: Vec<u64> = (5..8).flat_map(|step| [step * 10; 31]).collect();
    assert_eq!(trims(&grows_slowly, |resident| resident), [(1, 50), (32, 60), (63, 70)]);
}

#[test]
fn much_memory_is_not_trimmed_again_for_ten_minutes() {
    let changes: Vec<u64> = (0..151).flat_map(|n| [300 + 20 * (n % 2); 2]).collect();
    assert_eq!(trims(&changes, |_| 280), [(1, 300), (301, 300)]);
}

#[test]
fn the_memory_of_this_process_is_known() {
    assert!(resident() > MIB);
}
