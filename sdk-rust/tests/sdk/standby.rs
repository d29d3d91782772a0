//! The half of a module that waits.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::TestHost;

#[derive(Options)]
struct SampleOptions {
    /// Where.
    #[option(default = "here")]
    place: String,
}

struct Sample;

impl Commands for Sample {}

impl Module for Sample {
    type Options = SampleOptions;

    async fn start(_host: Host, _options: Live<SampleOptions>) -> Result<Self> {
        Ok(Self)
    }
}

impl Standby for Sample {
    async fn standby(
        host: StandbyHost,
        options: Live<SampleOptions>,
        shutdown: Shutdown,
    ) -> Result<()> {
        let mut constants = host.constants();
        loop {
            let kept = host.store().get("kept").unwrap_or_default();
            let uri = host.active_uri();
            let tick: f64 = host.ceph_option("mgr_tick_period").await?;
            tracing::info!("{} {uri:?} {kept} {} {tick}", options.get().place, host.module());
            tokio::select! {
                Some(_) = constants.changed() => {}
                () = shutdown.requested() => return Ok(()),
            }
        }
    }
}

#[tokio::test]
async fn a_standby_reads_and_follows_the_active_manager() {
    let host = TestHost::new().module("sample").store("kept", "1").option("log_to_file", "true");
    let host = host.ceph_option("", "mgr_tick_period", 2.0);
    let module = host.start_standby::<Sample>("http://a/").await;
    module.wait_for(|seen| seen.log.len() == 1).await;
    module.set_option("place", "there");
    module.set_store("kept", "2");
    module.set_active_uri("");
    let seen = module.wait_for(|seen| seen.log.len() == 2).await;
    let said: Vec<_> = seen.log.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(said, ["here Some(\"http://a/\") 1 sample 2", "there None 2 sample 2"]);
    assert_eq!(module.declaration().roles, [1, 2]);
    module.shutdown().await;
}
