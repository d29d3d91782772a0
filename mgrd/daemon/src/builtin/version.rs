//! `version`, `versions`: the versions of the manager and of the cluster.

use mgrd_command::Outcome;
use serde_json::json;

use super::state::State;
use super::{Builtin, Request, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "version",
        help: "show the version of the manager and of the cluster it manages",
        perm: "r",
        run: |state, request| now(version(state, request)),
    },
    Builtin {
        cmd: "versions",
        help: "show how many daemons run each version",
        perm: "r",
        run: |state, request| now(request.format.structured(&state.cluster.daemons.versions())),
    },
];

fn version(state: &State, request: &Request) -> Outcome {
    let own = env!("CARGO_PKG_VERSION");
    let cluster = state.feeds.cluster_version();
    let managed = cluster.as_ref().map(|(version, _)| version.as_str());
    let json = json!({
        "version": managed.map_or_else(|| format!("mgrd {own}"), str::to_owned),
        "release": cluster.as_ref().map(|(_, release)| release),
        "mgrd_version": own,
    });
    request.format.render(&json, || match managed {
        Some(managed) => format!("mgrd {own}, managing {managed}\n"),
        None => format!("mgrd {own}\n"),
    })
}

#[cfg(test)]
mod tests;
