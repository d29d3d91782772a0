//! The session of a module that uses the contracts without an SDK.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use integration_tests::grpc;
use mgrd_proto::v1::attach_request::Message as ToHost;
use mgrd_proto::v1::attach_response::Message as FromHost;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use mgrd_proto::v1::{
    AttachRequest, CallModuleRequest, Command, CommandOutcome, CommandResult, CommandSpec,
    Declaration, Hello, Payload, Pong, Ready, SetStoreRequest,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Request;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

use crate::flood;
use crate::misbehaviour::{self, Answer};

pub(crate) type Secret = MetadataValue<Ascii>;

/// Attaches, and answers until the host ends the session.
pub(crate) async fn run(switches: &[String]) -> Result<(), Box<dyn Error>> {
    let has = |switch: &str| switches.iter().any(|given| given == switch);
    let module = std::env::var("MGRD_MODULE")?;
    let secret = std::fs::read_to_string(std::env::var("MGRD_SECRET_FILE")?)?;
    let channel = grpc::connect(Path::new(&std::env::var("MGRD_SOCKET")?)).await?;
    let (sender, receiver) = mpsc::unbounded_channel();
    let send = |message| {
        sender.send(AttachRequest { message: Some(message) }).map_err(|_| "the session is over")
    };
    let secret = secret.trim().parse::<Secret>()?;
    let mut host = grpc::module_host(channel);
    let mut hello = hello(&module, has("no-version"), has("bad-descriptor"));
    if let (true, Some(declaration)) = (has("writes-first"), &mut hello.declaration) {
        declaration.can_run = Some(false);
        declaration.can_run_error = write(&mut host, &secret).await;
    }
    send(ToHost::Hello(hello))?;
    let mut request = Request::new(UnboundedReceiverStream::new(receiver));
    request.metadata_mut().insert("mgrd-secret", secret.clone());
    let mut incoming = host.attach(request).await?.into_inner();
    while let Some(message) = incoming.message().await? {
        match message.message {
            Some(FromHost::Welcome(_)) if !has("no-ready") => {
                send(ToHost::Ready(Ready {}))?;
                flood::start(switches, &secret);
            }
            Some(FromHost::Command(command)) if command.prefix.ends_with(" call") => {
                let (host, secret, sender) = (host.clone(), secret.clone(), sender.clone());
                tokio::spawn(async move {
                    let outcome = call(host, &secret, &command).await.unwrap_or_default();
                    let result = CommandResult { call_id: command.call_id, outcome: Some(outcome) };
                    // It fails if the session is over.
                    let _ =
                        sender.send(AttachRequest { message: Some(ToHost::CommandResult(result)) });
                });
            }
            Some(FromHost::Command(command)) => {
                if let Some(result) = answer(command) {
                    send(ToHost::CommandResult(result))?;
                }
            }
            Some(FromHost::Ping(ping)) if !has("no-pong") => {
                send(ToHost::Pong(Pong { seq: ping.seq, ..Pong::default() }))?;
            }
            Some(FromHost::Shutdown(_)) if !has("deaf") => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

/// Writes to the store; returns the answer of the host.
async fn write(host: &mut ModuleHostServiceClient<Channel>, secret: &Secret) -> String {
    let set = SetStoreRequest { key: "early".into(), value: Some("x".into()) };
    let mut request = Request::new(set);
    request.metadata_mut().insert("mgrd-secret", secret.clone());
    match host.set_store(request).await {
        Ok(_) => "written".to_owned(),
        Err(refused) => refused.message().to_owned(),
    }
}

/// Calls a method of another module `n` times; answers with the microseconds of the median call.
async fn call(
    mut host: ModuleHostServiceClient<Channel>,
    secret: &Secret,
    command: &Command,
) -> Result<CommandOutcome, Box<dyn Error + Send + Sync>> {
    let args = serde_json::from_slice::<serde_json::Value>(&command.args)?;
    let text = |key: &str| args[key].as_str().unwrap_or_default().to_owned();
    let payload = |json: &'static str| Some(Payload { data: json.into(), ..Payload::default() });
    let mut times = Vec::new();
    for _ in 0..args["n"].as_u64().unwrap_or(1) {
        let mut request = Request::new(CallModuleRequest {
            module: text("module"),
            method: text("method"),
            args: payload("[\"x\"]"),
            kwargs: payload("{}"),
            ..CallModuleRequest::default()
        });
        request.metadata_mut().insert("mgrd-secret", secret.clone());
        let started = Instant::now();
        host.call_module(request).await?;
        times.push(started.elapsed().as_micros());
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or(0);
    Ok(CommandOutcome { stdout: median.to_string().into(), ..CommandOutcome::default() })
}

fn hello(module: &str, no_version: bool, bad_descriptor: bool) -> Hello {
    let spec = |cmd: String| CommandSpec { cmd, perm: "rw".into(), ..CommandSpec::default() };
    let mut commands = vec![
        spec(format!("{module} echo name=text,type=CephString,n=N,req=false")),
        spec(format!("{module} count")),
        spec(format!(
            "{module} call name=module,type=CephString name=method,type=CephString name=n,type=CephInt"
        )),
        spec(format!("{module} misbehave name=how,type=CephString name=n,type=CephInt,req=false")),
    ];
    if bad_descriptor {
        commands.push(spec(format!("{module} broken name=what,type=CephNonsense")));
    }
    Hello {
        protocol_versions: vec![if no_version { 4_000_000 } else { 1 }],
        declaration: Some(Declaration { commands, can_run: Some(true), ..Declaration::default() }),
        ..Hello::default()
    }
}

/// The answer to a command; none if the command misbehaves that way.
fn answer(command: Command) -> Option<CommandResult> {
    let args = serde_json::from_slice::<serde_json::Value>(&command.args).unwrap_or_default();
    let mut result = CommandResult { call_id: command.call_id, outcome: None };
    let stdout = match command.prefix.rsplit(' ').next()? {
        "count" => misbehaviour::digest(&command.input).into_bytes(),
        "misbehave" => {
            let n = args["n"].as_u64().unwrap_or(1);
            match misbehaviour::misbehave(args["how"].as_str()?, n) {
                Answer::Output(text) => text,
                Answer::Silence => return None,
                Answer::WrongCall => {
                    result.call_id = u64::MAX;
                    return Some(result);
                }
                Answer::NoOutcome => return Some(result),
            }
        }
        _ => args["text"].to_string().into_bytes(),
    };
    result.outcome =
        Some(CommandOutcome { retval: 0, stdout: stdout.into(), ..CommandOutcome::default() });
    Some(result)
}
