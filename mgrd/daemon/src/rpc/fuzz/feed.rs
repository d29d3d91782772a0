//! Any messages of feeds, on several connections. Each one is acknowledged or refused, the registry
//! agrees with the state of the cluster, and a neighbour keeps all that it sent.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1::feed_service_server::FeedService;
use mgrd_proto::v1::publish_request::Message as FromFeed;
use mgrd_proto::v1::publish_response::Message as ToFeed;
use mgrd_proto::v1::{PublishRequest, PublishResponse};
use prost::Message;
use tokio::task::JoinSet;
use tonic::Request;

use super::wire::{Sender, answered, connection, ends, is_readable, is_text, rest, stream};
use crate::authority::Caller;
use crate::cluster::{Cluster, DaemonChange, DaemonId};
use crate::feed::{ClusterCommand, FeedHandle, Feeds, Hello, Limits};
use crate::health::{Check, Checks, Health};
use crate::managers::{Manager, Managers};
use crate::rpc::feed::{FeedServer, Responses};

/// The name of the neighbour comes last, so that commands go to the others.
const NEIGHBOUR: &str = "zz-neighbour-7f3a91";

/// Small, so that they are reached.
const LIMITS: Limits = Limits {
    feeds: 6,
    documents: 8,
    document_bytes: 4096,
    daemons: 8,
    daemon_bytes: 256 << 10,
    counters: 16,
    fact_bytes: 1024,
    commands: 4,
    caller_commands: 3,
    notifications_per_second: 100_000,
    stale_after: Duration::from_secs(30),
};

struct Place {
    cluster: Cluster,
    health: Health,
    feeds: Feeds,
    server: FeedServer,
    neighbour: FeedHandle,
}

impl Place {
    fn new() -> Self {
        let cluster = Cluster::default();
        let health = Health::new(cluster.clone());
        let feeds = Feeds::new(cluster.clone(), health.clone(), Arc::new(|_, _| {}), LIMITS);
        let managers = Managers::new(Manager::default());
        let server = FeedServer { feeds: feeds.clone(), managers, limits: cluster.limits };
        let hello = Hello { name: NEIGHBOUR.into(), ..Hello::default() };
        let neighbour = feeds.connect(hello).unwrap().feed;
        neighbour.put_document("mon_map", "1".into()).unwrap();
        let change = DaemonChange { hostname: Some(NEIGHBOUR.into()), ..DaemonChange::default() };
        neighbour.put_daemon(&mon(), change).unwrap();
        let check = Check { summary: "of the neighbour".into(), ..Check::default() };
        neighbour.put_health_checks(Checks::from([("NEIGHBOUR".into(), check)])).unwrap();
        Self { cluster, health, feeds, server, neighbour }
    }

    /// Panics if something of the neighbour has changed.
    fn neighbour_is_well(&self) {
        assert_eq!(self.cluster.get("mon_map").unwrap().json, "1");
        let metadata = self.cluster.daemons.metadata("mon", "a").expect("the neighbour's daemon");
        assert_eq!(metadata["hostname"], NEIGHBOUR);
        let report = self.health.report();
        let check = report.checks.get("NEIGHBOUR").expect("the check of the neighbour");
        assert!(check.summary.contains("of the neighbour"), "{check:?}");
        self.neighbour.heartbeat().unwrap();
    }

    /// Panics if the other feeds leave something behind when they are forgotten.
    fn nothing_is_left_of_the_others(&self) {
        for feed in self.feeds.list() {
            assert!(feed.hello.name == NEIGHBOUR || self.feeds.forget(&feed.hello.name));
        }
        self.feeds.assert_consistent();
        assert_eq!(self.cluster.daemons.len(), 1, "daemons that belong to no feed");
        let names = self.cluster.documents.names();
        let left = names.iter().filter(|name| self.cluster.documents.feed_document(name).is_some());
        assert_eq!(left.map(|name| &**name).collect::<Vec<_>>(), ["mon_map"]);
        self.neighbour_is_well();
    }
}

fn mon() -> DaemonId {
    DaemonId::new("mon", "a")
}

/// One connection of a feed.
struct Feed {
    sender: Sender,
    answers: Responses,
}

impl Feed {
    /// Connects with this first message; none if it is refused.
    async fn connect(server: &FeedServer, first: &[u8]) -> Option<Self> {
        let (sender, messages) = stream::<PublishRequest>();
        sender.send(first);
        let mut request = Request::new(messages);
        request.extensions_mut().insert(connection());
        let response = ends("the welcome", server.publish(request)).await;
        let answers = response.inspect_err(is_readable).ok()?.into_inner();
        Some(Self { sender, answers })
    }

    async fn send(&mut self, message: &[u8]) {
        self.sender.send(message);
        answered(&mut self.answers).await.iter().for_each(check);
    }

    async fn end(self) {
        let Self { sender, mut answers } = self;
        drop(sender);
        rest(&mut answers).await.iter().for_each(check);
    }
}

fn check(answer: &PublishResponse) {
    if let Some(ToFeed::Refused(refused)) = &answer.message {
        is_text(&refused.reason);
    }
}

fn is_hello(message: &[u8]) -> bool {
    let message = PublishRequest::decode(message);
    message.is_ok_and(|message| matches!(message.message, Some(FromFeed::Hello(_))))
}

/// Every hello is a connection of its own. All stay open until the end of the input.
async fn feeds(input: &[u8]) {
    let place = Place::new();
    let (mut open, mut commands) = (Vec::new(), JoinSet::new());
    for part in mgrd_fuzz::parts(input) {
        match open.last_mut() {
            Some(feed) if !is_hello(part) => Feed::send(feed, part).await,
            _ => open.extend(Feed::connect(&place.server, part).await),
        }
        let (feeds, command) = (place.feeds.clone(), command());
        commands.spawn(async move {
            feeds.run(Caller::module("m"), command, Duration::from_secs(9)).await
        });
        place.feeds.assert_consistent();
        place.neighbour_is_well();
    }
    for feed in open {
        feed.end().await;
    }
    while let Some(command) = ends("a command of the cluster", commands.join_next()).await {
        if let Err(why) = command.unwrap() {
            is_text(&why.to_string());
        }
    }
    place.nothing_is_left_of_the_others();
}

fn command() -> ClusterCommand {
    ClusterCommand {
        target_kind: "mon".into(),
        target_id: String::new(),
        command: "{}".into(),
        input: "".into(),
    }
}

#[test]
fn fuzz_feed() {
    mgrd_fuzz::fuzz("feed", |input| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(feeds(input));
    });
}
