//! How much is read of module folders, and how long that may take.

use std::time::Duration;

use crate::limits::limits;
use crate::{positive, seconds};

limits! {
    /// The limits of module folders.
    FolderLimits {
        /// How long reading a module's folder may take; one that does not answer cannot run.
        #[serde(with = "seconds")]
        folder_timeout: Duration = Duration::from_secs(5),
        /// How long the start of a manager waits for module folders and for cached descriptions. What takes
        /// longer is found out in the background.
        #[serde(with = "seconds")]
        first_read_timeout: Duration = Duration::from_secs(1),
        /// Folders that are read at the same time, those that do not answer included.
        folder_reads: u32 = 64,
        /// Entries of a folder that are looked at.
        #[serde(deserialize_with = "positive::deserialize")]
        folder_entries: usize = 10_000,
        /// Bytes of a `module.toml`; a larger one is refused.
        #[serde(deserialize_with = "positive::deserialize")]
        manifest_bytes: u64 = 64 << 10,
        /// Bytes of a module's files that are read to find out whether they changed. Of further files, size
        /// and age are compared.
        fingerprint_bytes: u64 = 16 << 20,
    }
}
