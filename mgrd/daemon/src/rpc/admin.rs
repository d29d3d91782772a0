//! The admin service: what clients reach.

use std::pin::Pin;
use std::sync::Arc;

use mgrd_command::{Errno, Outcome};
use mgrd_proto::v1;
use mgrd_proto::v1::admin_service_server::AdminService;
use mgrd_proto::v1::execute_request::Message as FromClient;
use mgrd_proto::v1::execute_response::Message as ToClient;
use mgrd_proto::v1::watch_response::Message as Happening;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::identify::identity;
use super::input::Inputs;
use super::limits::ClientLimits;
use super::{convert, status};
use crate::authority::Identity;
use crate::cluster::{Cluster, LogEntry};
use crate::host::Host;
use crate::managers::Managers;
use crate::module::{CommandEvent, ModuleStatus, Modules};
use crate::router::{Invocation, Router, Running, Wanted};

/// How much of an answer waits for a client that does not read it.
const WAITING_ANSWERS: usize = 16;

/// Serves clients.
pub(super) struct AdminServer {
    router: Router,
    modules: Modules,
    cluster: Cluster,
    managers: Managers,
    inputs: Arc<Inputs>,
}

impl AdminServer {
    pub(super) fn new(host: &Host, limits: &ClientLimits) -> Self {
        Self {
            router: host.router().clone(),
            modules: host.modules().clone(),
            cluster: host.cluster().clone(),
            managers: host.managers().clone(),
            inputs: Arc::new(Inputs::new(limits)),
        }
    }
}

type Responses<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl AdminService for AdminServer {
    type ExecuteStream = Responses<v1::ExecuteResponse>;
    type WatchStream = Responses<v1::WatchResponse>;

    async fn execute(
        &self,
        request: Request<Streaming<v1::ExecuteRequest>>,
    ) -> Result<Response<Self::ExecuteStream>, Status> {
        let identity = identity(&request)?.clone();
        let mut incoming = request.into_inner();
        let first = incoming.message().await?.and_then(|request| request.message);
        let Some(FromClient::Command(command)) = first else {
            return Err(status::invalid(
                "the first message must say which command to run; send ExecuteRequest.command first",
            ));
        };
        let (answers, outgoing) = mpsc::channel(WAITING_ANSWERS);
        let (router, inputs) = (self.router.clone(), self.inputs.clone());
        let run = async move {
            let outcome = answer(&router, &inputs, &identity, command, incoming, &answers).await;
            let end = ToClient::Outcome(convert::outcome_message(outcome));
            // A client that left does not want the end.
            let _ = answers.send(Ok(v1::ExecuteResponse { message: Some(end) })).await;
        };
        tokio::spawn(run.in_current_span());
        Ok(Response::new(Box::pin(ReceiverStream::new(outgoing))))
    }

    async fn get_command_table(
        &self,
        request: Request<v1::GetCommandTableRequest>,
    ) -> Result<Response<v1::GetCommandTableResponse>, Status> {
        let table = self.router.table();
        let commands = if table.version() == request.get_ref().known_version {
            Vec::new()
        } else {
            table.iter().map(|spec| listed(spec)).collect()
        };
        Ok(Response::new(v1::GetCommandTableResponse { version: table.version(), commands }))
    }

    async fn watch(
        &self,
        request: Request<v1::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let request = request.into_inner();
        let (answers, outgoing) = mpsc::channel(WAITING_ANSWERS);
        let (cluster, managers) = (self.cluster.clone(), self.managers.clone());
        let run = async move {
            tokio::select! {
                () = watch(&cluster, request, &answers) => {}
                ending = status::ending(&managers) => drop(answers.send(Err(ending)).await),
            }
        };
        tokio::spawn(run.in_current_span());
        Ok(Response::new(Box::pin(ReceiverStream::new(outgoing))))
    }

    async fn list_modules(
        &self,
        request: Request<v1::ListModulesRequest>,
    ) -> Result<Response<v1::ListModulesResponse>, Status> {
        let name = &request.get_ref().name;
        let all = self.modules.list().into_iter();
        let modules = all.filter(|m| name.is_empty() || m.name == *name).map(module_info);
        Ok(Response::new(v1::ListModulesResponse { modules: modules.collect() }))
    }

    async fn debug_module(
        &self,
        request: Request<v1::DebugModuleRequest>,
    ) -> Result<Response<v1::DebugModuleResponse>, Status> {
        let request = request.into_inner();
        if request.end {
            self.modules.end_debug(&request.name).await.map_err(|error| status::of(&error))?;
            return Ok(Response::new(v1::DebugModuleResponse::default()));
        }
        let start = self.modules.debug(&request.name).await.map_err(|error| status::of(&error))?;
        let environment = start.environment.into_iter();
        let entry = |(key, value)| v1::Entry { key, value: Some(value), revision: 0 };
        Ok(Response::new(v1::DebugModuleResponse {
            environment: environment.map(entry).collect(),
            command: start.command,
        }))
    }
}

fn listed(spec: &mgrd_command::CommandSpec) -> v1::TableCommand {
    v1::TableCommand {
        spec: Some(v1::CommandSpec {
            cmd: spec.descriptor(),
            desc: spec.help.clone(),
            perm: spec.perm.to_string(),
            poll: spec.flags.poll,
            // Clients do not need it.
            declared_at: String::new(),
        }),
        module: spec.module.clone(),
        hidden: !spec.is_listed(),
    }
}

