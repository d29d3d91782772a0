//! A feed that does what a test tells it.

use integration_tests::{TestDaemon, grpc};
use mgrd_proto::v1::publish_request::Message as Say;
use mgrd_proto::v1::publish_response::Message as Told;
use mgrd_proto::v1::{FeedHello, Heartbeat, PublishRequest, PublishResponse, PutDocument};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Streaming;

/// A feed, connected to a daemon.
pub(crate) struct Feed {
    pub(crate) say: mpsc::UnboundedSender<PublishRequest>,
    told: Streaming<PublishResponse>,
    pub(crate) seq: u64,
}

impl Feed {
    /// Connects; it can run commands.
    pub(crate) async fn connect(daemon: &TestDaemon, name: &str) -> Self {
        let channel = grpc::connect(&daemon.socket()).await.unwrap();
        let (say, said) = mpsc::unbounded_channel();
        let hello = FeedHello {
            name: name.into(),
            protocol_versions: vec![1],
            features: vec!["commands".into()],
            ..FeedHello::default()
        };
        say.send(PublishRequest { seq: 0, message: Some(Say::Hello(hello)) }).unwrap();
        let said = UnboundedReceiverStream::new(said);
        let told = grpc::feed(channel).publish(said).await.unwrap().into_inner();
        let mut feed = Self { say, told, seq: 0 };
        assert!(matches!(feed.next().await, Told::Welcome(_)));
        feed
    }

    /// What the host says next.
    pub(crate) async fn next(&mut self) -> Told {
        self.told.message().await.unwrap().expect("the feed is open").message.unwrap()
    }

    /// Why the host ended it.
    pub(crate) async fn ended(&mut self) -> tonic::Status {
        self.told.message().await.unwrap_err()
    }

    /// Sends one message; returns what the host says about it.
    pub(crate) async fn put(&mut self, message: Say) -> Told {
        self.seq += 1;
        self.say.send(PublishRequest { seq: self.seq, message: Some(message) }).unwrap();
        self.next().await
    }

    /// Sends one message, which must be taken.
    pub(crate) async fn accepted(&mut self, message: Say) {
        let told = self.put(message).await;
        let Told::Ack(ack) = told else { panic!("{told:?}") };
        assert_eq!(ack.seq, self.seq);
    }

    /// Tells a document.
    pub(crate) async fn document(&mut self, name: &str, json: &str) {
        let (name, json) = (name.to_owned(), json.to_owned().into());
        self.accepted(Say::PutDocument(PutDocument { name, json })).await;
    }

    /// Says that it is still there, again and again until this is dropped.
    pub(crate) fn keep_alive(&self) -> tokio::task::JoinSet<()> {
        let say = self.say.clone();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let mut beat = tokio::time::interval(std::time::Duration::from_millis(20));
            let message = Some(Say::Heartbeat(Heartbeat {}));
            while say.send(PublishRequest { seq: 0, message: message.clone() }).is_ok() {
                beat.tick().await;
            }
        });
        task
    }
}
