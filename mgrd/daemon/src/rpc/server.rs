//! All services on one router, on any number of sockets.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mgrd_proto::v1::admin_service_server::AdminServiceServer;
use mgrd_proto::v1::feed_service_server::FeedServiceServer;
use mgrd_proto::v1::module_host_service_server::ModuleHostServiceServer;
use mgrd_proto::v1::standby_service_server::StandbyServiceServer;
use mgrd_transport::{Accept, Accepted, Address, Bind, ByteStream, Open, Peer};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::transport::Server;
use tonic_reflection::server::v1::{ServerReflection, ServerReflectionServer};
use tracing::warn;

use super::admin::AdminServer;
use super::busy;
use super::connections::Connections;
use super::drained;
use super::feed::FeedServer;
use super::guarded::{CUT_OFF, Guarded};
use super::identify::Identify;
use super::limits::Limits;
use super::module_host::ModuleHostServer;
use super::peer_usage::Caller;
use super::standby::StandbyServer;
use crate::host::Host;
use crate::managers::Role;
use crate::metered::Meter;
use crate::module::PeerProcess;
use mgrd_proto::MAX_MESSAGE_BYTES;

/// Flow-control windows: one stream may fill a few megabytes, a connection some of them.
const STREAM_WINDOW: u32 = drained::MOST;
const CONNECTION_WINDOW: u32 = 16 << 20;
/// So many calls of one connection may break the rules of HTTP/2, such as the limit of streams,
/// before it is closed.
const RESETS: usize = 256;
/// How long to wait before accepting again if the system cannot, for example without free files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// So many connections are accepted before other tasks run, because it takes time to find out who has
/// one.
const ACCEPTED: usize = 8;
/// If a connection was not admitted, `mgrd` does not find out again for so long who its process is.
const TURNED_AWAY: Duration = Duration::from_millis(100);
/// So many processes that were turned away are remembered.
const REMEMBERED: usize = 1024;
/// So many connections of one listener that are not admitted stay open for a while.
const REFUSED: usize = 64;

/// Why nothing is served (any more).
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The transport failed.
    #[error("mgrd cannot serve any more: {0}; look into its log")]
    Transport(#[from] tonic::transport::Error),
    /// A listener accepts no connections.
    #[error("cannot accept connections on {address}: {source}; raise the limit of open files")]
    Accept {
        /// Its address.
        address: Address,
        /// Why.
        source: std::io::Error,
    },
}

