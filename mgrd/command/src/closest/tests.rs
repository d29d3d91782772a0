use super::*;
use crate::spec::{CommandSpec, Flags};

fn table(descriptors: &[&str]) -> CommandTable {
    let mut table = CommandTable::new();
    for descriptor in descriptors {
        table
            .register(CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap())
            .unwrap();
    }
    table
}

fn hints(descriptors: &[&str], words: &[&str]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    usages(&table(descriptors), &words)
}

#[test]
fn typing_mistakes_are_counted_in_words_of_similar_and_moderate_length() {
    let long = "x".repeat(MAX_WORD);
    let cases = [
        ("status", "status", 0),
        ("status", "statsu", 1),
        ("größe", "grosse", 3),
        ("a", "abcdefghi", 8),
        ("a", "abcdefghij", 10),
        (long.as_str(), &long.replacen('x', "y", 1), 1),
        (&(long.clone() + "x"), &(long.clone() + "y"), MAX_WORD + 1),
        (&long.repeat(99), &long.repeat(99), 0),
    ];
    for (literal, word, expected) in cases {
        assert_eq!(typos(literal, word), expected, "{literal} {word}");
    }
}

#[test]
fn only_the_first_words_of_a_command_are_compared() {
    let most = ["a"; MAX_WORDS + 1].join(" ");
    let words = ["b"; MAX_WORDS + 1];
    let signature = Signature::parse(&most).unwrap();
    assert_eq!(mistakes(&signature, &words), [1; MAX_WORDS]);
}

#[test]
fn a_hint_shows_the_start_of_a_long_signature() {
    let fits = format!("go {}", "x".repeat(QUOTED_BYTES - 3));
    assert_eq!(hints(&[&fits], &["go"]), [fits.as_str()]);
    let long = fits.clone() + "y";
    assert_eq!(hints(&[&long], &["go"]), [fits + "…"]);
}

#[test]
fn a_short_word_may_have_fewer_typing_mistakes() {
    let commands = ["hello", "status", "fsid"];
    for (word, expected) in
        [("tell", None), ("helo", Some("hello")), ("sttaus", Some("status")), ("fsd", Some("fsid"))]
    {
        assert_eq!(hints(&commands, &[word]), expected.as_slice(), "{word}");
    }
}
