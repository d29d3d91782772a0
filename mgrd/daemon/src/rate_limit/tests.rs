use super::*;

#[test]
fn items_above_the_rate_are_dropped_and_counted() {
    let mut limit = RateLimit::new(2);
    let start = Instant::now();
    let passed = (0..5).filter(|_| limit.admit(start).0).count();
    assert_eq!(passed, 2);
    assert_eq!(limit.admit(start + Duration::from_secs(1)), (true, 3));
    assert_eq!(limit.admit(start + Duration::from_secs(1)), (true, 0));
}

#[test]
fn bytes_above_the_rate_are_dropped_and_counted() {
    let mut limit = RateLimit::new(9).with_bytes(10);
    let start = Instant::now();
    let passed = (0..5).filter(|_| limit.admit_bytes(start, 4).0).count();
    assert_eq!((passed, limit.is_exhausted(start)), (3, true));
    let next = start + Duration::from_secs(1);
    assert_eq!(limit.admit_bytes(next, 99), (true, 2));
    assert_eq!(limit.admit_bytes(next, 1), (false, 0));
}
