//! Completion for shells, which call `mgrctl --completion`.

use std::time::Duration;

use mgrd_command::Candidate;
use tokio::runtime::Runtime;

use super::args::{self, FORMATS, OPTIONS, Options};
use super::client;
use super::error::CtlError;
use super::output;
use super::values;

/// How long a shell waits for candidates.
const PATIENCE: Duration = Duration::from_secs(3);

/// Commands that only the client knows.
const LOCAL: [(&str, &str); 4] = [
    ("completion", "print a completion script for the shell"),
    ("help", "show the help"),
    ("repl", "open a Python console inside a module"),
    ("storage", "back up everything that the manager stores"),
];

/// Whether the first argument asks for candidates; `--completion=described` also asks for their help.
pub(super) fn is_asked(first: &str) -> bool {
    matches!(first, "--completion" | "--completion=described")
}

/// Prints the candidates for the last word, one a line, or nothing.
pub(super) fn show(runtime: &Runtime, words: &[String], asked: &str) -> Result<u8, CtlError> {
    let Some((current, before)) = words.split_last() else { return Ok(0) };
    let candidates = runtime.block_on(candidates(before, current));
    output::show(&lines(candidates, asked != "--completion"))?;
    Ok(0)
}

/// The candidates, one a line, with their help if it is wanted.
fn lines(candidates: Vec<Candidate>, described: bool) -> String {
    let line = |Candidate { word, help }: Candidate| match described && !help.is_empty() {
        true => format!("{word}\t{help}\n"),
        false => word + "\n",
    };
    candidates.into_iter().map(line).collect()
}

/// The candidates for `current` after the words `before`.
async fn candidates(before: &[String], current: &str) -> Vec<Candidate> {
    if let Some(values) = option_values(before) {
        return matching(values.iter().map(|&value| (value, "")), current);
    }
    let (options, words) = args::parse(before).unwrap_or_default();
    if words.first().is_some_and(|word| word == "completion") {
        return matching(SCRIPTS.map(|(shell, _)| (shell, "")), current);
    }
    let mut found = own(&words, current);
    let words = if words.first().is_some_and(|word| word == "help") { &words[1..] } else { &words };
    if let Ok(Ok(known)) = tokio::time::timeout(PATIENCE, ask(&options, words, current)).await {
        found.extend(known);
    }
    found.sort_by(|a, b| a.word.cmp(&b.word));
    found.dedup_by(|a, b| a.word == b.word);
    found
}

/// The candidates that the client knows itself.
fn own(words: &[String], current: &str) -> Vec<Candidate> {
    let names = OPTIONS.iter().flat_map(|o| o.names.iter().map(|&name| (name, o.help)));
    let options = names.filter(|_| current.starts_with('-'));
    let local = match words {
        [] => &LOCAL[..],
        [word] if word == "storage" => &[("backup", "write it to a new file")],
        _ => &[],
    };
    matching(options.chain(local.iter().copied()), current)
}

/// The candidates that the manager knows.
async fn ask(
    options: &Options,
    words: &[String],
    current: &str,
) -> Result<Vec<Candidate>, CtlError> {
    let mut client = client::connect(options).await?;
    let completions = client::command_table(&mut client).await?.complete(words, current);
    let mut found = completions.candidates;
    for text in &completions.texts {
        let values = values::of(&mut client, text, words).await?;
        found.extend(matching(values.iter().map(|value| (value.as_str(), "")), current));
    }
    Ok(found)
}

/// The values of the client's own option before the cursor, if there is one: formats, or values that
/// the shell completes itself.
fn option_values(before: &[String]) -> Option<&'static [&'static str]> {
    let last = before.last()?;
    if before.iter().any(|word| word == "--") {
        return None;
    }
    let option = OPTIONS.iter().find(|option| option.names.contains(&last.as_str()))?;
    match option.value? {
        "FORMAT" => Some(&FORMATS),
        _ => Some(&[]),
    }
}

fn matching<'a>(
    words: impl IntoIterator<Item = (&'a str, &'a str)>,
    current: &str,
) -> Vec<Candidate> {
    let words = words.into_iter().filter(|(word, _)| word.starts_with(current));
    words.map(|(word, help)| Candidate { word: word.to_owned(), help: help.to_owned() }).collect()
}

/// The scripts for shells.
const SCRIPTS: [(&str, &str); 3] = [
    ("bash", include_str!("scripts/mgrctl.bash")),
    ("zsh", include_str!("scripts/mgrctl.zsh")),
    ("fish", include_str!("scripts/mgrctl.fish")),
];

/// Prints the script for the shell in `words`.
pub(super) fn script(words: &[String]) -> Result<u8, CtlError> {
    let shell = match words {
        [shell] => SCRIPTS.iter().find(|(name, _)| name == shell),
        _ => None,
    };
    let (_, script) = shell.ok_or(CtlError::Arguments("mgrctl completion bash|zsh|fish"))?;
    output::show(script)?;
    Ok(0)
}

#[cfg(test)]
mod tests;
