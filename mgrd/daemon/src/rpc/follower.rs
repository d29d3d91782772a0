//! A standby's end of the standby service: it keeps what the active manager sends.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_proto::v1::follow_request::Message as ToActive;
use mgrd_proto::v1::follow_response::Message as FromActive;
use mgrd_proto::v1::standby_service_client::StandbyServiceClient;
use mgrd_proto::{MAX_MESSAGE_BYTES, PROTOCOL_VERSIONS, v1};
use mgrd_storage::{Backend, Content, Entry, Key, Leader, MirrorStorage};
use mgrd_transport::{Address, dial};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::convert;
use crate::host::Host;

/// How long to wait before the next try to reach the active manager.
const RETRY: Duration = Duration::from_millis(250);

/// Why this manager may not wait.
#[derive(Debug, thiserror::Error)]
#[error("the active manager refuses this one: {}", .0.message())]
pub struct FollowError(#[source] Box<Status>);

#[cfg(test)]
impl FollowError {
    /// An error as an active manager gives it.
    pub(crate) fn example() -> Self {
        Self(Box::new(Status::already_exists("a manager named 'x' is there already")))
    }
}

/// A standby that follows.
pub struct Follower {
    /// The standby.
    pub host: Arc<Host>,
    /// Where it keeps what is stored.
    pub mirror: Arc<MirrorStorage>,
    /// How long the leader may not answer until that is logged.
    pub patience: Duration,
}

/// Why a standby does not follow a leader any more.
enum Lost {
    /// The leader holds its lock, but does not answer.
    Silent,
    Ended(Status),
}

impl From<Status> for Lost {
    fn from(status: Status) -> Self {
        Self::Ended(status)
    }
}

/// Follows the leader, and then the next one. Between two leaders, the last state stays. Ends only if
/// it may not follow at all.
pub async fn follow(follower: &Follower, backend: &dyn Backend) -> FollowError {
    let mut logged = String::new();
    // The instance of the leader that does not answer.
    let mut silent = None;
    loop {
        if let Some(leader) = backend.leader() {
            let ended = follower.attend(&leader, &mut silent).await;
            let followed = follower.mirror.set_active(None).is_some();
            match ended {
                Ok(()) => logged.clear(),
                Err(Lost::Silent) => follower.log_silence(&leader, &mut silent),
                // A leader that hangs takes no more connections, either.
                Err(Lost::Ended(_)) if silent == Some(leader.instance) => {}
                Err(Lost::Ended(status)) if status.code() == Code::AlreadyExists => {
                    return FollowError(Box::new(status));
                }
                Err(Lost::Ended(status)) => {
                    let why = status.message();
                    if followed {
                        tracing::info!(
                            active = leader.id,
                            "the standby keeps the last state that it received: {why}"
                        );
                    } else if why != logged {
                        tracing::info!(active = leader.id, "the standby cannot follow yet: {why}");
                    }
                    logged = why.to_owned();
                }
            }
        }
        sleep(RETRY).await;
    }
}

impl Follower {
    /// Logs that the leader does not answer, unless that is known.
    fn log_silence(&self, leader: &Leader, silent: &mut Option<u64>) {
        if silent.replace(leader.instance) != Some(leader.instance) {
            let limit = self.patience.as_secs_f32();
            tracing::warn!(
                active = leader.id,
                "the active manager is silent: it holds its lock, but has not answered for {limit} s \
                 (limits.leader_silence); this standby leads when that manager ends; look into its log"
            );
        }
    }

    /// Asks the leader again and again whether it lives. Returns when it does not answer.
    async fn until_silent(&self, channel: Channel) {
        let mut health = HealthClient::new(channel);
        loop {
            sleep(self.patience / 2).await;
            // Any answer is one.
            let asked = health.check(HealthCheckRequest::default());
            if timeout(self.patience, asked).await.is_err() {
                return;
            }
        }
    }

    /// Registers with the leader and keeps what it sends, until that ends. `silent` is the instance of
    /// the leader that did not answer before.
    async fn attend(&self, leader: &Leader, silent: &mut Option<u64>) -> Result<(), Lost> {
        let channel = dial(&Address::from(leader.address.as_str())).await;
        let channel = channel.map_err(|source| {
            let address = &leader.address;
            let text = format!("no manager answers at {address}; this one tries again");
            let mut status = Status::unavailable(text);
            status.set_source(Arc::new(source));
            status
        })?;
        let (requests, outgoing) = mpsc::channel(2);
        let me = self.host.managers().active();
        let register = v1::Register {
            protocol_versions: PROTOCOL_VERSIONS.to_vec(),
            id: me.id.clone(),
            instance: me.gid,
            metadata: me.metadata.clone().into_iter().collect(),
            active_instance: leader.instance,
        };
        // The queue is empty.
        let _ = requests.send(request(ToActive::Register(register))).await;
        let client = StandbyServiceClient::new(channel.clone());
        let mut client = client.max_decoding_message_size(MAX_MESSAGE_BYTES);
        let registered = client.follow(ReceiverStream::new(outgoing));
        let registered = timeout(self.patience, registered).await.map_err(|_| Lost::Silent)?;
        if silent.take() == Some(leader.instance) {
            tracing::info!(active = leader.id, "the active manager answers again");
        }
        let mut incoming = registered?.into_inner();
        let mut copy = Copy { follower: self, parts: Content::default() };
        let receive = async {
            while let Some(response) = incoming.message().await? {
                if let Some(message) = response.message {
                    copy.take(message);
                }
            }
            Ok(())
        };
        tokio::select! {
            ended = receive => ended,
            () = self.send_modules(requests) => Ok(()),
            () = self.until_silent(channel) => Err(Lost::Silent),
        }
    }

    /// Sends what the modules here offer, and again when that changes.
    async fn send_modules(&self, requests: mpsc::Sender<v1::FollowRequest>) {
        let mut version = self.host.modules().declarations_version();
        loop {
            version.mark_unchanged();
            let json = serde_json::Value::from(self.host.modules().available()).to_string();
            let modules = ToActive::AvailableModules(v1::AvailableModules { json: json.into() });
            if requests.send(request(modules)).await.is_err() || version.changed().await.is_err() {
                // The receiving half gets the reason.
                return std::future::pending().await;
            }
        }
    }
}

fn request(message: ToActive) -> v1::FollowRequest {
    v1::FollowRequest { message: Some(message) }
}

/// The copy of the active manager's state that is being received.
struct Copy<'a> {
    follower: &'a Follower,
    /// The parts of a snapshot that have arrived.
    parts: Content,
}