/// Serves until `stop`, then ends what is under way. The sessions of modules must have ended before.
/// A standby serves its modules only.
pub async fn serve(
    host: Arc<Host>,
    limits: Limits,
    listeners: Vec<Arc<dyn Bind>>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (reporter, health) = tonic_health::server::health_reporter();
    let active = host.role() == Role::Active;
    reporter.set_serving::<ModuleHostServiceServer<ModuleHostServer>>().await;
    if active {
        reporter.set_serving::<AdminServiceServer<AdminServer>>().await;
        reporter.set_serving::<FeedServiceServer<FeedServer>>().await;
        reporter.set_serving::<StandbyServiceServer<StandbyServer>>().await;
    }
    let admin = active.then(|| AdminServer::new(&host, &limits.client));
    let admin = admin.map(AdminServiceServer::new);
    let feed = active.then(|| FeedServiceServer::new(FeedServer::new(&host)));
    let standby = active.then(|| StandbyServiceServer::new(StandbyServer { host: host.clone() }));
    let modules = ModuleHostServer { host: host.clone(), limits: limits.client };
    let modules = ModuleHostServiceServer::new(modules);
    let (limits, identify) =
        (&limits.connection, Identify::new(host.modules().clone(), host.role()));
    let connections = Connections::new(*limits, host.modules().own_limits());
    let accepted = accepted(listeners, &connections)?;
    let mut reports = JoinSet::new();
    reports.spawn(busy::report(host.clone(), connections));
    let mut server = Server::builder()
        .layer(identify)
        .max_concurrent_streams(limits.streams)
        .http2_max_header_list_size(limits.header_bytes)
        .http2_max_local_error_reset_streams(Some(RESETS))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    let server = server
        .add_service(health)
        .add_optional_service(reflection())
        .add_optional_service(admin.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_optional_service(feed.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_optional_service(standby.map(|it| it.max_decoding_message_size(MAX_MESSAGE_BYTES)))
        .add_service(modules.max_decoding_message_size(MAX_MESSAGE_BYTES));
    Ok(server.serve_with_incoming_shutdown(accepted, stop).await?)
}

fn reflection() -> Option<ServerReflectionServer<impl ServerReflection>> {
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(mgrd_proto::v1::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1();
    reflection.inspect_err(|why| warn!("reflection is off: {why}")).ok()
}

type Connection = Guarded<Box<dyn ByteStream>>;

/// The connections of all listeners. A connection that fails does not affect the others.
fn accepted(
    listeners: Vec<Arc<dyn Bind>>,
    connections: &Arc<Connections>,
) -> Result<impl Stream<Item = std::io::Result<Connection>> + use<>, ServeError> {
    let (sender, accepted) = mpsc::channel(ACCEPTED);
    for listener in listeners {
        let address = listener.address().clone();
        let accept = listener.accept();
        let accept =
            accept.map_err(|source| ServeError::Accept { address: address.clone(), source })?;
        let connections = connections.clone();
        let (sender, refused) = (sender.clone(), Arc::new(Semaphore::new(REFUSED)));
        let turned_away = HashMap::new();
        let acceptor = Acceptor { address, connections, sender, refused, turned_away };
        tokio::spawn(acceptor.run(accept));
    }
    Ok(ReceiverStream::new(accepted).map(Ok))
}

/// Accepts the connections of one listener.
struct Acceptor {
    address: Address,
    connections: Arc<Connections>,
    sender: mpsc::Sender<Connection>,
    refused: Arc<Semaphore>,
    /// The processes whose connections were not admitted, with their callers, and when.
    turned_away: HashMap<Peer, (Caller, Instant)>,
}

impl Acceptor {
    /// Admits connections until no more come, or until serving ends. It never pauses for a flood: the system
    /// gives connections in the order in which they came, so those of others would wait behind it.
    async fn run(mut self, mut listener: Box<dyn Accept>) {
        for n in 1_usize.. {
            if n.is_multiple_of(ACCEPTED) {
                tokio::task::yield_now().await;
            }
            let next = tokio::select! {
                next = listener.next() => next,
                () = self.sender.closed() => return,
            };
            match next {
                Some(Ok(Accepted { open, peer })) if self.is_turned_away(&peer) => {
                    self.refuse(open);
                }
                Some(Ok(accepted)) => self.admit(accepted).await,
                Some(Err(why)) => {
                    warn!("cannot accept on {}: {why}", self.address);
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                None => return,
            }
        }
    }

    fn is_turned_away(&self, peer: &Peer) -> bool {
        self.turned_away.get(peer).is_some_and(|(caller, at)| {
            at.elapsed() < TURNED_AWAY && self.connections.is_full_for(caller)
        })
    }

    async fn admit(&mut self, Accepted { open, peer }: Accepted) {
        let (Peer::Process { pid, .. }, start) = (&peer, Instant::now());
        let process = PeerProcess::of(*pid);
        let caller = Caller::new(&peer, &process);
        match self.connections.admit(peer.clone(), caller.clone(), process) {
            Ok(connection) => {
                connection.usage.charge(start);
                match open() {
                    Ok(stream) => drop(self.sender.send(Guarded::new(stream, connection)).await),
                    Err(why) => warn!("cannot accept a connection on {}: {why}", self.address),
                }
            }
            Err(_) => {
                if self.turned_away.len() >= REMEMBERED {
                    self.turned_away.clear();
                }
                self.turned_away.insert(peer, (caller, Instant::now()));
                self.refuse(open);
            }
        }
    }

    /// Closes a connection that is not admitted: after a while, because its peer would connect again
    /// at once, unless too many wait for that already.
    fn refuse(&self, connection: Open) {
        if let Ok(place) = self.refused.clone().try_acquire_owned() {
            tokio::spawn(async move {
                tokio::time::sleep(CUT_OFF).await;
                drop((connection, place));
            });
        }
    }
}

#[cfg(test)]
mod tests;
