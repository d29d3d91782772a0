//! Unix sockets: one process owns each, and one user can connect.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use parking_lot::Mutex;
use tokio::sync::watch;
use tracing::warn;

use crate::address::Address;
use crate::listen::{Accept, Accepted, Bind, ByteStream, ListenError, Next};
use crate::peer::Peer;

/// The longest path that fits into a Unix socket's address.
const LONGEST_PATH: usize = 107;
/// How often to check that the path is still that of the socket.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// How long a full queue of connections is waited for, and how often it is tried.
const FULL_QUEUE: Duration = Duration::from_secs(5);
const FULL_QUEUE_PAUSE: Duration = Duration::from_millis(5);

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

    /// The connections of the socket, on the runtime of the caller.
    fn incoming(self: &Arc<Self>) -> io::Result<Incoming> {
        let socket = self.bound.lock().socket.try_clone()?;
        let waits = tokio::net::UnixListener::from_std(socket.try_clone()?)?;
        Ok(Incoming { listener: Arc::clone(self), socket, waits })
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
        Ok(Box::new(self.incoming()?))
    }
}

/// The connections of a Unix socket.
struct Incoming {
    listener: Arc<UnixSocket>,
    socket: UnixListener,
    /// The same socket, to wait for a connection when none is there.
    waits: tokio::net::UnixListener,
}

impl Accept for Incoming {
    fn next(&mut self) -> Next<'_> {
        Box::pin(async move {
            loop {
                if let Some(accepted) = self.present() {
                    return Some(Ok(accepted));
                }
                tokio::select! {
                    accepted = self.waits.accept() => match accepted.map(|(stream, _)| waited(stream)) {
                        // If the kernel does not know the peer, it is gone.
                        Ok(Err(_)) => {}
                        Ok(accepted) => return Some(accepted),
                        Err(why) => return Some(Err(why)),
                    },
                    () = self.listener.closed() => return self.present().map(Ok),
                    () = self.listener.renewed() => match self.listener.incoming() {
                        Ok(renewed) => *self = renewed,
                        Err(why) => return Some(Err(why)),
                    },
                }
            }
        })
    }
}

impl Incoming {
    /// A connection that is there already. It has cost the runtime nothing yet.
    fn present(&self) -> Option<Accepted> {
        loop {
            // Waiting reports the error, if there is one.
            let (stream, _) = self.socket.accept().ok()?;
            if let Ok(peer) = peer(&stream) {
                return Some(Accepted { open: Box::new(|| opened(stream)), peer });
            }
        }
    }
}

fn opened(stream: UnixStream) -> io::Result<Box<dyn ByteStream>> {
    stream.set_nonblocking(true)?;
    Ok(Box::new(tokio::net::UnixStream::from_std(stream)?))
}

/// A connection that was waited for, which is open.
fn waited(stream: tokio::net::UnixStream) -> io::Result<Accepted> {
    let peer = peer(&stream)?;
    Ok(Accepted { open: Box::new(|| Ok(Box::new(stream))), peer })
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

/// Connects to the process that listens on `path`. A queue of connections that is full, as in a flood, is
/// waited for: only the system call of a connection that blocks does that by itself.
pub(crate) async fn connect(path: &Path) -> io::Result<tokio::net::UnixStream> {
    let end = Instant::now() + FULL_QUEUE;
    loop {
        match tokio::net::UnixStream::connect(path).await {
            Err(why) if why.kind() == io::ErrorKind::WouldBlock && Instant::now() < end => {
                tokio::time::sleep(FULL_QUEUE_PAUSE).await;
            }
            connected => return connected,
        }
    }
}

/// The process at the other end when the connection was made.
fn peer(stream: &impl AsFd) -> io::Result<Peer> {
    let cred = getsockopt(&stream, PeerCredentials)?;
    Ok(Peer::Process { pid: cred.pid(), uid: cred.uid() })
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
