//! A client that keeps its connection.

use std::time::{Duration, Instant};

use integration_tests::{TestManager, grpc};
use mgrd_proto::v1::admin_service_client::AdminServiceClient;
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message as ToHost;
use mgrd_proto::v1::execute_response::Message as FromHost;
use mgrd_proto::v1::{CommandOutcome, ExecuteCommand, ExecuteRequest, Words};
use tonic::transport::Channel;

/// A client that keeps its connection.
#[derive(Clone)]
pub(crate) struct Client(AdminServiceClient<Channel>);

impl Client {
    /// Connects to the daemon.
    pub(crate) async fn connect(daemon: &TestManager) -> Self {
        Self::over(grpc::connect(&daemon.socket()).await.expect("mgrd listens"))
    }

    /// A client on this connection.
    pub(crate) fn over(channel: Channel) -> Self {
        Self(grpc::admin(channel))
    }

    /// Runs one command line on a connection of its own; none if that fails.
    pub(crate) async fn run_once(daemon: &TestManager, line: &str) -> Option<CommandOutcome> {
        Self::over(grpc::connect(&daemon.socket()).await.ok()?).run(line).await
    }

    /// Runs one command line to its end; none if the call itself fails.
    pub(crate) async fn run(&mut self, line: &str) -> Option<CommandOutcome> {
        let words = line.split(' ').map(str::to_owned).collect();
        let command = ExecuteCommand {
            command: Some(Command::Words(Words { words })),
            ..ExecuteCommand::default()
        };
        let request = ExecuteRequest { message: Some(ToHost::Command(command)) };
        let mut answers = self.0.execute(tokio_stream::once(request)).await.ok()?.into_inner();
        let mut outcome = None;
        // To the end: a call that is left early is cancelled, and h2 allows few of these at a time.
        while let Ok(Some(answer)) = answers.message().await {
            if let Some(FromHost::Outcome(it)) = answer.message {
                outcome = Some(it);
            }
        }
        outcome
    }

    /// Runs one command line that must succeed; returns its output as JSON.
    pub(crate) async fn json(&mut self, line: &str) -> serde_json::Value {
        let outcome = self.run(line).await.unwrap_or_default();
        assert_eq!(outcome.retval, 0, "{line}: {}", outcome.stderr);
        serde_json::from_slice(&outcome.stdout).unwrap_or_default()
    }

    /// Repeats the command until it succeeds; returns how long that took.
    pub(crate) async fn until_it_answers(&mut self, line: &str) -> Duration {
        let started = Instant::now();
        while self.run(line).await.is_none_or(|outcome| outcome.retval != 0) {
            tokio::task::yield_now().await;
        }
        started.elapsed()
    }

    /// How long each of `count` runs of the command took.
    pub(crate) async fn times(&mut self, line: &str, count: usize) -> Vec<Duration> {
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let started = Instant::now();
            let outcome = self.run(line).await.expect("mgrd answers");
            times.push(started.elapsed());
            assert_eq!(outcome.retval, 0, "{line}: {}", outcome.stderr);
        }
        times
    }
}
