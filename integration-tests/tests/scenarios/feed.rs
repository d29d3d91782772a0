//! A feed that a test controls.

use integration_tests::{TestManager, grpc};
use mgrd_proto::v1::publish_request::Message as ToHost;
use mgrd_proto::v1::publish_response::Message as FromHost;
use mgrd_proto::v1::{FeedHello, Heartbeat, PublishRequest, PublishResponse, PutDocument};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Streaming;

/// A feed, connected to a daemon.
pub(crate) struct Feed {
    pub(crate) requests: mpsc::UnboundedSender<PublishRequest>,
    responses: Streaming<PublishResponse>,
    pub(crate) seq: u64,
}

impl Feed {
    /// Connects; it can run commands.
    pub(crate) async fn connect(daemon: &TestManager, name: &str) -> Self {
        let channel = grpc::connect(&daemon.socket()).await.unwrap();
        let (requests, receiver) = mpsc::unbounded_channel();
        let hello = FeedHello {
            name: name.into(),
            protocol_versions: vec![1],
            features: vec!["commands".into()],
            ..FeedHello::default()
        };
        requests.send(PublishRequest { seq: 0, message: Some(ToHost::Hello(hello)) }).unwrap();
        let receiver = UnboundedReceiverStream::new(receiver);
        let responses = grpc::feed(channel).publish(receiver).await.unwrap().into_inner();
        let mut feed = Self { requests, responses, seq: 0 };
        assert!(matches!(feed.next().await, FromHost::Welcome(_)));
        feed
    }

    /// The next message of the host.
    pub(crate) async fn next(&mut self) -> FromHost {
        self.responses.message().await.unwrap().expect("the feed is open").message.unwrap()
    }

    /// The reason for which the host ends the session.
    pub(crate) async fn ended(&mut self) -> tonic::Status {
        self.responses.message().await.unwrap_err()
    }

    /// Sends one message; returns the answer of the host.
    pub(crate) async fn put(&mut self, message: ToHost) -> FromHost {
        self.seq += 1;
        self.requests.send(PublishRequest { seq: self.seq, message: Some(message) }).unwrap();
        self.next().await
    }

    /// Sends one message, which the host must accept.
    pub(crate) async fn accepted(&mut self, message: ToHost) {
        let response = self.put(message).await;
        let FromHost::Ack(ack) = response else { panic!("{response:?}") };
        assert_eq!(ack.seq, self.seq);
    }

    /// Sends a document.
    pub(crate) async fn document(&mut self, name: &str, json: &str) {
        let (name, json) = (name.to_owned(), json.to_owned().into());
        self.accepted(ToHost::PutDocument(PutDocument { name, json })).await;
    }

    /// Sends heartbeats until the result is dropped.
    pub(crate) fn keep_alive(&self) -> tokio::task::JoinSet<()> {
        let requests = self.requests.clone();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let mut beat = tokio::time::interval(std::time::Duration::from_millis(20));
            let message = Some(ToHost::Heartbeat(Heartbeat {}));
            while requests.send(PublishRequest { seq: 0, message: message.clone() }).is_ok() {
                beat.tick().await;
            }
        });
        task
    }
}
