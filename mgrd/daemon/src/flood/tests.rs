use super::*;

#[test]
fn items_above_the_rate_are_dropped_and_counted() {
    let mut flood = Flood::new(2);
    let start = Instant::now();
    let passed = (0..5).filter(|_| flood.admit(start).0).count();
    assert_eq!(passed, 2);
    assert_eq!(flood.admit(start + Duration::from_secs(1)), (true, 3));
    assert_eq!(flood.admit(start + Duration::from_secs(1)), (true, 0));
}
