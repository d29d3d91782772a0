//! A host for a test, before its module starts.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use mgrd_proto::v1;
use mgrd_proto::v1::module_host_service_server::ModuleHostServiceServer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tonic::transport::{Endpoint, Server};
use tracing::instrument::WithSubscriber;

use super::perf::TestCounter;
use super::service::Service;
use super::state::State;
use super::test_module::TestModule;
use crate::host::Secret;
use crate::log::Logging;
use crate::session::{self, End};
use crate::standby::{self, Half};
use crate::{Errno, Error, Module, Outcome, RemoteError, Standby, connect};

/// How many bytes each direction holds.
const PIPE_BYTES: usize = 1 << 20;

/// A host for a test. Set what it knows, then [`start`](Self::start) a module with it.
pub struct TestHost {
    state: State,
}

impl std::fmt::Debug for TestHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestHost").finish_non_exhaustive()
    }
}

impl Default for TestHost {
    fn default() -> Self {
        Self::new()
    }
}

fn owned(first: &str, second: &str) -> (String, String) {
    (first.to_owned(), second.to_owned())
}

impl TestHost {
    /// A host without data: the manager `x`, connected to an empty cluster, and a module with the
    /// name `test`.
    #[must_use]
    pub fn new() -> Self {
        let mut state = State::default();
        let inner = state.inner.get_mut();
        inner.module = "test".to_owned();
        inner.constants = v1::Constants {
            mgr_id: "x".to_owned(),
            hostname: "localhost".to_owned(),
            version: "test".to_owned(),
            release_name: "test".to_owned(),
            mgr_ips: vec!["127.0.0.1".to_owned()],
            debug_mgr: "2/5".to_owned(),
            have_mon_connection: true,
            ..Default::default()
        };
        Self { state }
    }

    /// Sets the name of the module.
    #[must_use]
    pub fn module(mut self, name: &str) -> Self {
        self.state.inner.get_mut().module = name.to_owned();
        self
    }

    /// Sets an option; `x/KEY` sets it for this manager alone.
    #[must_use]
    pub fn option(self, key: &str, value: &str) -> Self {
        self.state.seen.send_modify(|seen| {
            seen.options.insert(key.to_owned(), value.to_owned());
        });
        self
    }

    /// Sets a key of the module's store.
    #[must_use]
    pub fn store(self, key: &str, value: &str) -> Self {
        self.state.seen.send_modify(|seen| {
            seen.store.insert(key.to_owned(), value.to_owned());
        });
        self
    }

    /// Sets a document of the cluster state.
    #[must_use]
    pub fn document(mut self, name: &str, value: &Value) -> Self {
        self.state.inner.get_mut().put_document(name, Some(value));
        self
    }

    /// Adds a host of the cluster, with daemons such as `("osd", "0")`.
    #[must_use]
    pub fn server(mut self, hostname: &str, daemons: &[(&str, &str)]) -> Self {
        let daemon = |(service, id): &(&str, &str)| json!({"type": service, "id": id});
        let services: Vec<_> = daemons.iter().map(daemon).collect();
        self.state.cluster.servers.push(json!({"hostname": hostname, "services": services}));
        self
    }

    /// Sets the metadata of a daemon.
    #[must_use]
    pub fn metadata(mut self, service: &str, id: &str, entries: &[(&str, &str)]) -> Self {
        let entries = entries.iter().map(|&(key, value)| owned(key, value)).collect();
        self.state.cluster.metadata.insert(owned(service, id), entries);
        self
    }

    /// Sets the status of a daemon.
    #[must_use]
    pub fn daemon_status(mut self, service: &str, id: &str, entries: &[(&str, &str)]) -> Self {
        let entries = entries.iter().map(|&(key, value)| owned(key, value)).collect();
        self.state.cluster.status.insert(owned(service, id), entries);
        self
    }

    /// Adds a health metric of a daemon such as `osd.0`.
    #[must_use]
    pub fn health_metric(mut self, daemon: &str, kind: &str, value: i64) -> Self {
        let metrics = self.state.cluster.health_metrics.entry(daemon.to_owned()).or_default();
        metrics.push(json!({"type": kind, "value": value}));
        self
    }

    /// Adds a perf counter of a daemon.
    #[must_use]
    pub fn counter(mut self, service: &str, id: &str, counter: TestCounter) -> Self {
        self.state.cluster.counters.entry(owned(service, id)).or_default().push(counter);
        self
    }

    /// Sets an option of the cluster, as this manager sees it if the entity is empty, or as another
    /// daemon such as `osd.3` sees it.
    #[must_use]
    pub fn ceph_option(mut self, entity: &str, key: &str, value: impl Into<Value>) -> Self {
        self.state.cluster.ceph_options.insert(owned(entity, key), value.into());
        self
    }

