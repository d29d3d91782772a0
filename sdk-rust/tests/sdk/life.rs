//! How a module begins and ends.

use std::time::Duration;

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::TestHost;
use serde_json::json;

#[derive(Options)]
struct SampleOptions {
    /// What to do.
    #[option(default = "")]
    deed: String,
}

struct Sample;

#[commands]
impl Sample {
    #[command("sample")]
    async fn sample(&self) -> Result<&'static str> {
        Ok("here")
    }
}

impl Module for Sample {
    type Options = SampleOptions;

    async fn start(host: Host, options: Live<SampleOptions>) -> Result<Self> {
        match options.get().deed.as_str() {
            "fail" => Err(Error::not_found("there is no disk")),
            "slow" => {
                host.extend_start(Duration::from_secs(60)).await;
                Ok(Self)
            }
            "panic" => panic!("as asked"),
            _ => Ok(Self),
        }
    }

    async fn serve(&self, _shutdown: Shutdown) -> Result<()> {
        Err(Error::invalid("nothing to serve"))
    }
}

struct Unable;

impl Commands for Unable {}

impl Module for Unable {
    type Options = ();

    fn can_run() -> Result<(), CannotRun> {
        Err("there is no libfuse; install it".into())
    }

    async fn start(_host: Host, _options: Live<()>) -> Result<Self> {
        unreachable!("it cannot run")
    }
}

#[tokio::test]
async fn a_failed_start_says_why() {
    let error = TestHost::new().option("deed", "fail").try_start::<Sample>().await.unwrap_err();
    assert_eq!((error.errno(), error.message()), (Errno::ENOENT, "there is no disk"));
    let error = TestHost::new().option("deed", "panic").try_start::<Sample>().await.unwrap_err();
    assert_eq!((error.errno(), error.message()), (Errno::EIO, "it panicked: as asked"));
    let error = TestHost::new().try_start::<Unable>().await.unwrap_err();
    assert_eq!(error.message(), "there is no libfuse; install it");
}

#[tokio::test]
async fn a_long_start_can_ask_for_more_time() {
    let module = TestHost::new().option("deed", "slow").start::<Sample>().await;
    let minute = Duration::from_secs(60);
    module.wait_for(|seen| seen.start_extended == minute).await;
}

#[tokio::test]
async fn a_module_whose_serve_failed_still_answers() {
    let module = TestHost::new().start::<Sample>().await;
    let seen = module.wait_for(|seen| seen.failure.is_some()).await;
    assert_eq!(seen.failure.as_deref(), Some("nothing to serve"));
    assert_eq!(module.command("sample", json!({})).await.stdout, "here");
}

#[tokio::test]
async fn a_module_with_one_half_declares_one_role() {
    let module = TestHost::new().start::<Sample>().await;
    assert_eq!(module.declaration().roles, [1]);
}
