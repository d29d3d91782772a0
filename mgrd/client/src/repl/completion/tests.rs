use super::*;

#[test]
fn a_name_goes_as_far_back_as_it_is_one() {
    for (text, name) in [
        ("mgr.ge", "mgr.ge"),
        ("print(mgr.get_mgr_", "mgr.get_mgr_"),
        ("x = 1 + größe", "größe"),
        ("f(", ""),
        ("", ""),
    ] {
        assert_eq!(name_before(text), name, "{text:?}");
    }
}
