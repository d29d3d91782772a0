//! Compiles the contracts without `protoc`, and keeps their descriptors for reflection.

use std::path::{Path, PathBuf};

use prost::Message;

const FILES: [&str; 5] = [
    "mgrd/v1/types.proto",
    "mgrd/v1/module_host.proto",
    "mgrd/v1/admin.proto",
    "mgrd/v1/feed.proto",
    "mgrd/v1/standby.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in FILES {
        println!("cargo:rerun-if-changed={}", root.join(file).display());
    }
    let descriptors = protox::compile(FILES, [root])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("mgrd.v1.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        .bytes(".mgrd.v1")
        .codec_path("crate::codec::Protobuf")
        .compile_fds(descriptors)?;
    Ok(())
}
