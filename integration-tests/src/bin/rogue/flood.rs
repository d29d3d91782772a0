//! Floods of the socket by a module that is allowed to make calls.

use std::path::PathBuf;

use integration_tests::flood::{self, Flood};
use integration_tests::grpc;
use mgrd_proto::v1::SetUriRequest;
use tonic::Request;

use crate::session::Secret;

const CALL: &str = "/mgrd.v1.ModuleHostService/SetStore";
/// Connections over which the module floods.
const CONNECTIONS: usize = 4;
/// Calls under way at the same time on one connection.
const CALLS: usize = 200;

/// Starts the floods among `switches`; they end with the process.
pub(crate) fn start(switches: &[String], secret: &Secret) {
    let Some(socket) = std::env::var_os("MGRD_SOCKET").map(PathBuf::from) else { return };
    let metadata = [("mgrd-secret", secret.to_str().unwrap_or_default())];
    for switch in switches {
        if switch == "uris" {
            for _ in 0..CONNECTIONS {
                tokio::spawn(set_uris(socket.clone(), secret.clone()));
            }
        }
        let Some(bytes) = flood::named(switch, CALL, &metadata) else { continue };
        std::mem::forget(Flood::reading(&socket, &bytes, CONNECTIONS));
    }
}

/// Sets the address of the module again and again, to another one each time.
async fn set_uris(socket: PathBuf, secret: Secret) {
    let Ok(channel) = grpc::connect(&socket).await else { return };
    for call in 0..CALLS {
        let (mut host, secret) = (grpc::module_host(channel.clone()), secret.clone());
        tokio::spawn(async move {
            for n in 0_u64.. {
                let mut request = Request::new(SetUriRequest { uri: format!("http://{call}/{n}") });
                request.metadata_mut().insert("mgrd-secret", secret.clone());
                if host.set_uri(request).await.is_err() {
                    return;
                }
            }
        });
    }
}
