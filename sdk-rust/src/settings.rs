//! Options of this module, of others, and of the cluster.

use mgrd_proto::v1;
use serde::de::DeserializeOwned;

use crate::{Host, HostError};

impl Host {
    /// Sets one of this module's options, or removes its value. The change is durable when the call
    /// returns, and every later read sees it.
    ///
    /// # Errors
    /// The option is not declared, or the value is of the wrong type or out of range.
    pub async fn set_option(&self, key: &str, value: Option<&str>) -> Result<(), HostError> {
        self.write_option("", key, value, false).await
    }

    /// Like [`set_option`](Self::set_option), for this manager alone. Such a value takes precedence
    /// over the value for all managers.
    ///
    /// # Errors
    /// The option is not declared, or the value is of the wrong type or out of range.
    pub async fn set_localized_option(
        &self,
        key: &str,
        value: Option<&str>,
    ) -> Result<(), HostError> {
        self.write_option("", key, value, true).await
    }

    /// An option of another module; `None` if it is not set or not known.
    ///
    /// # Errors
    /// The option is not of this type, or the host cannot be reached.
    pub async fn module_option<T: DeserializeOwned>(
        &self,
        module: &str,
        key: &str,
    ) -> Result<Option<T>, HostError> {
        let request = v1::GetModuleOptionRequest { module: module.to_owned(), key: key.to_owned() };
        let value = self.client().get_module_option(request).await?.into_inner().value;
        value.map(|json| typed(key, &json)).transpose()
    }

    /// Sets an option of another module, or removes its value.
    ///
    /// # Errors
    /// The option is not declared by that module, or the value does not fit it.
    pub async fn set_module_option(
        &self,
        module: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<(), HostError> {
        self.write_option(module, key, value, false).await
    }

    /// An option of the cluster, such as `mgr_tick_period`, as this manager sees it.
    ///
    /// # Errors
    /// There is no such option, it is not of this type, or the host cannot be reached.
    pub async fn ceph_option<T: DeserializeOwned>(&self, key: &str) -> Result<T, HostError> {
        self.foreign_ceph_option("", key).await
    }

    /// An option of the cluster, as another daemon, such as `osd.3`, or a type of daemon sees it.
    ///
    /// # Errors
    /// There is no such option or daemon, it is not of this type, or the host cannot be reached.
    pub async fn foreign_ceph_option<T: DeserializeOwned>(
        &self,
        entity: &str,
        key: &str,
    ) -> Result<T, HostError> {
        let request = v1::GetCephOptionRequest { key: key.to_owned(), entity: entity.to_owned() };
        typed(key, &self.client().get_ceph_option(request).await?.into_inner().value)
    }

    async fn write_option(
        &self,
        module: &str,
        key: &str,
        value: Option<&str>,
        localized: bool,
    ) -> Result<(), HostError> {
        let request = v1::SetModuleOptionRequest {
            module: module.to_owned(),
            key: key.to_owned(),
            value: value.map(str::to_owned),
            localized,
        };
        let answer = self.client().set_module_option(request).await?.into_inner();
        if module.is_empty() || module == self.module() {
            self.apply_options(answer.entry);
        }
        Ok(())
    }
}

fn typed<T: DeserializeOwned>(key: &str, json: &[u8]) -> Result<T, HostError> {
    serde_json::from_slice(json).map_err(|e| HostError::shape(&format!("option '{key}'"), &e))
}
