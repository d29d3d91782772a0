//! Help, completion and the diagnosis of wrong words, for all built-in commands.

use mgrd_command::{CommandTable, Errno, MatchError, Outcome};
use mgrd_snapshots::assert_text;

use super::harness::{register, shown};
use crate::builtin::{cluster_commands, config, config_key, crash, module};

fn all() -> CommandTable {
    let mut table = CommandTable::new();
    register(&mut table, cluster_commands());
    register(&mut table, config::COMMANDS);
    register(&mut table, config_key::COMMANDS);
    register(&mut table, module::COMMANDS);
    register(&mut table, crash::commands());
    table
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn help() {
    let table = all();
    assert_text!("help", format!("$ mgrctl -h\n{}", table.help(&[], 80)));
    let some = ["mgr module", "config-key ls", "osd"];
    let page = |line: &str| format!("$ mgrctl -h {line}\n{}", table.help(&words(line), 100));
    assert_text!("help_some", some.map(page).join("\n"));
}

#[test]
fn completion() {
    let table = all();
    let offered = |line: &str| {
        let (before, current) = line.rsplit_once(' ').unwrap_or(("", line));
        let found = table.complete(&words(before), current);
        let candidates = found.candidates.iter().map(|c| format!("{}\t{}\n", c.word, c.help));
        let texts = found.texts.iter().map(|text| format!("<{}>\n", text.argument));
        let lines: String = candidates.chain(texts).chain(found.hint).collect();
        format!("$ mgrctl {line}<Tab>\n{}", lines.trim_end_matches('\n'))
    };
    let lines =
        ["", "mgr ", "mgr m", "mgr module enable ", "mgr module enable x ", "log last 5 ", "fsid "];
    assert_text!("completion", lines.map(offered).join("\n\n"));
}

#[test]
fn wrong_words() {
    let table = all();
    let diagnosis = |line: &str| {
        let why = table.bind(&words(line)).unwrap_err();
        shown(line, &Outcome::error(Errno::EINVAL, format!("{why}\n{}", MatchError::STATUS)))
    };
    let lines = [
        "halth",
        "osd tre",
        "mgr module",
        "mgr module enable",
        "mgr module enable x y",
        "osd tree --verbose",
        "config set mgr",
        "config reset latest",
        "log last -1",
        "health mute",
        "health details",
    ];
    assert_text!("wrong_words", lines.map(diagnosis).join("\n"));
}
