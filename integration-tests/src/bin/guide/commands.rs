//! The commands of the module.

use std::fmt;
use std::time::Duration;

use mgrd_sdk::prelude::*;
use mgrd_sdk::{Input, LogPriority, Outcome, Output, Raw, Readable};
use serde::Serialize;
use serde_json::{Value, json};

use crate::Guide;

#[derive(Choices, Clone, Copy)]
enum Colour {
    Red,
    DarkGreen,
}

#[derive(Serialize)]
struct Wormholes {
    gravitons: u64,
    names: Vec<String>,
}

impl fmt::Display for Wormholes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} gravitons, through {}", self.gravitons, self.names.join(" and "))
    }
}

/// The value number `n` of a large store.
fn hoarded(n: usize, bytes: usize) -> String {
    (n % 10).to_string().repeat(bytes)
}

#[commands]
impl Guide {
    /// Paints.
    #[command("guide paint")]
    async fn paint(
        &self,
        colour: Colour,
        #[arg(default = 1, range = "1|9")] times: u32,
        loud: bool,
        names: Option<Vec<String>>,
    ) -> Result<Outcome> {
        let text = format!("{colour} {times} {loud} {names:?}");
        Ok(Outcome::output(text).status("painted"))
    }

    /// Shows wormholes.
    #[command("guide wormholes", perm = "r")]
    async fn wormholes(&self) -> Result<Readable<Wormholes>> {
        let names = vec!["a".to_owned(), "b".to_owned()];
        Ok(Readable(Wormholes { gravitons: 999, names }))
    }

    /// Fails in this way.
    #[command("guide refuse", perm = "r")]
    async fn refuse(&self, how: String) -> Result<()> {
        match how.as_str() {
            "kindly" => Err(Error::not_found("no such thing").hint("see guide wormholes")),
            "badly" => panic!("a mistake"),
            "never" => blocks_the_runtime(),
            _ => Ok(()),
        }
    }

    /// Returns the input after a greeting.
    #[command("guide echo")]
    async fn echo(&self, input: Input, output: Output) -> Result<Raw> {
        output.write("hello ").await;
        Ok(Raw(input.text()?.into()))
    }

    /// Shows the options.
    #[command("guide level", perm = "r")]
    async fn level(&self) -> Result<String> {
        let options = self.options.get();
        Ok(format!("{} {}", options.level, options.mood))
    }

    /// Sets an option, for this manager alone if it says so.
    #[command("guide level set")]
    async fn set_level(&self, level: i64, here: bool) -> Result<String> {
        let level = level.to_string();
        match here {
            true => self.host.set_localized_option("level", Some(&level)).await?,
            false => self.host.set_option("level", Some(&level)).await?,
        }
        self.level().await
    }

    /// Keeps a value in the store, or forgets it; shows the store.
    #[command("guide keep")]
    async fn keep(&self, key: String, value: Option<String>) -> Result<Value> {
        let store = self.host.store();
        match value {
            Some(value) => store.set(&key, value).await?,
            None => store.remove(&key).await?,
        }
        Ok(json!(store.prefix("")))
    }

    /// Stores so many large values.
    #[command("guide hoard")]
    async fn hoard(&self, values: usize, bytes: usize) -> Result<()> {
        for n in 0..values {
            self.host.store().set(&n.to_string(), hoarded(n, bytes)).await?;
        }
        Ok(())
    }

    /// Says how many large values are stored whole.
    #[command("guide hoarded", perm = "r")]
    async fn hoarded(&self, bytes: usize) -> Result<usize> {
        let stored = self.host.store().prefix("");
        let whole = |n: &usize| stored.get(&n.to_string()) == Some(&hoarded(*n, bytes));
        Ok((0..stored.len()).filter(whole).count())
    }

    /// Reads the cluster through every accessor.
    #[command("guide cluster", perm = "r")]
    async fn cluster(&self) -> Result<Value> {
        let host = &self.host;
        let servers = host.servers().await?;
        let server = host.server(&servers[0].hostname).await?;
        let points = host.counter("osd", "0", "osd.op", 3).await?;
        let latest = host.perf_counters(0, &["osd"]).await?;
        let osd_op = latest[0].iter().find(|counter| counter.schema.path == "osd.op");
        Ok(json!({
            "epoch": host.get::<Value>("osd_map").await?.map(|map| map["epoch"].clone()),
            "hosts": servers.len(),
            "daemons": server.services.len(),
            "metadata": host.metadata("osd", "0").await?.is_some_and(|m| m.contains_key("hostname")),
            "status": host.daemon_status("osd", "0").await?.is_some(),
            "absent": host.metadata("osd", "99").await?,
            "metrics": host.daemon_health_metrics().await?.len(),
            "points": points.len(),
            "schema": host.perf_schema("osd", "0").await?["osd.0"].len() > 10,
            "osd_op": osd_op.is_some_and(|counter| counter.schema.only_grows()),
            "connected": host.constants().get().connected,
            "tick": host.ceph_option::<f64>("mgr_tick_period").await?,
            "greeting": host.module_option::<String>("hello", "greeting").await?,
        }))
    }

    /// Raises a health check with a line for each of these, or clears it.
    #[command("guide health")]
    async fn health(&self, what: Option<Vec<String>>) -> Result<()> {
        let check = what.map(|lines| HealthCheck::warning("GUIDE_UNWELL", "unwell").detail(lines));
        Ok(self.host.set_health_checks(check).await?)
    }

    /// Sends a command, and expects success.
    #[command("guide send")]
    async fn send(&self, words: String) -> Result<Raw> {
        Ok(Raw(self.host.command(&words).tag("guide").check().await?.stdout))
    }

    /// Calls another module.
    #[command("guide call")]
    async fn call(&self, module: String, method: String, millis: Option<u64>) -> Result<Value> {
        let limit = Duration::from_millis(millis.unwrap_or(10_000));
        Ok(self.host.remote(module).timeout(limit).call(&method, ("Ada",)).await?)
    }

    /// Logs at each level.
    #[command("guide log")]
    async fn log(&self, text: String) -> Result<()> {
        tracing::debug!("{text} debug");
        tracing::info!(colour = "red", "{text} info");
        tracing::warn!("{text} warning\nin two lines");
        tracing::error!("{text} error: ß");
        Ok(self.host.cluster_log("audit", LogPriority::Info, format!("{text} was logged")).await?)
    }

    /// Begins work, or ends it in this way.
    #[command("guide work")]
    async fn work(&self, end: Option<String>) -> Result<()> {
        self.life.work(&self.host, end.as_deref()).await
    }

    /// Tells the notifications so far.
    #[command("guide seen", perm = "r")]
    async fn seen(&self) -> Result<Vec<(String, u64)>> {
        Ok(self.life.seen())
    }

    #[remote]
    async fn hang(&self, _who: String) -> Result<()> {
        let _noted = self.life.note_end("hang");
        std::future::pending().await
    }

    #[remote]
    async fn fail(&self, who: String) -> Result<()> {
        Err(Error::invalid(format!("{who} is wrong")))
    }

    /// Calls its caller's own kind again and again, until the host says that it is a cycle.
    #[remote]
    async fn cycle(&self, who: String) -> Result<Value> {
        Ok(self.host.remote("guide").call("cycle", (who,)).await?)
    }
}

#[inline(never)]
fn blocks_the_runtime() -> ! {
    loop {
        std::thread::park();
    }
}
