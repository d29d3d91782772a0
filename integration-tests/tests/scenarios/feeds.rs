//! Feeds: the state of a cluster comes in, and commands for the cluster go out.

use integration_tests::{Setup, TestManager, eventually};
use mgrd_proto::v1::publish_request::Message as ToHost;
use mgrd_proto::v1::publish_response::Message as FromHost;
use mgrd_proto::v1::{
    ClusterCommandResult, CommandOutcome, CounterSchema, CounterSchemas, DaemonCounters, DaemonKey,
    HealthCheck, HealthSeverity, PublishRequest, PutCounters, PutDaemon, PutDocument,
    PutHealthChecks, RemoveDaemon, SnapshotComplete, StringMap,
};

use serde_json::{Value, json};

use crate::feed::Feed;
use crate::guide::GUIDE;
use crate::probe;

fn key(id: &str) -> Option<DaemonKey> {
    Some(DaemonKey { r#type: "disk".into(), id: id.into() })
}

#[tokio::test(flavor = "multi_thread")]
async fn all_readers_see_what_a_feed_sends() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let metadata = [("model".to_owned(), "round".to_owned())].into();
    feed.accepted(ToHost::PutDaemon(PutDaemon {
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
    feed.accepted(ToHost::PutCounters(PutCounters {
        time: 0.0,
        daemons: vec![DaemonCounters { daemon: key("sda"), values: vec![42], counts: vec![] }],
    }))
    .await;
    feed.accepted(ToHost::PutHealthChecks(PutHealthChecks {
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
    feed.accepted(ToHost::PutHealthChecks(PutHealthChecks::default())).await;
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
async fn a_changed_counter_is_read_again() {
    let daemon = Setup::new().python("latest", LATEST).start();
    daemon.await_running("latest");
    assert_eq!(daemon.ok("latest sda"), "0\n");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let counter =
        CounterSchema { path: "disk.reads".into(), r#type: 10, ..CounterSchema::default() };
    let schema = Some(CounterSchemas { counters: vec![counter] });
    let told = PutDaemon { daemon: key("sda"), schema, ..PutDaemon::default() };
    feed.accepted(ToHost::PutDaemon(told)).await;
    for value in 1..20 {
        let row = DaemonCounters { daemon: key("sda"), values: vec![value], counts: vec![] };
        feed.accepted(ToHost::PutCounters(PutCounters { time: 0.0, daemons: vec![row] })).await;
        for _ in 0..2 {
            assert_eq!(daemon.ok("latest sda"), format!("{value}\n"));
        }
    }
    feed.accepted(ToHost::RemoveDaemon(RemoveDaemon { daemon: key("sda") })).await;
    assert_eq!(daemon.ok("latest sda"), "0\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_message_is_refused_and_the_feed_continues() {
    let daemon = Setup::new().start();
    let mut feed = Feed::connect(&daemon, "mine").await;
    let torn = PutDocument { name: "osd_map".into(), json: "{\"epoch\": ".into() };
    let response = feed.put(ToHost::PutDocument(torn)).await;
    let FromHost::Refused(refused) = response else { panic!("{response:?}") };
    assert_eq!(refused.seq, feed.seq);
    assert!(refused.reason.contains("osd_map"), "{}", refused.reason);
    let values = DaemonCounters { daemon: key("unknown"), values: vec![1], counts: vec![] };
    let response =
        feed.put(ToHost::PutCounters(PutCounters { time: 0.0, daemons: vec![values] })).await;
    assert!(matches!(response, FromHost::Refused(_)), "{response:?}");
    let schema = Some(CounterSchemas::default());
    let known = PutDaemon { daemon: key("sda"), schema, ..PutDaemon::default() };
    feed.accepted(ToHost::PutDaemon(known)).await;
    let row = |id| DaemonCounters { daemon: key(id), values: vec![], counts: vec![] };
    let daemons = vec![row("sda"), row("unknown"), row("sda")];
    let response = feed.put(ToHost::PutCounters(PutCounters { time: 0.0, daemons })).await;
    let FromHost::Refused(refused) = response else { panic!("{response:?}") };
    assert!(refused.reason.starts_with("1 of 3 were refused"), "{}", refused.reason);
    let whole = PutDocument { name: "osd_map".into(), json: "{\"epoch\": 1}".into() };
    feed.accepted(ToHost::PutDocument(whole)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_receives_commands_for_the_cluster_and_answers_them() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut feed = Feed::connect(&daemon, "mine").await;
    let asking = daemon.ctl("guide mon frobnicate").spawn();
    let FromHost::Command(command) = feed.next().await else { panic!("no command") };
    assert!(String::from_utf8_lossy(&command.command).contains("frobnicate"));
    let outcome = CommandOutcome { retval: 0, stdout: "frobnicated".into(), stderr: "well".into() };
    let result = ClusterCommandResult { call_id: command.call_id, outcome: Some(outcome) };
    let message = Some(ToHost::CommandResult(result));
    feed.requests.send(PublishRequest { seq: 0, message }).unwrap();
    let answer = tokio::task::spawn_blocking(|| asking.end()).await.unwrap();
    assert_eq!((answer.text().as_str(), answer.stderr.as_str()), ("frobnicated\n", "well\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_snapshot_removes_what_the_feed_no_longer_has() {
    let daemon = Setup::new().start();
    let put = |id| {
        let hostname = Some("box".into());
        ToHost::PutDaemon(PutDaemon { daemon: key(id), hostname, ..PutDaemon::default() })
    };
    let mut first = Feed::connect(&daemon, "mine").await;
    first.accepted(put("sda")).await;
    first.accepted(put("sdb")).await;
    drop(first);
    let mut second = Feed::connect(&daemon, "mine").await;
    second.accepted(put("sdb")).await;
    assert!(daemon.ok("node ls").contains("sda"));
    second.accepted(ToHost::SnapshotComplete(SnapshotComplete {})).await;
    let nodes = daemon.ok("node ls");
    assert!(nodes.contains("sdb") && !nodes.contains("sda"), "{nodes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_feed_leaves_no_command_waiting() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    daemon.await_running("guide");
    let mut first = Feed::connect(&daemon, "mine").await;
    let asking = daemon.ctl("guide mon frobnicate").spawn();
    assert!(matches!(first.next().await, FromHost::Command(_)));
    let _second = Feed::connect(&daemon, "mine").await;
    let answer = tokio::task::spawn_blocking(|| asking.end()).await.unwrap();
    let said = answer.fails(5);
    assert!(said.contains("feed 'mine' left without an answer"), "{said}");
    let ended = first.ended().await;
    assert!(ended.message().contains("connected again"), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_a_disconnected_feed_stays_and_is_marked_old() {
    let daemon = Setup::new().start();
    let mut feed = Feed::connect(&daemon, "mine").await;
    let daemons =
        PutDaemon { daemon: key("sda"), hostname: Some("box".into()), ..Default::default() };
    feed.accepted(ToHost::PutDaemon(daemons)).await;
    drop(feed);
    eventually("it is disconnected", || {
        let feeds = daemon.ok("feed ls");
        if feeds.contains("disconnected") { Ok(()) } else { Err(feeds) }
    });
    assert!(daemon.ok("node ls").contains("sda"));
}

/// Has the probe evaluate `asked` while the feed answers the commands that come of it; returns
/// these, and the value as Python writes it.
async fn asked_of_the_feed(
    daemon: &TestManager,
    feed: &mut Feed,
    asked: &str,
    (commands, retval): (usize, i32),
) -> (Vec<Value>, String) {
    let asking = daemon.ctl("probe show -i -").input(asked).spawn();
    let mut told = Vec::new();
    for _ in 0..commands {
        let FromHost::Command(command) = feed.next().await else { panic!("no command") };
        told.push(serde_json::from_slice(&command.command).unwrap());
        let outcome = CommandOutcome { retval, stdout: "out".into(), stderr: "err".into() };
        let result = ClusterCommandResult { call_id: command.call_id, outcome: Some(outcome) };
        let message = Some(ToHost::CommandResult(result));
        feed.requests.send(PublishRequest { seq: 0, message }).unwrap();
    }
    let answer = tokio::task::spawn_blocking(|| asking.end()).await.unwrap();
    (told, answer.ok().trim_end().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_to_the_cluster_create_pools() {
    let daemon = probe::start(Setup::new(), &[]);
    let mut feed = Feed::connect(&daemon, "ceph").await;
    let create = |pool: &str| {
        json!({"prefix": "osd pool create", "format": "json", "pool": pool, "pg_num": 1,
            "pg_num_min": 1, "pg_num_max": 32, "yes_i_really_mean_it": true})
    };
    let rename = |from: &str, to: &str| {
        json!({"prefix": "osd pool rename", "format": "json", "srcpool": from, "destpool": to,
            "yes_i_really_mean_it": true})
    };
    let appify = |pool: &str, app: &str| {
        json!({"prefix": "osd pool application enable", "format": "json", "pool": pool,
            "app": app, "yes_i_really_mean_it": true})
    };
    for (asked, expected) in [
        ("self.create_pool('p')", vec![create("p")]),
        ("self.rename_pool('p', 'q')", vec![rename("p", "q")]),
        ("self.appify_pool('q', 'rbd')", vec![appify("q", "rbd")]),
        ("self.create_mgr_pool()", vec![create(".mgr"), appify(".mgr", "mgr")]),
    ] {
        let commands = expected.len();
        let (told, answer) = asked_of_the_feed(&daemon, &mut feed, asked, (commands, 0)).await;
        assert_eq!((told, answer.as_str()), (expected, "None"), "{asked}");
    }
    let old = r#"{"pools": [{"pool_name": "device_health_metrics"}], "osds": []}"#;
    feed.document("osd_map", old).await;
    let (told, _) = asked_of_the_feed(&daemon, &mut feed, "self.create_mgr_pool()", (2, 0)).await;
    assert_eq!(told, [rename("device_health_metrics", ".mgr"), appify(".mgr", "mgr")]);
    let (_, why) = asked_of_the_feed(&daemon, &mut feed, "self.create_pool('p')", (1, -17)).await;
    assert!(why.contains("MonCommandFailed"), "{why}");
    assert!(why.contains("osd pool create failed: err retval: -17"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_for_an_osd_ends_with_the_errno_that_its_feed_gives() {
    let daemon = probe::start(Setup::new(), &[]);
    let mut feed = Feed::connect(&daemon, "ceph").await;
    let asked = "self.osd_command({'prefix': 'bench', 'id': 7})";
    let (_, answer) = asked_of_the_feed(&daemon, &mut feed, asked, (1, -2)).await;
    assert_eq!(answer, "(-2, 'out', 'err')");
}