impl Copy<'_> {
    fn take(&mut self, message: FromActive) {
        let Follower { host, mirror, .. } = self.follower;
        match message {
            FromActive::Registered(registered) => {
                tracing::info!(active = registered.active_id, "mgrd waits as standby and follows");
                mirror.set_active(Some(registered.active_id));
            }
            FromActive::Snapshot(part) => {
                self.parts.revision = part.revision;
                let entries = part.entries.into_iter().map(|entry| {
                    // Otherwise one value would keep the whole message in memory.
                    let value = Bytes::copy_from_slice(&entry.value.unwrap_or_default());
                    (Key::from(entry.key), Entry { value, revision: entry.revision })
                });
                self.parts.entries.extend(entries);
                if part.last {
                    let (keys, revision) = (self.parts.entries.len(), self.parts.revision);
                    mirror.replace(part.origin, std::mem::take(&mut self.parts));
                    tracing::info!(keys, revision, "the standby has everything that is stored");
                }
            }
            FromActive::Changes(changes) => {
                mirror.apply(changes.changes.into_iter().map(convert::change).collect());
            }
            FromActive::Services(services) => {
                host.set_services(services.uris.into_iter().collect());
                host.modules().constants_changed();
            }
            FromActive::Document(document) => {
                match document.json {
                    Some(json) => drop(host.cluster().documents.put(&document.name, json)),
                    None => host.cluster().documents.remove(&document.name),
                }
                host.modules().constants_changed();
            }
        }
    }
}

#[cfg(test)]
mod tests;
