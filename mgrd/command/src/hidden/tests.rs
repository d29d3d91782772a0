use super::*;

#[test]
fn what_cannot_be_seen_is_hidden_and_letters_of_all_languages_are_not() {
    for (name, range) in [
        ("C0", '\0'..='\u{1f}'),
        ("DEL and C1", '\u{7f}'..='\u{9f}'),
        ("soft hyphen", '\u{ad}'..='\u{ad}'),
        ("Arabic letter mark", '\u{61c}'..='\u{61c}'),
        ("zero width, and marks of direction", '\u{200b}'..='\u{200f}'),
        ("separators of lines, and overrides of direction", '\u{2028}'..='\u{202e}'),
        ("joiner, invisible operators, isolates", '\u{2060}'..='\u{206f}'),
        ("byte order mark", '\u{feff}'..='\u{feff}'),
        ("annotations", '\u{fff9}'..='\u{fffb}'),
        ("tags", '\u{e0000}'..='\u{e007f}'),
    ] {
        for c in range {
            assert!(is_hidden(c), "{name}: {c:?}");
        }
    }
    for c in " az~\u{a0}é…│ßжאعदन日\u{3000}😀".chars() {
        assert!(!is_hidden(c), "{c:?}");
    }
}

#[test]
fn control_characters_become_visible() {
    assert_eq!(
        visible("a\n\tb\u{1b}[1m\r\0\u{85}\u{202e}é"),
        "a\n\tb\\u{1b}[1m\\r\\u{0}\\u{85}\\u{202e}é"
    );
}
