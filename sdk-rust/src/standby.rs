//! The standby half of a module.

use std::future::Future;
use std::pin::Pin;

use serde::de::DeserializeOwned;

use crate::store::StoreReader;
use crate::{Constants, Host, HostError, Live, Module, Result, Shutdown};

/// A module with a standby half, which runs on the standby managers. It may be a web server that
/// redirects to the active manager. The `main` of such a module calls
/// [`run_with_standby`](crate::run_with_standby).
///
/// ```no_run
/// use mgrd_sdk::prelude::*;
/// # struct Dashboard;
/// # impl Commands for Dashboard {}
/// # impl Module for Dashboard {
/// #     type Options = ();
/// #     async fn start(_host: Host, _options: Live<()>) -> Result<Self> { Ok(Self) }
/// # }
///
/// impl Standby for Dashboard {
///     async fn standby(host: StandbyHost, _options: Live<()>, shutdown: Shutdown) -> Result<()> {
///         // Serve redirects to `host.active_uri()` here.
///         shutdown.requested().await;
///         Ok(())
///     }
/// }
///
/// fn main() -> ExitCode {
///     mgrd_sdk::run_with_standby::<Dashboard>()
/// }
/// ```
pub trait Standby: Module {
    /// Runs until `shutdown` is requested. That also happens when this manager becomes active:
    /// `mgrd` then starts the module again, in another process.
    fn standby(
        host: StandbyHost,
        options: Live<Self::Options>,
        shutdown: Shutdown,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The calls that a standby half can make to the host. It can read, but not write. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StandbyHost(Host);

impl StandbyHost {
    pub(crate) fn new(host: Host) -> Self {
        Self(host)
    }

    /// This module's name.
    #[must_use]
    pub fn module(&self) -> &str {
        self.0.module()
    }

    /// The URI of this module on the active manager, if it has one.
    #[must_use]
    pub fn active_uri(&self) -> Option<String> {
        let constants = self.constants().get();
        Some(constants.active_uri.clone()).filter(|uri| !uri.is_empty())
    }

    /// Facts about this manager and its cluster. They also change with the active URI, so you can
    /// wait for that.
    #[must_use]
    pub fn constants(&self) -> Live<Constants> {
        self.0.constants()
    }

    /// The module's private keys and values.
    #[must_use]
    pub fn store(&self) -> StoreReader {
        StoreReader::new(self.0.clone())
    }

    /// An option of the cluster, such as `mgr_tick_period`, as this manager sees it.
    ///
    /// # Errors
    /// There is no such option, it is not of this type, or the host cannot be reached.
    pub async fn ceph_option<T: DeserializeOwned>(&self, key: &str) -> Result<T, HostError> {
        self.0.ceph_option(key).await
    }
}

/// The standby half of `M`. A session takes it as an option, because not every module has one.
pub(crate) type Half<M> = fn(StandbyHost, Live<<M as Module>::Options>, Shutdown) -> Running;

type Running = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

pub(crate) fn half<M: Standby>(
    host: StandbyHost,
    options: Live<M::Options>,
    shutdown: Shutdown,
) -> Running {
    Box::pin(M::standby(host, options, shutdown))
}
