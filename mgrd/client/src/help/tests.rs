use mgrd_command::{CommandSpec, Flags};

use super::*;

#[test]
fn help_forgives_arguments_but_not_unknown_words() {
    let mut table = CommandTable::new();
    let spec = CommandSpec::new("m", "go name=x,type=CephInt", "goes", "r", Flags::default());
    table.register(spec.unwrap()).unwrap();
    let help = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        commands(&table, &words, 80)
    };
    assert!(help(&["go", "5"]).starts_with("go <x:int>"));
    assert!(help(&[]).starts_with("go <x:int>"));
    assert_eq!(help(&["stop"]), "");
}

#[test]
fn every_option_is_in_the_help() {
    let text = general(80);
    assert!(OPTIONS.iter().all(|option| text.contains(option.names[0])), "{text}");
}
