//! Network addresses: `1.2.3.4[:port]`, `::1`, `[::1]:port`, optionally tagged and with a nonce.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::bad_value::BadValue;

/// What is wrong with an address. The text follows the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    NoClosingBracket,
    NoIpv6Address,
    NoIpAddress,
    NoPort,
    MoreAfterBracket,
    NoNonce,
}

impl Flaw {
    /// The refusal of a word that has the flaw.
    fn of(self, word: &str) -> BadValue {
        let flaw = match self {
            Self::NoClosingBracket => "has no closing ']'",
            Self::NoIpv6Address => "is not a valid IPv6 address",
            Self::NoIpAddress => "is not a valid IP address",
            Self::NoPort => "has no valid port (0 to 65535)",
            Self::MoreAfterBracket => "has something other than a port after the ']'",
            Self::NoNonce => "has no valid nonce after the slash",
        };
        BadValue::new(format!("{word} {flaw}"))
    }
}

/// An address with an optional port; the value is without its `v1:`, `v2:` or `any:` tag.
pub(super) fn ip(word: &str) -> Result<Value, BadValue> {
    let address = untagged(word);
    check(address).map_err(|flaw| flaw.of(word))?;
    Ok(Value::from(address))
}

/// The same with an optional `/nonce`; the value is the word unchanged.
pub(super) fn entity(word: &str) -> Result<Value, BadValue> {
    let (address, nonce) = match untagged(word).split_once('/') {
        Some((address, nonce)) => (address, Some(nonce)),
        None => (untagged(word), None),
    };
    check(address).map_err(|flaw| flaw.of(word))?;
    if nonce.is_some_and(|nonce| !decimal::<u64>(nonce)) {
        return Err(Flaw::NoNonce.of(word));
    }
    Ok(Value::from(word))
}

fn untagged(word: &str) -> &str {
    let tagged = ["v1:", "v2:", "any:"].iter().find_map(|tag| word.strip_prefix(tag));
    tagged.unwrap_or(word)
}

fn check(address: &str) -> Result<(), Flaw> {
    if let Some(bracketed) = address.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']').ok_or(Flaw::NoClosingBracket)?;
        host.parse::<Ipv6Addr>().map_err(|_| Flaw::NoIpv6Address)?;
        return match rest.strip_prefix(':') {
            Some(text) => port(text),
            None if rest.is_empty() => Ok(()),
            None => Err(Flaw::MoreAfterBracket),
        };
    }
    if address.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    let (host, text) = address.split_once(':').map_or((address, None), |(h, p)| (h, Some(p)));
    host.parse::<Ipv4Addr>().map_err(|_| Flaw::NoIpAddress)?;
    text.map_or(Ok(()), port)
}

fn port(text: &str) -> Result<(), Flaw> {
    decimal::<u16>(text).then_some(()).ok_or(Flaw::NoPort)
}

fn decimal<T: std::str::FromStr>(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<T>().is_ok()
}
