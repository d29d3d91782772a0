//! Methods that other modules may call.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::command::Running;
use crate::{Error, Result};

/// A method of the module `M` that other modules may call.
pub struct Method<M> {
    /// Its name.
    pub name: &'static str,
    /// Runs it.
    pub run: fn(Arc<M>, MethodCall) -> Running<Value>,
}

/// The arguments of one remote call.
#[derive(Debug)]
pub struct MethodCall {
    positional: std::vec::IntoIter<Value>,
    named: Map<String, Value>,
}

impl MethodCall {
    pub(crate) fn new(positional: Vec<Value>, named: Map<String, Value>) -> Self {
        Self { positional: positional.into_iter(), named }
    }

    /// The next argument: first those given by position, then those given by name.
    ///
    /// # Errors
    /// The argument is missing, given twice or of the wrong type.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T> {
        let named = self.named.remove(name);
        let value = match (self.positional.next(), named) {
            (Some(_), Some(_)) => {
                return Err(Error::invalid(format!("argument '{name}' is given twice")));
            }
            (Some(value), None) | (None, Some(value)) => value,
            // What may be null may be missing.
            (None, None) => {
                return serde_json::from_value(Value::Null)
                    .map_err(|_| Error::invalid(format!("argument '{name}' is missing")));
            }
        };
        serde_json::from_value(value).map_err(|e| Error::invalid(format!("argument '{name}': {e}")))
    }

    /// Refuses arguments that no parameter took.
    ///
    /// # Errors
    /// There are such arguments.
    pub fn end(mut self) -> Result<()> {
        if self.positional.next().is_some() {
            return Err(Error::invalid("too many positional arguments"));
        }
        match self.named.keys().next() {
            Some(name) => Err(Error::invalid(format!("unknown argument '{name}'"))),
            None => Ok(()),
        }
    }
}

/// Turns what a method returned into JSON.
#[doc(hidden)]
pub fn returned<T: Serialize, E: Into<Error>>(result: Result<T, E>) -> Result<Value> {
    Ok(serde_json::to_value(result.map_err(Into::into)?)?)
}

#[cfg(test)]
mod tests;
