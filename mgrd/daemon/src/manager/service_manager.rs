//! What a service manager such as systemd learns from `mgrd`: sd_notify(3).
//!
//! The socket never blocks: a service manager that does not read must not hold a manager up.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;
use std::{env, io};

use tracing::warn;

/// The connection to the service manager, if there is one.
#[derive(Debug)]
pub(super) struct ServiceManager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// As the environment names it.
    pub(super) fn from_environment() -> Self {
        let variable = |name| env::var(name).ok().filter(|value: &String| !value.is_empty());
        let address = variable("NOTIFY_SOCKET");
        let socket = address.and_then(|address| match open(&address) {
            Ok(socket) => Some(socket),
            Err(why) => {
                warn!(
                    "cannot notify the service manager at {address:?} (NOTIFY_SOCKET): {why}; it \
                     does not learn when mgrd is ready"
                );
                None
            }
        });
        let (interval, process) = (variable("WATCHDOG_USEC"), variable("WATCHDOG_PID"));
        let watchdog = watchdog(interval.as_deref(), process.as_deref(), std::process::id());
        Self { watchdog: watchdog.filter(|_| socket.is_some()), socket }
    }

    /// How long it may hear nothing before it ends `mgrd`, if it watches.
    pub(super) fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// `mgrd` has started, and does this now.
    pub(super) fn ready(&self, status: &str) {
        self.send(&format!("READY=1\nSTATUS={status}"));
    }

    /// `mgrd` is ending.
    pub(super) fn stopping(&self) {
        self.send("STOPPING=1\nSTATUS=ending");
    }

    /// The loops of `mgrd` go on.
    pub(super) fn keep_alive(&self) {
        self.send("WATCHDOG=1");
    }

    fn send(&self, state: &str) {
        if let Some((socket, address)) = &self.socket
            && let Err(why) = socket.send_to_addr(state.as_bytes(), address)
        {
            tracing::debug!("the service manager was not notified: {why}");
        }
    }
}

/// A path, or after `@` the name of an abstract socket.
fn open(address: &str) -> io::Result<(UnixDatagram, SocketAddr)> {
    let address = match address.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None if address.starts_with('/') => SocketAddr::from_pathname(address)?,
        None => return Err(io::Error::other("it is neither a path nor an abstract socket")),
    };
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    Ok((socket, address))
}

/// The interval of `WATCHDOG_USEC`, if `WATCHDOG_PID` does not name another process than this.
fn watchdog(interval: Option<&str>, process: Option<&str>, me: u32) -> Option<Duration> {
    let is_mine = process.is_none_or(|pid| pid.parse() == Ok(me));
    let micros = interval?.parse().ok().filter(|&micros: &u64| micros > 0 && is_mine)?;
    Some(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests;
