//! The defaults of this manager's own options: the settings of this process.

use crate::config::Settings;
use crate::options::Schemas;

/// Sets those defaults.
pub(super) fn set_own_options(schemas: &Schemas, settings: &Settings) {
    let folders = settings.module_path.iter().map(|folder| folder.to_string_lossy());
    let log_file = settings.log_file.as_ref().map(|file| file.to_string_lossy().into_owned());
    for (name, value) in [
        ("mgr_data", settings.data_dir.to_string_lossy().into_owned()),
        ("mgr_module_path", folders.collect::<Vec<_>>().join(":")),
        ("mgr_initial_modules", settings.initial_modules.join(" ")),
        ("log_to_file", log_file.is_some().to_string()),
        ("log_to_stderr", log_file.is_none().to_string()),
        ("log_file", log_file.unwrap_or_default()),
    ] {
        schemas.set_default(name, value);
    }
}
