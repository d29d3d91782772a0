//! All services on one router, on any number of sockets.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1::admin_service_server::AdminServiceServer;
use mgrd_proto::v1::feed_service_server::FeedServiceServer;
use mgrd_proto::v1::module_host_service_server::ModuleHostServiceServer;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tracing::warn;

use super::MAX_MESSAGE_BYTES;
use super::admin::AdminServer;
use super::feed::FeedServer;
use super::listener::Listener;
use super::module_host::ModuleHostServer;
use crate::host::Host;

/// Flow-control windows: one stream may fill a few megabytes, a connection some of them.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;
/// How long to wait before accepting again when the system cannot (out of files, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until dropped. Connections end with it: whoever is to end in good order must have ended
/// its session before.
pub async fn serve(
    host: Arc<Host>,
    listeners: Vec<Listener>,
) -> Result<(), tonic::transport::Error> {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_serving::<AdminServiceServer<AdminServer>>().await;
    reporter.set_serving::<FeedServiceServer<FeedServer>>().await;
    reporter.set_serving::<ModuleHostServiceServer<ModuleHostServer>>().await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(mgrd_proto::v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1();
    let reflection = match reflection {
        Ok(service) => Some(service),
        Err(why) => {
            warn!("reflection is off: {why}");
            None
        }
    };
    let admin = AdminServer::new(
        host.router.clone(),
        host.cluster.clone(),
        host.modules.clone(),
        &host.settings.limits.client,
    );
    let feed = FeedServer { feeds: host.feeds.clone(), modules: host.modules.clone() };
    let module_host = ModuleHostServer { host };
    let mut server = Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    server
        .add_service(health)
        .add_optional_service(reflection)
        .add_service(AdminServiceServer::new(admin).max_decoding_message_size(MAX_MESSAGE_BYTES))
        .add_service(FeedServiceServer::new(feed).max_decoding_message_size(MAX_MESSAGE_BYTES))
        .add_service(
            ModuleHostServiceServer::new(module_host).max_decoding_message_size(MAX_MESSAGE_BYTES),
        )
        .serve_with_incoming(accepted(listeners))
        .await
}

/// The connections of all listeners. One that cannot be accepted costs nobody else anything.
fn accepted(
    listeners: Vec<Listener>,
) -> impl tokio_stream::Stream<Item = std::io::Result<tokio::net::UnixStream>> {
    let (sender, connections) = tokio::sync::mpsc::channel(16);
    for listener in listeners {
        let sender = sender.clone();
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.socket().accept() => accepted,
                    () = sender.closed() => return,
                };
                match accepted {
                    Ok((stream, _)) => {
                        if sender.send(stream).await.is_err() {
                            return;
                        }
                    }
                    Err(why) => {
                        warn!("cannot accept on {}: {why}", listener.path().display());
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        });
    }
    ReceiverStream::new(connections).map(Ok)
}
