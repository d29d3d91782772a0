//! A standby's end of the standby service: it keeps what the active manager sends.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1::follow_request::Message as ToActive;
use mgrd_proto::v1::follow_response::Message as FromActive;
use mgrd_proto::v1::standby_service_client::StandbyServiceClient;
use mgrd_proto::{MAX_MESSAGE_BYTES, PROTOCOL_VERSIONS, v1};
use mgrd_storage::{Backend, Content, Entry, Leader, MirrorStorage};
use mgrd_transport::{Address, dial};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

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
}

/// Follows the leader, and then the next one. Between two leaders, the last state stays. Ends only if
/// it may not follow at all.
pub async fn follow(follower: &Follower, backend: &dyn Backend) -> FollowError {
    let mut logged = String::new();
    loop {
        if let Some(leader) = backend.leader() {
            let ended = follower.attend(&leader).await;
            let followed = follower.mirror.set_active(None).is_some();
            match ended {
                Ok(()) => logged.clear(),
                Err(status) if status.code() == Code::AlreadyExists => {
                    return FollowError(Box::new(status));
                }
                Err(status) => {
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
        tokio::time::sleep(RETRY).await;
    }
}

impl Follower {
    /// Registers with the leader and keeps what it sends, until that ends.
    async fn attend(&self, leader: &Leader) -> Result<(), Status> {
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
        let client = StandbyServiceClient::new(channel);
        let mut client = client.max_decoding_message_size(MAX_MESSAGE_BYTES);
        let mut incoming = client.follow(ReceiverStream::new(outgoing)).await?.into_inner();
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
        let Follower { host, mirror } = self.follower;
        match message {
            FromActive::Registered(registered) => {
                tracing::info!(active = registered.active_id, "mgrd waits as standby and follows");
                mirror.set_active(Some(registered.active_id));
            }
            FromActive::Snapshot(part) => {
                self.parts.revision = part.revision;
                let entries = part.entries.into_iter().map(|entry| {
                    let value = entry.value.unwrap_or_default();
                    (entry.key.into(), Entry { value, revision: entry.revision })
                });
                self.parts.entries.extend(entries);
                if part.last {
                    mirror.replace(std::mem::take(&mut self.parts));
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
