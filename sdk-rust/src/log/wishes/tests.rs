use super::*;

#[test]
fn the_managers_level_is_mapped_as_the_guide_lists() {
    for (debug_mgr, level) in [
        ("-1/5", LevelFilter::OFF),
        ("0", LevelFilter::OFF),
        ("1/5", LevelFilter::WARN),
        ("2/5", LevelFilter::INFO),
        ("4/20", LevelFilter::INFO),
        ("5/5", LevelFilter::DEBUG),
        ("20", LevelFilter::DEBUG),
        ("", LevelFilter::OFF),
    ] {
        assert_eq!(of_manager(debug_mgr), level, "{debug_mgr}");
    }
}

#[test]
fn the_file_lies_beside_the_managers() {
    assert_eq!(file("/l/mgr.x.log", "hello"), Some("/l/mgr.x.hello.log".into()));
    assert_eq!(file("/l/mgr", "hello"), Some("/l/mgr.hello.log".into()));
    assert_eq!(file("", "hello"), None);
}

#[test]
fn what_any_place_wants_is_recorded() {
    let wishes = Wishes { cluster: LevelFilter::DEBUG, ..Wishes::default() };
    assert_eq!(wishes.lowest(), LevelFilter::DEBUG);
    assert_eq!(Wishes::default().lowest(), LevelFilter::INFO);
}
