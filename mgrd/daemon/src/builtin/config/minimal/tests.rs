use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(BadLine of [BadLine { number: 3, line: "debug".to_owned() }]);
}

#[test]
fn lines_that_set_an_option_are_counted() {
    for (text, wanted) in [
        ("", 0),
        ("# a = b\n;a = b\n\n[global]\n", 0),
        ("a = b\nb=c\n  \n[x]\na=1=2", 3),
        ("debug", 0),
    ] {
        assert_eq!(count(text), wanted, "{text:?}");
    }
}
