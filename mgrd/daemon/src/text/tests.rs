use proptest::prelude::*;

use super::*;

#[test]
fn a_line_has_no_breaks_and_no_controls() {
    for (text, expected) in [
        ("", ""),
        ("a", "a"),
        ("a\nb\r\n\nc\n", "a b c"),
        ("a\tb", "a b"),
        ("a\u{2028}b\u{85}c", "a b c"),
        ("\u{1b}[31;1mred\u{1b}[0m", "red"),
        ("\u{1b}]0;a title\u{7}text", "text"),
        ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
        ("\u{1b}(Bplain\u{1b}=", "plain"),
        ("a\u{1b}", "a"),
        ("a\u{1b}[31\nb", "a b"),
        ("a\u{1b}é", "aé"),
        ("b\u{8}e\0l\u{7f}l", "bell"),
        ("\u{9b}31m", "31m"),
        ("abc\u{202e}def", "abcdef"),
        ("a\u{200b}b\u{200f}c\u{feff}d\u{e0041}e", "abcde"),
    ] {
        assert_eq!(line(text, 99), expected, "{text:?}");
    }
}

#[test]
fn line_breaks_are_kept() {
    assert_eq!(lines("a\r\n\tb\u{1b}[1mc\rd\n\n", 99), "a\n\tbc\nd");
    assert_eq!(join_lines("a\r\n\nb\n", " / "), "a / b");
}

#[test]
fn a_long_text_is_cut_at_a_character_and_marked() {
    for (text, start, end) in [
        ("abc", "abc", "abc"),
        ("abcd", "abcd", "abcd"),
        ("abcdé", "abcd…", "…cdé"),
        ("abcé", "abc…", "…bcé"),
        ("éabc", "éab…", "…abc"),
    ] {
        assert_eq!([lines(text, 4), line(text, 4)], [start, start]);
        assert_eq!(last_lines(text, 4), end);
    }
    assert_eq!(line("ab\n\ncd", 4), "ab c…");
}

#[test]
fn a_text_of_lines_that_is_cut_says_so() {
    let cut = |kept| format!("{kept}\n… cut here: only the first 5 bytes are kept");
    for (text, expected) in [
        ("ab\ncd\n", "ab\ncd".to_owned()),
        ("ab\ncde", cut("ab")),
        ("abcdef", cut("abcde")),
        ("abcdé\n", cut("abcd")),
        ("\u{1b}[31mab\ncdef", cut("ab")),
    ] {
        assert_eq!(whole_lines(text, 5), expected, "{text:?}");
    }
}

#[test]
fn names_with_controls_are_found() {
    assert!(!has_controls("osd.1 é"));
    for name in ["a\nb", "a\tb", "\u{1b}[1m", "\u{202e}", "a\u{200b}", "\u{200e}", "\u{feff}"] {
        assert!(has_controls(name), "{name:?}");
    }
}

proptest! {
    #[test]
    fn any_text_becomes_short_and_clean(
        text in prop_oneof![
            any::<String>(),
            "[\u{1b}\\[\\]\\\\;0-9mA\n\r\t\u{7}é\u{2028}\u{202e}]*",
        ],
        limit in 0usize..40,
    ) {
        let most = limit + '…'.len_utf8();
        let line = line(&text, limit);
        prop_assert!(line.len() <= most && !has_controls(&line), "{line:?}");
        for lines in [lines(&text, limit), last_lines(&text, limit)] {
            prop_assert!(lines.len() <= most, "{lines:?}");
            prop_assert!(lines.lines().all(|line| !has_controls(&line.replace('\t', ""))));
        }
    }
}

#[test]
fn further_lines_are_indented() {
    assert_eq!(indent("a\nb\n\nc"), "a\n    b\n    \n    c");
}
