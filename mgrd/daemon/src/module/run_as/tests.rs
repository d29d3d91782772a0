use super::*;

#[test]
fn a_user_has_a_name_or_a_number_and_may_have_a_group() {
    for (text, user, group) in [
        ("nobody", "nobody", None),
        ("64001", "64001", None),
        ("nobody:nogroup", "nobody", Some("nogroup")),
        ("64001:64002", "64001", Some("64002")),
        ("svc-a.b@example.com", "svc-a.b@example.com", None),
    ] {
        let read = RunAs::read(text).unwrap();
        assert_eq!((read.user.as_str(), read.group.as_deref()), (user, group));
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn what_is_no_user_is_refused() {
    let long = "x".repeat(300);
    for text in ["", ":", "a:", ":b", "a:b:c", "a b", "a/b", "a\0", "a\n", &long] {
        assert!(RunAs::read(text).is_err(), "{text:?}");
    }
    mgrd_snapshots::assert_errors!(BadRunAs of [RunAs::read("a b").unwrap_err()]);
}

#[test]
fn the_user_of_a_module_comes_before_that_of_all() {
    let user = |text| RunAs::read(text).unwrap();
    let own = BTreeMap::from([("a".to_owned(), user("one"))]);
    let users = Users { all: Some(user("all")), own };
    assert_eq!(users.of("a"), Some(&user("one")));
    assert_eq!(users.of("b"), Some(&user("all")));
    assert_eq!(Users::default().of("b"), None);
}
