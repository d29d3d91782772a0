//! One `Attach` stream: a module's session on the wire.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::unfold;
use mgrd_command::Errno;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as From;
use mgrd_proto::v1::attach_response::Message as To;
use tokio::sync::{oneshot, watch};
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Status, Streaming};
use tracing::Instrument;

use super::mirror::Mirror;
use super::request_id::RequestId;
use super::{MAX_MESSAGE_BYTES, convert, status};
use crate::authority::{Purpose, Ticket};
use crate::host::Host;
use crate::managers::Role;
use crate::module::{
    Attached, CommandEvent, FromModule, Hello, MethodError, SNAPSHOT_PARTS, ToModule,
};

/// What the host understands beyond the basic protocol.
const FEATURES: [&str; 3] = ["payload:pickle", "document-watch", SNAPSHOT_PARTS];
/// What a welcome has beside options and store, in bytes, at most.
const WELCOME_BYTES: usize = 1 << 20;

pub(super) type Responses = Pin<Box<dyn Stream<Item = Result<v1::AttachResponse, Status>> + Send>>;

/// Answers the hello and lets messages flow until one side ends the session.
pub(super) async fn attach(
    host: Arc<Host>,
    ticket: Ticket,
    request_id: Option<RequestId>,
    mut incoming: Streaming<v1::AttachRequest>,
) -> Result<Responses, Status> {
    let first = incoming.message().await?.and_then(|request| request.message);
    let Some(From::Hello(hello)) = first else {
        return Err(status::invalid("a module's first message must be its hello"));
    };
    let version = match convert::agree(&hello.protocol_versions) {
        Ok(version) => version,
        Err(refused) => {
            host.modules().refuse(&ticket, refused.message().to_owned()).await;
            return Err(refused);
        }
    };
    let features: Vec<String> =
        hello.features.into_iter().filter(|f| FEATURES.contains(&f.as_str())).collect();
    let declaration = convert::declaration(hello.declaration.unwrap_or_default());
    let sdk = hello.sdk.clone();
    let takes_parts = features.iter().any(|feature| feature == SNAPSHOT_PARTS);
    let hello = Hello { sdk: hello.sdk, features: features.clone(), declaration };
    // Not inside the span of the call, which would repeat the caller in each line of the module.
    let (module, request) = (&ticket.module, request_id.map(tracing::field::display));
    let span = tracing::info_span!(parent: None, "session", request, module, run = ticket.run, sdk);
    let session = host.modules().attach(ticket.clone(), hello).await;
    let session = Arc::new(session.map_err(|error| status::of_attach(&error))?);
    host.declare_options(session.module(), session.declaration());
    // Changes are watched from here on, so that none is missing between them and the snapshot.
    let store = host.store().module(session.module());
    let mut mirror = Mirror::new(session.module(), host.options().clone(), store, takes_parts);
    let in_welcome = begin(&host, &ticket, &sdk, &mut mirror, takes_parts).await?;
    let welcome = v1::Welcome {
        options: in_welcome.options,
        store: in_welcome.store,
        ..welcome(&host, &ticket, version, features)
    };
    let counters = host.cluster().daemons.watch_counters();
    // Each half ends the other: one by dropping its sender, the other by dropping its receiver.
    let (listening, heard_all) = oneshot::channel();
    let listening = listen(host.clone(), session.clone(), incoming, listening);
    tokio::spawn(listening.instrument(span));
    Ok(Box::pin(outgoing(host, Talk { session, mirror, counters, heard_all }, welcome)))
}

