//! The life of a module's session.

use std::sync::Arc;

use mgrd_proto::v1::attach_request::Message as Say;
use mgrd_proto::v1::attach_response::Message as Heard;
use mgrd_proto::v1::{self, OptionSchema};
use parking_lot::Mutex;
use tokio::sync::watch;
use tonic::{Status, Streaming};

use crate::host::Client;
use crate::incoming::Incoming;
use crate::log::{self, Records};
use crate::outbox::Outbox;
use crate::{Error, Host, Live, Module, Options, Shutdown};

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
pub(crate) async fn live<M: Module>(mut client: Client, records: Option<Records>) -> End {
    let can_run = M::can_run();
    let (outbox, outgoing) = Outbox::new();
    outbox.send(Say::Hello(hello::<M>(&can_run))).await;
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
    if let Some(records) = records {
        tokio::spawn(records.forward(outbox.clone()));
    }
    let host = Host::new(client, outbox.clone(), welcome);
    let options = live_options::<M>(&host);
    let end = attached::<M>(&host, options, &mut incoming).await;
    // What was said last is sent before the process ends: the host ends its side after that.
    outbox.close();
    while let (End::Finished, Ok(Some(_))) = (&end, incoming.message().await) {}
    host.inner.notifications.end();
    end
}

async fn attached<M: Module>(
    host: &Host,
    options: Live<M::Options>,
    messages: &mut Streaming<v1::AttachResponse>,
) -> End {
    let (trigger, shutdown) = Shutdown::new();
    let module = watch::Sender::new(None::<Arc<M>>);
    let mut incoming = Incoming::new(host.clone(), module.subscribe());
    let mut work = tokio::spawn(work(host.clone(), options, module, shutdown.clone()));
    let mut working = true;
    loop {
        tokio::select! {
            message = messages.message() => match message {
                Ok(Some(v1::AttachResponse { message: Some(Heard::Shutdown(_)) })) => {
                    trigger.request();
                }
                Ok(Some(v1::AttachResponse { message })) => incoming.handle(message).await,
                Ok(None) | Err(_) => return End::HostGone,
            },
            result = &mut work, if working => {
                working = false;
                let failure = match result {
                    Ok(Ok(())) => None,
                    Ok(Err(Failure::Start(error))) => return End::StartFailed(error),
                    Ok(Err(Failure::Serve(error))) => Some(error.message().to_owned()),
                    Err(panicked) => Some(format!("serve panicked: {}", panic_text(panicked))),
                };
                if let Some(message) = failure {
                    let failed = v1::Failed { message, traceback: String::new() };
                    host.inner.outbox.send(Say::Failed(failed)).await;
                }
            }
            () = shutdown.requested(), if !working => return End::Finished,
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
    let started = Arc::new(M::start(host, options).await.map_err(Failure::Start)?);
    module.send_replace(Some(started.clone()));
    outbox.send(Say::Ready(v1::Ready {})).await;
    started.serve(shutdown).await.map_err(Failure::Serve)
}

fn panic_text(panicked: tokio::task::JoinError) -> String {
    match panicked.try_into_panic() {
        Ok(payload) => crate::incoming::panic_message(&*payload),
        Err(error) => error.to_string(),
    }
}

fn hello<M: Module>(can_run: &Result<(), String>) -> v1::Hello {
    let mut options = M::Options::schema();
    if options.iter().all(|option| option.name != log::LEVEL_OPTION) {
        options.push(level_option());
    }
    let declaration = v1::Declaration {
        options,
        commands: M::commands().iter().map(crate::command::Command::spec).collect(),
        notify_types: M::NOTIFY.iter().map(|&kind| kind.to_owned()).collect(),
        can_run: Some(can_run.is_ok()),
        can_run_error: can_run.clone().err().unwrap_or_default(),
        roles: M::ROLES.iter().map(|&role| v1::Role::from(role).into()).collect(),
        methods: methods::<M>(),
    };
    v1::Hello {
        protocol_versions: mgrd_proto::PROTOCOL_VERSIONS.to_vec(),
        features: vec!["document-watch".to_owned()],
        sdk: concat!("mgrd-rust ", env!("CARGO_PKG_VERSION")).to_owned(),
        declaration: Some(declaration),
    }
}

fn methods<M: Module>() -> Vec<String> {
    M::methods().iter().map(|method| method.name.to_owned()).collect()
}

fn level_option() -> OptionSchema {
    OptionSchema {
        name: log::LEVEL_OPTION.to_owned(),
        r#type: "str".to_owned(),
        default_value: Some("info".to_owned()),
        enum_allowed: log::LEVELS.map(str::to_owned).to_vec(),
        desc: "lowest level that is logged".to_owned(),
        runtime: true,
        ..Default::default()
    }
}

/// Typed values that follow the mirrored texts.
fn live_options<M: Module>(host: &Host) -> Live<M::Options> {
    let read = |host: &Host| {
        log::set_level(host.option(log::LEVEL_OPTION).as_deref());
        Arc::new(M::Options::read(&|key| host.option(key)))
    };
    let (sender, receiver) = watch::channel(read(host));
    // One at a time, so that the values read last are those sent last.
    let sender = Mutex::new(sender);
    let update = move |host: &Host| {
        let sender = sender.lock();
        sender.send_replace(read(host));
    };
    // Set once, here: nobody else has the host yet.
    let _ = host.inner.read_options.set(Box::new(update));
    Live::new(receiver)
}
