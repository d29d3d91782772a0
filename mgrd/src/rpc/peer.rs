//! Who is at the other end of a connection, as the kernel tells.

use tonic::transport::server::UdsConnectInfo;
use tonic::{Request, Status};

/// The process at the other end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) pid: i32,
    pub(super) uid: u32,
}

/// The credentials that the kernel recorded when the connection was made.
pub(super) fn of<T>(request: &Request<T>) -> Result<Peer, Status> {
    let info = request.extensions().get::<UdsConnectInfo>();
    let cred = info.and_then(|info| info.peer_cred);
    let cred = cred.ok_or_else(|| Status::unauthenticated("the kernel does not say who calls"))?;
    Ok(Peer { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
}
