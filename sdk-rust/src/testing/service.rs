//! The module host service of a test.

use std::pin::Pin;
use std::sync::Arc;

use mgrd_proto::v1::attach_request::Message as Said;
use mgrd_proto::v1::attach_response::Message;
use mgrd_proto::v1::module_host_service_server::ModuleHostService;
use mgrd_proto::v1::{self, remote_result};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::state::{State, entries};
use crate::remote::decoded;

pub(super) struct Service(pub(super) Arc<State>);

type Answer<T> = Result<Response<T>, Status>;

fn answer<T>(value: T) -> Answer<T> {
    Ok(Response::new(value))
}

fn absent<T>(what: &str) -> Answer<T> {
    Err(Status::not_found(format!("the test host has no {what}")))
}

fn key(daemon: Option<v1::DaemonKey>) -> (String, String) {
    let daemon = daemon.unwrap_or_default();
    (daemon.r#type, daemon.id)
}

async fn listen(state: Arc<State>, mut said: Streaming<v1::AttachRequest>) {
    while let Ok(Some(v1::AttachRequest { message: Some(message) })) = said.message().await {
        hear(&state, message);
    }
    // The module ended its side; so does the host.
    state.inner.lock().to_module = None;
}

fn hear(state: &State, message: Said) {
    let mut inner = state.inner.lock();
    match message {
        Said::Hello(hello) => {
            inner.declaration = hello.declaration.unwrap_or_default();
            inner.tell(Message::Welcome(v1::Welcome {
                protocol_version: 1,
                features: hello.features,
                purpose: v1::Purpose::Run.into(),
                role: v1::Role::Active.into(),
                module: "test".to_owned(),
                constants: Some(v1::Constants { mgr_id: "x".to_owned(), ..Default::default() }),
                options: entries(&inner.options),
                store: entries(&inner.store),
                limits: None,
            }));
        }
        Said::Ready(_) => {
            state.ready.send_replace(true);
        }
        Said::CommandOutput(part) => {
            if let Some(run) = inner.commands.get_mut(&part.call_id) {
                run.stdout.extend_from_slice(&part.stdout);
            }
        }
        Said::CommandResult(result) => {
            if let Some(mut run) = inner.commands.remove(&result.call_id) {
                let mut outcome: crate::Outcome = result.outcome.unwrap_or_default().into();
                run.stdout.extend_from_slice(&outcome.stdout);
                outcome.stdout = run.stdout.into();
                // A test that no longer waits has no use for it.
                let _ = run.waiter.send(outcome);
            }
        }
        Said::RemoteResult(result) => {
            if let Some(waiter) = inner.calls.remove(&result.call_id) {
                let _ = waiter.send(returned(result.result));
            }
        }
        Said::Pong(pong) => {
            if let Some(waiter) = inner.pongs.remove(&pong.seq) {
                let _ = waiter.send(pong);
            }
        }
        Said::WatchDocuments(watch) => {
            let version = |name: &String| inner.documents.get(name).map_or(0, |d| d.version);
            let documents = watch
                .names
                .iter()
                .map(|name| v1::DocumentVersion { name: name.clone(), version: version(name) })
                .collect();
            inner.tell(Message::DocumentChanged(v1::DocumentChanged { documents }));
        }
        Said::Failed(failed) => {
            state.failed.send_replace(Some(failed.message));
        }
        Said::Log(_) | Said::ExtendStart(_) => {}
    }
}

fn returned(result: Option<remote_result::Result>) -> Result<Value, String> {
    match result {
        Some(remote_result::Result::Value(value)) => {
            decoded(&value, "the answer").map_err(|e| e.to_string())
        }
        Some(remote_result::Result::Error(error)) => Err(error.message),
        None => Err("the answer is empty".to_owned()),
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
        self.0.inner.lock().to_module = Some(sender);
        tokio::spawn(listen(self.0.clone(), request.into_inner()));
        answer(Box::pin(UnboundedReceiverStream::new(receiver)))
    }

    async fn get_document(
        &self,
        request: Request<v1::GetDocumentRequest>,
    ) -> Answer<v1::GetDocumentResponse> {
        let request = request.into_inner();
        let mut document =
            self.0.inner.lock().documents.get(&request.name).cloned().unwrap_or_default();
        if document.version == request.known_version {
            document.json = None;
        }
        answer(document)
    }

    async fn list_servers(
        &self,
        _: Request<v1::ListServersRequest>,
    ) -> Answer<v1::ListServersResponse> {
        answer(v1::ListServersResponse { json: "[]".into() })
    }

    async fn get_metadata(
        &self,
        request: Request<v1::GetMetadataRequest>,
    ) -> Answer<v1::GetMetadataResponse> {
        let daemon = key(request.into_inner().daemon);
        let metadata = self.0.inner.lock().metadata.get(&daemon).cloned();
        answer(v1::GetMetadataResponse {
            found: metadata.is_some(),
            metadata: metadata.unwrap_or_default(),
        })
    }

    async fn get_daemon_status(
        &self,
        _: Request<v1::GetDaemonStatusRequest>,
    ) -> Answer<v1::GetDaemonStatusResponse> {
        answer(v1::GetDaemonStatusResponse::default())
    }

    async fn get_daemon_health_metrics(
        &self,
        _: Request<v1::GetDaemonHealthMetricsRequest>,
    ) -> Answer<v1::GetDaemonHealthMetricsResponse> {
        answer(v1::GetDaemonHealthMetricsResponse { json: "{}".into() })
    }

    async fn get_perf_schema(
        &self,
        _: Request<v1::GetPerfSchemaRequest>,
    ) -> Answer<v1::GetPerfSchemaResponse> {
        answer(v1::GetPerfSchemaResponse { json: "{}".into() })
    }

    async fn get_counter(
        &self,
        _: Request<v1::GetCounterRequest>,
    ) -> Answer<v1::GetCounterResponse> {
        answer(v1::GetCounterResponse::default())
    }

    async fn get_perf_counters(
        &self,
        request: Request<v1::GetPerfCountersRequest>,
    ) -> Answer<v1::GetPerfCountersResponse> {
        let known = request.into_inner().known_schemas;
        let mut counters = self.0.inner.lock().counters.clone();
        counters.schemas.retain(|schema| !known.contains(&schema.id));
        answer(counters)
    }

    async fn get_ceph_option(
        &self,
        request: Request<v1::GetCephOptionRequest>,
    ) -> Answer<v1::GetCephOptionResponse> {
        absent(&format!("option '{}'", request.into_inner().key))
    }

    async fn get_module_option(
        &self,
        _: Request<v1::GetModuleOptionRequest>,
    ) -> Answer<v1::GetModuleOptionResponse> {
        answer(v1::GetModuleOptionResponse::default())
    }

    async fn set_module_option(
        &self,
        request: Request<v1::SetModuleOptionRequest>,
    ) -> Answer<v1::SetModuleOptionResponse> {
        let v1::SetModuleOptionRequest { key, value, .. } = request.into_inner();
        let mut inner = self.0.inner.lock();
        if inner.declaration.options.iter().all(|option| option.name != key) {
            return Err(Status::invalid_argument(format!("the module has no option '{key}'")));
        }
        match &value {
            Some(value) => inner.options.insert(key.clone(), value.clone()),
            None => inner.options.remove(&key),
        };
        let revision = inner.revise();
        answer(v1::SetModuleOptionResponse { entry: Some(v1::Entry { key, value, revision }) })
    }

    async fn set_store(
        &self,
        request: Request<v1::SetStoreRequest>,
    ) -> Answer<v1::SetStoreResponse> {
        let v1::SetStoreRequest { key, value } = request.into_inner();
        let mut inner = self.0.inner.lock();
        match value {
            Some(value) => inner.store.insert(key, value),
            None => inner.store.remove(&key),
        };
        answer(v1::SetStoreResponse { revision: inner.revise() })
    }

    async fn set_health_checks(
        &self,
        request: Request<v1::SetHealthChecksRequest>,
    ) -> Answer<v1::SetHealthChecksResponse> {
        let checks = request.into_inner().checks.into_iter().map(Into::into).collect();
        self.0.health.send_replace(checks);
        answer(v1::SetHealthChecksResponse {})
    }

    async fn set_uri(&self, request: Request<v1::SetUriRequest>) -> Answer<v1::SetUriResponse> {
        self.0.uri.send_replace(request.into_inner().uri);
        answer(v1::SetUriResponse {})
    }

    async fn cluster_log(
        &self,
        request: Request<v1::ClusterLogRequest>,
    ) -> Answer<v1::ClusterLogResponse> {
        let entry = request.into_inner().entry.unwrap_or_default();
        self.0.inner.lock().cluster_log.push(entry.message);
        answer(v1::ClusterLogResponse {})
    }

    async fn update_progress(
        &self,
        _: Request<v1::UpdateProgressRequest>,
    ) -> Answer<v1::UpdateProgressResponse> {
        answer(v1::UpdateProgressResponse {})
    }

    async fn complete_progress(
        &self,
        _: Request<v1::CompleteProgressRequest>,
    ) -> Answer<v1::CompleteProgressResponse> {
        answer(v1::CompleteProgressResponse {})
    }

    async fn call_module(
        &self,
        request: Request<v1::CallModuleRequest>,
    ) -> Answer<v1::CallModuleResponse> {
        let request = request.into_inner();
        let Some(method) = self.0.methods.get(&(request.module.clone(), request.method)) else {
            return absent(&format!("module '{}' with this method", request.module));
        };
        let args = decoded::<Option<Vec<Value>>>(&request.args.unwrap_or_default(), "arguments");
        let args = args.map_err(|e| Status::invalid_argument(e.to_string()))?.unwrap_or_default();
        let value = method(args).map_err(Status::unknown)?;
        let value = v1::Payload { data: value.to_string().into(), encoding: String::new() };
        answer(v1::CallModuleResponse { value: Some(value) })
    }

    async fn send_command(
        &self,
        request: Request<v1::SendCommandRequest>,
    ) -> Answer<v1::SendCommandResponse> {
        let command: Value = serde_json::from_slice(&request.into_inner().command)
            .map_err(|e| Status::invalid_argument(e.to_string()))?;
        let prefix = command["prefix"].as_str().unwrap_or_default();
        match self.0.sent_commands.get(prefix) {
            Some(outcome) => {
                answer(v1::SendCommandResponse { outcome: Some(outcome.clone().into()) })
            }
            None => absent(&format!("cluster command '{prefix}'")),
        }
    }

    async fn is_authorized(
        &self,
        _: Request<v1::IsAuthorizedRequest>,
    ) -> Answer<v1::IsAuthorizedResponse> {
        answer(v1::IsAuthorizedResponse { authorized: true })
    }
}
