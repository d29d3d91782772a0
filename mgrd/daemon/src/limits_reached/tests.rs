use super::*;

#[test]
fn what_was_reached_is_remembered_for_a_while_and_within_a_limit() {
    let (mut reached, now) = (Reached(Vec::new()), Instant::now());
    for limit in ["b", "a", "b"] {
        reached.note("one".into(), limit, now);
    }
    for n in 0..1000 {
        reached.note(format!("other {n}"), "a", now);
    }
    assert_eq!(reached.0.len(), MOST);
    assert_eq!(reached.lately(now)[0], ("one".to_owned(), vec!["a", "b"]));
    reached.note("one".into(), "b", now + LATELY / 2);
    // Later ones take the place of those that are forgotten.
    reached.note("late".into(), "a", now + LATELY);
    let expected = [("late", vec!["a"]), ("one", vec!["b"])];
    let expected = expected.map(|(caller, limits)| (caller.to_owned(), limits));
    assert_eq!(reached.lately(now + LATELY), expected);
    assert_eq!(reached.lately(now + 2 * LATELY), []);
}
