//! Stub.
use crate::storage::Storage;
use std::sync::Arc;
#[derive(Clone)]
#[allow(missing_docs)]
pub struct Options {
    _s: Arc<dyn Storage>,
}
#[allow(missing_docs, unused)]
impl Options {
    pub fn new(s: Arc<dyn Storage>, id: &str) -> Self {
        Self { _s: s }
    }
    pub fn text(&self, k: &str) -> Option<String> {
        None
    }
    pub fn effective(&self) -> Vec<(String, String)> {
        vec![]
    }
}
