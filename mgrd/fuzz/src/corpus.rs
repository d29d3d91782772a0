//! The inputs that are kept, and those at which a target failed.

use std::fs;
use std::path::{Path, PathBuf};

/// The inputs of a target.
///
/// # Panics
///
/// If the target has no corpus.
#[must_use]
pub fn read(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let entries = fs::read_dir(&folder);
    let entries =
        entries.unwrap_or_else(|why| panic!("there is no corpus {}: {why}", folder.display()));
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap_or_default()).collect()
}

/// Keeps an input at which a target failed. Moved into the corpus, it guards against the same failure.
#[must_use]
pub fn save(name: &str, input: &[u8]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz");
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let path = root.join(format!("{name}-{hash:016x}"));
    if let Err(why) = fs::create_dir_all(&root).and_then(|()| fs::write(&path, input)) {
        println!("cannot keep the input: {why}; it is {input:?}");
    }
    path
}
