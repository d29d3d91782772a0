//! A host for a test, before its module starts.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use mgrd_proto::v1;
use mgrd_proto::v1::module_host_service_server::ModuleHostServiceServer;
use serde_json::Value;
use tonic::transport::Server;

use super::service::Service;
use super::state::State;
use super::test_module::TestModule;
use crate::host::Secret;
use crate::log::Logging;
use crate::{Module, Outcome, connect, session};

/// How many bytes may be under way in each direction.
const PIPE_BYTES: usize = 1 << 20;

/// A host for a test: say what it knows, then [`start`](Self::start) a module on it.
#[derive(Default)]
pub struct TestHost {
    state: State,
}

impl std::fmt::Debug for TestHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestHost").finish_non_exhaustive()
    }
}

impl TestHost {
    /// A host that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An option that is set.
    #[must_use]
    pub fn option(mut self, key: &str, value: &str) -> Self {
        self.state.inner.get_mut().options.insert(key.to_owned(), value.to_owned());
        self
    }

    /// A key of the module's store.
    #[must_use]
    pub fn store(mut self, key: &str, value: &str) -> Self {
        self.state.inner.get_mut().store.insert(key.to_owned(), value.to_owned());
        self
    }

    /// A document of the cluster state.
    #[must_use]
    pub fn document(mut self, name: &str, value: &Value) -> Self {
        self.state.inner.get_mut().put_document(name, value);
        self
    }

    /// A daemon's metadata.
    #[must_use]
    pub fn metadata(mut self, service: &str, id: &str, entries: &[(&str, &str)]) -> Self {
        let entries = entries.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect();
        let daemon = (service.to_owned(), id.to_owned());
        self.state.inner.get_mut().metadata.insert(daemon, entries);
        self
    }

    /// Perf counters, as the contract packs them.
    #[must_use]
    pub fn perf_counters(mut self, counters: v1::GetPerfCountersResponse) -> Self {
        self.state.inner.get_mut().counters = counters;
        self
    }

    /// A stand-in for a method of another module.
    #[must_use]
    pub fn remote(
        mut self,
        module: &str,
        method: &str,
        answer: impl Fn(Vec<Value>) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        self.state.methods.insert((module.to_owned(), method.to_owned()), Box::new(answer));
        self
    }

    /// How a command of the cluster ends that the module sends.
    #[must_use]
    pub fn cluster_command(mut self, prefix: &str, outcome: Outcome) -> Self {
        self.state.sent_commands.insert(prefix.to_owned(), outcome);
        self
    }

    /// Starts the module and waits until it is ready.
    ///
    /// # Panics
    /// The module cannot run, or its start fails.
    pub async fn start<M: Module>(self) -> TestModule {
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
        let channel = connect::endpoint().connect_with_connector(connector).await;
        let channel = channel.expect("memory can be dialled");
        let secret = Secret(tonic::metadata::MetadataValue::from_static("test"));
        let mut session = tokio::spawn(session::live::<M>(
            connect::client(channel, secret),
            Logging::new(),
            None,
        ));
        let mut ready = state.ready.subscribe();
        tokio::select! {
            _ = ready.wait_for(|ready| *ready) => {}
            end = &mut session => panic!("the module did not start: {end:?}"),
        }
        TestModule::new(state, session, server)
    }
}
