//! Feeds: how a cluster's state comes in, and how commands for it go out.

use integration_tests::{Setup, TestDaemon, eventually, grpc};
use mgrd_proto::v1::publish_request::Message as Say;
use mgrd_proto::v1::publish_response::Message as Told;
use mgrd_proto::v1::{
    ClusterCommandResult, CommandOutcome, CounterSchema, CounterSchemas, DaemonCounters, DaemonKey,
    FeedHello, HealthCheck, HealthSeverity, PublishRequest, PublishResponse, PutCounters,
    PutDaemon, PutDocument, PutHealthChecks, RemoveDaemon, StringMap,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Streaming;

use crate::guide::GUIDE;

struct Feed {
    say: mpsc::UnboundedSender<PublishRequest>,
    told: Streaming<PublishResponse>,
    seq: u64,
}

impl Feed {
    async fn connect(daemon: &TestDaemon, name: &str) -> Self {
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

    async fn next(&mut self) -> Told {
        self.told.message().await.unwrap().expect("the feed is open").message.unwrap()
    }

    /// Sends one message; returns what the host says about it.
    async fn put(&mut self, message: Say) -> Told {
        self.seq += 1;
        self.say.send(PublishRequest { seq: self.seq, message: Some(message) }).unwrap();
        self.next().await
    }

    async fn accepted(&mut self, message: Say) {
        let told = self.put(message).await;
        let Told::Ack(ack) = told else { panic!("{told:?}") };
        assert_eq!(ack.seq, self.seq);
    }
}

fn key(id: &str) -> Option<DaemonKey> {
    Some(DaemonKey { r#type: "disk".into(), id: id.into() })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_tells_is_what_everybody_reads() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let metadata = [("model".to_owned(), "round".to_owned())].into();
    feed.accepted(Say::PutDaemon(PutDaemon {
        daemon: key("sda"),
        hostname: Some("box".into()),
        metadata: Some(StringMap { entries: metadata }),
        schema: Some(CounterSchemas {
            counters: vec![CounterSchema {
                path: "disk.reads".into(),
                r#type: 10,
                ..Default::default()
            }],
        }),
        ..PutDaemon::default()
    }))
    .await;
    feed.accepted(Say::PutCounters(PutCounters {
        time: 0.0,
        daemons: vec![DaemonCounters { daemon: key("sda"), values: vec![42], counts: vec![] }],
    }))
    .await;
    feed.accepted(Say::PutHealthChecks(PutHealthChecks {
        checks: vec![HealthCheck {
            code: "DISK_HOT".into(),
            severity: HealthSeverity::Warning.into(),
            summary: "a disk is hot".into(),
            count: 1,
            detail: vec!["sda".into()],
        }],
    }))
    .await;
    assert_eq!(daemon.ok("guide counter disk sda disk.reads"), "[42]\n");
    let health = daemon.ok("health detail");
    assert!(health.contains("DISK_HOT: a disk is hot"), "{health}");
    assert!(daemon.ok("feed ls").contains("mine"));
    assert!(daemon.ok("node ls").contains("sda"));
    feed.accepted(Say::PutHealthChecks(PutHealthChecks::default())).await;
    assert!(!daemon.ok("health detail").contains("DISK_HOT"));
}

const LATEST: &str = r#"
from mgr_module import CLICommand, HandleCommandResult, MgrModule


class Module(MgrModule):
    @CLICommand("latest", perm="r")
    def latest(self, disk: str) -> HandleCommandResult:
        """The newest value"""
        return HandleCommandResult(stdout=str(self.get_latest("disk", disk, "disk.reads")))
"#;

/// A module reads counters from its own memory, and yet never an old one.
#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_a_feed_has_changed_is_read_anew() {
    let daemon = Setup::new().python("latest", LATEST).start();
    daemon.await_running("latest");
    assert_eq!(daemon.ok("latest sda"), "0\n");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let counter =
        CounterSchema { path: "disk.reads".into(), r#type: 10, ..CounterSchema::default() };
    let schema = Some(CounterSchemas { counters: vec![counter] });
    let told = PutDaemon { daemon: key("sda"), schema, ..PutDaemon::default() };
    feed.accepted(Say::PutDaemon(told)).await;
    for value in 1..20 {
        let row = DaemonCounters { daemon: key("sda"), values: vec![value], counts: vec![] };
        feed.accepted(Say::PutCounters(PutCounters { time: 0.0, daemons: vec![row] })).await;
        for _ in 0..2 {
            assert_eq!(daemon.ok("latest sda"), format!("{value}\n"));
        }
    }
    feed.accepted(Say::RemoveDaemon(RemoveDaemon { daemon: key("sda") })).await;
    assert_eq!(daemon.ok("latest sda"), "0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_will_not_do_is_refused_and_the_feed_goes_on() {
    let daemon = Setup::new().start();
    let mut feed = Feed::connect(&daemon, "mine").await;
    let torn = PutDocument { name: "osd_map".into(), json: "{\"epoch\": ".into() };
    let told = feed.put(Say::PutDocument(torn)).await;
    let Told::Refused(refused) = told else { panic!("{told:?}") };
    assert_eq!(refused.seq, feed.seq);
    assert!(refused.reason.contains("osd_map"), "{}", refused.reason);
    let values = DaemonCounters { daemon: key("unknown"), values: vec![1], counts: vec![] };
    let told = feed.put(Say::PutCounters(PutCounters { time: 0.0, daemons: vec![values] })).await;
    assert!(matches!(told, Told::Refused(_)), "{told:?}");
    let whole = PutDocument { name: "osd_map".into(), json: "{\"epoch\": 1}".into() };
    feed.accepted(Say::PutDocument(whole)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_for_the_cluster_go_out_and_their_answers_come_back() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let asking = daemon.ctl("guide mon frobnicate").spawn();
    let Told::Command(command) = feed.next().await else { panic!("no command") };
    assert!(String::from_utf8_lossy(&command.command).contains("frobnicate"));
    let outcome = CommandOutcome { retval: 0, stdout: "frobnicated".into(), stderr: "well".into() };
    let result = ClusterCommandResult { call_id: command.call_id, outcome: Some(outcome) };
    let message = Some(Say::CommandResult(result));
    feed.say.send(PublishRequest { seq: 0, message }).unwrap();
    let answer = tokio::task::spawn_blocking(|| asking.end()).await.unwrap();
    assert_eq!((answer.text().as_str(), answer.stderr.as_str()), ("frobnicated\n", "well\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_taken_over_leaves_no_command_waiting() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut first = Feed::connect(&daemon, "mine").await;
    let asking = daemon.ctl("guide mon frobnicate").spawn();
    assert!(matches!(first.next().await, Told::Command(_)));
    let _second = Feed::connect(&daemon, "mine").await;
    let answer = tokio::task::spawn_blocking(|| asking.end()).await.unwrap();
    let said = answer.fails(5);
    assert!(said.contains("feed 'mine' left without an answer"), "{said}");
    let ended = first.told.message().await.unwrap_err();
    assert!(ended.message().contains("connected anew"), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_left_is_known_to_be_gone_and_its_state_stays() {
    let daemon = Setup::new().start();
    let mut feed = Feed::connect(&daemon, "mine").await;
    let daemons =
        PutDaemon { daemon: key("sda"), hostname: Some("box".into()), ..Default::default() };
    feed.accepted(Say::PutDaemon(daemons)).await;
    drop(feed);
    eventually("it is disconnected", || {
        let feeds = daemon.ok("feed ls");
        if feeds.contains("disconnected") { Ok(()) } else { Err(feeds) }
    });
    assert!(daemon.ok("node ls").contains("sda"));
}
