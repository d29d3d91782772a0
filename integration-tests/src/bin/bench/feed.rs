//! A feed with generated state: a large OSD map, and many daemons with many counters.

use std::sync::Arc;

use integration_tests::{TestManager, grpc, places};
use mgrd_proto::v1::publish_request::Message as ToHost;
use mgrd_proto::v1::publish_response::Message as FromHost;
use mgrd_proto::v1::{
    CounterSchema, CounterSchemas, DaemonCounters, DaemonKey, FeedHello, PublishRequest,
    PublishResponse, PutCounters, PutDaemon, PutDocument,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

/// The number of daemons in one message.
const BATCH: usize = 500;

/// A connected feed.
pub(crate) struct Feed {
    requests: mpsc::Sender<PublishRequest>,
    responses: Streaming<PublishResponse>,
    seq: u64,
}

impl Feed {
    /// Connects to the daemon.
    pub(crate) async fn connect(daemon: &TestManager) -> Self {
        let channel = grpc::connect(&daemon.socket()).await.expect("mgrd listens");
        let (requests, receiver) = mpsc::channel(64);
        let hello =
            FeedHello { name: "bench".into(), protocol_versions: vec![1], ..Default::default() };
        let hello = PublishRequest { seq: 0, message: Some(ToHost::Hello(hello)) };
        requests.send(hello).await.expect("a new channel");
        let responses = grpc::feed(channel).publish(ReceiverStream::new(receiver)).await;
        Self { requests, responses: responses.expect("a feed is accepted").into_inner(), seq: 0 }
    }

    async fn send(&mut self, message: ToHost) {
        self.seq += 1;
        let request = PublishRequest { seq: self.seq, message: Some(message) };
        self.requests.send(request).await.expect("the feed is open");
    }

    /// Waits until the host has taken in all messages.
    async fn settle(&mut self) {
        while let Ok(Some(response)) = self.responses.message().await {
            match response.message {
                Some(FromHost::Ack(ack)) if ack.seq >= self.seq => return,
                Some(FromHost::Refused(refused)) => panic!("refused: {}", refused.reason),
                _ => {}
            }
        }
        panic!("the feed was ended");
    }

    /// Sends a document.
    pub(crate) async fn put_document(&mut self, name: &str, value: &Value) {
        let json = value.to_string().into_bytes().into();
        self.send(ToHost::PutDocument(PutDocument { name: name.into(), json })).await;
        self.settle().await;
    }

    /// Sends an OSD map with this many OSDs. Each is like a recorded one, with its own id and addresses.
    pub(crate) async fn put_osd_map(&mut self, osds: usize) {
        let path = places::repository().join("recordings/ceph-16.2/state/get.osd_map.json");
        let text = std::fs::read_to_string(path).expect("the recording");
        let mut map: Value = serde_json::from_str(&text).expect("JSON");
        if map["osds"].is_null() {
            map = map["result"].take();
        }
        for key in ["osds", "osd_xinfo"] {
            let like = map[key][0].clone();
            let text = like.to_string();
            let entry = |osd: usize| {
                // Each is on its own host, because in real maps few texts repeat.
                let host = format!("10.{}.{}.", osd / 250, osd % 250);
                let text =
                    text.replace("127.0.0.", &host).replace("81321d1b", &format!("{osd:08x}"));
                let mut entry: Value = serde_json::from_str(&text).unwrap_or_default();
                entry["osd"] = json!(osd);
                entry
            };
            map[key] = (0..osds).map(entry).collect();
        }
        self.put_document("osd_map", &map).await;
    }

    /// Declares this many daemons with this many counters each.
    pub(crate) async fn put_daemons(&mut self, daemons: usize, counters: usize) {
        let counter = |n: usize| CounterSchema {
            path: format!("set.counter_{n}"),
            r#type: 10,
            priority: 5,
            ..Default::default()
        };
        let schema = CounterSchemas { counters: (0..counters).map(counter).collect() };
        for id in 0..daemons {
            let daemon = PutDaemon {
                daemon: key(id),
                hostname: Some("box".into()),
                schema: Some(schema.clone()),
                ..Default::default()
            };
            self.send(ToHost::PutDaemon(daemon)).await;
            if id % BATCH == 0 {
                self.settle().await;
            }
        }
        self.settle().await;
    }

    /// Sends one round of values for all of them.
    pub(crate) async fn put_counters(&mut self, daemons: usize, counters: usize, round: u64) {
        let values = Arc::new((0..counters as u64).map(|n| n * 1000 + round).collect::<Vec<_>>());
        for batch in 0..daemons.div_ceil(BATCH) {
            let ids = batch * BATCH..((batch + 1) * BATCH).min(daemons);
            let one =
                |id| DaemonCounters { daemon: key(id), values: values.to_vec(), counts: vec![] };
            let put = PutCounters { time: 0.0, daemons: ids.map(one).collect() };
            self.send(ToHost::PutCounters(put)).await;
        }
        self.settle().await;
    }
}

fn key(id: usize) -> Option<DaemonKey> {
    Some(DaemonKey { r#type: "disk".into(), id: id.to_string() })
}
