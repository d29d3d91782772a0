//! Commands without end.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use integration_tests::grpc;
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message;
use mgrd_proto::v1::{ExecuteCommand, ExecuteRequest, ExecuteResponse, Words};
use tonic::transport::Channel;
use tonic::{Status, Streaming};

/// The largest part of input data.
const PART: usize = 1 << 20;

/// Runs a command line `clients` times at the same time, again and again.
pub(crate) async fn repeat(socket: &Path, clients: u64, words: &[&str]) {
    each(socket, clients, words, true).await;
}

/// The same, but leaves each command as soon as it has started.
pub(crate) async fn leave(socket: &Path, clients: u64, words: &[&str]) {
    each(socket, clients, words, false).await;
}

async fn each(socket: &Path, clients: u64, words: &[&str], to_the_end: bool) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (channel, words) =
                (channel.clone(), words.iter().map(ToString::to_string).collect());
            tokio::spawn(one(channel, words, to_the_end))
        })
        .collect();
    for task in tasks {
        let _ = task.await;
    }
}

async fn one(channel: Channel, words: Vec<String>, to_the_end: bool) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Relaxed).to_string();
        let words = words.iter().map(|word| word.replace('%', &number)).collect();
        match start(&channel, words, false, vec![]).await {
            Ok(mut answers) => {
                while to_the_end && matches!(answers.message().await, Ok(Some(_))) {}
            }
            // Nothing is sent while the connection is refused.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Runs commands with words of so many bytes.
pub(crate) async fn words(socket: &Path, bytes: u64) {
    let word = "x".repeat(usize::try_from(bytes).unwrap_or_default());
    repeat(socket, 4, &["config-key", "set", "large", &word]).await;
}

/// Runs commands with so many bytes of input data, which are refused at their end or sooner.
pub(crate) async fn input(socket: &Path, bytes: u64) {
    let parts = usize::try_from(bytes).unwrap_or_default() / PART;
    let words = ["config-key", "set", "large", "-i", "-"];
    send(socket, 4, &words, &vec![vec![b'x'; PART]; parts]).await;
}

/// Posts reports of crashes, each with another id.
pub(crate) async fn posts(socket: &Path) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let words: Vec<String> = ["crash", "post", "-i", "-"].map(str::to_owned).to_vec();
    for n in 0_u64.. {
        let (micros, id) = (n % 1_000_000, format!("{n:012x}"));
        let report = format!(
            "{{\"crash_id\": \"2026-01-01T00:00:00.{micros:06}Z_00000000-0000-0000-0000-{id}\", \
             \"timestamp\": \"2026-01-01T00:00:00.{micros:06}Z\", \"entity_name\": \"osd.{n}\", \
             \"backtrace\": [{:?}]}}",
            "x".repeat(20_000)
        );
        if let Ok(mut answers) = start(&channel, words.clone(), true, vec![report.into()]).await {
            while let Ok(Some(_)) = answers.message().await {}
        }
    }
}

async fn send(socket: &Path, clients: usize, words: &[&str], input: &[Vec<u8>]) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let one = async || loop {
        if let Ok(mut answers) = start(&channel, words.clone(), true, input.to_vec()).await {
            while let Ok(Some(_)) = answers.message().await {}
        }
        tokio::task::yield_now().await;
    };
    futures_util::future::join_all((0..clients).map(|_| one())).await;
}

async fn start(
    channel: &Channel,
    words: Vec<String>,
    has_input: bool,
    input: Vec<Vec<u8>>,
) -> Result<Streaming<ExecuteResponse>, Status> {
    let command = Some(Command::Words(Words { words }));
    let command = ExecuteCommand { command, has_input, ..ExecuteCommand::default() };
    let message = |message| ExecuteRequest { message: Some(message) };
    let input = input.into_iter().map(move |part| message(Message::Input(part.into())));
    let first = std::iter::once(message(Message::Command(command)));
    let requests = tokio_stream::iter(first.chain(input).collect::<Vec<_>>());
    Ok(grpc::admin(channel.clone()).execute(requests).await?.into_inner())
}
