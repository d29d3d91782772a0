//! `mgr …`: the managers.

use std::collections::BTreeMap;

use mgrd_command::Outcome;
use serde_json::json;

use super::state::{Missing, State, list};
use super::{Builtin, Request, later, now};
use crate::managers::{Failed, UnknownManager};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "mgr services",
        help: "list the service addresses that modules have published",
        perm: "r",
        run: |state, request| {
            let map = state.document("mgr_map");
            now(map.map(|map| request.format.structured(&map["services"])))
        },
    },
    Builtin {
        cmd: "mgr dump",
        help: "dump the manager map",
        perm: "r",
        run: |state, request| {
            now(state.document("mgr_map").map(|map| request.format.structured(&map)))
        },
    },
    Builtin {
        cmd: "mgr stat",
        help: "show which manager is active",
        perm: "r",
        run: |state, request| now(stat(state, request)),
    },
    Builtin {
        cmd: "mgr fail name=who,type=CephString,req=false",
        help: "make the active manager step down, or remove a standby",
        perm: "rw",
        run: |state, request| later(fail(state, request)),
    },
    Builtin {
        cmd: "mgr metadata name=who,type=CephString,req=false",
        help: "show the metadata of one manager, or of all",
        perm: "r",
        run: |state, request| now(metadata(state, request)),
    },
    Builtin {
        cmd: "mgr versions",
        help: "show how many managers run each version",
        perm: "r",
        run: |state, request| now(request.format.structured(&counts(state, "ceph_version"))),
    },
    Builtin {
        cmd: "mgr count-metadata name=property,type=CephString",
        help: "count managers by a property of their metadata",
        perm: "r",
        run: |state, request| {
            let property = request.text("property").unwrap_or_default();
            now(request.format.structured(&counts(state, property)))
        },
    },
];

/// Declares that a manager has failed. After the answer, clients reach the next one.
async fn fail(state: &State, request: &Request) -> Result<Outcome, UnknownManager> {
    let who = request.text("who");
    let failed = state.managers.fail(who)?;
    if let Failed::Active(_) = failed {
        state.managers.ending().await;
    }
    let active = &state.managers.active().id;
    Ok(Outcome::status(match failed {
        Failed::Standby => {
            let who = who.unwrap_or_default();
            format!("standby '{who}' is removed; if it still runs, it registers again")
        }
        Failed::Active(waiting) => match &waiting[..] {
            [] => format!(
                "manager '{active}' steps down; there is no standby, so it becomes active again"
            ),
            [one] => format!("manager '{active}' steps down; '{one}' takes over"),
            many => format!("manager '{active}' steps down; one of {} takes over", many.join(", ")),
        },
    }))
}

fn stat(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.document("mgr_map")?;
    Ok(request.format.structured(&json!({
        "epoch": map["epoch"],
        "available": map["available"],
        "active_name": map["active_name"],
        "num_standby": list(&map["standbys"]).len(),
    })))
}

/// The metadata of all managers by name, also of those that a feed sends.
fn managers(state: &State) -> BTreeMap<String, BTreeMap<String, String>> {
    let from_feeds = state
        .cluster
        .daemons
        .metadata_of("mgr")
        .into_iter()
        .map(|(id, metadata)| (id.id, metadata));
    from_feeds.chain(state.managers.metadata()).collect()
}

fn metadata(state: &State, request: &Request) -> Outcome {
    let mut managers = managers(state);
    for (name, metadata) in &mut managers {
        metadata.insert("name".to_owned(), name.clone());
    }
    match request.text("who") {
        None => request.format.structured(&managers.values().collect::<Vec<_>>()),
        Some(who) => match managers.get(who) {
            Some(metadata) => request.format.structured(metadata),
            None => UnknownManager(who.to_owned()).into(),
        },
    }
}

fn counts(state: &State, property: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for metadata in managers(state).values() {
        let value = metadata.get(property).map_or("unknown", String::as_str);
        *counts.entry(value.to_owned()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
