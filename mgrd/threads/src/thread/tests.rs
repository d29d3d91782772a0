use super::*;

#[test]
fn a_name_may_contain_any_character() {
    let cases = [
        ("1 (mgrd) S 0 1", Some(("mgrd", State::Sleeping))),
        ("1 (a) R (b) T 0 1", Some(("a) R (b", State::Stopped))),
        ("1 () D 0", Some(("", State::Blocked))),
        ("1 (no end", None),
        ("", None),
    ];
    for (stat, expected) in cases {
        let expected = expected.map(|(name, state)| (name.to_owned(), state));
        assert_eq!(name_and_state(stat), expected, "{stat}");
    }
}

#[test]
fn a_thread_is_one_line_with_what_the_kernel_shows() {
    let mut thread = Thread {
        id: 7,
        name: "serve".to_owned(),
        state: State::Sleeping,
        waits_in: Some("futex_wait_queue".to_owned()),
        system_call: Some("futex".to_owned()),
        kernel_stack: vec!["futex_wait+0x10/0x20".to_owned()],
    };
    let shown = "thread 7 serve: sleeping, system call futex, waits in futex_wait_queue\n    \
                 kernel: futex_wait+0x10/0x20";
    assert_eq!(thread.to_string(), shown);
    (thread.waits_in, thread.system_call) = (None, None);
    thread.kernel_stack.clear();
    assert_eq!(thread.to_string(), "thread 7 serve: sleeping");
}
