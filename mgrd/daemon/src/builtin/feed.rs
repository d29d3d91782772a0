//! `feed …`: the feeds of the cluster state.

use mgrd_command::{CommandError, Errno, Outcome};
use serde_json::json;

use super::state::State;
use super::{Builtin, Request, TextTable, now};
use crate::feed::FeedStatus;
use crate::health::age;

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "feed ls",
        help: "list the feeds, which send the state of the cluster",
        perm: "r",
        run: |state, request| now(ls(state, request)),
    },
    Builtin {
        cmd: "feed forget name=name,type=CephString",
        help: "forget a disconnected feed and everything that it has sent",
        perm: "rw",
        run: |state, request| now(forget(state, request)),
    },
];

#[derive(Debug, thiserror::Error)]
#[error("there is no disconnected feed '{0}' to forget; 'feed ls' lists the feeds")]
struct NothingToForget(String);

impl CommandError for NothingToForget {
    fn errno(&self) -> Errno {
        Errno::ENOENT
    }
}

fn ls(state: &State, request: &Request) -> Outcome {
    let feeds = state.feeds.list();
    let for_programs = |feed: &FeedStatus| {
        json!({
            "name": feed.hello.name,
            "state": feed.condition(),
            "silent_seconds": feed.silent.as_secs_f64(),
            "documents": feed.documents,
            "daemons": feed.daemons,
            "commands": feed.hello.commands,
            "cluster_version": feed.hello.cluster_version,
        })
    };
    let all: Vec<_> = feeds.iter().map(for_programs).collect();
    request.format.render(&all, || table(&feeds))
}

fn table(feeds: &[FeedStatus]) -> String {
    let titles = ["FEED", "STATE", "LAST MESSAGE", "DOCUMENTS", "DAEMONS", "RUNS COMMANDS"];
    let mut table = TextTable::new(titles).right(&[3, 4]);
    for feed in feeds {
        table.row([
            feed.hello.name.clone(),
            feed.condition().to_owned(),
            format!("{} ago", age(feed.silent)),
            feed.documents.to_string(),
            feed.daemons.to_string(),
            if feed.hello.commands { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table.render()
}

fn forget(state: &State, request: &Request) -> Outcome {
    let name = request.text("name").unwrap_or_default();
    match state.feeds.forget(name) {
        true => Outcome::status(format!("feed '{name}' is forgotten")),
        false => NothingToForget(name.to_owned()).into(),
    }
}

#[cfg(test)]
mod tests;
