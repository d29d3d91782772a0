//! Documents of the cluster state, with a copy of each that is valid until the host announces a newer
//! version.

use std::collections::HashMap;

use bytes::Bytes;
use mgrd_proto::v1::attach_request::Message;
use mgrd_proto::v1::{DocumentVersion, GetDocumentRequest, WatchDocuments};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;

use crate::{Host, HostError};

/// A document at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Grows with every change.
    pub version: u64,
    /// JSON text.
    pub json: Bytes,
}

impl Document {
    /// Decodes the document.
    ///
    /// # Errors
    /// It is not of this shape.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, HostError> {
        serde_json::from_slice(&self.json).map_err(|e| HostError::shape("the document", &e))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<String, Copy>>);

#[derive(Debug, Default)]
struct Copy {
    document: Option<Document>,
    /// The host has announced a version, so it does announce every change.
    following: bool,
    /// The host answered that nothing is newer, and has announced nothing since.
    fresh: bool,
    /// How many versions the host has announced.
    announcements: u64,
    /// The version that it announced last.
    announced: u64,
}

impl Documents {
    /// Takes in an announcement of the newest versions.
    pub(crate) fn changed(&self, versions: Vec<DocumentVersion>) {
        let mut copies = self.0.lock();
        for DocumentVersion { name, version } in versions {
            if let Some(copy) = copies.get_mut(&name) {
                copy.following = true;
                copy.announcements += 1;
                copy.announced = version;
                copy.fresh &= copy.version() == version;
            }
        }
    }

    /// Makes the next read of each document ask the host, because this process changed something.
    pub(crate) fn mark_stale(&self) {
        self.0.lock().values_mut().for_each(|copy| copy.fresh = false);
    }

    /// The copy, if it is certainly the newest.
    fn newest(&self, name: &str) -> Option<Option<Document>> {
        let copies = self.0.lock();
        let copy = copies.get(name)?;
        (copy.following && copy.fresh).then(|| copy.document.clone())
    }

    /// The state before a request: whether the name is new here, the version of the copy, and the
    /// number of announcements.
    fn before(&self, name: &str) -> (bool, u64, u64) {
        let mut copies = self.0.lock();
        let first = !copies.contains_key(name);
        let copy = copies.entry(name.to_owned()).or_default();
        (first, copy.version(), copy.announcements)
    }

    /// Takes in an answer, which has a text if its version is newer than that of the copy.
    fn take(
        &self,
        name: &str,
        version: u64,
        json: Option<Bytes>,
        announcements: u64,
    ) -> Option<Document> {
        let mut copies = self.0.lock();
        let copy = copies.entry(name.to_owned()).or_default();
        match json {
            Some(json) if version >= copy.version() => {
                copy.document = Some(Document { version, json });
            }
            // Another reader has already stored a newer one.
            Some(json) => return Some(Document { version, json }),
            None if version == 0 => copy.document = None,
            None => {}
        }
        // A version announced during the request may be newer than the answer.
        copy.fresh = copy.announcements == announcements || copy.announced == copy.version();
        copy.document.clone()
    }
}

impl Copy {
    fn version(&self) -> u64 {
        self.document.as_ref().map_or(0, |document| document.version)
    }
}

impl Host {
    /// A document of the cluster state, such as `osd_map`; `None` if there is no such document.
    /// It asks the host only if a newer version may exist.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn document(&self, name: &str) -> Result<Option<Document>, HostError> {
        let documents = &self.inner.documents;
        if let Some(newest) = documents.newest(name) {
            return Ok(newest);
        }
        let (first, known_version, announcements) = documents.before(name);
        if first {
            let watch = WatchDocuments { names: vec![name.to_owned()] };
            self.inner.outbox.send(Message::WatchDocuments(watch)).await;
        }
        let request = GetDocumentRequest { name: name.to_owned(), known_version };
        let answer = self.client().get_document(request).await?.into_inner();
        Ok(documents.take(name, answer.version, answer.json, announcements))
    }

    /// A decoded document; `None` if there is no such document.
    ///
    /// # Errors
    /// The host cannot be reached, or the document is not of this shape.
    pub async fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, HostError> {
        let Some(document) = self.document(name).await? else { return Ok(None) };
        serde_json::from_slice(&document.json)
            .map(Some)
            .map_err(|e| HostError::shape(&format!("document '{name}'"), &e))
    }
}

#[cfg(test)]
mod tests;
