//! What the host of a test knows.

use std::collections::{BTreeMap, HashMap};

use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use tonic::Status;

use crate::{HealthCheck, Outcome};

/// A stand-in for another module's method.
pub(super) type Method = Box<dyn Fn(Vec<Value>) -> Result<Value, String> + Send + Sync>;

#[derive(Default)]
pub(super) struct State {
    pub(super) inner: Mutex<Inner>,
    pub(super) methods: HashMap<(String, String), Method>,
    pub(super) sent_commands: HashMap<String, Outcome>,
    pub(super) health: watch::Sender<Vec<HealthCheck>>,
    pub(super) uri: watch::Sender<String>,
    pub(super) ready: watch::Sender<bool>,
    pub(super) failed: watch::Sender<Option<String>>,
}

#[derive(Default)]
pub(super) struct Inner {
    pub(super) declaration: v1::Declaration,
    pub(super) options: BTreeMap<String, String>,
    pub(super) store: BTreeMap<String, String>,
    pub(super) documents: HashMap<String, v1::GetDocumentResponse>,
    pub(super) metadata: HashMap<(String, String), HashMap<String, String>>,
    pub(super) counters: v1::GetPerfCountersResponse,
    pub(super) cluster_log: Vec<String>,
    pub(super) revision: u64,
    pub(super) next_call: u64,
    pub(super) commands: HashMap<u64, Run>,
    pub(super) calls: HashMap<u64, oneshot::Sender<Result<Value, String>>>,
    pub(super) pongs: HashMap<u64, oneshot::Sender<v1::Pong>>,
    pub(super) to_module: Option<mpsc::UnboundedSender<Result<v1::AttachResponse, Status>>>,
}

/// A command under way: what it wrote so far, and who waits for it.
pub(super) struct Run {
    pub(super) stdout: Vec<u8>,
    pub(super) waiter: oneshot::Sender<Outcome>,
}

impl Inner {
    /// The revision of the next write.
    pub(super) fn revise(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub(super) fn call_id(&mut self) -> u64 {
        self.next_call += 1;
        self.next_call
    }

    pub(super) fn tell(&self, message: Message) {
        if let Some(to_module) = &self.to_module {
            // A module that ended hears nothing; the test notices by what it does not do.
            let _ = to_module.send(Ok(v1::AttachResponse { message: Some(message) }));
        }
    }

    pub(super) fn put_document(&mut self, name: &str, value: &Value) {
        let version = self.documents.get(name).map_or(0, |document| document.version) + 1;
        let json = Some(value.to_string().into());
        self.documents.insert(name.to_owned(), v1::GetDocumentResponse { version, json });
        let documents = vec![v1::DocumentVersion { name: name.to_owned(), version }];
        self.tell(Message::DocumentChanged(v1::DocumentChanged { documents }));
    }
}

/// All entries of a map, as old as can be.
pub(super) fn entries(map: &BTreeMap<String, String>) -> Vec<v1::Entry> {
    let entry = |(key, value): (&String, &String)| v1::Entry {
        key: key.clone(),
        value: Some(value.clone()),
        revision: 0,
    };
    map.iter().map(entry).collect()
}