    /// Sets an option of another module.
    #[must_use]
    pub fn module_option(self, module: &str, key: &str, value: impl Into<Value>) -> Self {
        self.state.seen.send_modify(|seen| {
            seen.module_options.insert(owned(module, key), value.into());
        });
        self
    }

    /// Adds a stand-in for a method of another module. It takes the arguments as the caller gives
    /// them: a tuple by position, a struct or map by name.
    #[must_use]
    pub fn remote<A: DeserializeOwned, T: Serialize>(
        mut self,
        module: &str,
        method: &str,
        answer: impl Fn(A) -> Result<T, RemoteError> + Send + Sync + 'static,
    ) -> Self {
        let raised = |error: serde_json::Error| RemoteError::Raised(error.to_string());
        let stand_in = move |arguments| {
            let answer = answer(serde_json::from_value(arguments).map_err(raised)?)?;
            serde_json::to_value(answer).map_err(raised)
        };
        self.state.cluster.methods.insert(owned(module, method), Box::new(stand_in));
        self
    }

    /// Adds a stand-in for a command that the module sends. It takes a JSON object with `prefix` and
    /// the arguments.
    #[must_use]
    pub fn command(
        mut self,
        prefix: &str,
        answer: impl Fn(&Value) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        self.state.cluster.commands.insert(prefix.to_owned(), Box::new(answer));
        self
    }

    /// Disconnects the feed.
    #[must_use]
    pub fn disconnected(mut self) -> Self {
        self.state.inner.get_mut().constants.have_mon_connection = false;
        self
    }

    /// Makes [`Host::is_authorized`](crate::Host::is_authorized) refuse every client.
    #[must_use]
    pub fn refuse_authority(mut self) -> Self {
        self.state.cluster.refuse_authority = true;
        self
    }

    /// Makes writes of options and of the store fail.
    #[must_use]
    pub fn refuse_writes(mut self, errno: Errno, reason: &str) -> Self {
        self.state.cluster.refuse_writes = Some((errno, reason.to_owned()));
        self
    }

    /// Starts the module and waits until it is ready.
    ///
    /// # Panics
    /// It cannot run, or its start fails.
    pub async fn start<M: Module>(self) -> TestModule {
        self.try_start::<M>().await.expect("the module starts")
    }

    /// Starts the module and waits until it is ready.
    ///
    /// # Errors
    /// It cannot run, or its start fails; the text says why.
    pub async fn try_start<M: Module>(self) -> Result<TestModule, Error> {
        self.launch::<M>(None).await
    }

    /// Starts the standby half of a module and waits until it is ready; `active_uri` is the URI of
    /// the module on the active manager.
    ///
    /// # Panics
    /// It cannot run.
    pub async fn start_standby<M: Standby>(mut self, active_uri: &str) -> TestModule {
        self.state.cluster.is_standby = true;
        self.state.inner.get_mut().constants.active_uri = active_uri.to_owned();
        self.launch::<M>(Some(standby::half::<M>)).await.expect("the module starts")
    }

    async fn launch<M: Module>(self, standby: Option<Half<M>>) -> Result<TestModule, Error> {
        let state = Arc::new(self.state);
        let (near, far) = tokio::io::duplex(PIPE_BYTES);
        let service = ModuleHostServiceServer::new(Service(state.clone()))
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX);
        let incoming = tokio_stream::once(Ok::<_, std::io::Error>(far));
        let server = Server::builder().add_service(service).serve_with_incoming(incoming);
        let server = tokio::spawn(server);
        let mut near = Some(near);
        let connector = tower::service_fn(move |_: tonic::transport::Uri| {
            let near = near.take().ok_or_else(|| std::io::Error::other("the session is over"));
            async move { near.map(TokioIo::new) }
        });
        let endpoint = Endpoint::from_static("http://localhost");
        let channel = endpoint.connect_with_connector(connector).await?;
        let secret = Secret(tonic::metadata::MetadataValue::from_static("test"));
        let logging = Logging::new();
        let dispatch = logging.dispatch();
        let session = session::run::<M>(connect::client(channel, secret), logging, standby);
        let mut session = tokio::spawn(session.with_subscriber(dispatch));
        let mut ready = state.ready.subscribe();
        tokio::select! {
            _ = ready.wait_for(|ready| *ready) => {}
            end = &mut session => return Err(match end? {
                End::StartFailed(error) => error,
                End::CannotRun(error) => error.into(),
                end => Error::invalid(format!("the module ended: {end:?}")),
            }),
        }
        Ok(TestModule::new(state, session, server))
    }
}
