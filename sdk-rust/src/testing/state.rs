//! The state of the host in a test.

use std::collections::{BTreeMap, HashMap};

use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message as ToModule;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};
use tonic::Status;

use super::perf::TestCounter;
use super::seen::Seen;
use crate::daemons::key;
use crate::{Errno, Outcome, RemoteError};

/// A stand-in for another module's method: takes its arguments, a list or a map.
pub(super) type Method = Box<dyn Fn(Value) -> Result<Value, RemoteError> + Send + Sync>;
/// A stand-in for a command: takes a JSON object with `prefix` and arguments.
pub(super) type CommandStandIn = Box<dyn Fn(&Value) -> Outcome + Send + Sync>;
type Names = HashMap<String, String>;

#[derive(Default)]
pub(super) struct State {
    pub(super) cluster: Cluster,
    pub(super) inner: Mutex<Inner>,
    pub(super) seen: watch::Sender<Seen>,
    pub(super) ready: watch::Sender<bool>,
}

/// The part that does not change while the module runs.
#[derive(Default)]
pub(super) struct Cluster {
    pub(super) servers: Vec<Value>,
    pub(super) metadata: BTreeMap<(String, String), Names>,
    pub(super) status: BTreeMap<(String, String), Names>,
    pub(super) health_metrics: BTreeMap<String, Vec<Value>>,
    pub(super) counters: BTreeMap<(String, String), Vec<TestCounter>>,
    /// By entity and key; an empty entity is this manager.
    pub(super) ceph_options: HashMap<(String, String), Value>,
    pub(super) methods: HashMap<(String, String), Method>,
    pub(super) commands: HashMap<String, CommandStandIn>,
    pub(super) is_standby: bool,
    pub(super) refuse_authority: bool,
    pub(super) refuse_writes: Option<(Errno, String)>,
}

#[derive(Default)]
pub(super) struct Inner {
    pub(super) module: String,
    pub(super) constants: v1::Constants,
    pub(super) declaration: v1::Declaration,
    pub(super) documents: HashMap<String, v1::GetDocumentResponse>,
    pub(super) revision: u64,
    pub(super) next_call: u64,
    pub(super) commands: HashMap<u64, Run>,
    pub(super) calls: HashMap<u64, oneshot::Sender<Result<Value, RemoteError>>>,
    pub(super) pongs: HashMap<u64, oneshot::Sender<v1::Pong>>,
    pub(super) to_module: Option<mpsc::UnboundedSender<Result<v1::AttachResponse, Status>>>,
}

/// A command under way: its output so far, and the test that waits for it.
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

    pub(super) fn send(&self, message: ToModule) {
        if let Some(to_module) = &self.to_module {
            // It fails if the module has ended, which the test notices.
            let _ = to_module.send(Ok(v1::AttachResponse { message: Some(message) }));
        }
    }

    pub(super) fn put_document(&mut self, name: &str, value: Option<&Value>) {
        let version = if value.is_some() { self.revise() } else { 0 };
        let json = value.map(|value| value.to_string().into());
        self.documents.insert(name.to_owned(), v1::GetDocumentResponse { version, json });
        let documents = vec![v1::DocumentVersion { name: name.to_owned(), version }];
        self.send(ToModule::DocumentChanged(v1::DocumentChanged { documents }));
    }
}

impl Cluster {
    /// The daemons with counters: all, those of a type, or one of them.
    pub(super) fn counting(
        &self,
        service: &str,
        id: &str,
    ) -> impl Iterator<Item = (v1::DaemonKey, &[TestCounter])> {
        let fits = move |name: &str, wanted: &str| wanted.is_empty() || name == wanted;
        let (service, id) = (service.to_owned(), id.to_owned());
        let wanted =
            self.counters.iter().filter(move |((s, i), _)| fits(s, &service) && fits(i, &id));
        wanted.map(|((service, id), counters)| (key(service, id), counters.as_slice()))
    }
}

/// Sets or removes an entry of a map.
pub(super) fn set(map: &mut BTreeMap<String, String>, key: &str, value: Option<&str>) {
    match value {
        Some(value) => map.insert(key.to_owned(), value.to_owned()),
        None => map.remove(key),
    };
}

/// All entries of a map, with the lowest revision.
pub(super) fn entries(map: &BTreeMap<String, String>) -> Vec<v1::Entry> {
    let entry = |(key, value): (&String, &String)| v1::Entry {
        key: key.clone(),
        value: Some(value.clone()),
        revision: 0,
    };
    map.iter().map(entry).collect()
}
