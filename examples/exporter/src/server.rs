//! The HTTP side.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use mgrd_sdk::{Host, Live, Result};
use tokio::net::TcpListener;

use crate::metrics::Metrics;
use crate::{ExporterOptions, cluster, perf};

/// The text format of Prometheus.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Source {
    host: Host,
    options: Live<ExporterOptions>,
}

/// Serves until `end`; requests under way are cut off, for a scrape is asked again.
pub(crate) async fn serve(
    listener: TcpListener,
    host: Host,
    options: Live<ExporterOptions>,
    end: impl Future<Output = ()>,
) -> Result<()> {
    let router = Router::new()
        .route("/", get(|| async { Html("<a href='/metrics'>Metrics</a>\n") }))
        .route("/metrics", get(metrics))
        .with_state(Source { host, options });
    tokio::select! {
        result = axum::serve(listener, router) => Ok(result?),
        () = end => Ok(()),
    }
}

async fn metrics(State(source): State<Source>) -> Response {
    match collect(&source).await {
        Ok(metrics) => {
            ([(header::CONTENT_TYPE, CONTENT_TYPE)], metrics.to_string()).into_response()
        }
        Err(error) => {
            tracing::warn!("cannot collect: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response()
        }
    }
}

async fn collect(source: &Source) -> Result<Metrics> {
    let mut metrics = Metrics::default();
    cluster::collect(&source.host, &mut metrics).await?;
    perf::collect(&source.host, source.options.get().min_priority, &mut metrics).await?;
    Ok(metrics)
}
