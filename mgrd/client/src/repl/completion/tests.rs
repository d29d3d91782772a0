use super::*;

#[test]
fn a_name_begins_at_the_first_character_that_fits() {
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
