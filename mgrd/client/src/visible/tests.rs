use super::*;

fn in_parts(text: &[u8], size: usize) -> String {
    let mut visible = Visible::default();
    let mut shown: String = text.chunks(size).map(|part| visible.next(part)).collect();
    shown += &visible.end();
    shown
}

#[test]
fn hidden_characters_become_visible_however_the_text_is_cut() {
    for (text, expected) in [
        (&b""[..], ""),
        (b"plain\n\ttext\n", "plain\n\ttext\n"),
        ("grüße 日本 😀".as_bytes(), "grüße 日本 😀"),
        (b"\x1b[2Jcleared\x7f\r", "\\u{1b}[2Jcleared\\u{7f}\\r"),
        ("\u{9b}31m".as_bytes(), "\\u{9b}31m"),
        ("abc\u{202e}fed\u{200b}".as_bytes(), "abc\\u{202e}fed\\u{200b}"),
        (b"\xff\x9b\xf0\x9f", "\u{fffd}\u{fffd}\u{fffd}"),
    ] {
        for size in [1, 2, 3, 99] {
            assert_eq!(in_parts(text, size), expected, "{text:?} in parts of {size}");
        }
    }
}