fn module_info(status: ModuleStatus) -> v1::ModuleInfo {
    v1::ModuleInfo {
        reason: status.reason_text(),
        name: status.name,
        enabled: status.enabled,
        state: status.state.to_string(),
        module_state: convert::module_state(status.state).into(),
        pid: status.pid,
        started_us: status.started_us,
        restarts: status.restarts,
        next_try_ms: status.next_try.map_or(0, |next| convert::millis(next).into()),
        rss_bytes: status.usage.rss_bytes,
        cpu_ms: convert::millis(status.usage.cpu).into(),
        queued: u32::try_from(status.queued).unwrap_or(u32::MAX),
        in_flight: u32::try_from(status.in_flight).unwrap_or(u32::MAX),
        last_words: status.last_words,
        runtime: status.runtime,
        sdk: status.sdk,
        path: status.path.to_string_lossy().into_owned(),
        can_run: status.cannot_run.is_none(),
    }
}

type Answers = mpsc::Sender<Result<v1::ExecuteResponse, Status>>;

/// Runs one command, from its input data to its outcome. Ends early when the client leaves.
async fn answer(
    router: &Router,
    inputs: &Inputs,
    identity: &Identity,
    command: v1::ExecuteCommand,
    mut incoming: Streaming<v1::ExecuteRequest>,
    answers: &Answers,
) -> Outcome {
    let permitted = match router.permit(identity, &wanted(&command)) {
        Ok(permitted) => permitted,
        Err(outcome) => return outcome,
    };
    let started = ToClient::Started(v1::ExecuteStarted {
        prefix: permitted.spec().prefix(),
        poll: permitted.spec().flags.poll,
    });
    let _ = answers.send(Ok(v1::ExecuteResponse { message: Some(started) })).await;
    let mut turn = None;
    let input = if command.has_input {
        turn = inputs.turn().await;
        match inputs.gather(&mut incoming).await {
            Ok(input) => Some(input),
            Err(outcome) => return outcome,
        }
    } else {
        None
    };
    let invocation = Invocation {
        command: permitted,
        format: command.format,
        input,
        width: command.width,
        print_header: command.print_header,
        timeout: (command.timeout_ms > 0)
            .then(|| std::time::Duration::from_millis(command.timeout_ms.into())),
    };
    let run = router.run(invocation);
    let outcome = tokio::select! {
        outcome = pass_on(run, answers) => outcome,
        () = answers.closed() => Outcome::error(Errno::ECANCELED, "the client left"),
    };
    drop(turn);
    outcome
}

async fn pass_on(run: impl Future<Output = Running>, answers: &Answers) -> Outcome {
    let mut running = run.await;
    loop {
        match running.next().await {
            CommandEvent::Output(part) => {
                let message = Some(ToClient::Stdout(part));
                let _ = answers.send(Ok(v1::ExecuteResponse { message })).await;
            }
            CommandEvent::Done(outcome) => return outcome,
        }
    }
}

fn wanted(command: &v1::ExecuteCommand) -> Wanted {
    match &command.command {
        Some(v1::execute_command::Command::Words(words)) => Wanted::Words(words.words.clone()),
        Some(v1::execute_command::Command::Json(json)) => Wanted::Json(json.clone()),
        None => Wanted::Words(Vec::new()),
    }
}

type Happenings = mpsc::Sender<Result<v1::WatchResponse, Status>>;

async fn watch(cluster: &Cluster, request: v1::WatchRequest, answers: &Happenings) {
    let least = convert::min_priority(&request);
    let channels = request.channels.clone();
    let fits = move |entry: &LogEntry| {
        let all = channels.iter().any(|channel| channel == "*");
        let named = channels.contains(&entry.channel);
        let default = channels.is_empty() && entry.channel == "cluster";
        (all || named || default) && entry.priority >= least
    };
    let log = follow(cluster.log.follow());
    let events = follow(cluster.events.follow()).filter(|_| request.events);
    let backlog = cluster.log.last(request.backlog as usize, &fits);
    let old = backlog.iter().map(|entry| Happening::Log(convert::log_message(entry)));
    let old: Vec<_> = old.collect();
    let new = log.filter_map(|next| match next {
        Ok(entry) => fits(&entry).then(|| Happening::Log(convert::log_message(&entry))),
        Err(dropped) => Some(Happening::Dropped(dropped)),
    });
    let events = events.map(|next| match next {
        Ok(event) => Happening::Event(convert::event(&event)),
        Err(dropped) => Happening::Dropped(dropped),
    });
    let mut all = Box::pin(tokio_stream::iter(old).chain(new.merge(events)));
    loop {
        let next = tokio::select! {
            next = all.next() => next,
            () = answers.closed() => return,
        };
        let Some(message) = next else { return };
        if answers.send(Ok(v1::WatchResponse { message: Some(message) })).await.is_err() {
            return;
        }
    }
}

fn follow<T: Clone + Send + 'static>(
    receiver: tokio::sync::broadcast::Receiver<T>,
) -> impl Stream<Item = Result<T, u64>> {
    use tokio_stream::wrappers::BroadcastStream;
    use tokio_stream::wrappers::errors::BroadcastStreamRecvError::Lagged;
    BroadcastStream::new(receiver).map(|next| next.map_err(|Lagged(missed)| missed))
}
