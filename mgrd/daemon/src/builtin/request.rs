//! The request of a built-in command.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Format;
use crate::authority::Identity;

/// The arguments of one command, already matched and validated against its descriptor.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(Default))]
pub struct Request {
    /// The arguments that are given, by name.
    pub args: Map<String, Value>,
    /// The output format that the client wants.
    pub format: Format,
    /// The input data (`-i FILE`). Empty if there is none.
    pub input: Bytes,
    /// Who runs the command.
    pub caller: Identity,
    /// When it is asked. Ages in the answer count up to this time.
    pub now: Timestamp,
}

impl Request {
    /// A text argument, if it is given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.args.get(name).and_then(Value::as_str)
    }

    /// Whether a flag is given and true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.args.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A whole number, if it is given.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.args.get(name).and_then(Value::as_i64)
    }

    /// The elements of a list argument (`n=N`). Empty if it is absent.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = self.args.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
