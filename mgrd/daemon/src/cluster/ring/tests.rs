use super::*;

#[tokio::test]
async fn the_ring_is_bounded_and_can_be_followed() {
    let ring = Ring::new(3);
    ring.push(1);
    let mut followed = ring.follow();
    for n in 2..=5 {
        ring.push(n);
    }
    let last = |count| ring.last(count, |n| n % 2 == 1).iter().map(|n| **n).collect::<Vec<_>>();
    assert_eq!(last(9), [3, 5]);
    assert_eq!(last(1), [5]);
    assert_eq!(*followed.recv().await.unwrap(), 2);
}

#[tokio::test]
async fn kept_and_new_entries_follow_each_other() {
    let ring = Ring::new(3);
    (1..=4).for_each(|n| ring.push(n));
    let (kept, mut followed) = ring.last_and_follow(9, |n| n % 2 == 0);
    assert_eq!(kept.iter().map(|n| **n).collect::<Vec<_>>(), [2, 4]);
    ring.push(5);
    assert_eq!(*followed.recv().await.unwrap(), 5);
}
