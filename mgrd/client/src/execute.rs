//! Runs one command and shows its answer.

use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_response::Message;
use mgrd_proto::v1::{CommandOutcome, ExecuteCommand, ExecuteResponse, ExecuteStarted, Words};
use tokio::sync::mpsc;
use tonic::{Response, Status, Streaming};

use super::args::Options;
use super::client::Client;
use super::error::{CtlError, exit_status, retval_name};
use super::input::{self, Source};
use super::output::{self, Output, WRITING, say, say_error};
use crate::colour;

/// A command to send.
pub(super) struct Call<'a> {
    pub(super) words: &'a [String],
    pub(super) format: &'a str,
    pub(super) input: Option<Source>,
    pub(super) print_header: bool,
}

/// How a command ended.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// `None` if the manager does not know the command.
    pub(super) started: Option<ExecuteStarted>,
    pub(super) outcome: CommandOutcome,
}

impl Ending {
    /// Whether the command is meant to be called repeatedly.
    pub(super) fn polls(&self) -> bool {
        self.started.as_ref().is_some_and(|started| started.poll)
    }
}

/// Sends a command and passes its output on as it arrives. Ctrl-C cancels the command.
pub(super) async fn call(
    client: &mut Client,
    call: Call<'_>,
    output: &mut dyn Output,
) -> Result<Ending, CtlError> {
    tokio::select! {
        ending = run(client, call, output) => ending,
        _ = tokio::signal::ctrl_c() => Err(CtlError::Interrupted),
    }
}

async fn run(
    client: &mut Client,
    call: Call<'_>,
    output: &mut dyn Output,
) -> Result<Ending, CtlError> {
    let command = ExecuteCommand {
        command: Some(Command::Words(Words { words: call.words.to_vec() })),
        format: call.format.to_owned(),
        has_input: call.input.is_some(),
        width: u32::from(output::terminal_size().0),
        print_header: call.print_header,
        ..ExecuteCommand::default()
    };
    let (failed, mut failure) = mpsc::channel(1);
    let answering = client.execute(input::requests(command, call.input, failed));
    tokio::select! {
        ending = receive(answering, output) => ending,
        Some(error) = failure.recv() => Err(error),
    }
}

async fn receive(
    answering: impl Future<Output = Result<Response<Streaming<ExecuteResponse>>, Status>>,
    output: &mut dyn Output,
) -> Result<Ending, CtlError> {
    let mut answers = answering.await?.into_inner();
    let mut ending = Ending::default();
    while let Some(answer) = answers.message().await? {
        match answer.message {
            Some(Message::Started(started)) => ending.started = Some(started),
            Some(Message::Stdout(part)) => output.write(&part).map_err(CtlError::io(WRITING))?,
            Some(Message::Outcome(outcome)) => {
                // A command that failed without a word leaves an output file as it was.
                if outcome.retval >= 0 || !outcome.stdout.is_empty() {
                    output.write(&outcome.stdout).map_err(CtlError::io(WRITING))?;
                }
                output.end(ending.polls()).map_err(CtlError::io(WRITING))?;
                ending.outcome = outcome;
                return Ok(ending);
            }
            None => {}
        }
    }
    Err(CtlError::ended())
}

/// Runs a command once with the input and output of the options; returns the exit status.
pub(super) async fn once(
    client: &mut Client,
    options: &Options,
    words: &[String],
) -> Result<(u8, Ending), CtlError> {
    let input = match &options.input {
        Some(path) => Some(input::open(path).await?),
        None => None,
    };
    let mut output = output::open(options)?;
    let print_header = true;
    let call = Call { words, format: &options.format, input, print_header };
    let ending = self::call(client, call, output.as_mut()).await?;
    Ok((report(&ending), ending))
}

/// Shows status and errors; returns the exit status.
pub(super) fn report(ending: &Ending) -> u8 {
    let CommandOutcome { retval, stderr, .. } = &ending.outcome;
    let text = stderr.trim_end_matches('\n');
    if *retval >= 0 {
        if !text.is_empty() {
            say(text);
        }
        return 0;
    }
    let errno = colour::error(&format!("Error {}:", retval_name(*retval))) + " ";
    // Where no command began, the diagnosis of the words goes before the last line, the status.
    match text.rsplit_once('\n').filter(|_| ending.started.is_none()) {
        Some((diagnosis, status)) => {
            say(diagnosis);
            say_error(&errno, status);
        }
        None => say_error(&errno, text),
    }
    exit_status(*retval)
}
