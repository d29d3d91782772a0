//! Reads values of settings from text. An error says what is expected, with an example.

use std::net::SocketAddr;

pub(super) const ADDRESS: &str = "use an address and a port, such as 127.0.0.1:9284";

pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| ADDRESS)
}

pub(super) fn number(text: &str) -> Result<f64, &'static str> {
    text.parse().map_err(|_| "use a number, such as 2 or 0.5")
}
