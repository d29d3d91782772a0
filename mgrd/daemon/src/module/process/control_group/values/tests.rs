use super::*;

#[test]
fn limits_are_written_as_the_kernel_reads_them() {
    for (limit, expected) in [(Some(4096), "4096"), (Some(0), "0"), (None, "max")] {
        assert_eq!(number(limit), expected);
    }
    let cases = [
        (Some(50), "50000 100000"),
        (Some(1), "1000 100000"),
        (Some(100_000), "100000000 100000"),
        (Some(u64::MAX), "18446744073709551615 100000"),
        (None, "max 100000"),
    ];
    for (percent, expected) in cases {
        assert_eq!(quota(percent), expected);
    }
}

#[test]
fn a_value_is_read_by_its_key() {
    let events = "low 0\nhigh 0\nmax 17\noom 2\noom_kill 3\noom_group_kill 1\n";
    let cases = [
        ("oom", Some(2)),
        ("oom_kill", Some(3)),
        ("low", Some(0)),
        ("oom_", None),
        ("absent", None),
        ("", None),
    ];
    for (key, expected) in cases {
        assert_eq!(value(events, key), expected, "{key}");
    }
    for text in ["", "oom", "oom ", "oom x", "oom -1", "oom 99999999999999999999"] {
        assert_eq!(value(text, "oom"), None, "{text}");
    }
}

#[test]
fn processes_are_read_line_by_line() {
    for (text, expected) in
        [("", &[][..]), ("1\n22\n", &[1, 22]), ("0\n7", &[0, 7]), ("x\n5\n", &[5])]
    {
        assert_eq!(processes(text), expected);
    }
}
