//! What the threads of a live module do.

use std::sync::Arc;

use super::Modules;
use crate::module::error::ModuleError;
use crate::module::process::Stacks;

impl Modules {
    /// The stacks of the threads of a module that has a process.
    ///
    /// # Errors
    ///
    /// If there is no such module, or it has no process.
    pub async fn stacks(&self, name: &str) -> Result<Arc<Stacks>, ModuleError> {
        let module = self.find(name)?;
        let no_process =
            || ModuleError::NoProcess { module: name.to_owned(), state: module.state() };
        let source = module.run.lock().stacks.clone();
        let stacks = match (source, self.shared.live_runs.by_hand(name)) {
            (Some(source), _) => source.take().await,
            (None, Some(id)) => Stacks::by_hand(id).await.map(Arc::new),
            (None, None) => return Err(no_process()),
        };
        stacks.map_err(|_gone| no_process())
    }
}
