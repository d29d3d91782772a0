//! Who is at the other end of a connection, as the kernel tells.

use tonic::transport::server::UdsConnectInfo;
use tonic::{Request, Status};

use super::status;
use crate::module::Modules;
use crate::outcome::Errno;

/// The process at the other end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) pid: i32,
    pub(super) uid: u32,
}

/// Refuses what a client may not be: another user, or a module, which has a service of its own and
/// would have every right here.
pub(super) fn refuse_modules<T>(request: &Request<T>, modules: &Modules) -> Result<Peer, Status> {
    let peer = of(request)?;
    let denied = |why: &str| status::with_errno(tonic::Code::PermissionDenied, why, Errno::EACCES);
    if peer.uid != 0 && peer.uid != nix::unistd::geteuid().as_raw() {
        return Err(denied("only the user that runs mgrd may use this service"));
    }
    if modules.is_module_process(peer.pid) {
        return Err(denied(
            "module processes may not use this service; use the calls of the module host",
        ));
    }
    Ok(peer)
}

/// The credentials that the kernel recorded when the connection was made.
pub(super) fn of<T>(request: &Request<T>) -> Result<Peer, Status> {
    let info = request.extensions().get::<UdsConnectInfo>();
    let cred = info.and_then(|info| info.peer_cred);
    let cred = cred.ok_or_else(|| Status::unauthenticated("the kernel does not say who calls"))?;
    Ok(Peer { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
}
