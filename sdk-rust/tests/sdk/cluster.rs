//! Daemons, counters and commands of the cluster.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{TestCounter, TestHost, TestModule};
use mgrd_sdk::{CommandError, CounterPoint, Outcome, Server, Target};
use serde_json::{Value, json};

struct Sample(Host);

#[commands]
impl Sample {
    #[command("sample daemons")]
    async fn daemons(&self) -> Result<Value> {
        let servers: Vec<Server> = self.0.servers().await?;
        let ids: Vec<_> = servers[0].services.iter().map(|d| (&d.service, &d.id)).collect();
        let unknown = self.0.server("nowhere").await?;
        let metrics = self.0.daemon_health_metrics().await?;
        Ok(json!([
            servers[0].hostname,
            ids,
            unknown.services.len(),
            self.0.metadata("osd", "0").await?,
            self.0.daemon_status("osd", "0").await?,
            self.0.metadata("osd", "9").await?,
            metrics["osd.0"][0].value,
            self.0.constants().get().connected,
        ]))
    }

    #[command("sample counters")]
    async fn counters(&self) -> Result<String> {
        let points: Vec<CounterPoint> = self.0.counter("osd", "0", "osd.op", 2).await?;
        assert_eq!(self.0.counter("osd", "0", "osd.none", 0).await?, []);
        let of_rbd = [("pool", "rbd")];
        let labelled = self.0.labelled_counter("osd", "0", "osd.op", &of_rbd, 0).await?;
        assert_eq!(labelled.last().map(|point| point.value), Some(5));
        let schema = self.0.perf_schema("osd", "").await?;
        let names: Vec<_> =
            schema["osd.0"].iter().map(|s| (s.path.as_str(), s.is_time())).collect();
        let mut latest = Vec::new();
        // Twice: the second answer does without the schemas.
        for _ in 0..2 {
            latest = self.0.perf_counters(0, &["osd"]).await?;
        }
        let values: Vec<_> = latest[0].iter().map(|c| (c.value, c.count)).collect();
        let points: Vec<_> = points.iter().map(|p| (p.time, p.value, p.count)).collect();
        Ok(format!("{points:?} {names:?} {values:?}"))
    }

    #[command("sample send")]
    async fn send(&self, how: String) -> Result<Value> {
        let command = self.0.command("osd pool get").arg("pool", "rbd").arg("ids", vec![1, 2]);
        match how.as_str() {
            "json" => Ok(command.json().await?),
            "check" => Ok(json!(command.target(Target::Osd("3")).check().await?.stderr)),
            _ => match self.0.command("osd nonsense").check().await {
                Err(CommandError::Failed { outcome, .. }) => Ok(json!(outcome.retval)),
                other => Ok(json!(format!("{other:?}"))),
            },
        }
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }
}

async fn text(module: &TestModule, prefix: &str, args: Value) -> String {
    let outcome = module.command(prefix, args).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{prefix}");
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

#[tokio::test]
async fn daemons_are_known_by_their_hosts_and_names() {
    let module = TestHost::new()
        .server("node1", &[("osd", "0"), ("mon", "a")])
        .metadata("osd", "0", &[("hostname", "node1")])
        .daemon_status("osd", "0", &[("state", "busy")])
        .health_metric("osd.0", "SLOW_OPS", 4)
        .disconnected()
        .start::<Sample>()
        .await;
    let all = text(&module, "sample daemons", json!({"format": "json"})).await;
    let expected = json!([
        "node1",
        [["osd", "0"], ["mon", "a"]],
        0,
        {"hostname": "node1"},
        {"state": "busy"},
        null,
        4,
        false,
    ]);
    assert_eq!(serde_json::from_str::<Value>(&all).unwrap(), expected);
    module.set_connected(true);
    let all = text(&module, "sample daemons", json!({"format": "json"})).await;
    assert!(all.ends_with("true]"), "{all}");
    module.shutdown().await;
}

#[tokio::test]
async fn counters_have_a_history_a_schema_and_a_latest_value() {
    let op = TestCounter::counter("osd.op").value(1).value(4).value(9);
    let latency = TestCounter::latency("osd.op_latency").priority(10).average(700, 7);
    let module = TestHost::new()
        .counter("osd", "0", op)
        .counter("osd", "0", latency)
        .counter("osd", "0", TestCounter::counter("osd.op").label("pool", "rbd").value(5))
        .counter("mon", "a", TestCounter::gauge("mon.sessions"))
        .start::<Sample>()
        .await;
    assert_eq!(
        text(&module, "sample counters", json!({})).await,
        "[(2.0, 4, None), (3.0, 9, None)] [(\"osd.op\", false), (\"osd.op_latency\", true)] \
         [(9, None), (700, Some(7)), (5, None)]"
    );
    module.shutdown().await;
}

#[tokio::test]
async fn commands_are_sent_and_their_outcomes_are_returned() {
    let module = TestHost::new()
        .command("osd pool get", |command| match command["format"].as_str() {
            Some("json") => Outcome::output(r#"{"size":3}"#),
            _ => Outcome::default().status("pool 'rbd' does not exist").errno(Errno::ENOENT),
        })
        .start::<Sample>()
        .await;
    let json = text(&module, "sample send", json!({"how": "json", "format": "json"})).await;
    assert_eq!(json, r#"{"size":3}"#);
    let failed = module.command("sample send", json!({"how": "check"})).await;
    let why = "'osd pool get' failed: pool 'rbd' does not exist (ENOENT)";
    assert_eq!((failed.retval, &*failed.stderr), (-2, why));
    assert_eq!(text(&module, "sample send", json!({"how": "nonsense"})).await, "-22");
    let sent = module.seen().commands;
    assert_eq!(sent[1], json!({"prefix": "osd pool get", "pool": "rbd", "ids": [1, 2]}));
    module.shutdown().await;
}
