//! A module that uses every part of the Rust SDK, for the scenario `guide_rust`.

mod commands;
mod life;

use mgrd_sdk::prelude::*;

/// The options.
#[derive(Options)]
struct GuideOptions {
    /// How far to go.
    #[option(default = 3, min = 0, max = 10, runtime)]
    level: i64,
    /// How to feel.
    #[option(default = Mood::Calm, runtime)]
    mood: Mood,
}

#[derive(Choices, Clone, Copy)]
enum Mood {
    Calm,
    QuiteWild,
}

struct Guide {
    host: Host,
    options: Live<GuideOptions>,
    life: life::Life,
}

impl Module for Guide {
    type Options = GuideOptions;
    const NOTIFY: &'static [&'static str] = &["osd_map", "command"];

    fn can_run() -> Result<(), CannotRun> {
        match std::env::var_os("GUIDE_CANNOT_RUN") {
            None => Ok(()),
            Some(_) => Err("there is no wormhole; dig one".into()),
        }
    }

    async fn start(host: Host, options: Live<GuideOptions>) -> Result<Self> {
        let life = life::Life::begin(&host).await?;
        Ok(Self { host, options, life })
    }

    async fn serve(&self, shutdown: Shutdown) -> Result<()> {
        self.life.live(&self.host, shutdown).await
    }
}

impl Standby for Guide {
    async fn standby(
        host: StandbyHost,
        options: Live<GuideOptions>,
        shutdown: Shutdown,
    ) -> Result<()> {
        life::wait(host, options, shutdown).await
    }
}

fn main() -> ExitCode {
    mgrd_sdk::run_with_standby::<Guide>()
}
