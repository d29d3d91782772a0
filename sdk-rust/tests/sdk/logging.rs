//! Where log records go, as the options say.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{LogLine, TestHost, TestModule};
use serde_json::json;
use tracing::Level;

struct Sample;

#[commands]
impl Sample {
    #[command("sample log")]
    async fn log(&self) -> Result<()> {
        tracing::debug!("detail");
        tracing::info!(osd = 3, "news");
        tracing::warn!("two\nlines");
        tracing::error!("Fehler: ß");
        Ok(())
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(_host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self)
    }
}

async fn lines(module: &TestModule, count: usize) -> Vec<String> {
    module.command("sample log", json!({})).await;
    let seen = module.wait_for(|seen| seen.log.len() >= count).await;
    seen.log.into_iter().map(|line| line.message).collect()
}

#[tokio::test]
async fn the_lowest_level_follows_the_option_or_else_the_manager() {
    let module = TestHost::new().start::<Sample>().await;
    let all = ["detail", "news osd=3", "two\nlines", "Fehler: ß"];
    assert_eq!(lines(&module, 3).await, all[1..]);
    module.set_option("log_level", "debug");
    assert_eq!(lines(&module, 7).await[3..], all);
    module.set_option("log_level", "critical");
    module.command("sample log", json!({})).await;
    module.set_option("log_level", "error");
    assert_eq!(lines(&module, 8).await[7..], all[3..]);
    module.set_option("log_level", "");
    assert_eq!(lines(&module, 11).await[8..], all[1..]);
    let line = LogLine { level: Level::WARN, message: "two\nlines".into() };
    assert_eq!(module.seen().log[1], line);
    module.shutdown().await;
}

#[tokio::test]
async fn the_cluster_log_has_its_own_level() {
    let host = TestHost::new().module("sample").option("log_level", "error");
    let host = host.option("log_to_cluster", "true").option("log_to_cluster_level", "warning");
    let module = host.start::<Sample>().await;
    module.command("sample log", json!({})).await;
    let seen = module.wait_for(|seen| seen.cluster_log.len() == 2 && seen.log.len() == 1).await;
    assert_eq!(seen.cluster_log[0].message, "two\nlines");
    assert_eq!(seen.cluster_log[0].channel, "sample");
    module.shutdown().await;
}

#[tokio::test]
async fn without_a_usable_file_one_warning_is_logged_and_records_go_to_the_host() {
    let module = TestHost::new().option("log_to_file", "true").start::<Sample>().await;
    let lines = lines(&module, 4).await;
    assert!(lines[0].contains("mgrd has no log file"), "{lines:?}");
    assert_eq!(lines.len(), 4);
    module.shutdown().await;
}
