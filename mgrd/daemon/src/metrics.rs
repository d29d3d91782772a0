//! The metrics of `mgrd` itself, which Prometheus reads from a local port.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::host::Host;
use crate::module::ModuleState;

const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Float = Gauge<f64, AtomicU64>;
type Module = [(&'static str, String); 1];

/// Listens on `address`. The returned future answers requests.
///
/// # Errors
///
/// If it cannot listen on the address.
pub async fn serve(
    host: Arc<Host>,
    address: SocketAddr,
) -> std::io::Result<impl Future<Output = ()>> {
    let listener = TcpListener::bind(address).await?;
    let answer = move || {
        let host = host.clone();
        async move { ([(CONTENT_TYPE, TEXT)], text(&host)) }
    };
    let app = axum::Router::new().route("/metrics", get(answer));
    Ok(async move {
        if let Err(why) = axum::serve(listener, app).await {
            tracing::error!("metrics are not served any more: {why}");
        }
    })
}

/// All metrics with their current values.
fn text(host: &Host) -> String {
    let mut registry = Registry::with_prefix("mgrd");
    modules(host, &mut registry);
    let mut gauge = |name: &str, help: &str, value: i64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    gauge(
        "documents",
        "Documents of the cluster state",
        count(host.cluster().documents.names().len()),
    );
    gauge("daemons", "Daemons of the managed cluster", count(host.cluster().daemons.len()));
    gauge(
        "feeds_fresh",
        "Whether the feeds are connected and fresh",
        host.feeds().is_fresh().into(),
    );
    gauge("commands", "Commands in the table", count(host.router().table().iter().count()));
    gauge(
        "storage_revision",
        "Revision of the last commit",
        host.storage().revision().cast_signed(),
    );
    gauge(
        "storage_writable",
        "Whether storage takes writes",
        host.storage().health().is_none().into(),
    );
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = encode(&mut text, &registry);
    text
}

fn modules(host: &Host, registry: &mut Registry) {
    let running = Family::<Module, Gauge>::default();
    let restarts = Family::<Module, Counter>::default();
    let memory = Family::<Module, Gauge>::default();
    let cpu = Family::<Module, Float>::default();
    let queued = Family::<Module, Gauge>::default();
    let in_flight = Family::<Module, Gauge>::default();
    for module in host.modules().list().into_iter().filter(|module| module.enabled) {
        let label = [("module", module.name)];
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        running.get_or_create(&label).set((module.state == ModuleState::Running).into());
        restarts.get_or_create(&label).inc_by(module.restarts.into());
        let usage = module.usage.unwrap_or_default();
        memory.get_or_create(&label).set(usage.rss_bytes.cast_signed());
        cpu.get_or_create(&label).set(usage.cpu.as_secs_f64());
        queued.get_or_create(&label).set(count(module.queued));
        in_flight.get_or_create(&label).set(count(module.in_flight));
    }
    registry.register("module_running", "Whether the module runs", running);
    registry.register("module_restarts", "Restarts after failures", restarts);
    registry.register("module_resident_bytes", "Resident memory of its process", memory);
    registry.register("module_cpu_seconds", "Processor time of its process", cpu);
    registry.register("module_queued", "Messages that wait for it", queued);
    registry.register("module_in_flight", "Commands and calls under way in it", in_flight);
}
