//! Who is at the other end of a connection, as the kernel tells.

use mgrd_command::Errno;
use tonic::transport::server::UdsConnectInfo;
use tonic::{Request, Status};

use super::status;
use crate::module::Modules;

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
    let own_uid = nix::unistd::geteuid().as_raw();
    match refusal(peer.uid, own_uid, modules.is_module_process(peer.pid)) {
        None => Ok(peer),
        Some(why) => Err(status::with_errno(tonic::Code::PermissionDenied, why, Errno::EACCES)),
    }
}

fn refusal(uid: u32, own_uid: u32, is_module: bool) -> Option<&'static str> {
    if uid != 0 && uid != own_uid {
        return Some("only the user that runs mgrd may use this service");
    }
    is_module
        .then_some("module processes may not use this service; use the calls of the module host")
}

/// The credentials that the kernel recorded when the connection was made.
pub(super) fn of<T>(request: &Request<T>) -> Result<Peer, Status> {
    let info = request.extensions().get::<UdsConnectInfo>();
    let cred = info.and_then(|info| info.peer_cred);
    let cred = cred.ok_or_else(|| Status::unauthenticated("the kernel does not say who calls"))?;
    Ok(Peer { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn only_root_and_the_own_user_are_clients_and_no_module_is() {
        for (uid, is_module, why) in [
            (1000, false, None),
            (0, false, None),
            (1001, false, Some("the user")),
            (1000, true, Some("module")),
            (0, true, Some("module")),
        ] {
            let refused = refusal(uid, 1000, is_module);
            let expected = why.is_none_or(|part| refused.is_some_and(|text| text.contains(part)));
            assert!(
                expected && refused.is_some() == why.is_some(),
                "{uid} {is_module} {refused:?}"
            );
        }
    }
}
