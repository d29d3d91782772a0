//! The calls that a module can make to the host.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use tokio::sync::watch;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::constants::Constants;
use crate::counters::Schemas;
use crate::documents::Documents;
use crate::mirror::Mirror;
use crate::notification::NotificationHub;
use crate::outbox::Outbox;
use crate::{HostError, Live, Notifications, Store};

pub(crate) type Client = ModuleHostServiceClient<InterceptedService<Channel, Secret>>;

/// Called after each change of options.
pub(crate) type OnOptions = Box<dyn Fn(&Host) + Send + Sync>;

/// The calls that a module can make to the host. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    client: Client,
    pub(crate) outbox: Outbox,
    module: String,
    pub(crate) constants: watch::Sender<Arc<Constants>>,
    pub(crate) options: Mirror,
    /// Makes typed values of the options after each change.
    pub(crate) read_options: OnceLock<OnOptions>,
    pub(crate) store: Mirror,
    pub(crate) documents: Documents,
    pub(crate) schemas: Schemas,
    pub(crate) notifications: NotificationHub,
}

/// Adds the secret to each call.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) MetadataValue<Ascii>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Interceptor for Secret {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("mgrd-secret", self.0.clone());
        Ok(request)
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("module", &self.inner.module).finish_non_exhaustive()
    }
}

impl Host {
    pub(crate) fn new(client: Client, outbox: Outbox, welcome: v1::Welcome) -> Self {
        let constants = Constants::from(welcome.constants.unwrap_or_default());
        let inner = Inner {
            client,
            outbox,
            module: welcome.module,
            constants: watch::Sender::new(Arc::new(constants)),
            options: Mirror::new(welcome.options),
            read_options: OnceLock::new(),
            store: Mirror::new(welcome.store),
            documents: Documents::default(),
            schemas: Schemas::default(),
            notifications: NotificationHub::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn client(&self) -> Client {
        self.inner.client.clone()
    }

    /// This module's name.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.inner.module
    }

    /// Facts about this manager and its cluster.
    #[must_use]
    pub fn constants(&self) -> Live<Constants> {
        Live::new(self.inner.constants.subscribe())
    }

    pub(crate) fn mgr_id(&self) -> String {
        self.inner.constants.borrow().mgr_id.clone()
    }

    /// This module's private keys and values.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(self.clone())
    }

    /// The notifications of the types in [`Module::NOTIFY`](crate::Module::NOTIFY), from now on.
    #[must_use]
    pub fn notifications(&self) -> Notifications {
        self.inner.notifications.subscribe()
    }

    /// Asks for more time for [`Module::start`](crate::Module::start): this long from now. Call it
    /// if the start takes longer than the 30 s that the host allows. The host limits this time, too.
    pub async fn extend_start(&self, by: Duration) {
        let extend = v1::ExtendStart { millis: millis(by) };
        self.inner.outbox.send(Message::ExtendStart(extend)).await;
    }

    pub(crate) fn set_constants(&self, constants: v1::Constants) {
        self.inner.constants.send_replace(Arc::new(constants.into()));
        // The log level may depend on one of them.
        self.apply_options([]);
    }

    pub(crate) fn apply_options(&self, entries: impl IntoIterator<Item = v1::Entry>) {
        self.inner.options.apply(entries);
        if let Some(read) = self.inner.read_options.get() {
            read(self);
        }
    }

    /// Takes a part of a snapshot; true if it is the last.
    pub(crate) fn take_part(&self, part: v1::Snapshot) -> bool {
        let v1::Snapshot { revision, options, store, last } = part;
        self.inner.options.take_part(revision, options, last);
        self.inner.store.take_part(revision, store, last);
        self.apply_options([]);
        last
    }

    /// The text of an option that is set. A value for this manager alone takes precedence.
    pub(crate) fn option(&self, key: &str) -> Option<String> {
        let localized = format!("{}/{key}", self.mgr_id());
        self.inner.options.get(&localized).or_else(|| self.inner.options.get(key))
    }

    /// Whether the client whose command this module answers may access these things, such as
    /// `("pool", "rbd")`.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn is_authorized(&self, arguments: &[(&str, &str)]) -> Result<bool, HostError> {
        let arguments =
            arguments.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let call_id = CALL.try_with(|id| *id).unwrap_or_default();
        let request = v1::IsAuthorizedRequest { arguments, call_id };
        Ok(self.client().is_authorized(request).await?.into_inner().authorized)
    }
}

tokio::task_local! {
    /// The command that this task answers.
    pub(crate) static CALL: u64;
}

/// A time in milliseconds, rounded up, because 0 means the default of the host.
pub(crate) fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_micros().div_ceil(1000)).unwrap_or(u32::MAX)
}
