//! The table of the limits.

use super::*;

#[test]
fn each_row_is_at_the_place_of_its_limit_and_its_example_is_allowed() {
    for (at, (limit, name, .., example)) in ROWS.iter().enumerate() {
        assert_eq!((*limit as usize, limit.name()), (at, *name));
        assert_eq!(Limit::named(name).as_ref(), Ok(limit));
        let value = limit.read(example);
        assert!(matches!(value, Ok(Some(_))), "{name}={example}");
        assert_eq!(limit.show(value.unwrap()), *example);
    }
}

#[test]
fn the_smallest_and_the_largest_values_are_allowed_and_no_others() {
    for limit in Limit::all() {
        let (.., least, most, _) = *limit.row();
        for (value, allowed) in [(least, true), (most, true), (least - 1, false), (most + 1, false)]
        {
            let text = limit.unit().show(value);
            assert_eq!(limit.read(&text).is_ok(), allowed, "{limit}={text}");
        }
    }
}

#[test]
fn absurd_values_are_refused() {
    let absurd = [
        "",
        "0",
        "-1",
        "-0",
        "+5",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "1e3",
        "18446744073709551616",
        "99999999999999999999999999",
        "0x10",
        " 5",
        "5 ",
        "5\n",
        "½",
        "５",
        "5,5",
        "..",
        "1..2",
        ".",
        "K",
        "%",
        "%%",
        "5%%",
        "5KK",
        "5MiBB",
        "s",
        "never ever",
        "default",
        "none",
        "null",
        "true",
    ];
    for limit in Limit::all() {
        for text in absurd {
            assert!(limit.read(text).is_err(), "{limit}={text}");
        }
    }
}

#[test]
fn only_some_limits_can_be_absent() {
    let absent: Vec<_> =
        Limit::all().filter(|limit| limit.read("unlimited") == Ok(None)).map(Limit::name).collect();
    let expected =
        ["memory", "memory_warning", "cpu", "processes", "open_files", "command_deadline"];
    assert_eq!(absent, expected);
    assert_eq!(Limit::Memory.show(None), "unlimited");
    assert_eq!(Limit::CommandDeadline.show(None), "unlimited");
    assert_eq!(Limit::CommandDeadline.read("never"), Ok(None));
}
