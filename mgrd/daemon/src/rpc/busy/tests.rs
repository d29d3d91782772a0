use super::*;

#[test]
fn a_caller_is_busy_after_some_ticks_and_not_after_as_many_without_waiting() {
    let cases: [(&[u64], &[bool]); 4] = [
        (&[900, 0, 900, 0], &[false; 4]),
        (&[900, 900, 900, 0, 0, 0], &[false, false, true, true, true, false]),
        (&[900, 900, 900, 0, 900, 900], &[false, false, true, true, true, true]),
        (&[100, 100, 100, 101, 101, 101], &[false, false, false, false, false, true]),
    ];
    for (waited, expected) in cases {
        let mut busy = Busy::default();
        let tick = |&millis: &u64| {
            busy.tick(Period { waited: Duration::from_millis(millis), ..Period::default() })
        };
        assert_eq!(waited.iter().map(tick).collect::<Vec<_>>(), expected, "{waited:?}");
    }
}
