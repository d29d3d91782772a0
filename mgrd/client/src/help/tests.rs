use mgrd_command::{CommandSpec, Flags};
use mgrd_snapshots::assert_text;

use super::*;

fn table() -> CommandTable {
    let mut table = CommandTable::new();
    let spec = CommandSpec::new("m", "go name=x,type=CephInt", "goes", "r", Flags::default());
    table.register(spec.unwrap()).unwrap();
    table
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn help_ignores_arguments_but_not_unknown_words() {
    let table = table();
    let help = |line: &[&str]| commands(&table, &words(line), 80);
    assert!(help(&["go", "5"]).starts_with("go <x:int>"));
    assert!(help(&[]).starts_with("go <x:int>"));
    assert_eq!(help(&["stop"]), "");
}

#[test]
fn every_option_is_in_the_help() {
    let text = general(80);
    assert!(OPTIONS.iter().all(|option| text.contains(option.names[0])), "{text}");
}

#[test]
fn texts() {
    assert_text!("help", format!("$ mgrctl -h\n{}", general(80)));
    assert_text!("help_narrow", format!("$ mgrctl -h\n{}", general(48)));
    let page = |line: &[&str]| {
        let page = manager_commands(&table(), &words(line), 80);
        let text = page.unwrap_or_else(|error| format!("{error}\n"));
        format!("$ mgrctl -h {}\n{text}", line.join(" "))
    };
    assert_text!("help_commands", [page(&["go", "5"]), page(&["stop", "now"])].join("\n"));
}
