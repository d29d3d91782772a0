use super::{ModuleStatus, quoted, reason};

#[test]
fn what_it_said_last_is_told_once() {
    let ended = |why: &str, words: &[&str]| ModuleStatus {
        enabled: true,
        reason: why.to_owned(),
        can_run: true,
        last_words: words.iter().map(|&line| line.to_owned()).collect(),
        ..ModuleStatus::default()
    };
    assert_eq!(
        reason(&ended("exited with status 1", &["a", "b"]), &[]),
        "exited with status 1; last words: b"
    );
    assert_eq!(reason(&ended("ValueError: b", &["a", "ValueError: b"]), &[]), "ValueError: b");
    assert_eq!(reason(&ended("exited with status 1", &[]), &[]), "exited with status 1");
}

#[test]
fn words_are_quoted_for_a_shell_only_if_they_must() {
    assert_eq!(quoted("/usr/bin/python3"), "/usr/bin/python3");
    assert_eq!(quoted("a b"), "'a b'");
    assert_eq!(quoted("it's"), "'it'\\''s'");
    assert_eq!(quoted(""), "''");
}
