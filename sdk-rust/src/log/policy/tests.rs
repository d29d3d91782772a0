use super::*;

#[test]
fn the_level_of_the_manager_is_mapped_as_in_the_guide() {
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
fn the_file_is_in_the_folder_of_the_managers_file() {
    assert_eq!(file("/l/mgr.x.log", "hello"), Some("/l/mgr.x.hello.log".into()));
    assert_eq!(file("/l/mgr", "hello"), Some("/l/mgr.hello.log".into()));
    assert_eq!(file("", "hello"), None);
}

#[test]
fn the_lowest_level_of_all_targets_is_recorded() {
    let policy = LogPolicy { cluster: LevelFilter::DEBUG, ..LogPolicy::default() };
    assert_eq!(policy.lowest(), LevelFilter::DEBUG);
    assert_eq!(LogPolicy::default().lowest(), LevelFilter::INFO);
}
