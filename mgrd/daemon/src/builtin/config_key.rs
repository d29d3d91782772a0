//! `config-key …`: the key space.

use mgrd_command::{Errno, Outcome};
use serde_json::{Map, Value};

use super::rendered::beside;
use super::{Builtin, Request, later, now};
use crate::authority::Writer;
use crate::message_bytes::MOST;
use crate::options::Options;
use crate::store::{Store, StoreError};

/// All keys. Those of options are kept within the limits of options.
#[derive(Clone)]
pub struct Keys {
    /// The keys.
    pub store: Store,
    /// The options.
    pub options: Options,
}

/// The commands.
pub const COMMANDS: &[Builtin<Keys>] = &[
    Builtin {
        cmd: "config-key set name=key,type=CephString name=val,type=CephString,req=false",
        help: "set a key to a value, or to the content of a file (-i FILE)",
        perm: "rw",
        run: |keys, request| later(set(keys, request)),
    },
    Builtin {
        cmd: "config-key put name=key,type=CephString name=val,type=CephString,req=false",
        help: "set a key to a value, or to the content of a file (-i FILE)",
        perm: "rw",
        run: |keys, request| later(set(keys, request)),
    },
    Builtin {
        cmd: "config-key get name=key,type=CephString",
        help: "print the value of a key, byte for byte",
        perm: "r",
        run: |keys, request| now(get(keys, request)),
    },
    Builtin {
        cmd: "config-key exists name=key,type=CephString",
        help: "show whether a key exists",
        perm: "r",
        run: |keys, request| now(exists(keys, request)),
    },
    Builtin {
        cmd: "config-key rm name=key,type=CephString",
        help: "remove a key",
        perm: "rw",
        run: |keys, request| later(remove(keys, request)),
    },
    Builtin {
        cmd: "config-key del name=key,type=CephString",
        help: "remove a key",
        perm: "rw",
        run: |keys, request| later(remove(keys, request)),
    },
    Builtin {
        cmd: "config-key ls",
        help: "list all keys",
        perm: "r",
        run: |keys, request| beside(keys, request, list),
    },
    Builtin {
        cmd: "config-key list",
        help: "list all keys",
        perm: "r",
        run: |keys, request| beside(keys, request, list),
    },
    Builtin {
        cmd: "config-key dump name=key,type=CephString,req=false",
        help: "show all keys and values, or those whose key begins with a prefix",
        perm: "r",
        run: |keys, request| beside(keys, request, dump),
    },
];

fn key(request: &Request) -> &str {
    request.text("key").unwrap_or_default()
}

async fn set(Keys { store, options }: &Keys, request: &Request) -> Outcome {
    let key = key(request);
    let word = request.text("val").map(|word| word.to_owned().into());
    let value = word.unwrap_or_else(|| request.input.clone());
    let writer = Writer::from(&request.caller);
    let refused = match Options::has_key(key) {
        true => options.by(writer).put(key, value).await.err().map(Outcome::from),
        false => store.by(writer).set(key, value).await.err().map(Outcome::from),
    };
    refused.unwrap_or_else(|| Outcome::status(format!("set {key}")))
}

fn get(Keys { store, .. }: &Keys, request: &Request) -> Outcome {
    let missing = || format!("key '{}' doesn't exist", key(request));
    store.get(key(request)).map_or_else(|| Outcome::error(Errno::ENOENT, missing()), Outcome::ok)
}

fn exists(Keys { store, .. }: &Keys, request: &Request) -> Outcome {
    let key = key(request);
    match store.get(key) {
        Some(_) => Outcome::status(format!("key '{key}' exists")),
        None => Outcome::error(Errno::ENOENT, format!("key '{key}' doesn't exist")),
    }
}

async fn remove(Keys { store, .. }: &Keys, request: &Request) -> Result<Outcome, StoreError> {
    store.remove(key(request)).await?;
    Ok(Outcome::status("key deleted"))
}

fn list(Keys { store, .. }: &Keys, request: &Request) -> Outcome {
    let keys: Vec<_> = store.range("").into_iter().map(|(key, _)| key).collect();
    request.format.structured(&keys)
}

fn dump(Keys { store, .. }: &Keys, request: &Request) -> Outcome {
    let found = store.range(key(request));
    let bytes: usize = found.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > MOST {
        return Outcome::error(Errno::E2BIG, too_much(found.len(), bytes));
    }
    let found = found.into_iter();
    let all: Map<_, _> = found.map(|(key, value)| (key.to_string(), shown(&value))).collect();
    request.format.structured(&all)
}

fn shown(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => format!("<<< binary blob of length {} >>>", bytes.len()).into(),
    }
}

fn too_much(keys: usize, bytes: usize) -> String {
    format!(
        "these {keys} keys hold {bytes} bytes, and one answer at most {MOST}; name a longer prefix, list the \
         keys with 'config-key ls', or save everything with 'mgrctl storage backup FILE'"
    )
}

#[cfg(test)]
mod tests;
