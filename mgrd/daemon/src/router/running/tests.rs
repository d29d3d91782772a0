use super::*;

#[test]
fn module_output_ends_with_exactly_one_newline_or_is_empty() {
    for (given, expected) in
        [("", ""), ("\n\n", ""), ("a", "a\n"), ("a\n", "a\n"), ("a\n\nb\n\n\n", "a\n\nb\n")]
    {
        assert_eq!(one_final_newline(Outcome::ok(given)).stdout, expected, "{given:?}");
    }
}
