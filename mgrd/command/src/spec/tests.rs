use super::*;

#[test]
fn line_breaks_in_the_help_become_spaces() {
    let spec = CommandSpec::new("volumes", "fs ls", "list\n  them", "r", Flags::default()).unwrap();
    assert_eq!(spec.help, "list them");
}

#[test]
fn permissions_are_letters_of_rwx() {
    for text in ["r", "w", "rw", "rwx", "x"] {
        assert_eq!(Perm::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "rr", "a", "r w"] {
        let error = CommandSpec::new("m", "a b", "", text, Flags::default()).unwrap_err();
        let expected =
            format!("command descriptor 'a b': unknown perm '{text}'; use r, w, rw or rwx");
        assert_eq!(error.to_string(), expected);
    }
}
