use super::*;

#[test]
fn the_oldest_unfinished_work_is_named() {
    let busy = Busy::default();
    let first = busy.begin("first".into());
    let _second = busy.begin("second".into());
    assert_eq!(busy.oldest().1, "first");
    drop(first);
    assert_eq!(busy.oldest().1, "second");
}
