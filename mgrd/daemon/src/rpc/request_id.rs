//! The id of one call. Every log line that the call causes has it.

use std::fmt;

use tonic::codegen::http::HeaderMap;

/// The request metadata in which a caller may name its call.
const REQUEST_ID: &str = "mgrd-request-id";
/// The longest id that a caller may give.
const LONGEST: usize = 64;

/// The id of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestId(String);

impl RequestId {
    /// What the caller gave, if log lines can hold it; otherwise one that no other call of this
    /// process has: the number of the connection and of the call on it.
    pub(super) fn of(headers: &HeaderMap, connection: u64, call: u64) -> Self {
        let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
        let fits = |id: &&str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            (1..=LONGEST).contains(&id.len()) && id.bytes().all(plain)
        };
        Self(given.filter(fits).map_or_else(|| format!("{connection:x}-{call:x}"), str::to_owned))
    }
}

/// The id of a call, as the layer found it.
pub(super) fn request_id<T>(request: &tonic::Request<T>) -> String {
    request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
