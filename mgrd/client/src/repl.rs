//! `mgrctl repl`: a Python console inside a module that has a command to evaluate source text.

mod completion;
mod console;

use tokio::runtime::Runtime;

use super::args::Options;
use super::client;
use super::error::CtlError;
use super::lines::{Line, Lines};
use super::output;
use super::python;
use completion::Completion;
use console::Console;

/// The command that evaluates its input data.
const PREFIX: &str = "mgr self-test eval";

/// Reads Python source and evaluates it in the module, statement by statement, until `exit()` or the
/// end of the input.
pub(super) fn run(runtime: &Runtime, options: &Options, words: &[String]) -> Result<u8, CtlError> {
    let arguments = Arguments::parse(words)?;
    if arguments.show_env {
        output::show(&format!("export MGRD_SOCKET={}\n", client::socket(options).display()))?;
        return Ok(0);
    }
    let prompt = format!("[{}] >>> ", arguments.prefix.join(" "));
    let more = format!("{:>width$}", "... ", width = prompt.chars().count());
    // Finds out at once whether anybody is there.
    let console = Console::open(runtime, options, arguments.prefix)?;
    let mut lines = Lines::open("repl_history", Completion(&console))?;
    if lines.helper().is_some() {
        let status = console.greet()?;
        if status != 0 {
            return Ok(status);
        }
    }
    let mut source = String::new();
    loop {
        match lines.next(if source.is_empty() { &prompt } else { &more })? {
            Line::Text(text) => source.push_str(&text),
            Line::Dropped => {
                source.clear();
                continue;
            }
            Line::End => {
                console.evaluate(&source)?;
                return Ok(0);
            }
        }
        if !source.trim().is_empty() && python::needs_more(&source) {
            source.push('\n');
            continue;
        }
        if ends(&source) {
            return Ok(0);
        }
        console.evaluate(&source)?;
        source.clear();
    }
}

/// Whether the source ends a Python console. The module must not evaluate it, because it would end
/// itself.
fn ends(source: &str) -> bool {
    matches!(source.trim(), "exit()" | "quit()")
}

struct Arguments {
    prefix: Vec<String>,
    show_env: bool,
}

impl Arguments {
    fn parse(words: &[String]) -> Result<Self, CtlError> {
        let usage = || CtlError::Arguments("mgrctl repl [--prefix '<words>'] [--show-env]");
        let (mut prefix, mut show_env) = (PREFIX.to_owned(), false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.split_once('=').map_or((word.as_str(), None), |(k, v)| (k, Some(v))) {
                ("--show-env", None) => show_env = true,
                ("--prefix", Some(value)) => value.clone_into(&mut prefix),
                ("--prefix", None) => words.next().ok_or_else(usage)?.clone_into(&mut prefix),
                _ => return Err(usage()),
            }
        }
        let prefix = shlex::split(&prefix).filter(|prefix| !prefix.is_empty()).ok_or_else(usage)?;
        Ok(Self { prefix, show_env })
    }
}

#[cfg(test)]
mod tests;
