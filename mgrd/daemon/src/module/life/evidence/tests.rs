use super::*;

#[test]
fn a_text_replaces_the_one_with_the_same_title() {
    let mut evidence = Evidence::default();
    for (title, text) in [("stacks", "a"), ("maps", "b"), ("stacks", "c")] {
        evidence.attach(title, text.to_owned());
    }
    assert_eq!(evidence.texts, [("maps", "b".to_owned()), ("stacks", "c".to_owned())]);
}
