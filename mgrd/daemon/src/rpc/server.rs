//! All services on one router, on any number of sockets.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use mgrd_proto::v1::admin_service_server::AdminServiceServer;
use mgrd_proto::v1::feed_service_server::FeedServiceServer;
use mgrd_proto::v1::module_host_service_server::ModuleHostServiceServer;
use mgrd_proto::v1::standby_service_server::StandbyServiceServer;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tonic_reflection::server::v1::{ServerReflection, ServerReflectionServer};
use tracing::warn;

use super::MAX_MESSAGE_BYTES;
use super::admin::AdminServer;
use super::feed::FeedServer;
use super::listener::Listener;
use super::module_host::ModuleHostServer;
use super::standby::StandbyServer;
use crate::host::Host;
use crate::module::Role;

/// Flow-control windows: one stream may fill a few megabytes, a connection some of them.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;
/// How long to wait before accepting again when the system cannot (out of files, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why nothing is served (any more).
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The transport failed.
    #[error("cannot serve: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// A socket cannot be used.
    #[error("cannot serve on a socket: {0}")]
    Socket(#[from] std::io::Error),
}

/// Serves until `stop`, then ends what is under way. Whoever is to end in good order must have ended
/// its session before. A standby serves its modules only.
pub async fn serve(
    host: Arc<Host>,
    listeners: Vec<Arc<Listener>>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (reporter, health) = tonic_health::server::health_reporter();
    let active = host.role == Role::Active;
    reporter.set_serving::<ModuleHostServiceServer<ModuleHostServer>>().await;
    if active {
        reporter.set_serving::<AdminServiceServer<AdminServer>>().await;
        reporter.set_serving::<FeedServiceServer<FeedServer>>().await;
        reporter.set_serving::<StandbyServiceServer<StandbyServer>>().await;
    }
    let admin = active.then(|| AdminServer::new(&host));
    let admin = admin.map(AdminServiceServer::new);
    let feed = active.then(|| FeedServiceServer::new(FeedServer { host: host.clone() }));
    let standby = active.then(|| StandbyServiceServer::new(StandbyServer { host: host.clone() }));
    let modules = ModuleHostServiceServer::new(ModuleHostServer { host });
    let mut server = Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    let server = server
        .add_service(health)
        .add_optional_service(reflection())
        .add_optional_service(admin.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_optional_service(feed.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_optional_service(standby.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_service(modules.max_decoding_message_size(MAX_MESSAGE_BYTES));
    Ok(server.serve_with_incoming_shutdown(accepted(listeners)?, stop).await?)
}

fn reflection() -> Option<ServerReflectionServer<impl ServerReflection>> {
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(mgrd_proto::v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1();
    reflection.inspect_err(|why| warn!("reflection is off: {why}")).ok()
}

type Connections = ReceiverStream<UnixStream>;

/// The connections of all listeners. One that cannot be accepted costs nobody else anything.
fn accepted(
    listeners: Vec<Arc<Listener>>,
) -> std::io::Result<impl tokio_stream::Stream<Item = std::io::Result<UnixStream>>> {
    let (sender, connections) = mpsc::channel(16);
    for listener in listeners {
        let socket = listener.socket()?;
        tokio::spawn(accept(listener, socket, sender.clone()));
    }
    Ok(Connections::new(connections).map(Ok))
}

/// Accepts until the listener is closed, and then what had been waiting.
async fn accept(
    listener: Arc<Listener>,
    mut socket: UnixListener,
    sender: mpsc::Sender<UnixStream>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = sender.closed() => return,
            () = listener.closed() => break,
            () = listener.renewed() => match listener.socket() {
                Ok(renewed) => {
                    socket = renewed;
                    continue;
                }
                Err(why) => Err(why),
            },
        };
        match accepted {
            Ok((stream, _)) => drop(sender.send(stream).await),
            Err(why) => {
                warn!("cannot accept on {}: {why}", listener.path().display());
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    while let Some(Ok((stream, _))) = socket.accept().now_or_never() {
        drop(sender.send(stream).await);
    }
}
