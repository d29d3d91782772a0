//! The module host service: what a module reaches.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1;
use mgrd_proto::v1::module_host_service_server::ModuleHostService;
use tonic::{Request, Response, Status, Streaming};

use super::identify::{decide, identity, usage};
use super::limits::ClientLimits;
use super::receiving::Lengths;
use super::request_id::{RequestId, request_id};
use super::session::Incoming;
use super::{command_size, convert, counters, session, status};
use crate::authority::{Action, Identity, RunIdentity};
use crate::cluster::Newer;
use crate::feed::ClusterCommand;
use crate::host::Host;
use crate::module::RemoteCall;
use crate::{message_bytes, text};

/// How much of a name is shown, and what a name in a chain of calls counts for beside its length.
const NAME_BYTES: usize = 64;

/// Serves modules.
pub(super) struct ModuleHostServer {
    pub(super) host: Arc<Host>,
    pub(super) limits: ClientLimits,
}

/// The module that calls, as the layer found out.
fn caller<T>(request: &Request<T>) -> Result<RunIdentity, Status> {
    match identity(request)? {
        Identity::Module { run, .. } => Ok(run.clone()),
        other => Err(Status::internal(format!("{other} is no module; this is a fault of mgrd"))),
    }
}

/// Refuses a text that is too long.
fn fits(what: &str, text: &str, limit: usize) -> Result<(), Status> {
    if text.len() <= limit {
        return Ok(());
    }
    let bytes = text.len();
    Err(status::invalid(format!("a {what} of {bytes} bytes is too long: {limit} are allowed")))
}

/// Refuses a remote call that does not fit into one message to the called module, whose session would
/// end.
fn check_call(call: &v1::CallModuleRequest) -> Result<(), Status> {
    let data = |payload: &Option<v1::Payload>| {
        payload.as_ref().map_or(0, |payload| payload.data.len() + payload.encoding.len())
    };
    let chain: usize = call.chain.iter().map(|module| module.len() + NAME_BYTES).sum();
    let bytes = data(&call.args) + data(&call.kwargs) + call.method.len() + chain;
    if bytes <= message_bytes::MOST {
        return Ok(());
    }
    let (method, limit) = (text::line(&call.method, NAME_BYTES), message_bytes::MOST);
    Err(status::invalid(format!(
        "the arguments of '{method}' have {bytes} bytes, but a message to a module has room for \
         {limit}; pass less"
    )))
}

#[tonic::async_trait]
impl ModuleHostService for ModuleHostServer {
    type AttachStream = session::Responses;

