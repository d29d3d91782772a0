//! Every built-in command is in a snapshot, as a user types it.

use std::path::{Path, PathBuf};

use super::harness::prefix;
use crate::builtin::{cluster_commands, config, config_key, crash, module};

/// The snapshots below a folder.
fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { snapshots(&path) } else { vec![path] };
    let files = entries.flat_map(below);
    files.filter(|file| file.extension().is_some_and(|found| found == "snap")).collect()
}

#[test]
fn every_command_has_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/builtin");
    let mut files = snapshots(&folder);
    // Those of help, completion and wrong words show no answers.
    files.retain(|file| !file.starts_with(folder.join("tests")));
    let texts = files.into_iter().map(|file| std::fs::read_to_string(file).unwrap());
    let typed: Vec<String> = texts.flat_map(|text| typed(&text)).collect();
    let cluster = cluster_commands().into_iter().map(|command| command.cmd);
    let config = config::COMMANDS.iter().map(|command| command.cmd);
    let keys = config_key::COMMANDS.iter().map(|command| command.cmd);
    let modules = module::COMMANDS.iter().map(|command| command.cmd);
    let crashes = crash::commands().map(|command| command.cmd);
    let ours = config.chain(keys).chain(modules).chain(crashes);
    let all: Vec<_> = cluster.chain(ours).map(prefix).collect();
    // Of the commands that begin a line, the longest is the one that was typed.
    let called = |line: &String| {
        let begins = |prefix: &&String| format!("{line} ").starts_with(&format!("{prefix} "));
        all.iter().filter(begins).max_by_key(|prefix| prefix.len())
    };
    let called: Vec<_> = typed.iter().filter_map(called).collect();
    let missing: Vec<_> = all.iter().filter(|prefix| !called.contains(prefix)).collect();
    assert!(missing.is_empty(), "no snapshot shows these commands: {missing:?}");
}

/// The command lines in a snapshot, without `mgrctl`.
fn typed(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix("$ mgrctl ")).map(str::to_owned).collect()
}
