//! The module host service in a test.

use std::pin::Pin;
use std::sync::Arc;

use mgrd_proto::v1;
use mgrd_proto::v1::module_host_service_server::ModuleHostService;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::state::{Inner, State, set};
use super::{perf, session, stand_ins};

pub(super) struct Service(pub(super) Arc<State>);

type Answer<T> = Result<Response<T>, Status>;

fn answer<T>(value: T) -> Answer<T> {
    Ok(Response::new(value))
}

fn named(daemon: Option<v1::DaemonKey>) -> (String, String) {
    let daemon = daemon.unwrap_or_default();
    (daemon.r#type, daemon.id)
}

impl Service {
    fn inner(&self) -> parking_lot::MutexGuard<'_, Inner> {
        self.0.inner.lock()
    }

    /// Refuses every write of a standby, and every write if the test asks for it.
    fn may_write(&self) -> Result<(), Status> {
        if self.0.cluster.is_standby {
            return Err(Status::permission_denied("a standby cannot write"));
        }
        let Some((errno, reason)) = &self.0.cluster.refuse_writes else { return Ok(()) };
        let mut status = Status::unavailable(reason);
        status.metadata_mut().insert("mgrd-errno", errno.0.into());
        Err(status)
    }
}

#[tonic::async_trait]
impl ModuleHostService for Service {
    type AttachStream = Pin<Box<dyn Stream<Item = Result<v1::AttachResponse, Status>> + Send>>;

    async fn attach(
        &self,
        request: Request<Streaming<v1::AttachRequest>>,
    ) -> Answer<Self::AttachStream> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.inner().to_module = Some(sender);
        tokio::spawn(session::listen(self.0.clone(), request.into_inner()));
        answer(Box::pin(UnboundedReceiverStream::new(receiver)))
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Answer<v1::GetDocumentResponse> {
        let request = request.into_inner();
        let mut document = self.inner().documents.get(&request.name).cloned().unwrap_or_default();
        if document.version == request.known_version {
            document.json = None;
        }
        answer(document)
    }

    async fn list_servers(
        &self,
        request: Request<v1::ListServersRequest>,
    ) -> Answer<v1::ListServersResponse> {
        let servers = &self.0.cluster.servers;
        let json = match request.into_inner().hostname {
            None => Value::from(servers.clone()),
            Some(hostname) => {
                servers.iter().find(|s| s["hostname"] == hostname).cloned().unwrap_or_else(
                    || json!({"hostname": hostname, "services": [], "ceph_version": ""}),
                )
            }
        };
        answer(v1::ListServersResponse { json: json.to_string().into() })
    }

    async fn get_metadata(
        &self,
        request: Request<v1::GetMetadataRequest>,
    ) -> Answer<v1::GetMetadataResponse> {
        let metadata = self.0.cluster.metadata.get(&named(request.into_inner().daemon)).cloned();
        answer(v1::GetMetadataResponse {
            found: metadata.is_some(),
            metadata: metadata.unwrap_or_default(),
        })
    }

    async fn get_daemon_status(
        &self,
        request: Request<v1::GetDaemonStatusRequest>,
    ) -> Answer<v1::GetDaemonStatusResponse> {
        let status = self.0.cluster.status.get(&named(request.into_inner().daemon)).cloned();
        answer(v1::GetDaemonStatusResponse {
            found: status.is_some(),
            status: status.unwrap_or_default(),
        })
    }

    async fn get_daemon_health_metrics(
        &self,
        _: Request<v1::GetDaemonHealthMetricsRequest>,
    ) -> Answer<v1::GetDaemonHealthMetricsResponse> {
        let json = json!(self.0.cluster.health_metrics).to_string().into();
        answer(v1::GetDaemonHealthMetricsResponse { json })
    }

