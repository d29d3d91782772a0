//! The standby service: what standbys receive.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use mgrd_command::Errno;
use mgrd_proto::v1;
use mgrd_proto::v1::follow_request::Message as FromStandby;
use mgrd_proto::v1::follow_response::Message as ToStandby;
use mgrd_proto::v1::standby_service_server::StandbyService;
use mgrd_storage::{Content, Entry, WatchEvent};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::{convert, status};
use crate::host::{Host, NEEDED_DOCUMENTS};
use crate::managers::{Manager, Registration};

/// How many messages wait for a standby that does not read them.
const WAITING: usize = 16;
/// How much of a snapshot is sent in one message, in bytes, unless a single entry has more.
const PART_BYTES: usize = 1 << 20;
/// The weight of an entry in addition to its key and value, so that a part has few small ones.
const ENTRY_BYTES: usize = 128;

/// Serves standbys.
pub(super) struct StandbyServer {
    pub(super) host: Arc<Host>,
}

type Responses = Pin<Box<dyn Stream<Item = Result<v1::FollowResponse, Status>> + Send>>;

#[tonic::async_trait]
impl StandbyService for StandbyServer {
    type FollowStream = Responses;

    async fn follow(
        &self,
        request: Request<Streaming<v1::FollowRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let host = self.host.clone();
        let mut incoming = request.into_inner();
        let first = incoming.message().await?.and_then(|request| request.message);
        let Some(FromStandby::Register(register)) = first else {
            return Err(status::invalid(
                "the first message of a standby must be its registration; send FollowRequest.register first",
            ));
        };
        let protocol_version = convert::agree(&register.protocol_versions)?;
        let (active, meant) = (host.managers().active(), register.active_instance);
        if meant != active.gid {
            return Err(Status::failed_precondition(format!(
                "this is manager '{}', instance {}, and not instance {meant}, which was meant; \
                 both managers need the same --data-dir and --socket",
                active.id, active.gid
            )));
        }
        let registered = v1::Registered { protocol_version, active_id: active.id.clone() };
        let manager = Manager {
            id: register.id,
            gid: register.instance,
            metadata: register.metadata.into_iter().collect(),
            available_modules: serde_json::json!([]),
        };
        let span = tracing::info_span!("standby", id = manager.id);
        let registration = host.managers().register(manager);
        let registration = registration.map_err(|error| status::of(&error))?;
        let (answers, outgoing) = mpsc::channel(WAITING);
        let run = StandbyStream { host, answers }.run(registered, registration, incoming);
        tokio::spawn(run.instrument(span));
        Ok(Response::new(Box::pin(ReceiverStream::new(outgoing))))
    }
}

/// One registered standby.
struct StandbyStream {
    host: Arc<Host>,
    answers: mpsc::Sender<Result<v1::FollowResponse, Status>>,
}

/// The standby does not read any more.
struct Gone;

impl StandbyStream {
    async fn run(
        self,
        registered: v1::Registered,
        mut registration: Registration,
        mut incoming: Streaming<v1::FollowRequest>,
    ) {
        let (sent, received) = mpsc::channel(1);
        let receive = async {
            while let Ok(Some(request)) = incoming.message().await {
                if let Some(FromStandby::AvailableModules(modules)) = request.message {
                    // Only this stream takes them out.
                    let _ = sent.send(convert::json_or_text(&modules.json)).await;
                }
            }
        };
        let ended = tokio::select! {
            () = receive => None,
            Err(Gone) = self.follow_changes(registered) => None,
            reason = end(&self.host, &mut registration, received) => Some(reason),
        };
        if let Some(reason) = ended {
            // It may be gone already, so nothing waits for it.
            let _ = self.answers.try_send(Err(reason));
        }
    }