/// Begins the snapshot of options and store; returns what of it goes into the welcome: nothing, or
/// all of it for a module that does not know parts.
async fn begin(
    host: &Host,
    ticket: &Ticket,
    sdk: &str,
    mirror: &mut Mirror,
    takes_parts: bool,
) -> Result<v1::Snapshot, Status> {
    if ticket.purpose == Purpose::Describe {
        return Ok(v1::Snapshot::default());
    }
    if takes_parts {
        mirror.send_snapshot();
        return Ok(v1::Snapshot::default());
    }
    if let Some(whole) = mirror.snapshot().whole(MAX_MESSAGE_BYTES - WELCOME_BYTES) {
        return Ok(whole);
    }
    let reason = too_large(host, &ticket.module, sdk);
    host.modules().refuse(ticket, reason.clone()).await;
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

fn welcome(host: &Host, ticket: &Ticket, version: u32, features: Vec<String>) -> v1::Welcome {
    let policy = host.modules().policy();
    v1::Welcome {
        protocol_version: version,
        features,
        purpose: match ticket.purpose {
            Purpose::Run => v1::Purpose::Run.into(),
            Purpose::Describe => v1::Purpose::Describe.into(),
        },
        role: match host.role() {
            Role::Active => v1::Role::Active.into(),
            Role::Standby => v1::Role::Standby.into(),
        },
        module: ticket.module.clone(),
        constants: Some(convert::constants(host.constants(&ticket.module))),
        limits: Some(v1::Limits {
            max_message_bytes: MAX_MESSAGE_BYTES as u64,
            call_timeout_ms: convert::millis(policy.call_timeout),
            shutdown_grace_ms: convert::millis(policy.shutdown_grace),
        }),
        ..v1::Welcome::default()
    }
}

/// What the module says, until it says no more or is not to be told anything more.
async fn listen(
    host: Arc<Host>,
    session: Arc<Attached>,
    mut incoming: Streaming<v1::AttachRequest>,
    mut listening: oneshot::Sender<()>,
) {
    loop {
        let next = tokio::select! {
            next = incoming.message() => next,
            () = listening.closed() => return,
        };
        let Ok(Some(request)) = next else { return };
        if let Some(message) = request.message {
            hear(&host, &session, message).await;
        }
    }
}

async fn hear(host: &Host, session: &Attached, message: From) {
    let message = match message {
        From::Log(record) => FromModule::Log(convert::log_record(record)),
        From::Hello(_) => return,
        From::Ready(_) => FromModule::Ready,
        From::CommandOutput(part) => {
            FromModule::Command { id: part.call_id, event: CommandEvent::Output(part.stdout) }
        }
        From::CommandResult(result) => FromModule::Command {
            id: result.call_id,
            event: CommandEvent::Done(convert::outcome(result.outcome)),
        },
        From::RemoteResult(result) => {
            FromModule::RemoteResult { id: result.call_id, result: returned(result.result) }
        }
        From::Pong(pong) => FromModule::Pong {
            seq: pong.seq,
            busy: Duration::from_millis(pong.busy_ms.into()),
            busy_with: pong.busy_with,
        },
        From::Failed(failed) => {
            FromModule::Failed { message: failed.message, traceback: failed.traceback }
        }
        From::ExtendStart(extend) => {
            FromModule::ExtendStart(Duration::from_millis(extend.millis.into()))
        }
        From::WatchDocuments(watch) => return watch_documents(host, session, watch.names).await,
    };
    session.deliver(message).await;
}

/// From now on the module hears of new versions; it is told the present ones, so that it knows from
/// which moment on its copies are known to be good.
async fn watch_documents(host: &Host, session: &Attached, mut names: Vec<String>) {
    // No document has a longer one.
    names.retain(|name| name.len() <= host.cluster().limits.name_bytes);
    session.deliver(FromModule::WatchDocuments(names.clone())).await;
    for name in names {
        let version = host.cluster().get(&name).map_or(0, |document| document.version);
        session.document_changed(&name, version);
    }
}

fn returned(
    result: Option<v1::remote_result::Result>,
) -> Result<crate::module::Payload, MethodError> {
    match result {
        Some(v1::remote_result::Result::Value(value)) => Ok(convert::payload(Some(value))),
        Some(v1::remote_result::Result::Error(error)) => Err(match error.kind() {
            v1::RemoteErrorKind::NoMethod => MethodError::NoMethod(error.message),
            _ => MethodError::Raised(error.message),
        }),
        None => Err(MethodError::Raised("the answer holds neither a value nor an error".into())),
    }
}

/// The sending half of a session.
struct Talk {
    session: Arc<Attached>,
    mirror: Mirror,
    counters: watch::Receiver<u64>,
    heard_all: oneshot::Receiver<()>,
}

/// What is said to the module: the welcome, then what belongs into its mirror before all that waits.
fn outgoing(
    host: Arc<Host>,
    talk: Talk,
    welcome: v1::Welcome,
) -> impl Stream<Item = Result<v1::AttachResponse, Status>> {
    let wrap = |message| Ok(v1::AttachResponse { message: Some(message) });
    let first = tokio_stream::once(wrap(To::Welcome(welcome)));
    let rest = unfold(talk, move |mut talk| {
        let host = host.clone();
        async move {
            let message = tokio::select! {
                biased;
                _ = &mut talk.heard_all => return None,
                change = talk.mirror.next() => change?,
                news = counters_changed(&mut talk.counters, &talk.session) => news?,
                message = talk.session.next() => say(&host, talk.session.module(), message?),
            };
            if let To::Snapshot(part) = &message {
                talk.session.snapshot_part(part.last).await;
            }
            Some((wrap(message), talk))
        }
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

fn say(host: &Host, module: &str, message: ToModule) -> To {
    match message {
        ToModule::Command { id, call } => To::Command(v1::Command {
            call_id: id,
            prefix: call.prefix,
            args: call.args,
            has_input: call.input.is_some(),
            input: call.input.unwrap_or_default(),
            timeout_ms: call.timeout.map_or(0, convert::millis),
        }),
        ToModule::CancelCommand { id } => To::CancelCommand(v1::CancelCommand { call_id: id }),
        ToModule::RemoteCall { id, call } => To::RemoteCall(v1::RemoteCall {
            call_id: id,
            caller: call.caller,
            method: call.method,
            args: Some(convert::payload_message(call.args)),
            kwargs: Some(convert::payload_message(call.kwargs)),
            timeout_ms: convert::millis(call.timeout),
            chain: call.chain,
            encodings: call.encodings,
        }),
        ToModule::Notification { kind, id } => {
            To::Notification(v1::Notification { r#type: kind, id })
        }
        ToModule::DocumentChanged(changes) => {
            let version = |(name, version)| v1::DocumentVersion { name, version };
            let documents = changes.into_iter().map(version).collect();
            To::DocumentChanged(v1::DocumentChanged { documents })
        }
        ToModule::ConstantsChanged => {
            let constants = Some(convert::constants(host.constants(module)));
            To::ConstantsChanged(v1::ConstantsChanged { constants })
        }
        ToModule::Ping { seq } => To::Ping(v1::Ping { seq }),
        ToModule::Shutdown { grace } => {
            To::Shutdown(v1::Shutdown { grace_ms: convert::millis(grace) })
        }
    }
}
