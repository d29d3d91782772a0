//! Work that people can watch.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::TestHost;
use serde_json::json;

struct Sample(Host);

#[commands]
impl Sample {
    #[command("sample work")]
    async fn work(&self, end: String) -> Result<()> {
        let mut progress = self.0.progress("moving").await?;
        progress.set(0.25).await?;
        progress.say("moving still").await?;
        match end.as_str() {
            "complete" => progress.complete().await?,
            "fail" => progress.fail("no room").await?,
            "clear" => self.0.clear_progress().await?,
            number => drop(number.parse::<u8>()?),
        }
        Ok(())
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }
}

#[tokio::test]
async fn the_message_shows_how_the_work_ended() {
    for (end, message) in [
        ("complete", "moving still"),
        ("fail", "moving still: no room"),
        ("dropped by an error", "moving still: given up"),
    ] {
        let module = TestHost::new().start::<Sample>().await;
        module.command("sample work", json!({"end": end})).await;
        let seen = module.wait_for(|seen| seen.progress.iter().any(|work| work.ended)).await;
        let [work] = &seen.progress[..] else { panic!("{seen:?}") };
        assert_eq!((work.message.as_str(), work.done), (message, 0.25));
        module.shutdown().await;
    }
}

#[tokio::test]
async fn all_work_can_be_removed() {
    let module = TestHost::new().start::<Sample>().await;
    assert_eq!(module.command("sample work", json!({"end": "clear"})).await.retval, 0);
    module.shutdown().await;
}
