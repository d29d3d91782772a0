//! The other end of the console: the module's command that evaluates source text.

use std::io::Cursor;

use mgrd_command::MatchError;
use tokio::runtime::Runtime;

use super::super::args::Options;
use super::super::client;
use super::super::error::CtlError;
use super::super::execute::{self, Call, Ending};
use super::super::output::{Kept, Output, Stdout, say};

/// Where source is sent to.
pub(super) struct Console<'a> {
    runtime: &'a Runtime,
    options: &'a Options,
    words: Vec<String>,
}

impl<'a> Console<'a> {
    /// A console of the command `prefix`. If that takes an argument `console`, it is given a name of
    /// this one's own, so that several at once do not see each other's variables.
    pub(super) fn open(
        runtime: &'a Runtime,
        options: &'a Options,
        prefix: Vec<String>,
    ) -> Result<Self, CtlError> {
        let table = runtime.block_on(async {
            let mut client = client::connect(options).await?;
            client::command_table(&mut client).await
        })?;
        if let Err(MatchError::Unknown { .. } | MatchError::UnknownOption(_)) = table.bind(&prefix)
        {
            return Err(CtlError::NoConsole(prefix));
        }
        let overloads = table.overloads(&prefix.join(" "));
        let takes_name = overloads.iter().any(|spec| spec.takes("console"));
        let name = takes_name.then(|| {
            let started = jiff::Timestamp::now().as_microsecond();
            format!("--console={}-{started}", std::process::id())
        });
        Ok(Self { runtime, options, words: prefix.into_iter().chain(name).collect() })
    }

    /// Shows which Python answers. The status is not 0 if none does.
    pub(super) fn greet(&self) -> Result<u8, CtlError> {
        let version = "print('Python', __import__('sys').version)";
        let ending = self.send(version, &mut Stdout::new(&self.options.format))?;
        Ok(execute::report(&ending))
    }

    /// Evaluates source and shows the result. An error is shown and does not end the console.
    pub(super) fn evaluate(&self, source: &str) -> Result<(), CtlError> {
        if source.trim().is_empty() {
            return Ok(());
        }
        match self.send(source, &mut Stdout::new(&self.options.format)) {
            Ok(ending) => {
                execute::report(&ending);
            }
            Err(error @ (CtlError::Interrupted | CtlError::Call(_))) => say(&error),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What source prints; nothing if it fails.
    pub(super) fn ask(&self, source: &str) -> String {
        let mut printed = Kept::default();
        match self.send(source, &mut printed) {
            Ok(ending) if ending.outcome.retval == 0 => {
                String::from_utf8_lossy(&printed.0).into_owned()
            }
            _ => String::new(),
        }
    }

    fn send(&self, source: &str, output: &mut dyn Output) -> Result<Ending, CtlError> {
        self.runtime.block_on(async {
            let mut client = client::connect(self.options).await?;
            let input = Some(Box::new(Cursor::new(source.to_owned().into_bytes())) as _);
            let format = &self.options.format;
            let call = Call { words: &self.words, format, input, print_header: false };
            execute::call(&mut client, call, output).await
        })
    }
}
