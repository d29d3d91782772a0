//! The text of `/proc/PID/stat`.

use super::*;

#[test]
fn a_process_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
    let stat = "7 (a) b (c) S 1 7 7 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 9 1000 3 0";
    let usage = Usage::parse(stat, 4096, 100).unwrap();
    assert_eq!(usage, Usage { rss_bytes: 3 * 4096, cpu: Duration::from_secs(2) });
}