    /// Sends everything, then each change.
    async fn follow_changes(&self, registered: v1::Registered) -> Result<(), Gone> {
        let host = &self.host;
        let mut stored = host.storage().watch("");
        let mut documents = host.cluster().documents.subscribe();
        self.send(ToStandby::Registered(registered)).await?;
        let mut known = Sent::default();
        self.send_all(known.news(host)).await?;
        self.send_snapshot().await?;
        loop {
            tokio::select! {
                event = stored.next() => match event {
                    Some(WatchEvent::Change(change)) => {
                        let changes = vec![convert::stored(change)];
                        self.send(ToStandby::Changes(v1::StorageChanges { changes })).await?;
                    }
                    Some(WatchEvent::Lagged) => {
                        self.send_snapshot().await?;
                    }
                    None => return Err(Gone),
                },
                changed = documents.changed() => match changed {
                    Ok(()) => self.send_all(known.news(host)).await?,
                    Err(_) => return Err(Gone),
                },
            }
        }
    }

    /// Sends everything that is stored.
    async fn send_snapshot(&self) -> Result<(), Gone> {
        let storage = self.host.storage();
        for part in snapshot(storage.origin(), storage.content()) {
            self.send(part).await?;
            // A part is much work for the one thread on which others wait.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    async fn send_all(&self, messages: Vec<ToStandby>) -> Result<(), Gone> {
        for message in messages {
            self.send(message).await?;
        }
        Ok(())
    }

    async fn send(&self, message: ToStandby) -> Result<(), Gone> {
        let response = v1::FollowResponse { message: Some(message) };
        self.answers.send(Ok(response)).await.map_err(|_| Gone)
    }
}

/// Keeps what the modules of the standby offer, until there is a reason to end from this side.
async fn end(
    host: &Host,
    registration: &mut Registration,
    mut modules: mpsc::Receiver<serde_json::Value>,
) -> Status {
    loop {
        tokio::select! {
            () = registration.dropped() => {
                let why = "the registration was dropped by an operator, or by a newer one";
                return status::with_errno(tonic::Code::Aborted, why, Errno::ECANCELED);
            }
            ending = status::ending(host.managers()) => return ending,
            Some(available) = modules.recv() => registration.set_modules(available),
        }
    }
}

/// What was sent to a standby beside the content of storage.
#[derive(Default)]
struct Sent {
    services: Option<BTreeMap<String, String>>,
    documents: BTreeMap<&'static str, u64>,
}

impl Sent {
    /// What was not sent yet.
    fn news(&mut self, host: &Host) -> Vec<ToStandby> {
        let mut news = Vec::new();
        for name in NEEDED_DOCUMENTS {
            let document = host.cluster().documents.feed_document(name);
            let version = document.as_ref().map_or(0, |document| document.version);
            if self.documents.insert(name, version).unwrap_or(0) != version {
                let (name, json) = (name.to_owned(), document.map(|document| document.json));
                news.push(ToStandby::Document(v1::StandbyDocument { name, json }));
            }
        }
        let services = host.services();
        if self.services.as_ref() != Some(&services) {
            let uris = services.clone().into_iter().collect();
            news.push(ToStandby::Services(v1::Services { uris }));
            self.services = Some(services);
        }
        news
    }
}

/// Everything that is stored, in parts that are made one at a time.
fn snapshot(origin: u64, content: Content) -> impl Iterator<Item = ToStandby> {
    let Content { entries, revision } = content;
    let mut entries = entries.into_iter().peekable();
    let mut last = false;
    std::iter::from_fn(move || {
        if std::mem::replace(&mut last, true) {
            return None;
        }
        let (mut part, mut bytes) = (Vec::new(), 0);
        while let Some((key, Entry { value, revision })) = entries.next_if(|(key, entry)| {
            part.is_empty() || bytes + key.len() + entry.value.len() <= PART_BYTES
        }) {
            bytes += key.len() + value.len() + ENTRY_BYTES;
            part.push(v1::StoredEntry { key: key.to_string(), value: Some(value), revision });
        }
        last = entries.peek().is_none();
        Some(ToStandby::Snapshot(v1::StorageSnapshot { revision, entries: part, last, origin }))
    })
}
