//! A feed that sends too much.

use std::path::Path;

use integration_tests::grpc;
use mgrd_proto::v1::publish_request::Message;
use mgrd_proto::v1::{
    ClusterLogEntry, CounterSchema, CounterSchemas, DaemonKey, FeedHello, FeedNotification,
    PublishRequest, PutDaemon, PutDocument, StringMap,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Sends without end.
pub(crate) async fn run(socket: &Path, how: &str) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let (requests, receiver) = mpsc::channel(16);
    let hello =
        FeedHello { name: "hostile".into(), protocol_versions: vec![1], ..FeedHello::default() };
    let request = |message| PublishRequest { seq: 0, message: Some(message) };
    if requests.send(request(Message::Hello(hello))).await.is_err() {
        return;
    }
    let answers = grpc::feed(channel).publish(ReceiverStream::new(receiver)).await;
    let Ok(mut answers) = answers.map(tonic::Response::into_inner) else { return };
    tokio::spawn(async move { while let Ok(Some(_)) = answers.message().await {} });
    for n in 0_u64.. {
        if requests.send(request(message(how, n))).await.is_err() {
            return;
        }
    }
}

fn message(how: &str, n: u64) -> Message {
    match how {
        "documents" => document(format!("document{n}"), 2_000, n),
        "changes" => document("osd_map".into(), 2_000, n),
        "large-documents" => document(format!("document{}", n % 8), 4_000_000, n),
        "daemons" => daemon(n, 100),
        "large-daemons" => daemon(n, 20_000),
        "log" => Message::ClusterLog(ClusterLogEntry {
            channel: "cluster".into(),
            message: format!("{n} {}", "x".repeat(1000)),
            ..ClusterLogEntry::default()
        }),
        _ => Message::Notification(FeedNotification {
            r#type: "osd_map".into(),
            id: n.to_string().into(),
        }),
    }
}

fn document(name: String, bytes: usize, n: u64) -> Message {
    let values: Vec<u64> = (0..bytes as u64 / 8).map(|value| value + n).collect();
    let json = serde_json::to_vec(&values).unwrap_or_default();
    Message::PutDocument(PutDocument { name, json: json.into() })
}

fn daemon(n: u64, counters: usize) -> Message {
    let counter = |path| CounterSchema { path: format!("set.{path}"), ..CounterSchema::default() };
    let facts = (0..100).map(|fact| (format!("fact {fact}"), "x".repeat(100)));
    Message::PutDaemon(PutDaemon {
        daemon: Some(DaemonKey { r#type: "disk".into(), id: n.to_string() }),
        hostname: Some(format!("host{n}")),
        metadata: Some(StringMap { entries: facts.collect() }),
        schema: Some(CounterSchemas { counters: (0..counters).map(counter).collect() }),
        ..PutDaemon::default()
    })
}
