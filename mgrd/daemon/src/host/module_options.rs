//! The options that modules set.

use super::parts::Host;
use crate::authority::Writer;
use crate::options::OptionError;

/// An option as it is now, under the name that its module uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentOption {
    /// Its name; one that is set for this manager alone has the manager's name in front.
    pub key: String,
    /// Its value; none if it is not set and has no default.
    pub value: Option<String>,
    /// The revision of storage at which it got this value.
    pub revision: u64,
}

impl Host {
    /// Sets or removes an option for a module. A module may set options of other modules, as
    /// `config set` can; the log shows it.
    ///
    /// # Errors
    ///
    /// If the option is not declared, the value is invalid, or storage fails.
    pub async fn set_module_option(
        &self,
        caller: &str,
        (module, key): (&str, &str),
        value: Option<&str>,
        localized: bool,
    ) -> Result<CurrentOption, OptionError> {
        let options = self.parts.options.by(Writer::module(caller));
        self.parts.modules.described(module).await;
        let revision = options.set_module_option(module, key, value, localized).await?;
        // Only now it is known that these are names of a module and of an option.
        if caller != module {
            tracing::info!(
                module = caller,
                "the module set the option '{key}' of module '{module}'"
            );
        }
        let id = &self.parts.settings.id;
        let key = if localized { format!("{id}/{key}") } else { key.to_owned() };
        let now = options.module_option(module, &key);
        let set = now.as_ref().map_or(0, |(_, set)| *set);
        Ok(CurrentOption { key, value: now.map(|(value, _)| value), revision: revision.max(set) })
    }
}