    async fn get_perf_schema(
        &self,
        request: Request<v1::GetPerfSchemaRequest>,
    ) -> Answer<v1::GetPerfSchemaResponse> {
        let v1::GetPerfSchemaRequest { r#type, id } = request.into_inner();
        let wanted = self.0.cluster.counting(&r#type, &id);
        let schema = wanted.map(|(daemon, counters)| {
            (format!("{}.{}", daemon.r#type, daemon.id), perf::schema(counters))
        });
        let json = Value::from(schema.collect::<Map<_, _>>()).to_string().into();
        answer(v1::GetPerfSchemaResponse { json })
    }

    async fn get_counter(
        &self,
        request: Request<v1::GetCounterRequest>,
    ) -> Answer<v1::GetCounterResponse> {
        let v1::GetCounterRequest { daemon, path, most, labels } = request.into_inner();
        let counters = self.0.cluster.counters.get(&named(daemon));
        let counter = counters.and_then(|counters| counters.iter().find(|c| c.is(&path, &labels)));
        answer(counter.map(|counter| counter.points(most)).unwrap_or_default())
    }

    async fn get_perf_counters(
        &self,
        request: Request<v1::GetPerfCountersRequest>,
    ) -> Answer<v1::GetPerfCountersResponse> {
        let v1::GetPerfCountersRequest { types, known_schemas, .. } = request.into_inner();
        let mut all = v1::GetPerfCountersResponse::default();
        for (id, (daemon, counters)) in (1..).zip(self.0.cluster.counting("", "")) {
            if !types.is_empty() && !types.contains(&daemon.r#type) {
                continue;
            }
            let (schema, values) = perf::packed(id, daemon, counters);
            all.schemas.extend((!known_schemas.contains(&id)).then_some(schema));
            all.daemons.push(values);
        }
        answer(all)
    }

    async fn get_ceph_option(
        &self,
        request: Request<v1::GetCephOptionRequest>,
    ) -> Answer<v1::GetCephOptionResponse> {
        let v1::GetCephOptionRequest { key, entity } = request.into_inner();
        match self.0.cluster.ceph_options.get(&(entity, key.clone())) {
            Some(value) => answer(v1::GetCephOptionResponse { value: value.to_string().into() }),
            None => Err(Status::not_found(format!("option not found: {key}"))),
        }
    }

    async fn get_module_option(
        &self,
        request: Request<v1::GetModuleOptionRequest>,
    ) -> Answer<v1::GetModuleOptionResponse> {
        let v1::GetModuleOptionRequest { module, key } = request.into_inner();
        let seen = self.0.seen.borrow();
        let value = seen.module_options.get(&(module, key));
        answer(v1::GetModuleOptionResponse { value: value.map(|v| v.to_string().into()) })
    }

    async fn set_module_option(
        &self,
        request: Request<v1::SetModuleOptionRequest>,
    ) -> Answer<v1::SetModuleOptionResponse> {
        self.may_write()?;
        let v1::SetModuleOptionRequest { module, key, value, localized } = request.into_inner();
        let mut inner = self.inner();
        if !module.is_empty() && module != inner.module {
            // The types of another module are not known here, so JSON is read as such.
            let typed = value.map(|text| serde_json::from_str(&text).unwrap_or(text.into()));
            self.0.seen.send_modify(|seen| match typed {
                Some(value) => drop(seen.module_options.insert((module, key), value)),
                None => drop(seen.module_options.remove(&(module, key))),
            });
            return answer(v1::SetModuleOptionResponse::default());
        }
        if inner.declaration.options.iter().all(|option| option.name != key) {
            return Err(Status::invalid_argument(format!("the module has no option '{key}'")));
        }
        let key = if localized { format!("{}/{key}", inner.constants.mgr_id) } else { key };
        self.0.seen.send_modify(|seen| set(&mut seen.options, &key, value.as_deref()));
        let revision = inner.revise();
        answer(v1::SetModuleOptionResponse { entry: Some(v1::Entry { key, value, revision }) })
    }

    async fn set_store(
        &self,
        request: Request<v1::SetStoreRequest>,
    ) -> Answer<v1::SetStoreResponse> {
        self.may_write()?;
        let v1::SetStoreRequest { key, value } = request.into_inner();
        let revision = self.inner().revise();
        self.0.seen.send_modify(|seen| set(&mut seen.store, &key, value.as_deref()));
        answer(v1::SetStoreResponse { revision })
    }

    async fn set_health_checks(
        &self,
        request: Request<v1::SetHealthChecksRequest>,
    ) -> Answer<v1::SetHealthChecksResponse> {
        let checks = request.into_inner().checks.into_iter().map(Into::into).collect();
        self.0.seen.send_modify(|seen| seen.health = checks);
        answer(v1::SetHealthChecksResponse {})
    }

    async fn set_uri(&self, request: Request<v1::SetUriRequest>) -> Answer<v1::SetUriResponse> {
        self.0.seen.send_modify(|seen| seen.uri = request.into_inner().uri);
        answer(v1::SetUriResponse {})
    }

    async fn cluster_log(
        &self,
        request: Request<v1::ClusterLogRequest>,
    ) -> Answer<v1::ClusterLogResponse> {
        let entry = request.into_inner().entry.unwrap_or_default();
        self.0.seen.send_modify(|seen| seen.cluster_log.push(entry.into()));
        answer(v1::ClusterLogResponse {})
    }

    async fn update_progress(
        &self,
        request: Request<v1::UpdateProgressRequest>,
    ) -> Answer<v1::UpdateProgressResponse> {
        self.0.seen.send_modify(|seen| seen.update_progress(request.into_inner()));
        answer(v1::UpdateProgressResponse {})
    }

    async fn complete_progress(
        &self,
        request: Request<v1::CompleteProgressRequest>,
    ) -> Answer<v1::CompleteProgressResponse> {
        self.0.seen.send_modify(|seen| seen.end_progress(&request.into_inner().id));
        answer(v1::CompleteProgressResponse {})
    }

    async fn call_module(
        &self,
        request: Request<v1::CallModuleRequest>,
    ) -> Answer<v1::CallModuleResponse> {
        let value = stand_ins::call(&self.0.cluster, request.into_inner())?;
        answer(v1::CallModuleResponse { value: Some(value) })
    }

    async fn send_command(
        &self,
        request: Request<v1::SendCommandRequest>,
    ) -> Answer<v1::SendCommandResponse> {
        let (command, outcome) = stand_ins::run(&self.0.cluster, &request.into_inner())?;
        self.0.seen.send_modify(|seen| seen.commands.push(command));
        answer(v1::SendCommandResponse { outcome: Some(outcome.into()) })
    }

    async fn is_authorized(
        &self,
        _: Request<v1::IsAuthorizedRequest>,
    ) -> Answer<v1::IsAuthorizedResponse> {
        answer(v1::IsAuthorizedResponse { authorized: !self.0.cluster.refuse_authority })
    }
}
