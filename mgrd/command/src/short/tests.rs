use super::*;

#[test]
fn a_text_is_cut_at_its_limit_and_between_characters() {
    let cases =
        [("", 0, ""), ("abc", 3, "abc"), ("abcd", 3, "abc…"), ("aéb", 2, "a…"), ("é", 1, "…")];
    for (text, limit, expected) in cases {
        assert_eq!(short(text, limit), expected, "{text:?} within {limit}");
    }
}
