//! One `Attach` stream: a module's session on the wire.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::unfold;
use mgrd_command::Errno;
use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as From;
use mgrd_proto::v1::attach_response::Message as To;
use tokio::sync::{oneshot, watch};
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Status, Streaming};
use tracing::{Instrument, Span};

use super::mirror::Mirror;
use super::peer_usage::PeerUsage;
use super::receiving::Lengths;
use super::request_id::RequestId;
use super::{convert, status};
use crate::authority::{Purpose, RunIdentity};
use crate::host::Host;
use crate::managers::Role;
use crate::metered::metered;
use crate::module::{Attached, FromModule, Hello, SNAPSHOT_PARTS};
use crate::working_on::{Work, noted};

/// The most bytes of a welcome without options and store.
const WELCOME_BYTES: usize = 1 << 20;

pub(super) type Responses = Pin<Box<dyn Stream<Item = Result<v1::AttachResponse, Status>> + Send>>;

/// The messages of a module, each with its length on the wire.
pub(super) struct Incoming {
    messages: Streaming<v1::AttachRequest>,
    lengths: Arc<Lengths>,
}

impl Incoming {
    pub(super) fn new(messages: Streaming<v1::AttachRequest>, lengths: Arc<Lengths>) -> Self {
        Self { messages, lengths }
    }

    async fn next(&mut self) -> Result<Option<(usize, Option<From>)>, Status> {
        let request = self.messages.message().await?;
        Ok(request.map(|request| (self.lengths.next(), request.message)))
    }
}

/// Answers the hello and lets messages flow until one side ends the session.
pub(super) async fn attach(
    host: Arc<Host>,
    run: RunIdentity,
    request_id: Option<RequestId>,
    usage: Arc<PeerUsage>,
    mut incoming: Incoming,
) -> Result<Responses, Status> {
    let (bytes, first) = incoming.next().await?.unwrap_or_default();
    let Some(From::Hello(hello)) = first else {
        return Err(status::invalid(
            "the first message of a module must be its hello; send AttachRequest.hello first",
        ));
    };
    if let Err(error) = host.modules().check_message(&run.module, bytes) {
        host.modules().refuse(&run, error.to_string()).await;
        return Err(status::of(&error));
    }
    let version = match convert::agree(&hello.protocol_versions) {
        Ok(version) => version,
        Err(refused) => {
            host.modules().refuse(&run, refused.message().to_owned()).await;
            return Err(refused);
        }
    };
    let declaration = convert::declaration(hello.declaration.unwrap_or_default());
    let sdk = hello.sdk.clone();
    let features = hello.features.into_iter().collect();
    let hello = Hello { sdk: hello.sdk, features, declaration };
    // Not inside the span of the call, which would repeat the caller in each line of the module.
    let (module, request) = (&run.module, request_id.map(tracing::field::display));
    let span = tracing::info_span!(parent: None, "session", request, module, run = run.id, sdk);
    let session = host.modules().attach(run.clone(), hello).await;
    let session = Arc::new(session.map_err(|error| status::of(&error))?);
    let takes_parts = session.features().contains(SNAPSHOT_PARTS);
    host.declare_options(session.module(), session.declaration());
    // Changes are watched from here on, so that none is missing between them and the snapshot.
    let store = host.store().module(session.module());
    let mut mirror = Mirror::new(session.module(), host.options().clone(), store, takes_parts);
    let in_welcome = begin(&host, &run, &sdk, &mut mirror, takes_parts).await?;
    let welcome = v1::Welcome {
        options: in_welcome.options,
        store: in_welcome.store,
        ..welcome(&host, &run, version, session.features())
    };
    let counters = host.cluster().daemons.watch_counters();
    // Each half ends the other: one by dropping its sender, the other by dropping its receiver.
    let (receives, receiving) = oneshot::channel();
    let receive = receive_all(host.clone(), session.clone(), incoming, receives);
    let receive = noted(receive, Work::Module(session.module().to_owned()));
    tokio::spawn(metered(receive, usage).instrument(span.clone()));
    let sending = Sending { session, mirror, counters, receiving };
    Ok(Box::pin(outgoing(host, sending, welcome, span)))
}

/// Begins the snapshot of options and store; returns what of it goes into the welcome: nothing, or
/// all of it for a module that does not know parts.
async fn begin(
    host: &Host,
    run: &RunIdentity,
    sdk: &str,
    mirror: &mut Mirror,
    takes_parts: bool,
) -> Result<v1::Snapshot, Status> {
    if run.purpose == Purpose::Describe {
        return Ok(v1::Snapshot::default());
    }
    if takes_parts {
        mirror.send_snapshot();
        return Ok(v1::Snapshot::default());
    }
    if let Some(whole) = mirror.snapshot().whole(MAX_MESSAGE_BYTES - WELCOME_BYTES) {
        return Ok(whole);
    }
    let reason = too_large(host, &run.module, sdk);
    host.modules().refuse(run, reason.clone()).await;
    Err(status::with_errno(Code::FailedPrecondition, reason, Errno::EFBIG))
}

