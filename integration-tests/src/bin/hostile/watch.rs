//! Streams of answers: the log, and backups.

use std::path::Path;

use integration_tests::grpc;
use mgrd_proto::v1::{BackUpStorageRequest, WatchRequest};

/// Begins to follow the log so many times at the same time, again and again, or reads nothing.
pub(crate) async fn log(socket: &Path, clients: u64, reads: bool) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let all = || WatchRequest {
        channels: vec!["*".into()],
        backlog: 10_000,
        events: true,
        ..WatchRequest::default()
    };
    let one = async || {
        loop {
            let watch = grpc::admin(channel.clone()).watch(all()).await;
            let Ok(mut entries) = watch.map(tonic::Response::into_inner) else { continue };
            if !reads {
                std::future::pending::<()>().await;
            }
            for _ in 0..100 {
                let _ = entries.message().await;
            }
        }
    };
    futures_util::future::join_all((0..clients).map(|_| one())).await;
}

/// Makes one backup after another, or reads nothing of two.
pub(crate) async fn backup(socket: &Path, reads: bool) {
    let Ok(channel) = grpc::connect(socket).await else { return };
    let mut kept = Vec::new();
    loop {
        let backup = grpc::admin(channel.clone()).back_up_storage(BackUpStorageRequest {}).await;
        match backup.map(tonic::Response::into_inner) {
            Ok(mut parts) if reads => while let Ok(Some(_)) = parts.message().await {},
            Ok(parts) => kept.push(parts),
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