    async fn attach(
        &self,
        request: Request<Streaming<v1::AttachRequest>>,
    ) -> Result<Response<Self::AttachStream>, Status> {
        let run = caller(&request)?;
        let id = request.extensions().get::<RequestId>().cloned();
        let (host, usage) = (self.host.clone(), usage(&request)?);
        let lengths = request.extensions().get::<Arc<Lengths>>().cloned().unwrap_or_default();
        let incoming = Incoming::new(request.into_inner(), lengths);
        let stream = session::attach(host, run, id, usage, incoming).await?;
        Ok(Response::new(stream))
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Result<Response<v1::GetDocumentResponse>, Status> {
        let v1::GetDocumentRequest { name, known_version } = request.into_inner();
        let (version, json) = match self.host.cluster().documents.get_if_newer(&name, known_version)
        {
            Newer::Unchanged => (known_version, None),
            Newer::Changed(document) => (document.version, Some(document.json)),
            Newer::Absent => (0, None),
        };
        Ok(Response::new(v1::GetDocumentResponse { version, json }))
    }

    async fn list_servers(
        &self,
        request: Request<v1::ListServersRequest>,
    ) -> Result<Response<v1::ListServersResponse>, Status> {
        let daemons = &self.host.cluster().daemons;
        let json = match request.into_inner().hostname {
            Some(hostname) => convert::json_bytes(&daemons.get_server(&hostname))?,
            None => convert::json_bytes(&daemons.list_servers())?,
        };
        Ok(Response::new(v1::ListServersResponse { json }))
    }

    async fn get_metadata(
        &self,
        request: Request<v1::GetMetadataRequest>,
    ) -> Result<Response<v1::GetMetadataResponse>, Status> {
        let daemon = convert::daemon_id(request.into_inner().daemon);
        let metadata = self.host.metadata(&daemon);
        let found = metadata.is_some();
        let metadata = metadata.unwrap_or_default().into_iter().collect();
        Ok(Response::new(v1::GetMetadataResponse { found, metadata }))
    }

    async fn get_daemon_status(
        &self,
        request: Request<v1::GetDaemonStatusRequest>,
    ) -> Result<Response<v1::GetDaemonStatusResponse>, Status> {
        let daemon = convert::daemon_id(request.into_inner().daemon);
        let status = self.host.cluster().daemons.status(&daemon.kind, &daemon.id);
        let found = status.is_some();
        let status = status.unwrap_or_default().into_iter().collect();
        Ok(Response::new(v1::GetDaemonStatusResponse { found, status }))
    }

    async fn get_daemon_health_metrics(
        &self,
        _: Request<v1::GetDaemonHealthMetricsRequest>,
    ) -> Result<Response<v1::GetDaemonHealthMetricsResponse>, Status> {
        let json = convert::json_bytes(&self.host.cluster().daemons.health_metrics())?;
        Ok(Response::new(v1::GetDaemonHealthMetricsResponse { json }))
    }

    async fn get_perf_schema(
        &self,
        request: Request<v1::GetPerfSchemaRequest>,
    ) -> Result<Response<v1::GetPerfSchemaResponse>, Status> {
        let v1::GetPerfSchemaRequest { r#type, id } = request.into_inner();
        let json = convert::json_bytes(&self.host.cluster().daemons.perf_schema(&r#type, &id))?;
        Ok(Response::new(v1::GetPerfSchemaResponse { json }))
    }

    async fn get_counter(
        &self,
        request: Request<v1::GetCounterRequest>,
    ) -> Result<Response<v1::GetCounterResponse>, Status> {
        Ok(Response::new(counters::points(&self.host.cluster().daemons, request.into_inner())))
    }

    async fn get_perf_counters(
        &self,
        request: Request<v1::GetPerfCountersRequest>,
    ) -> Result<Response<v1::GetPerfCountersResponse>, Status> {
        let caller = caller(&request)?;
        let (host, request) = (self.host.clone(), request.into_inner());
        if request.watch {
            host.modules().counters_read(&caller.module);
        }
        if request.daemon.is_some() {
            return Ok(Response::new(counters::latest(&host.cluster().daemons, &request)));
        }
        let latest = move || counters::latest(&host.cluster().daemons, &request);
        let packed = tokio::task::spawn_blocking(latest).await;
        packed.map(Response::new).map_err(|why| Status::internal(why.to_string()))
    }

    async fn get_ceph_option(
        &self,
        request: Request<v1::GetCephOptionRequest>,
    ) -> Result<Response<v1::GetCephOptionResponse>, Status> {
        let v1::GetCephOptionRequest { key, entity } = request.into_inner();
        let options = self.host.options();
        let value = match entity.as_str() {
            "" => options.get_ceph_option(&key),
            entity => options.get_foreign_option(entity, &key),
        };
        let value = value.map_err(|error| status::of(&error))?;
        Ok(Response::new(v1::GetCephOptionResponse { value: convert::json_bytes(&value)? }))
    }

    async fn get_module_option(
        &self,
        request: Request<v1::GetModuleOptionRequest>,
    ) -> Result<Response<v1::GetModuleOptionResponse>, Status> {
        let v1::GetModuleOptionRequest { module, key } = request.into_inner();
        let value = self.host.options().get_module_option(&module, &key);
        let value = value.map(|value| convert::json_bytes(&value)).transpose()?;
        Ok(Response::new(v1::GetModuleOptionResponse { value }))
    }

    async fn set_module_option(
        &self,
        request: Request<v1::SetModuleOptionRequest>,
    ) -> Result<Response<v1::SetModuleOptionResponse>, Status> {
        let caller = caller(&request)?;
        let v1::SetModuleOptionRequest { module, key, .. } = request.get_ref();
        let module = if module.is_empty() { caller.module.clone() } else { module.clone() };
        decide(&request, Action::SetOption { module: &module, option: key })?;
        let v1::SetModuleOptionRequest { key, value, localized, .. } = request.into_inner();
        let named = (module.as_str(), key.as_str());
        let option =
            self.host.set_module_option(&caller.module, named, value.as_deref(), localized);
        let option = option.await.map_err(|error| status::of(&error))?;
        let entry = Some(convert::option_entry(option));
        Ok(Response::new(v1::SetModuleOptionResponse { entry }))
    }

    async fn set_store(
        &self,
        request: Request<v1::SetStoreRequest>,
    ) -> Result<Response<v1::SetStoreResponse>, Status> {
        let caller = caller(&request)?;
        let v1::SetStoreRequest { key, value } = request.into_inner();
        let store = self.host.store().module(&caller.module);
        let revision = store.set(&key, value.as_deref()).await;
        let revision = revision.map_err(|error| status::of(&error))?;
        Ok(Response::new(v1::SetStoreResponse { revision }))
    }

    async fn set_health_checks(
        &self,
        request: Request<v1::SetHealthChecksRequest>,
    ) -> Result<Response<v1::SetHealthChecksResponse>, Status> {
        let caller = caller(&request)?;
        let checks = request.into_inner().checks.into_iter().map(convert::check).collect();
        self.host.set_health_checks(&caller.module, checks);
        Ok(Response::new(v1::SetHealthChecksResponse {}))
    }

    async fn set_uri(
        &self,
        request: Request<v1::SetUriRequest>,
    ) -> Result<Response<v1::SetUriResponse>, Status> {
        let caller = caller(&request)?;
        let uri = request.into_inner().uri;
        fits("URI", &uri, self.host.cluster().limits.text_bytes)?;
        if text::has_controls(&uri) {
            return Err(status::invalid("a URI may hold no line breaks or control characters"));
        }
        self.host.set_uri(caller, &uri).await;
        Ok(Response::new(v1::SetUriResponse {}))
    }

    async fn cluster_log(
        &self,
        request: Request<v1::ClusterLogRequest>,
    ) -> Result<Response<v1::ClusterLogResponse>, Status> {
        let entry = request.into_inner().entry.unwrap_or_default();
        let channel = if entry.channel.is_empty() { "cluster" } else { &entry.channel };
        let priority = convert::log_priority(&entry);
        self.host.log(channel, priority, &entry.message);
        Ok(Response::new(v1::ClusterLogResponse {}))
    }

    async fn update_progress(
        &self,
        request: Request<v1::UpdateProgressRequest>,
    ) -> Result<Response<v1::UpdateProgressResponse>, Status> {
        let caller = caller(&request)?;
        let event = request.into_inner();
        let v1::UpdateProgressRequest { id, message, progress, add_to_status } = &event;
        let done = f64::from(*progress);
        let taken = self.host.cluster().work(&caller.module, id, message, done, *add_to_status);
        taken.map_err(|error| status::of(&error))?;
        Ok(Response::new(v1::UpdateProgressResponse {}))
    }

    async fn complete_progress(
        &self,
        request: Request<v1::CompleteProgressRequest>,
    ) -> Result<Response<v1::CompleteProgressResponse>, Status> {
        let module = caller(&request)?.module;
        match request.into_inner().id.as_str() {
            "" => self.host.cluster().progress.clear_module(&module),
            id => self.host.cluster().work_ended(&module, id),
        }
        Ok(Response::new(v1::CompleteProgressResponse {}))
    }

    async fn call_module(
        &self,
        request: Request<v1::CallModuleRequest>,
    ) -> Result<Response<v1::CallModuleResponse>, Status> {
        let (caller, request_id) = (caller(&request)?, request_id(&request));
        let request = request.into_inner();
        check_call(&request)?;
        let call = RemoteCall {
            encodings: self.host.modules().encodings(&caller.module),
            caller: caller.module,
            method: request.method,
            args: convert::payload(request.args),
            kwargs: convert::payload(request.kwargs),
            timeout: Duration::from_millis(request.timeout_ms.into()),
            chain: request.chain,
            request: request_id,
        };
        let value = self.host.modules().call(&request.module, call).await;
        let value = value.map_err(|error| status::of(&error))?;
        let value = Some(convert::payload_message(value));
        Ok(Response::new(v1::CallModuleResponse { value }))
    }

    async fn send_command(
        &self,
        request: Request<v1::SendCommandRequest>,
    ) -> Result<Response<v1::SendCommandResponse>, Status> {
        let (module, caller) = (caller(&request)?.module, identity(&request)?.clone());
        let request_id = request_id(&request);
        let request = request.into_inner();
        let tag = request.tag.clone();
        fits("command's tag", &tag, self.host.cluster().limits.name_bytes)?;
        let timeout = match request.timeout_ms {
            0 => self.host.modules().limits().session.command_timeout,
            millis => Duration::from_millis(millis.into()),
        };
        let command = ClusterCommand {
            target_kind: request.target_type,
            target_id: request.target_id,
            command: request.command,
            input: request.input,
        };
        let outcome = match command_size::check_json(&self.limits, &command.command) {
            Ok(()) => self.host.send_command(&caller, command, timeout, request_id).await,
            Err(too_large) => too_large.into(),
        };
        self.host.notifications().command_ended(&module, &tag);
        let outcome = Some(convert::outcome_message(outcome));
        Ok(Response::new(v1::SendCommandResponse { outcome }))
    }

    async fn is_authorized(
        &self,
        request: Request<v1::IsAuthorizedRequest>,
    ) -> Result<Response<v1::IsAuthorizedResponse>, Status> {
        let caller = caller(&request)?;
        let request = request.into_inner();
        let command = Some(request.call_id).filter(|id| *id != 0);
        let arguments = request.arguments.into_iter().collect();
        let authorized = self.host.is_authorized(&caller.module, command, &arguments);
        Ok(Response::new(v1::IsAuthorizedResponse { authorized }))
    }
}

#[cfg(test)]
mod tests;