/// Why a module that does not know parts cannot be welcomed.
fn too_large(host: &Host, module: &str, sdk: &str) -> String {
    let bytes = host.store().module(module).usage().bytes;
    let sdk = if sdk.is_empty() { "its gRPC client" } else { sdk };
    format!(
        "the store of module '{module}' has {bytes} bytes, which do not fit into one message, and \
         {sdk} does not take it in parts (feature '{SNAPSHOT_PARTS}'); update the SDK, or remove \
         keys with 'mgrctl config-key rm'"
    )
}

fn welcome(
    host: &Host,
    run: &RunIdentity,
    version: u32,
    features: &BTreeSet<String>,
) -> v1::Welcome {
    let limits = host.modules().limits();
    v1::Welcome {
        protocol_version: version,
        features: features.iter().cloned().collect(),
        purpose: match run.purpose {
            Purpose::Run => v1::Purpose::Run.into(),
            Purpose::Describe => v1::Purpose::Describe.into(),
        },
        role: match host.role() {
            Role::Active => v1::Role::Active.into(),
            Role::Standby => v1::Role::Standby.into(),
        },
        module: run.module.clone(),
        constants: Some(convert::constants(host.constants(&run.module))),
        limits: Some(v1::Limits {
            max_message_bytes: MAX_MESSAGE_BYTES as u64,
            call_timeout_ms: convert::millis(limits.session.call_timeout),
            shutdown_grace_ms: convert::millis(limits.life.shutdown_grace),
        }),
        ..v1::Welcome::default()
    }
}

/// Receives messages until the module sends no more or breaks a rule, or the sending half ends.
async fn receive_all(
    host: Arc<Host>,
    session: Arc<Attached>,
    mut incoming: Incoming,
    mut receives: oneshot::Sender<Status>,
) {
    loop {
        let next = tokio::select! {
            next = incoming.next() => next,
            () = receives.closed() => return,
        };
        let taken = match next {
            Ok(Some((bytes, message))) => take(&host, &session, bytes, message).await,
            Err(why) if why.code() == Code::ResourceExhausted => Err(why),
            Ok(None) | Err(_) => return,
        };
        if let Err(why) = taken {
            tracing::warn!("the session of the module ends: {}", why.message());
            // A module that left does not want it.
            let _ = receives.send(why);
            return;
        }
    }
}

async fn take(
    host: &Host,
    session: &Attached,
    bytes: usize,
    message: Option<From>,
) -> Result<(), Status> {
    match message.and_then(convert::from_module) {
        Some(FromModule::WatchDocuments(names)) => {
            // Its answer cannot say what is wrong, and the module would wait for it for ever.
            let fits = host.modules().check_message(session.module(), bytes);
            fits.map_err(|error| status::of(&error))?;
            watch_documents(host, session, names).await;
        }
        message => {
            if let Some(message) = session.within(bytes, message) {
                session.deliver(message).await;
            }
        }
    }
    Ok(())
}

/// Sends the module the versions of these documents, now and after each change. From the first
/// version on, it knows whether its copy is current.
async fn watch_documents(host: &Host, session: &Attached, mut names: Vec<String>) {
    names.truncate(session.watchable());
    // No document has a longer one.
    names.retain(|name| name.len() <= host.cluster().limits.name_bytes);
    session.deliver(FromModule::WatchDocuments(names.clone())).await;
    for name in names {
        let version = host.cluster().get(&name).map_or(0, |document| document.version);
        session.announce_document(&name, version);
        tokio::task::coop::consume_budget().await;
    }
}

/// The sending half of a session.
struct Sending {
    session: Arc<Attached>,
    mirror: Mirror,
    counters: watch::Receiver<u64>,
    /// Closed when the receiving half ends, or the reason why it ends the session.
    receiving: oneshot::Receiver<Status>,
}

/// The messages to the module: the welcome, then changes of its mirror before all that wait in the
/// queue.
fn outgoing(
    host: Arc<Host>,
    sending: Sending,
    welcome: v1::Welcome,
    span: Span,
) -> impl Stream<Item = Result<v1::AttachResponse, Status>> {
    let wrap = |message| Ok(v1::AttachResponse { message: Some(message) });
    let first = tokio_stream::once(wrap(To::Welcome(welcome)));
    let rest = unfold(Some(sending), move |sending| {
        let host = host.clone();
        let next = async move {
            let mut sending = sending?;
            let message = tokio::select! {
                biased;
                ended = &mut sending.receiving => return Some((Err(ended.ok()?), None)),
                change = sending.mirror.next() => change?,
                changed = counters_changed(&mut sending.counters, &sending.session) => changed?,
                message = sending.session.next() => {
                    let constants = || host.constants(sending.session.module());
                    convert::to_module(message?, constants)
                }
            };
            if let To::Snapshot(part) = &message {
                sending.session.snapshot_part(part.last).await;
            }
            Some((wrap(message), Some(sending)))
        };
        next.instrument(span.clone())
    });
    first.chain(rest)
}

/// Waits until counters change that the module has read.
async fn counters_changed(changes: &mut watch::Receiver<u64>, session: &Attached) -> Option<To> {
    loop {
        changes.changed().await.ok()?;
        if session.counters_changed() {
            return Some(To::CountersChanged(v1::CountersChanged {}));
        }
    }
}

#[cfg(test)]
mod tests;
