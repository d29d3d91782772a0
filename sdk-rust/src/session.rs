//! The session of a module with its host.

use std::sync::Arc;

use futures_util::Stream;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as ToHost;
use mgrd_proto::v1::attach_response::Message as FromHost;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::{Status, Streaming};

use crate::hello::{SNAPSHOT_PARTS, hello};
use crate::host::Client;
use crate::incoming::Incoming;
use crate::log::{Forwarding, LogPolicy, Logging};
use crate::module::CannotRun;
use crate::outbox::Outbox;
use crate::shutdown::ShutdownTrigger;
use crate::standby::Half;
use crate::task::{failure, guarded, spawn};
use crate::{Error, Host, Live, Module, Options, Result, Shutdown, StandbyHost};

/// How a session ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The host only asked what the module offers.
    Described,
    /// The host asked the module to end, and it did.
    Finished,
    /// The host is gone.
    HostGone,
    /// The module cannot run here.
    CannotRun(CannotRun),
    /// The start of the module failed.
    StartFailed(Error),
    /// The host refused the session.
    Refused(Status),
}

type FromHostStream = Streaming<v1::AttachResponse>;

/// Runs one session: says hello, starts the module, and answers until one side ends.
pub(crate) async fn run<M: Module>(
    mut client: Client,
    mut logging: Logging,
    standby: Option<Half<M>>,
) -> End {
    let can_run = M::can_run();
    let (outbox, outgoing) = Outbox::new();
    outbox.send(ToHost::Hello(hello::<M>(can_run.as_ref().err(), standby.is_some()))).await;
    let (mut incoming, welcome) = match attach(&mut client, outgoing).await {
        Ok(attached) => attached,
        Err(end) => return end,
    };
    if welcome.purpose() == v1::Purpose::Describe {
        outbox.close();
        return End::Described;
    }
    if let Err(reason) = can_run {
        return End::CannotRun(reason);
    }
    let standby = standby.filter(|_| welcome.role() == v1::Role::Standby);
    let in_parts = welcome.features.iter().any(|feature| feature == SNAPSHOT_PARTS);
    let host = Host::new(client, outbox.clone(), welcome);
    if in_parts && !take_snapshot(&host, &mut incoming).await {
        return End::HostGone;
    }
    let forwarding = Forwarding::start(&mut logging, host.clone());
    let options = live_options::<M>(&host, logging, standby.is_some());
    let (module, started) = watch::channel(None);
    let (trigger, shutdown) = Shutdown::new();
    let work = match standby {
        Some(half) => spawn(standby_work::<M>(host.clone(), options, half, shutdown.clone())),
        None => spawn(active_work::<M>(host.clone(), options, module, shutdown.clone())),
    };
    let answers = Incoming::new(host.clone(), started);
    let session = Session { host: &host, trigger, shutdown, work };
    let end = session.answer(answers, &mut incoming).await;
    // The last log records are sent before the process ends. The host ends its side after that.
    if let (false, Some(forwarding)) = (matches!(end, End::HostGone), forwarding) {
        forwarding.finish().await;
    }
    outbox.close();
    while let (End::Finished, Ok(Some(_))) = (&end, incoming.message().await) {}
    host.inner.notifications.end();
    end
}

/// Opens the stream of the session and reads the welcome.
async fn attach(
    client: &mut Client,
    outgoing: impl Stream<Item = v1::AttachRequest> + Send + 'static,
) -> Result<(FromHostStream, v1::Welcome), End> {
    let mut incoming = client.attach(outgoing).await.map_err(End::Refused)?.into_inner();
    match incoming.message().await.map_err(End::Refused)? {
        Some(v1::AttachResponse { message: Some(FromHost::Welcome(welcome)) }) => {
            Ok((incoming, welcome))
        }
        _ => Err(End::HostGone),
    }
}

/// Takes in the options and the store; false if the session ends before they are complete.
async fn take_snapshot(host: &Host, incoming: &mut FromHostStream) -> bool {
    while let Ok(Some(v1::AttachResponse { message })) = incoming.message().await {
        let complete = match message {
            Some(FromHost::Snapshot(part)) => host.take_part(part),
            Some(FromHost::OptionsChanged(changed)) => {
                host.apply_options(changed.options);
                false
            }
            Some(FromHost::StoreChanged(changed)) => {
                host.inner.store.apply(changed.entries);
                false
            }
            // Nothing else comes before the last part.
            _ => false,
        };
        if complete {
            return true;
        }
    }
    false
}

struct Session<'a> {
    host: &'a Host,
    trigger: ShutdownTrigger,
    shutdown: Shutdown,
    work: JoinHandle<Result<(), Failure>>,
}

impl Session<'_> {
    /// Answers the host until the module or the host ends the session.
    async fn answer<M: Module>(
        mut self,
        mut answers: Incoming<M>,
        messages: &mut FromHostStream,
    ) -> End {
        let mut working = true;
        loop {
            tokio::select! {
                message = messages.message() => match message {
                    Ok(Some(v1::AttachResponse { message: Some(FromHost::Shutdown(_)) })) => {
                        self.trigger.request();
                    }
                    Ok(Some(v1::AttachResponse { message })) => answers.handle(message).await,
                    Ok(None) | Err(_) => return End::HostGone,
                },
                result = &mut self.work, if working => {
                    working = false;
                    let failed = match result {
                        Ok(Ok(())) => None,
                        Ok(Err(Failure::Start(error))) => return End::StartFailed(error),
                        Ok(Err(Failure::Serve(error))) => Some(error.message().to_owned()),
                        Err(error) => Some(failure(error)),
                    };
                    if let Some(message) = failed {
                        let failed = v1::Failed { message, traceback: String::new() };
                        self.host.inner.outbox.send(ToHost::Failed(failed)).await;
                    }
                }
                () = self.shutdown.requested(), if !working => return End::Finished,
            }
        }
    }
}

enum Failure {
    Start(Error),
    Serve(Error),
}

/// Starts the module, then runs its `serve`.
async fn active_work<M: Module>(
    host: Host,
    options: Live<M::Options>,
    module: watch::Sender<Option<Arc<M>>>,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    let outbox = host.inner.outbox.clone();
    let started = guarded(M::start(host, options)).await.map_err(Failure::Start)?;
    let started = Arc::new(started);
    module.send_replace(Some(started.clone()));
    outbox.send(ToHost::Ready(v1::Ready {})).await;
    started.serve(shutdown).await.map_err(Failure::Serve)
}

/// Runs the standby half of the module.
async fn standby_work<M: Module>(
    host: Host,
    options: Live<M::Options>,
    half: Half<M>,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    host.inner.outbox.send(ToHost::Ready(v1::Ready {})).await;
    half(StandbyHost::new(host), options, shutdown).await.map_err(Failure::Serve)
}

/// Typed options, and logging, that follow every change of the mirrored texts.
fn live_options<M: Module>(host: &Host, logging: Logging, is_standby: bool) -> Live<M::Options> {
    let read = move |host: &Host| {
        logging.apply(LogPolicy::of(host, is_standby));
        Arc::new(M::Options::read(&|key| host.option(key)))
    };
    let (sender, receiver) = watch::channel(read(host));
    // The lock covers the read and the send, so that the last values sent are the last ones read.
    let sender = Mutex::new(sender);
    let update = move |host: &Host| {
        let sender = sender.lock();
        sender.send_replace(read(host));
    };
    // It is empty until here, because no other part has the host yet.
    let _ = host.inner.read_options.set(Box::new(update));
    Live::new(receiver)
}
