//! What is often read of the OSD map: it may describe thousands of OSDs, and most readers need only
//! how many there are.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::document::Document;

/// The summary of the last OSD map that was summarized, with the version of that map.
#[derive(Debug, Default)]
pub struct OsdSummary(Mutex<Option<(u64, Arc<Value>)>>);

impl OsdSummary {
    /// The summary of this map. The map is decoded only if its version is a new one.
    pub(super) fn of(&self, map: &Document) -> Arc<Value> {
        let kept = &mut *self.0.lock();
        if let Some((_, summary)) = kept.as_ref().filter(|(version, _)| *version == map.version) {
            return Arc::clone(summary);
        }
        let summary = Arc::new(summarize(&map.value()));
        *kept = Some((map.version, Arc::clone(&summary)));
        summary
    }
}

/// The members that describe the whole map, and the number of OSDs, with the keys of `osd stat`. `Null`
/// if the map is not an object.
fn summarize(map: &Value) -> Value {
    if !map.is_object() {
        return Value::Null;
    }
    let osds = map["osds"].as_array().map(Vec::as_slice).unwrap_or_default();
    let with = |key: &str| osds.iter().filter(|osd| osd[key].as_u64() == Some(1)).count();
    json!({
        "fsid": map["fsid"],
        "epoch": map["epoch"],
        "flags": map["flags"],
        "last_up_change": map["last_up_change"],
        "last_in_change": map["last_in_change"],
        "num_osds": osds.len(),
        "num_up_osds": with("up"),
        "num_in_osds": with("in"),
    })
}

#[cfg(test)]
mod tests;
