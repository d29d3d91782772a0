//! Unix sockets: one process owns each, and one user can connect.

use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tracing::warn;

use crate::address::Address;
use crate::listen::{Accept, Accepted, Bind, ListenError, Next};
use crate::peer::Peer;

/// The longest path that fits into a Unix socket's address.
const LONGEST_PATH: usize = 107;
/// How often to check that the path is still that of the socket.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// A listening socket. Its path is removed when it is closed or dropped, unless another process has
/// replaced it with its own socket.
#[derive(Debug)]
pub(crate) struct UnixSocket {
    path: PathBuf,
    address: Address,
    bound: Mutex<Bound>,
    closed: watch::Sender<bool>,
}

/// A socket, and the device and inode that its path had when it was made.
#[derive(Debug)]
struct Bound {
    socket: UnixListener,
    identity: (u64, u64),
}

impl UnixSocket {
    /// Listens on `path` with mode 0600, and creates its folder with mode 0700. It replaces a socket
    /// that no process answers, and no other.
    pub(crate) fn bind(path: &Path) -> Result<Self, ListenError> {
        let path = path.to_owned();
        if path.as_os_str().len() > LONGEST_PATH {
            return Err(ListenError::TooLong { path, limit: LONGEST_PATH });
        }
        let bound = Mutex::new(Bound::at(&path)?);
        let address = Address::Unix(path.clone());
        Ok(Self { path, address, bound, closed: watch::Sender::new(false) })
    }

    /// The socket, on the runtime of the caller.
    fn socket(&self) -> io::Result<tokio::net::UnixListener> {
        tokio::net::UnixListener::from_std(self.bound.lock().socket.try_clone()?)
    }

    /// Waits until the path is removed, and then listens there again, so that clients can connect.
    /// Existing connections are not affected.
    async fn renewed(&self) {
        let mut reported = false;
        loop {
            tokio::time::sleep(CHECK_INTERVAL).await;
            match self.renew() {
                Ok(false) => {}
                Ok(true) => {
                    warn!("{} was removed; mgrd listens there again", self.path.display());
                    return;
                }
                Err(why) if !std::mem::replace(&mut reported, true) => {
                    warn!("{} was removed, and no client can connect: {why}", self.path.display());
                }
                Err(_) => {}
            }
        }
    }

    fn renew(&self) -> Result<bool, ListenError> {
        let mut bound = self.bound.lock();
        let renew = !*self.closed.borrow() && !bound.is_at(&self.path);
        if renew {
            *bound = Bound::at(&self.path)?;
        }
        Ok(renew)
    }

    async fn closed(&self) {
        // The sender exists as long as this socket.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

impl Bind for UnixSocket {
    fn address(&self) -> &Address {
        &self.address
    }

    fn close(&self) {
        let bound = self.bound.lock();
        if !self.closed.send_replace(true) && bound.is_at(&self.path) {
            // A path that cannot be removed stays, and the next bind replaces it.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    fn accept(self: Arc<Self>) -> io::Result<Box<dyn Accept>> {
        Ok(Box::new(Incoming { socket: self.socket()?, listener: self }))
    }
}

/// The connections of a Unix socket.
struct Incoming {
    listener: Arc<UnixSocket>,
    socket: tokio::net::UnixListener,
}

impl Accept for Incoming {
    fn next(&mut self) -> Next<'_> {
        Box::pin(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = self.socket.accept() => accepted,
                    () = self.listener.closed() => self.waiting().await?,
                    () = self.listener.renewed() => match self.listener.socket() {
                        Ok(renewed) => {
                            self.socket = renewed;
                            continue;
                        }
                        Err(why) => Err(why),
                    },
                };
                return Some(match accepted {
                    // If the kernel does not know the peer, it is gone.
                    Ok((stream, _)) => match peer(&stream) {
                        Ok(peer) => Ok(Accepted { stream: Box::new(stream), peer }),
                        Err(_) => continue,
                    },
                    Err(why) => Err(why),
                });
            }
        })
    }
}

impl Incoming {
    /// A connection that already waits, if there is one.
    async fn waiting(
        &self,
    ) -> Option<io::Result<(tokio::net::UnixStream, tokio::net::unix::SocketAddr)>> {
        std::future::poll_fn(|cx| match self.socket.poll_accept(cx) {
            Poll::Ready(Ok(accepted)) => Poll::Ready(Some(Ok(accepted))),
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Ready(None),
        })
        .await
    }
}

impl Drop for UnixSocket {
    fn drop(&mut self) {
        self.close();
    }
}

impl Bound {
    fn at(path: &Path) -> Result<Self, ListenError> {
        let address = || Address::Unix(path.to_owned());
        if UnixStream::connect(path).is_ok() {
            return Err(ListenError::InUse { address: address() });
        }
        let bound = prepare(path).and_then(|()| UnixListener::bind(path)).and_then(|socket| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
            socket.set_nonblocking(true)?;
            Ok(Self { socket, identity: identity(path)? })
        });
        bound.map_err(|source| ListenError::Io { address: address(), source })
    }

    fn is_at(&self, path: &Path) -> bool {
        identity(path).ok() == Some(self.identity)
    }
}

/// Connects to the process that listens on `path`.
pub(crate) async fn connect(path: &Path) -> io::Result<tokio::net::UnixStream> {
    tokio::net::UnixStream::connect(path).await
}

/// The process at the other end when the connection was made.
fn peer(stream: &tokio::net::UnixStream) -> io::Result<Peer> {
    let cred = stream.peer_cred()?;
    Ok(Peer::Process { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let there = std::fs::symlink_metadata(path)?;
    Ok((there.dev(), there.ino()))
}

fn prepare(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
