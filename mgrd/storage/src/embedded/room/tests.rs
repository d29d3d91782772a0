use super::*;

#[test]
fn the_smallest_refused_write_counts_until_one_of_its_size_fits() {
    let (mut room, now) = (Room::default(), Instant::now());
    assert_eq!(room.smallest(now), None);
    for (bytes, smallest) in [(3000, 3000), (5000, 3000), (4, 4), (5000, 4)] {
        room.refuse(bytes, now);
        assert_eq!(room.smallest(now), Some(smallest));
    }
    room.accept(3);
    assert_eq!(room.smallest(now), Some(4));
    room.accept(4);
    assert_eq!(room.smallest(now), None);
}

#[test]
fn a_refusal_is_over_after_a_minute_and_logged_once_in_it() {
    let (mut room, start) = (Room::default(), Instant::now());
    let at = |seconds| start + Duration::from_secs(seconds);
    assert!(room.refuse(4, at(0)));
    room.accept(4);
    assert!(!room.refuse(9, at(30)));
    assert_eq!(room.smallest(at(89)), Some(9));
    assert_eq!(room.smallest(at(90)), None);
    assert!(room.refuse(10, at(91)));
    assert_eq!(room.smallest(at(91)), Some(10));
}
