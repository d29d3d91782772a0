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

#[test]
fn the_size_is_that_of_the_longest_word_and_of_the_argument_with_most_choices() {
    let size = |descriptor: &str| {
        CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap().size()
    };
    assert_eq!(size("go"), Size { word: 2, arguments: 0, choices: 0 });
    let large = "go name=a,type=CephChoices,strings=x|y|z far name=b,type=CephInt \
                 name=c,type=CephChoices,strings=x";
    assert_eq!(size(large), Size { word: 3, arguments: 3, choices: 3 });
}
