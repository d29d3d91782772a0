//! The cache of what modules offer, one file for each module.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::module::{Described, Module};
use super::shared::Shared;
use crate::module::declaration::Declaration;
use crate::module::folder::FingerprintError;

/// How many times the bytes of a declaration its JSON may have: names of fields, and escapes.
const JSON_FACTOR: u64 = 4;

/// What a file of the cache holds.
#[derive(Serialize, Deserialize)]
struct Cached {
    fingerprint: String,
    declaration: Declaration,
}

/// Takes what a module offers from the cache, if it is there and the module is unchanged.
pub(in crate::module) async fn load_cached(shared: &Shared, module: &Module) -> bool {
    let Some(declaration) = cached(shared, module).await else { return false };
    let described = Described::read(&module.name, declaration, &shared.limits.session);
    shared.set_described(module, described);
    true
}

async fn cached(shared: &Shared, module: &Module) -> Option<Declaration> {
    let path = cache_file(&shared.config.data_dir, &module.name);
    let now = fingerprint(shared, module).await.ok()??;
    let limit = (shared.limits.session.declaration_bytes as u64).saturating_mul(JSON_FACTOR);
    let cached = shared.folders.cached(path, limit, "limits.module.declaration_bytes").await;
    let cached: Cached = match cached {
        Ok(cached) => cached?,
        Err(error) => {
            tracing::warn!(
                module = module.name,
                "the module is started to describe itself, because its cached description is not used: \
                 {error}"
            );
            return None;
        }
    };
    // Another version may have written it, under other limits.
    let declaration = cached.declaration.bounded(&module.name, &shared.limits.session);
    (cached.fingerprint == now).then_some(declaration)
}

/// Caches what the module offers. A cache that cannot be written only costs time.
pub(in crate::module) async fn save_to_cache(
    shared: &Shared,
    module: &Module,
    declaration: &Declaration,
) {
    let path = cache_file(&shared.config.data_dir, &module.name);
    let fingerprint = match fingerprint(shared, module).await {
        Ok(Some(fingerprint)) => fingerprint,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(
                module = module.name,
                "the description of the module cannot be cached: {error}"
            );
            return;
        }
    };
    let cached = Cached { fingerprint, declaration: declaration.clone() };
    if let Err(error) = shared.folders.cache(path, cached).await {
        tracing::warn!(
            module = module.name,
            "the description of the module cannot be cached: {error}"
        );
    }
}

/// The fingerprint of the module. There is none if it is not known how to run the module.
pub(super) async fn fingerprint(
    shared: &Shared,
    module: &Module,
) -> Result<Option<String>, FingerprintError> {
    let Ok(manifest) = module.manifest() else { return Ok(None) };
    shared.folders.fingerprint(&module.folder, manifest).await.map(Some)
}

fn cache_file(data_dir: &Path, module: &str) -> PathBuf {
    data_dir.join("described").join(format!("{module}.json"))
}
