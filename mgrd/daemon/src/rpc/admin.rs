//! The admin service: what clients reach.

mod backups;
mod execute;
mod watch;

use std::pin::Pin;
use std::sync::Arc;

use mgrd_proto::v1;
use mgrd_proto::v1::admin_service_server::AdminService;
use mgrd_proto::v1::execute_request::Message as FromClient;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use self::backups::Backups;
use self::execute::Execution;
use self::watch::watch;
use super::identify::{identity, usage};
use super::input::Inputs;
use super::limits::ClientLimits;
use super::request_id::request_id;
use super::{convert, status};
use crate::cluster::Cluster;
use crate::host::Host;
use crate::managers::Managers;
use crate::metered::metered;
use crate::module::Modules;
use crate::router::Router;
use crate::working_on::{Work, noted};

/// The path of the call that runs a command.
const EXECUTE: &str = "/mgrd.v1.AdminService/Execute";
/// How much of an answer waits for a client that does not read it.
const WAITING_ANSWERS: usize = 16;

/// Serves clients.
pub(super) struct AdminServer {
    router: Router,
    modules: Modules,
    cluster: Cluster,
    managers: Managers,
    inputs: Arc<Inputs>,
    backups: Backups,
    limits: ClientLimits,
}

impl AdminServer {
    pub(super) fn new(host: &Arc<Host>, limits: &ClientLimits) -> Self {
        Self {
            router: host.router().clone(),
            modules: host.modules().clone(),
            cluster: host.cluster().clone(),
            managers: host.managers().clone(),
            inputs: Arc::new(Inputs::new(limits)),
            backups: Backups::new(host, limits),
            limits: *limits,
        }
    }
}

type Responses<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl AdminService for AdminServer {
    type ExecuteStream = Responses<v1::ExecuteResponse>;
    type WatchStream = Responses<v1::WatchResponse>;
    type BackUpStorageStream = Responses<v1::BackUpStorageResponse>;

    async fn execute(
        &self,
        request: Request<Streaming<v1::ExecuteRequest>>,
    ) -> Result<Response<Self::ExecuteStream>, Status> {
        let (caller, request_id) = (identity(&request)?.clone(), request_id(&request));
        let usage = usage(&request)?;
        let mut incoming = request.into_inner();
        let first = incoming.message().await?.and_then(|request| request.message);
        let Some(FromClient::Command(command)) = first else {
            return Err(status::invalid(
                "the first message must say which command to run; send ExecuteRequest.command first",
            ));
        };
        let (answers, outgoing) = mpsc::channel(WAITING_ANSWERS);
        let (router, inputs, limits) = (self.router.clone(), self.inputs.clone(), self.limits);
        let work = Work::Call { path: EXECUTE.to_owned(), request: request_id.clone() };
        let run = Execution { router, inputs, limits, caller, request: request_id, answers };
        let run = noted(run.run(command, incoming), work);
        tokio::spawn(metered(run, usage).in_current_span());
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
            table.iter().map(|spec| convert::table_command(spec)).collect()
        };
        Ok(Response::new(v1::GetCommandTableResponse { version: table.version(), commands }))
    }

    async fn watch(
        &self,
        request: Request<v1::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let messages = watch(&self.cluster, &self.managers, request.into_inner());
        Ok(Response::new(Box::pin(messages)))
    }

    async fn back_up_storage(
        &self,
        _: Request<v1::BackUpStorageRequest>,
    ) -> Result<Response<Self::BackUpStorageStream>, Status> {
        Ok(Response::new(Box::pin(self.backups.begin()?)))
    }

    async fn list_modules(
        &self,
        request: Request<v1::ListModulesRequest>,
    ) -> Result<Response<v1::ListModulesResponse>, Status> {
        let name = &request.get_ref().name;
        let all = self.modules.list().into_iter();
        let modules = all.filter(|m| name.is_empty() || m.name == *name).map(convert::module_info);
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
