use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn a_class_contains_what_a_regular_expression_matches() {
    let table = [
        ("[A-Za-z0-9-_.]", "aZ09-_.", "!/ ä"),
        ("[a-z=]", "q=", "A"),
        (r"[\w\- ]", "aZ_9- ä", "."),
        ("[^/]", "a ", "/"),
        (r"\d", "5", "x"),
        (".", "x ", "\n"),
        ("[-a]", "-a", "b"),
    ];
    for (source, inside, outside) in table {
        let class = CharClass::parse(source).unwrap();
        assert!(inside.chars().all(|c| class.contains(c)), "{source} holds {inside}");
        assert!(!outside.chars().any(|c| class.contains(c)), "{source} holds none of {outside}");
    }
}

#[test]
fn an_invalid_class_is_refused() {
    for source in ["", "[", "[]", "abc", "[z-a]", r"[\q]", r"[a\", "[a-\\d]"] {
        assert!(CharClass::parse(source).is_err(), "{source:?}");
    }
}

#[test]
fn texts() {
    assert_errors!(CharClassError {
        NoClass: CharClassError::NoClass;
        Unclosed: CharClassError::Unclosed;
        Empty: CharClassError::Empty;
        Backwards: CharClassError::Backwards('z', 'a');
        Endless: CharClassError::Endless('a');
        LoneBackslash: CharClassError::LoneBackslash;
        Escape: CharClassError::Escape('q');
    });
}
