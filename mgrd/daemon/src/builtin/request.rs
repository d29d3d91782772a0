//! What a built-in command is asked.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Format;

/// The arguments of one command, already matched and validated against its descriptor.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Argument values by name; absent optional arguments are absent.
    pub args: Map<String, Value>,
    /// The output format the client asked for.
    pub format: Format,
    /// Input data (`-i FILE`), empty if none.
    pub input: Bytes,
    /// Who asks, for the audit log: such as `client.admin`.
    pub caller: String,
    /// When it is asked. Ages in the answer count up to this time.
    pub now: Timestamp,
}

impl Request {
    /// A text argument, if given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.args.get(name).and_then(Value::as_str)
    }

    /// Whether a flag was given and is true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.args.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A whole number, if given.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.args.get(name).and_then(Value::as_i64)
    }

    /// The elements of a list argument (`n=N`), empty if absent.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = self.args.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
