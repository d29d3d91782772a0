//! Notifications that reach `serve`, and the health checks it raises.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::{ClusterLogLine, TestHost};
use mgrd_sdk::{LogPriority, Severity};
use serde_json::json;

struct Sample(Host);

impl Commands for Sample {}

impl Module for Sample {
    type Options = ();
    const NOTIFY: &'static [&'static str] = &["osd_map"];

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }

    /// Warns about each OSD in the list.
    async fn serve(&self, shutdown: Shutdown) -> Result<()> {
        let mut notifications = self.0.notifications();
        self.0.set_uri("http://sample/").await?;
        loop {
            let news = tokio::select! {
                Some(news) = notifications.next() => news,
                () = shutdown.requested() => return Ok(()),
            };
            if news.id == json!("") {
                self.0.set_health_checks([]).await?;
                continue;
            }
            let check = HealthCheck::warning("SAMPLE", format!("{} {}", news.kind, news.id));
            let worse = HealthCheck::error("WORSE", "it is worse").count(9);
            self.0.set_health_checks([check.detail(["one", "two"]), worse]).await?;
            self.0.cluster_log("cluster", LogPriority::Warning, "seen").await?;
        }
    }
}

#[tokio::test]
async fn notifications_reach_serve_and_its_health_checks_reach_the_host() {
    let module = TestHost::new().start::<Sample>().await;
    assert_eq!(module.declaration().notify_types, ["osd_map"]);
    module.wait_for(|seen| seen.uri == "http://sample/").await;
    module.notify("osd_map", &json!(7));
    let seen = module.wait_for(|seen| !seen.cluster_log.is_empty()).await;
    let expected = HealthCheck::warning("SAMPLE", "osd_map 7").detail(["one", "two"]);
    assert_eq!((seen.health[0].count, &seen.health[0]), (2, &expected));
    assert_eq!((seen.health[1].count, seen.health[1].severity), (9, Severity::Error));
    let (channel, message) = ("cluster".to_owned(), "seen".to_owned());
    let line = ClusterLogLine { channel, priority: LogPriority::Warning, message };
    assert_eq!(seen.cluster_log, [line]);
    module.notify("osd_map", &json!(""));
    module.wait_for(|seen| seen.health.is_empty()).await;
    module.shutdown().await;
}
