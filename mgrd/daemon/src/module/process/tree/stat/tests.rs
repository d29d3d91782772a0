//! The text of `/proc/PID/stat`.

use super::*;

fn parse(state: &str, threads: u32) -> Stat {
    let text =
        format!("7 (a) b (c) {state} 1 7 5 0 -1 0 0 0 0 0 150 50 0 0 20 0 {threads} 0 9 1000 3 0");
    Stat::parse(7, &text, 4096, 100).unwrap()
}

#[test]
fn a_process_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
    let expected = Stat {
        id: ProcessId { pid: 7, start: 9 },
        parent: 1,
        session: 5,
        is_zombie: false,
        rss_bytes: 3 * 4096,
        threads: 1,
        cpu: Duration::from_secs(2),
    };
    assert_eq!(parse("S", 1), expected);
}

#[test]
fn a_process_whose_main_thread_has_ended_is_not_a_zombie() {
    for (state, threads, is_zombie) in
        [("Z", 1, true), ("X", 0, true), ("Z", 2, false), ("R", 1, false)]
    {
        assert_eq!(parse(state, threads).is_zombie, is_zombie, "{state} {threads}");
    }
}

#[test]
fn what_is_not_the_text_of_a_process_is_none() {
    for text in ["", "7 (a", "7 (a) S", "7 (a) S x 7 5 0 -1 0 0 0 0 0 1 5 0 0 2 0 1 0 9 1 3"] {
        assert_eq!(Stat::parse(7, text, 4096, 100), None, "{text}");
    }
}
