//! The contracts between `mgrd`, its modules, feeds and clients, compiled from `proto/mgrd/v1`.

pub mod codec;
mod entries;

/// Version 1 of the contracts.
pub mod v1 {
    #![allow(
        clippy::all,
        clippy::allow_attributes,
        missing_docs,
        rustdoc::invalid_html_tags,
        unreachable_pub,
        reason = "generated; the .proto files carry the comments"
    )]
    tonic::include_proto!("mgrd.v1");

    /// The encoded `FileDescriptorSet` of this package, for server reflection.
    pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/mgrd.v1.bin"));
}

/// The largest message in either direction: data of 64 MiB, such as the input of a command, and what
/// is around it. The Python SDK has the same number in `_transports/_grpc.py`.
pub const MAX_MESSAGE_BYTES: usize = 72 << 20;

/// The protocol versions that this crate's messages can express, oldest first.
pub const PROTOCOL_VERSIONS: &[u32] = &[1];
