//! The commands that show the cluster's state, gathered from their nouns.

use super::Builtin;
use super::state::State;

/// All commands that show the cluster's state.
#[must_use]
pub fn cluster_commands() -> Vec<&'static Builtin<State>> {
    let nouns = [
        super::status::COMMANDS,
        super::health::COMMANDS,
        super::version::COMMANDS,
        super::mgr::COMMANDS,
        super::log::COMMANDS,
        super::progress::COMMANDS,
        super::osd::COMMANDS,
        super::usage::COMMANDS,
        super::pg::COMMANDS,
        super::maps::COMMANDS,
        super::feed::COMMANDS,
    ];
    nouns.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
