//! The embedded backend keeps every promise of the suite.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::conformance::{Factory, Fixture, check};

struct Folder(tempfile::TempDir);

struct Folders;

impl Factory for Folders {
    fn fresh(&self) -> Arc<dyn Fixture> {
        Arc::new(Folder(tempfile::tempdir().unwrap()))
    }
}

impl Fixture for Folder {
    fn backend(&self) -> Arc<dyn Backend> {
        let policy = EmbeddedPolicy {
            lock_check_interval: Duration::from_millis(1),
            former_leader_check_interval: Duration::from_millis(1),
            ..EmbeddedPolicy::default()
        };
        Arc::new(EmbeddedBackend::new(self.0.path(), policy))
    }

    fn revoke_lease(&self) {
        fs::remove_file(self.0.path().join(LOCK_FILE)).unwrap();
    }

    fn after_crash(&self) -> Arc<dyn Fixture> {
        let found = tempfile::tempdir().unwrap();
        for name in [LOCK_FILE, STORAGE_FILE] {
            fs::copy(self.0.path().join(name), found.path().join(name)).unwrap();
        }
        Arc::new(Folder(found))
    }
}

#[test]
fn the_embedded_backend_keeps_every_promise() {
    let failures = check(&Folders);
    assert!(failures.is_empty(), "{failures:#?}");
}
