//! `mgrctl repl`: a Python console inside a module that has a command to evaluate source text.

use std::io::Cursor;

use tokio::runtime::Runtime;

use super::args::Options;
use super::client;
use super::error::CtlError;
use super::execute::{self, Call};
use super::lines::{Line, Lines};
use super::output::{self, Stdout};
use super::python;

/// The command that evaluates its input data.
const PREFIX: &str = "mgr self-test eval";

/// Reads Python source and has it evaluated, statement by statement, until the end of the input.
pub(super) fn run(runtime: &Runtime, options: &Options, words: &[String]) -> Result<u8, CtlError> {
    let arguments = Arguments::parse(words)?;
    if arguments.show_env {
        output::show(&format!("export MGRD_SOCKET={}\n", client::socket(options).display()))?;
        return Ok(0);
    }
    // Finds out at once whether anybody is there.
    runtime.block_on(client::connect(options))?;
    let mut lines = Lines::open("repl_history", ())?;
    let mut source = String::new();
    loop {
        match lines.next(if source.is_empty() { ">>> " } else { "... " })? {
            Line::Text(text) => source.push_str(&text),
            Line::Dropped => {
                source.clear();
                continue;
            }
            Line::End => {
                evaluate(runtime, options, &arguments.prefix, &source)?;
                return Ok(0);
            }
        }
        if !source.trim().is_empty() && python::needs_more(&source) {
            source.push('\n');
            continue;
        }
        evaluate(runtime, options, &arguments.prefix, &source)?;
        source.clear();
    }
}

fn evaluate(
    runtime: &Runtime,
    options: &Options,
    prefix: &[String],
    source: &str,
) -> Result<(), CtlError> {
    if source.trim().is_empty() {
        return Ok(());
    }
    let evaluating = async {
        let mut client = client::connect(options).await?;
        let input = Some(Box::new(Cursor::new(source.to_owned().into_bytes())) as _);
        let call = Call { words: prefix, format: &options.format, input, print_header: false };
        execute::call(&mut client, call, &mut Stdout::new(&options.format)).await
    };
    match runtime.block_on(evaluating) {
        Ok(ending) => {
            execute::report(&ending);
        }
        Err(error @ (CtlError::Interrupted | CtlError::Call(_))) => eprintln!("{error}"),
        Err(error) => return Err(error),
    }
    Ok(())
}

struct Arguments {
    prefix: Vec<String>,
    show_env: bool,
}

impl Arguments {
    fn parse(words: &[String]) -> Result<Self, CtlError> {
        let usage =
            || CtlError::Misuse("usage: mgrctl repl [--prefix '<words>'] [--show-env]".into());
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
mod tests {
    use super::*;

    #[test]
    fn the_command_that_evaluates_can_be_chosen() {
        let parse = |words: &[&str]| {
            Arguments::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(parse(&[]).unwrap().prefix, ["mgr", "self-test", "eval"]);
        assert_eq!(parse(&["--prefix", "mgr my eval"]).unwrap().prefix, ["mgr", "my", "eval"]);
        assert_eq!(parse(&["--prefix=x"]).unwrap().prefix, ["x"]);
        assert!(parse(&["--show-env"]).unwrap().show_env);
        for bad in [&["x"][..], &["--prefix"], &["--prefix="], &["--prefix", "'"]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
