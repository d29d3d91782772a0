//! Everything a module can ask of the host.

use std::sync::{Arc, OnceLock};

use mgrd_proto::v1;
use mgrd_proto::v1::module_host_service_client::ModuleHostServiceClient;
use tokio::sync::watch;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::counters::Schemas;
use crate::documents::Documents;
use crate::mirror::Mirror;
use crate::notification::NotificationHub;
use crate::outbox::Outbox;
use crate::{HostError, Notifications, Store};

pub use mgrd_proto::v1::Constants;

pub(crate) type Client = ModuleHostServiceClient<InterceptedService<Channel, Secret>>;

/// Called whenever options changed.
pub(crate) type OnOptions = Box<dyn Fn(&Host) + Send + Sync>;

/// Everything a module can ask of the host. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    client: Client,
    pub(crate) outbox: Outbox,
    module: String,
    role: Role,
    pub(crate) constants: watch::Sender<Arc<Constants>>,
    pub(crate) options: Mirror,
    /// Makes typed values of them, whenever they changed.
    pub(crate) read_options: OnceLock<OnOptions>,
    pub(crate) store: Mirror,
    pub(crate) documents: Documents,
    pub(crate) schemas: Schemas,
    pub(crate) notifications: NotificationHub,
}

/// What a module process is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Has the cluster state, runs commands, writes.
    Active,
    /// Waits beside the active one; reads options and store only.
    Standby,
}

impl From<Role> for v1::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Active => Self::Active,
            Role::Standby => Self::Standby,
        }
    }
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
        let role = match welcome.role() {
            v1::Role::Standby => Role::Standby,
            _ => Role::Active,
        };
        let inner = Inner {
            client,
            outbox,
            module: welcome.module,
            role,
            constants: watch::Sender::new(Arc::new(welcome.constants.unwrap_or_default())),
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

    /// What this process is for.
    #[must_use]
    pub fn role(&self) -> Role {
        self.inner.role
    }

    /// Facts that seldom change, as they are now: the manager's name, the cluster's version, …
    #[must_use]
    pub fn constants(&self) -> Arc<Constants> {
        self.inner.constants.borrow().clone()
    }

    /// This module's private keys and values.
    #[must_use]
    pub fn store(&self) -> Store {
        Store { host: self.clone() }
    }

    /// The notifications of the types in [`Module::NOTIFY`](crate::Module::NOTIFY), from now on.
    #[must_use]
    pub fn notifications(&self) -> Notifications {
        self.inner.notifications.subscribe()
    }

    /// Sets one of this module's options, or removes what was set; durable when it returns.
    ///
    /// # Errors
    /// The option is unknown, the value of the wrong type or out of range.
    pub async fn set_option(&self, key: &str, value: Option<&str>) -> Result<(), HostError> {
        let request = v1::SetModuleOptionRequest {
            module: String::new(),
            key: key.to_owned(),
            value: value.map(str::to_owned),
            localized: false,
        };
        let answer = self.client().set_module_option(request).await?.into_inner();
        self.apply_options(answer.entry);
        Ok(())
    }

    pub(crate) fn apply_options(&self, entries: impl IntoIterator<Item = v1::Entry>) {
        self.inner.options.apply(entries);
        if let Some(read) = self.inner.read_options.get() {
            read(self);
        }
    }

    /// The text of an option that is set; the value for this manager alone wins.
    pub(crate) fn option(&self, key: &str) -> Option<String> {
        let localized = format!("{}/{key}", self.inner.constants.borrow().mgr_id);
        self.inner.options.get(&localized).or_else(|| self.inner.options.get(key))
    }

    /// Whether the client whose command this module is answering may touch these things, such as
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
