//! The interactive mode: `mgrctl` without a command reads commands line by line.

use mgrd_command::CommandTable;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};
use tokio::runtime::Runtime;

use super::args::{self, Options};
use super::client;
use super::command_line;
use super::error::CtlError;
use super::lines::{Line, Lines};
use super::output::say;

/// Reads and runs commands until `quit` or the end of the input. A command that fails prints its
/// error, and the next one can be typed.
pub(super) fn run(runtime: &Runtime, options: &Options) -> Result<u8, CtlError> {
    let table = runtime.block_on(fetch(options))?;
    let mut lines = Lines::open("history", Words(table))?;
    loop {
        let text = match lines.next("mgrctl> ")? {
            Line::Text(text) => text,
            Line::Dropped => continue,
            Line::End => return Ok(0),
        };
        let Some(words) = shlex::split(&text) else {
            say("mgrctl: a quote is not closed");
            continue;
        };
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => continue,
            ["q" | "Q" | "quit" | "exit"] => return Ok(0),
            _ => {}
        }
        if let Err(error) = line(runtime, options, &words) {
            if error.is_broken_pipe() {
                return Err(error);
            }
            say(&error);
        }
        // The commands may have changed. Without an answer the old table still helps.
        if let Some(helper) = lines.helper()
            && let Ok(table) = runtime.block_on(fetch(options))
        {
            helper.0 = table;
        }
    }
}

async fn fetch(options: &Options) -> Result<CommandTable, CtlError> {
    let mut client = client::connect(options).await?;
    client::command_table(&mut client).await
}

/// Runs one line; its own options add to those of the session.
fn line(runtime: &Runtime, session: &Options, words: &[String]) -> Result<u8, CtlError> {
    let (mut options, words) = args::parse(words)?;
    options.socket = options.socket.or_else(|| session.socket.clone());
    options.connect_timeout = options.connect_timeout.or(session.connect_timeout);
    options.answer_timeout = options.answer_timeout.or(session.answer_timeout);
    options.period = options.period.or(session.period);
    options.verbose |= session.verbose;
    if options.format.is_empty() {
        options.format.clone_from(&session.format);
    }
    options.output = options.output.or_else(|| session.output.clone());
    runtime.block_on(command_line::run(&options, words))
}

/// Completes words from the command table.
struct Words(CommandTable);

impl Completer for Words {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or(line);
        let start = typed
            .rfind(char::is_whitespace)
            .map_or(0, |blank| blank + typed[blank..].chars().next().map_or(1, char::len_utf8));
        let words = shlex::split(&typed[..start]).unwrap_or_default();
        let (_, words) = args::parse(&words).unwrap_or_default();
        let found = self.0.complete(&words, &typed[start..]);
        let pairs = found.candidates.into_iter().map(|candidate| Pair {
            display: candidate.word.clone(),
            replacement: candidate.word + " ",
        });
        Ok((start, pairs.collect()))
    }
}

impl Hinter for Words {
    type Hint = String;
}
impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}
