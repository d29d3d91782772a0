use super::*;

#[test]
fn variants_become_words() {
    assert_eq!(hyphenated("AlmostFull"), "almost-full");
    assert_eq!(hyphenated("Off"), "off");
}
