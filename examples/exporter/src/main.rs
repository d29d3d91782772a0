//! Prometheus metrics of the cluster over HTTP.

mod cluster;
mod metrics;
mod perf;
mod server;

use mgrd_sdk::prelude::*;
use tokio::net::TcpListener;

#[derive(Options, Clone, PartialEq)]
struct ExporterOptions {
    /// The address to listen at.
    #[option(default = "127.0.0.1", level = "basic", runtime)]
    address: String,
    /// The port to listen at; 0 takes a free one.
    #[option(default = 9283, min = 0, max = 65535, level = "basic", runtime)]
    port: u16,
    /// The lowest priority of perf counters to export: 10 critical, 8 interesting, 5 useful,
    /// 2 uninteresting, 0 debug.
    #[option(default = 5, min = 0, max = 10, runtime)]
    min_priority: u32,
}

struct Exporter {
    host: Host,
    options: Live<ExporterOptions>,
}

impl Commands for Exporter {}

impl Module for Exporter {
    type Options = ExporterOptions;

    async fn start(host: Host, options: Live<ExporterOptions>) -> Result<Self> {
        Ok(Self { host, options })
    }

    async fn serve(&self, shutdown: Shutdown) -> Result<()> {
        let mut options = self.options.clone();
        while !shutdown.is_requested() {
            let now = options.get();
            match TcpListener::bind((now.address.as_str(), now.port)).await {
                Ok(listener) => {
                    self.host.set_health_checks([]).await?;
                    self.host.set_uri(format!("http://{}/", listener.local_addr()?)).await?;
                    let end = end(&mut options, &now, &shutdown);
                    server::serve(listener, self.host.clone(), self.options.clone(), end).await?;
                }
                Err(error) => {
                    let summary = format!("cannot listen at {}:{}: {error}", now.address, now.port);
                    let check = HealthCheck::warning("EXPORTER_NOT_LISTENING", summary)
                        .detail(["free the port, or set mgr/exporter/address and port"]);
                    self.host.set_health_checks([check]).await?;
                    self.host.set_uri("").await?;
                    end(&mut options, &now, &shutdown).await;
                }
            }
        }
        Ok(())
    }
}

/// Waits until it should listen elsewhere, or nowhere.
async fn end(options: &mut Live<ExporterOptions>, now: &ExporterOptions, shutdown: &Shutdown) {
    let elsewhere = async {
        while let Some(new) = options.changed().await {
            if (&new.address, new.port) != (&now.address, now.port) {
                return;
            }
        }
    };
    tokio::select! {
        () = elsewhere => {}
        () = shutdown.requested() => {}
    }
}

fn main() -> ExitCode {
    mgrd_sdk::run::<Exporter>()
}
