use super::*;

#[test]
fn an_id_of_the_caller_is_taken_if_log_lines_can_hold_it() {
    let long = "x".repeat(LONGEST + 1);
    let cases = [
        (Some("a-1_B.c"), "a-1_B.c"),
        (Some(&long[1..]), &long[1..]),
        (Some(long.as_str()), "1f-2"),
        (Some("two words"), "1f-2"),
        (Some("a=b"), "1f-2"),
        (Some(""), "1f-2"),
        (None, "1f-2"),
    ];
    for (given, expected) in cases {
        let headers = given.map(|id| (REQUEST_ID.parse().unwrap(), id.parse().unwrap()));
        let id = RequestId::of(&headers.into_iter().collect(), 31, 2);
        assert_eq!(id.to_string(), expected, "{given:?}");
    }
}
