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

#[test]
fn a_source_with_many_entries_loses_its_own() {
    let ring = Ring::new(16);
    let push = |source: &'static str| ring.push_of_many(source, |one, other| one == other);
    let count = |source: &str| ring.last(99, |entry| *entry == source).len();
    ["a", "b"].into_iter().for_each(push);
    (0..100).for_each(|_| push("noisy"));
    assert_eq!((count("a"), count("b"), count("noisy")), (1, 1, 14));
    // Others still take the place of the oldest.
    ["b", "c"].into_iter().for_each(push);
    assert_eq!((count("a"), count("b"), count("c"), count("noisy")), (0, 1, 1, 14));
}

#[test]
fn a_ring_is_weighed_and_keeps_its_newest_entry() {
    let ring = Ring::weighed(100, 10, |text: &&str| text.len());
    let kept = || ring.last(99, |_| true).iter().map(|entry| **entry).collect::<Vec<_>>();
    ["1234", "56", "789"].into_iter().for_each(|text| ring.push(text));
    assert_eq!(kept(), ["1234", "56", "789"]);
    ring.push("0123");
    assert_eq!(kept(), ["56", "789", "0123"]);
    ring.push("more than its limit");
    assert_eq!(kept(), ["more than its limit"]);
    ring.push("x");
    assert_eq!(kept(), ["x"]);
}
