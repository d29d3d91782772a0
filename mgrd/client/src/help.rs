//! `mgrctl -h`.

use mgrd_command::{CommandTable, section, two_columns};

use super::args::{OPTIONS, Options};
use super::backup;
use super::client;
use super::error::CtlError;
use super::output::{self, terminal_size};

/// The commands of the client itself.
const LOCAL: [(&str, &str); 5] = [
    ("mgrctl", "without words: an interactive prompt, with history and completion"),
    ("completion bash|zsh|fish", "print a completion script for the shell"),
    ("repl [--prefix <words>] [--show-env]", "open a Python console inside a module"),
    (
        backup::USAGE,
        "write everything that the manager stores to a new file, which holds secrets; verify it with: mgrd storage \
         check FILE",
    ),
    ("-- <words>", "take everything that follows as words of the command"),
];

/// Shows the help for the commands that begin with `words`, or for everything.
pub(super) async fn show(options: &Options, words: &[String]) -> Result<u8, CtlError> {
    let width = usize::from(terminal_size().0);
    if words.is_empty() {
        output::show(&general(width))?;
    }
    let mut client = client::connect(options).await?;
    let table = client::command_table(&mut client).await?;
    output::show(&manager_commands(&table, words, width)?)?;
    Ok(0)
}

fn manager_commands(
    table: &CommandTable,
    words: &[String],
    width: usize,
) -> Result<String, CtlError> {
    let commands = commands(table, words, width);
    if commands.is_empty() {
        return Err(CtlError::NoSuchCommand(words.to_vec()));
    }
    Ok(section("Module and daemon commands") + &commands)
}

fn general(width: usize) -> String {
    let mut text = section("General usage");
    text.push_str("usage: mgrctl [options] <command words>\n\n");
    for option in OPTIONS {
        let value = option.value.map_or_else(String::new, |value| format!(" {value}"));
        let left = option.names.join(", ") + &value;
        text.push_str(&two_columns(&left, option.help, width));
    }
    text.push_str(&section("Local commands"));
    LOCAL.iter().for_each(|(left, right)| text.push_str(&two_columns(left, right, width)));
    text
}

/// The help for the longest prefix of `words` that any command has, so that the line may already
/// contain arguments.
fn commands(table: &CommandTable, words: &[String], width: usize) -> String {
    let beginnings = (usize::from(!words.is_empty())..=words.len()).rev();
    let found = beginnings.map(|n| table.help(&words[..n], width));
    found.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
