//! The life of a module's session.

use std::future::Future;
use std::sync::Arc;

use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as Say;
use mgrd_proto::v1::attach_response::Message as Heard;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::{Status, Streaming};
use tracing::instrument::WithSubscriber;

use crate::hello::{SNAPSHOT_PARTS, hello};
use crate::host::Client;
use crate::incoming::{Incoming, guarded};
use crate::log::{Forwarding, Logging, Wishes};
use crate::outbox::Outbox;
use crate::standby::Half;
use crate::{Error, Host, Live, Module, Options, Shutdown, StandbyHost};

/// How a session ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The module only had to say what it offers.
    Described,
    /// The host asked it to end, and it did.
    Finished,
    /// The host is gone.
    HostGone,
    /// It cannot run here.
    CannotRun(String),
    /// Its set-up failed.
    StartFailed(Error),
    /// The host did not let it in.
    Refused(Status),
}

/// Lives one session: says hello, starts the module, answers until one side ends.
pub(crate) async fn live<M: Module>(
    mut client: Client,
    mut logging: Logging,
    standby: Option<Half<M>>,
) -> End {
    let can_run = M::can_run();
    let (outbox, outgoing) = Outbox::new();
    outbox.send(Say::Hello(hello::<M>(&can_run, standby.is_some()))).await;
    let mut incoming = match client.attach(outgoing).await {
        Ok(response) => response.into_inner(),
        Err(status) => return End::Refused(status),
    };
    let welcome = match incoming.message().await {
        Ok(Some(v1::AttachResponse { message: Some(Heard::Welcome(welcome)) })) => welcome,
        Ok(_) => return End::HostGone,
        Err(status) => return End::Refused(status),
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
        Some(half) => spawn(wait::<M>(host.clone(), options, half, shutdown.clone())),
        None => spawn(work::<M>(host.clone(), options, module, shutdown.clone())),
    };
    let answers = Incoming::new(host.clone(), started);
    let session = Session { host: &host, trigger, shutdown, work };
    let end = session.attached(answers, &mut incoming).await;
    // What was said last is sent before the process ends: the host ends its side after that.
    if let (false, Some(forwarding)) = (matches!(end, End::HostGone), forwarding) {
        forwarding.finish().await;
    }
    outbox.close();
    while let (End::Finished, Ok(Some(_))) = (&end, incoming.message().await) {}
    host.inner.notifications.end();
    end
}

/// Takes in the options and the store; false if the session ended meanwhile.
async fn take_snapshot(host: &Host, incoming: &mut Streaming<v1::AttachResponse>) -> bool {
    while let Ok(Some(v1::AttachResponse { message })) = incoming.message().await {
        let complete = match message {
            Some(Heard::Snapshot(part)) => host.take_part(part),
            Some(Heard::OptionsChanged(changed)) => {
                host.apply_options(changed.options);
                false
            }
            Some(Heard::StoreChanged(changed)) => {
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

/// Runs work of the module beside the session. Its log goes where the session's does, which in a
/// test is not the whole process's.
pub(crate) fn spawn<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    tokio::spawn(work.with_current_subscriber())
}

struct Session<'a> {
    host: &'a Host,
    trigger: crate::shutdown::ShutdownTrigger,
    shutdown: Shutdown,
    work: JoinHandle<Result<(), Failure>>,
}

impl Session<'_> {
    async fn attached<M: Module>(
        mut self,
        mut answers: Incoming<M>,
        messages: &mut Streaming<v1::AttachResponse>,
    ) -> End {
        let mut working = true;
        loop {
            tokio::select! {
                message = messages.message() => match message {
                    Ok(Some(v1::AttachResponse { message: Some(Heard::Shutdown(_)) })) => {
                        self.trigger.request();
                    }
                    Ok(Some(v1::AttachResponse { message })) => answers.handle(message).await,
                    Ok(None) | Err(_) => return End::HostGone,
                },
                result = &mut self.work, if working => {
                    working = false;
                    let failure = match result {
                        Ok(Ok(())) => None,
                        Ok(Err(Failure::Start(error))) => return End::StartFailed(error),
                        Ok(Err(Failure::Serve(error))) => Some(error.message().to_owned()),
                        Err(panicked) => Some(format!("it panicked: {}", panic_text(panicked))),
                    };
                    if let Some(message) = failure {
                        let failed = v1::Failed { message, traceback: String::new() };
                        self.host.inner.outbox.send(Say::Failed(failed)).await;
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

/// Sets the module up, then does its main work.
async fn work<M: Module>(
    host: Host,
    options: Live<M::Options>,
    module: watch::Sender<Option<Arc<M>>>,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    let outbox = host.inner.outbox.clone();
    let started = guarded(M::start(host, options)).await.map_err(Failure::Start)?;
    let started = Arc::new(started);
    module.send_replace(Some(started.clone()));
    outbox.send(Say::Ready(v1::Ready {})).await;
    started.serve(shutdown).await.map_err(Failure::Serve)
}

/// Does the work of the standby half.
async fn wait<M: Module>(
    host: Host,
    options: Live<M::Options>,
    half: Half<M>,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    host.inner.outbox.send(Say::Ready(v1::Ready {})).await;
    half(StandbyHost::new(host), options, shutdown).await.map_err(Failure::Serve)
}

fn panic_text(panicked: tokio::task::JoinError) -> String {
    match panicked.try_into_panic() {
        Ok(payload) => crate::incoming::panic_message(&*payload),
        Err(error) => error.to_string(),
    }
}

/// Typed values that follow the mirrored texts, and logging that follows them.
fn live_options<M: Module>(host: &Host, logging: Logging, is_standby: bool) -> Live<M::Options> {
    let read = move |host: &Host| {
        logging.apply(Wishes::of(host, is_standby));
        Arc::new(M::Options::read(&|key| host.option(key)))
    };
    let (sender, receiver) = watch::channel(read(host));
    // One at a time, so that the values read last are those sent last.
    let sender = Mutex::new(sender);
    let update = move |host: &Host| {
        let sender = sender.lock();
        sender.send_replace(read(host));
    };
    // Set once, here: the host is not shared yet.
    let _ = host.inner.read_options.set(Box::new(update));
    Live::new(receiver)
}
