//! One command of a client, from its words to its outcome.

use std::sync::Arc;
use std::time::Duration;

use mgrd_command::{Errno, Outcome};
use mgrd_proto::v1;
use mgrd_proto::v1::execute_response::Message as ToClient;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use crate::authority::Identity;
use crate::module::CommandEvent;
use crate::router::{Invocation, PermittedCommand, Router, Running};
use crate::rpc::input::Inputs;
use crate::rpc::limits::ClientLimits;
use crate::rpc::{command_size, convert};
use crate::working_on::{Work, noted};

/// One command of a client.
pub(super) struct Execution {
    pub(super) router: Router,
    pub(super) inputs: Arc<Inputs>,
    pub(super) limits: ClientLimits,
    pub(super) caller: Identity,
    pub(super) request: String,
    pub(super) answers: mpsc::Sender<Result<v1::ExecuteResponse, Status>>,
}

impl Execution {
    /// Runs the command and sends its output and its outcome.
    pub(super) async fn run(
        self,
        command: v1::ExecuteCommand,
        incoming: Streaming<v1::ExecuteRequest>,
    ) {
        let outcome = self.outcome(command, incoming).await.unwrap_or_else(|refused| refused);
        self.send(ToClient::Outcome(convert::outcome_message(outcome))).await;
    }

    async fn outcome(
        &self,
        mut command: v1::ExecuteCommand,
        incoming: Streaming<v1::ExecuteRequest>,
    ) -> Result<Outcome, Outcome> {
        let wanted = command_size::wanted(&self.limits, command.command.take())?;
        let permitted = self.router.permit(&self.caller, &wanted)?;
        let (prefix, request) = (permitted.spec().prefix(), self.request.clone());
        let run = self.run_permitted(permitted, command, incoming);
        noted(run, Work::Command { prefix, request }).await
    }

    /// Ends early when the client leaves.
    async fn run_permitted(
        &self,
        permitted: PermittedCommand,
        command: v1::ExecuteCommand,
        mut incoming: Streaming<v1::ExecuteRequest>,
    ) -> Result<Outcome, Outcome> {
        let spec = permitted.spec();
        let started = v1::ExecuteStarted { prefix: spec.prefix(), poll: spec.flags.poll };
        self.send(ToClient::Started(started)).await;
        // The turn lasts until the end, because the input data does.
        let (mut _turn, mut input) = (None, None);
        if command.has_input {
            _turn = self.inputs.turn().await;
            input = Some(self.inputs.gather(&mut incoming).await?);
        }
        let timeout = Duration::from_millis(command.timeout_ms.into());
        let run = self.router.run(Invocation {
            command: permitted,
            format: command.format,
            input,
            width: command.width,
            print_header: command.print_header,
            timeout: (!timeout.is_zero()).then_some(timeout),
            request: self.request.clone(),
        });
        Ok(tokio::select! {
            outcome = self.pass_on(run) => outcome,
            () = self.answers.closed() => Outcome::error(Errno::ECANCELED, "the client left"),
        })
    }

    async fn pass_on(&self, run: impl Future<Output = Running>) -> Outcome {
        let mut running = run.await;
        loop {
            match running.next().await {
                CommandEvent::Output(part) => self.send(ToClient::Stdout(part)).await,
                CommandEvent::Done(outcome) => return outcome,
            }
        }
    }

    async fn send(&self, message: ToClient) {
        // A client that left does not want it.
        let _ = self.answers.send(Ok(v1::ExecuteResponse { message: Some(message) })).await;
    }
}
